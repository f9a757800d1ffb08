"""Follow-up calls in the settings: when citizens are called, how often, on how many lines."""

from datetime import time
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.section import Section

Window = Annotated[
    str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")
]
EARLIEST, LATEST = "08:00", "21:00"


class OutboundLimits(Section):
    """When citizens are called, how often, and on how many lines; what people may change
    while calls are placed."""

    lines: int = Field(5, ge=0, le=1000)
    windows: tuple[Window, ...] = ("09:00-12:00", "14:00-20:00")
    workdays_only: bool = True
    tries: int = Field(3, ge=1, le=10)
    tries_a_day: int = Field(2, ge=1, le=5)
    gap_hours: float = Field(4, ge=1, le=72)
    number_calls_a_day: int = Field(2, ge=1, le=10)
    number_calls_a_month: int = Field(6, ge=1, le=60)

    @model_validator(mode="after")
    def _windows_are_by_day(self) -> Self:
        if not self.windows:
            raise ValueError(
                "windows: there is none, so nobody could ever be called; to call nobody set lines = 0"
            )
        for window in self.windows:
            begin, _, end = window.partition("-")
            if not EARLIEST <= begin < end <= LATEST:
                raise ValueError(
                    f"windows: {window} must begin before it ends and lie between {EARLIEST} and {LATEST}"
                )
        for one, other in pairwise(sorted(self.windows)):
            if other.partition("-")[0] < one.partition("-")[2]:
                raise ValueError(
                    f"windows: {one} and {other} overlap; make one of them"
                )
        return self

    @model_validator(mode="after")
    def _caps_fit_each_other(self) -> Self:
        """Only what was written down can contradict."""
        written = self.model_fields_set
        if "tries_a_day" in written and self.tries_a_day > self.tries:
            raise ValueError(
                f"tries_a_day = {self.tries_a_day} contradicts tries = {self.tries}, which are all that there are"
            )
        day, month = self.number_calls_a_day, self.number_calls_a_month
        if "number_calls_a_day" in written and day > month:
            raise ValueError(
                f"number_calls_a_day = {day} contradicts number_calls_a_month = {month}"
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


class OutboundSection(OutboundLimits):
    """Campaigns of follow-up calls; without `lines` none is placed.

    They ask by `flow`, and one may have any of `flows` of its own.
    `caller_number` is one of a trunk's `caller_numbers`; "" takes the first. Answers
    with less confidence than `review_below` are heard by a person. A call ends
    when the network has announced for `announcement_seconds` before any answer.
    """

    flow: str = "follow_up"
    flows: tuple[str, ...] = ()
    caller_number: str = Field("", pattern=r"^[0-9+]*$")
    ring_seconds: float = Field(25, ge=5, le=120)
    announcement_seconds: float = Field(10, ge=0, le=120)
    on_machine: Literal["hang_up", "message"] = "hang_up"
    review_below: float = Field(0.75, ge=0, le=1)

    @property
    def every_flow(self) -> tuple[str, ...]:
        """The names of the flows that a follow-up call can meet."""
        return tuple(dict.fromkeys((self.flow, *self.flows)))

    @property
    def limits(self) -> OutboundLimits:
        """What people may change; a cap that could not bind is lowered to what does."""
        values = self.model_dump(include=set(OutboundLimits.model_fields))
        day = min(self.number_calls_a_day, self.number_calls_a_month)
        return OutboundLimits.model_validate(
            values
            | {
                "tries_a_day": min(self.tries_a_day, self.tries),
                "number_calls_a_day": day,
            }
        )
