"""Call-backs in the settings: who is called, when, and how often."""

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from config.section import QueueName, Section

Mode = Literal["agent_first", "citizen_first"]
Span = Annotated[
    str,
    Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$"),
]


class CallBacksSection(Section):
    """How debts of the missed-call ledger are paid.

    `hours` are for missed callers and surveys, `promised_hours` for those who asked.
    """

    automatic: bool = False
    mode: Mode = "agent_first"
    modes: dict[QueueName, Mode] = Field(default_factory=dict)
    tries: int = Field(3, ge=1, le=20)
    survey_tries: int = Field(1, ge=1, le=5)
    retry_minutes: float = Field(10, gt=0, le=1440)
    expire_hours: float = Field(24, gt=0, le=720)
    hours: Span = "08:00-21:00"
    promised_hours: Span = "00:00-24:00"
    max_open: int = Field(5, ge=1, le=1000)
    ring_seconds: float = Field(30, ge=5, le=120)
    near_head: int = Field(1, ge=0, le=50)

    @field_validator("hours", "promised_hours")
    @classmethod
    def _not_empty(cls, span: str) -> str:
        first, _, last = span.partition("-")
        if first == last:
            raise ValueError(
                f"{span!r} is no span: it ends when it begins; write 00:00-24:00 for the whole day"
            )
        return span

    @field_validator("hours")
    @classmethod
    def _not_at_night(cls, span: str) -> str:
        first, _, last = span.partition("-")
        if last < first:
            raise ValueError(
                f"{span!r} would ring missed callers all night; write the earlier hour first, like 08:00-21:00"
            )
        return span

    @model_validator(mode="after")
    def _in_time(self) -> "CallBacksSection":
        if self.tries * self.retry_minutes > self.expire_hours * 60:
            raise ValueError(
                "the tries do not fit into expire_hours: lower tries or retry_minutes, or raise expire_hours"
            )
        return self
