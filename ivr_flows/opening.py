"""Opening hours: spans of the day for workdays, days off, weekdays and dates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict

from config.calendar import Calendar
from ivr_flows.told import Unfit, told

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_MINUTES_A_DAY = 24 * 60
Weekday = Literal[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


@dataclass(frozen=True, slots=True)
class Span:
    """Minutes of the day from `start` (inside) to `end` (outside, may be next day)."""

    start: int
    end: int

    def holds(self, minute: int) -> bool:
        """Whether the minute, counted from midnight of the span's day, is inside."""
        return self.start <= minute < self.end


def _span(text: object) -> Span:
    if isinstance(text, Span):
        return text
    match = _SPAN.fullmatch(text.strip()) if isinstance(text, str) else None
    if not match:
        raise Unfit(
            told(
                "%(text)s is no span of time; write one like '08:30-12:00'",
                text=repr(text),
            )
        )
    start_hour, start_minute, end_hour, end_minute = map(int, match.groups())
    start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
    minutes_fit = start_minute < 60 and end_minute < 60
    if not minutes_fit or start >= _MINUTES_A_DAY or end > _MINUTES_A_DAY:
        raise Unfit(
            told(
                "%(text)s is beyond the day; write one like '08:30-12:00'",
                text=repr(text),
            )
        )
    return Span(start, end if end > start else end + _MINUTES_A_DAY)


def _spans(value: Any) -> tuple[Span, ...]:
    if value is None:
        return ()
    items = value if isinstance(value, (list, tuple)) else [value]
    return tuple(_span(item) for item in items)


def _day(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise Unfit(
            told("%(text)s is no date; write one like 2027-02-05", text=repr(value))
        ) from None


Spans = Annotated[tuple[Span, ...], BeforeValidator(_spans)]
Day = Annotated[date, BeforeValidator(_day)]


class OpeningTimes(BaseModel):
    """When it is open; what is not written is closed.

    `workday` and `day_off` follow the calendar: a Saturday worked in place of a holiday
    (调休) is a workday, a public holiday is a day off. `weekdays` wins over both, except
    on such days; `dates` wins over everything.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    workday: Spans = ()
    day_off: Spans = ()
    weekdays: Mapping[Weekday, Spans] = {}
    dates: Mapping[Day, Spans] = {}

    def open_at(self, local: datetime, calendar: Calendar) -> bool:
        """Whether it is open at the local time; a span may have begun yesterday."""
        minute = local.hour * 60 + local.minute
        today = local.date()
        yesterday = today - timedelta(days=1)
        return any(
            span.holds(minute) for span in self._spans_of(today, calendar)
        ) or any(
            span.holds(minute + _MINUTES_A_DAY)
            for span in self._spans_of(yesterday, calendar)
        )

    def next_closing(self, local: datetime, calendar: Calendar) -> datetime | None:
        """The first moment after this one at which it closes, if within a week."""
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        days = (midnight + timedelta(days=day) for day in range(-1, 8))
        ends = (
            day + timedelta(minutes=span.end)
            for day in days
            for span in self._spans_of(day.date(), calendar)
        )
        closings = (e for e in ends if e > local and not self.open_at(e, calendar))
        return min(closings, default=None)

    def _spans_of(self, day: date, calendar: Calendar) -> tuple[Span, ...]:
        if day in self.dates:
            return self.dates[day]
        name = WEEKDAYS[day.weekday()]
        if name in self.weekdays and not calendar.is_exception(day):
            return self.weekdays[name]
        return self.workday if calendar.is_workday(day) else self.day_off
