"""Follow-up calls in the settings: when citizens are called, how often, on how many lines."""

from datetime import time
from typing import Annotated

from pydantic import Field, model_validator

from config.section import Section

Window = Annotated[
    str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")
]
EARLIEST, LATEST = "08:00", "21:00"


class OutboundSection(Section):
    """Campaigns of follow-up calls; without `lines` none is placed.

    `caller_number` is one of a trunk's `caller_numbers`; "" takes the first.
    """

    lines: int = Field(5, ge=0, le=1000)
    flow: str = "follow_up"
    caller_number: str = Field("", pattern=r"^[0-9+]*$")
    ring_seconds: float = Field(25, ge=5, le=120)
    windows: tuple[Window, ...] = Field(("09:00-12:00", "14:00-20:00"), min_length=1)
    workdays_only: bool = True
    tries: int = Field(3, ge=1, le=10)
    tries_a_day: int = Field(2, ge=1, le=5)
    gap_hours: float = Field(4, ge=1, le=72)
    number_calls_a_day: int = Field(2, ge=1, le=10)
    number_calls_a_month: int = Field(6, ge=1, le=60)

    @model_validator(mode="after")
    def _windows_are_by_day(self) -> "OutboundSection":
        for window in self.windows:
            begin, _, end = window.partition("-")
            if not EARLIEST <= begin < end <= LATEST:
                raise ValueError(
                    f"windows: {window} must begin before it ends and lie between {EARLIEST} and {LATEST}"
                )
        return self

    @property
    def spans(self) -> tuple[tuple[time, time], ...]:
        """The windows as times of the day."""
        parts = (window.partition("-") for window in self.windows)
        return tuple(
            (time.fromisoformat(begin), time.fromisoformat(end))
            for begin, _, end in parts
        )
