"""What every table of the settings' file has in common."""

from collections.abc import Iterator
from typing import Annotated, Any, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)


def _number(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("true and false are no numbers; write one like 1")  # noqa: TRY004  pydantic tells only this one
    return value


class Section(BaseModel):
    """A table of the file: frozen, strict about its keys; `true` is not 1."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False
    )

    @field_validator("*", mode="before")
    @classmethod
    def _true_is_not_one(cls, value: object, info: ValidationInfo) -> object:
        field = cls.model_fields[str(info.field_name)]
        kinds = set(_kinds(field.annotation))
        return _number(value) if kinds & {int, float} and bool not in kinds else value


def _kinds(annotation: Any) -> Iterator[Any]:
    yield annotation
    for argument in get_args(annotation):
        yield from _kinds(argument)


def _rounded(seconds: object) -> object:
    if not isinstance(seconds, float):
        return seconds
    # 0 has a meaning of its own: what is more than that stays so.
    return max(round(seconds, 3), 0.001) if seconds > 0 else seconds


QueueName = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
SkillName = Annotated[str, Field(pattern=r"^\w[\w.-]{0,39}$")]
Level = Annotated[int, Field(ge=1, le=100), BeforeValidator(_number)]
Penalty = Annotated[int, Field(ge=0, le=100), BeforeValidator(_number)]
to_the_millisecond = BeforeValidator(_rounded)
"""Three places: what a rule says, and a clock can tell. Stands behind the bounds."""

Seconds = Annotated[float, Field(ge=0, le=86400), to_the_millisecond]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Share = Annotated[float, Field(ge=0, le=1_000_000)]
"""So many for each of some others."""
