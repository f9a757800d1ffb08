"""What every table of the settings' file has in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A table of the file: frozen, strict about its keys."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False
    )


QueueName = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
SkillName = Annotated[str, Field(pattern=r"^\w[\w.-]{0,39}$")]
Level = Annotated[int, Field(ge=1, le=100)]
Penalty = Annotated[int, Field(ge=0, le=100)]
Seconds = Annotated[float, Field(ge=0, le=86400)]
