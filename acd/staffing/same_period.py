"""The same period of last year (同期): by the identity of a holiday, never by the date.

The third day of the National Day break corresponds to the third one of last year, and
days around the Spring Festival are counted from the lunar new year (正月初一). Any other day corresponds to the same weekday 52 weeks before.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from config.calendar import HolidayBreak, holiday_breaks

AROUND = 7
"""So many days before and after a break are told by it."""

SPRING_FESTIVAL = "Spring Festival"
AROUND_NEW_YEAR = 20
LUNAR_NEW_YEARS = tuple(
    date.fromisoformat(day)
    for day in (
        *("2015-02-19", "2016-02-08", "2017-01-28", "2018-02-16", "2019-02-05"),
        *("2020-01-25", "2021-02-12", "2022-02-01", "2023-01-22", "2024-02-10"),
        *("2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13"),
        "2030-02-03",
    )
)
_YEAR = timedelta(weeks=52)
_SHORTEST, _LONGEST = timedelta(days=320), timedelta(days=410)


class Place(StrEnum):
    """Where a day lies."""

    NEW_YEAR = "of the lunar new year"
    DAY = "day"
    BEFORE = "before"
    AFTER = "after"
    WEEKDAY = "weekday"


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePeriod:
    """A day of last year that a day is set against, and why.

    `number` counts the days: 1 is the first of a break, or one before or after it; 0 is
    the lunar new year itself.
    """

    day: date
    place: Place
    holiday: str = ""
    number: int = 0

    def __str__(self) -> str:
        match self.place:
            case Place.WEEKDAY:
                return f"the same weekday, {self.day:%A}"
            case Place.NEW_YEAR:
                return f"{self.number:+} days from the lunar new year"
            case Place.DAY:
                return f"{self.holiday}, day {self.number}"
        return f"{self.number} days {self.place} {self.holiday}"


def same_period(day: date) -> SamePeriod:
    """The day of last year that corresponds to a day.

    A holiday that last year did not have, or has not been announced, is no holiday here.
    """
    return _by_new_year(day) or _by_break(day) or _by_weekday(day)


def _by_new_year(day: date) -> SamePeriod | None:
    for before, new_year in pairwise(LUNAR_NEW_YEARS):
        offset = (day - new_year).days
        if abs(offset) <= AROUND_NEW_YEAR:
            return SamePeriod(
                day=before + timedelta(days=offset),
                place=Place.NEW_YEAR,
                holiday=SPRING_FESTIVAL,
                number=offset,
            )
    return None


def _by_break(day: date) -> SamePeriod | None:
    breaks = [each for each in holiday_breaks() if each.name != SPRING_FESTIVAL]
    near = min(breaks, key=lambda each: _distance(day, each))
    before = _year_before(near, breaks)
    if before is None or _distance(day, near) > AROUND:
        return None
    if day < near.first:
        number, place = (near.first - day).days, Place.BEFORE
        other = before.first - timedelta(days=number)
    elif day > near.last:
        number, place = (day - near.last).days, Place.AFTER
        other = before.last + timedelta(days=number)
    else:
        number, place = (day - near.first).days + 1, Place.DAY
        other = min(before.first + (day - near.first), before.last)
    return SamePeriod(day=other, place=place, holiday=near.name, number=number)


def _distance(day: date, each: HolidayBreak) -> int:
    return max((each.first - day).days, (day - each.last).days, 0)


def _year_before(near: HolidayBreak, breaks: list[HolidayBreak]) -> HolidayBreak | None:
    same = (
        each
        for each in breaks
        if each.name == near.name and _SHORTEST <= near.first - each.first <= _LONGEST
    )
    return next(same, None)


def _by_weekday(day: date) -> SamePeriod:
    return SamePeriod(day=day - _YEAR, place=Place.WEEKDAY)
