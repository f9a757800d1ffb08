"""What kind of day a date is, as far as it decides how many citizens call.

The day's type comes first: a statutory holiday, a weekend, a weekend that is worked for
a holiday (调休), a weekday. Then its place: the eve of a holiday and the first workday
after one, and the first and last workdays of a month.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from acd.staffing.gamma_ratios import Floats
from config.calendar import Calendar

_DAY = timedelta(days=1)
_LONGEST_BREAK = 14
_WEEK, _WORKWEEK = 7, 5
FIRST_WORKDAYS = 3
WORKED_TERMS, WEEKDAY_TERMS = 2, 7
"""So many terms of a day tell whether it is worked, the next its weekday."""


class DayType(StrEnum):
    """What decides most of a day."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make-up workday"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayKind:
    """A day's type and place. `workday_of_month` is 1 to 3, else 0."""

    type: DayType
    weekday: int
    eve: bool = False
    after_holiday: bool = False
    workday_of_month: int = 0
    last_of_month: bool = False

    @property
    def is_worked(self) -> bool:
        """Whether it is a workday of either sort."""
        return self.type in (DayType.WORKDAY, DayType.MAKE_UP)

    @property
    def usual(self) -> tuple[DayType, int]:
        """Days of the same value are alike: weekdays each, holidays and 调休 days all."""
        plain = self.type in (DayType.WORKDAY, DayType.WEEKEND)
        return self.type, self.like_weekday if plain else 0

    @property
    def like_weekday(self) -> int:
        """Its weekday; the first workday after a holiday is like a Monday."""
        return 0 if self.after_holiday else self.weekday

    def terms(self) -> Floats:
        """The day as a row of a regression: worked or not, its weekday, its place.

        A day seen for the first time is like the mean of all workdays, or of a weekend.
        """
        weekdays = np.zeros(_WEEK)
        match self.type:
            case DayType.WORKDAY | DayType.WEEKEND:
                weekdays[self.like_weekday] = 1
            case DayType.MAKE_UP:
                weekdays[:_WORKWEEK] = 1 / _WORKWEEK
            case DayType.HOLIDAY:
                weekdays[_WORKWEEK:] = 1 / (_WEEK - _WORKWEEK)
        places = [self.workday_of_month == n + 1 for n in range(FIRST_WORKDAYS)]
        others = [
            self.type is DayType.HOLIDAY,
            self.type is DayType.MAKE_UP,
            self.eve,
            self.after_holiday,
            *places,
            self.last_of_month,
        ]
        worked = [self.is_worked, not self.is_worked]
        return np.concatenate([worked, weekdays, np.array(others, float)])


def kind_of(day: date, calendar: Calendar) -> DayKind:
    """What the calendar says of a day."""
    kind = _type_of(day, calendar)
    weekday = day.weekday()
    if not calendar.is_workday(day):
        return DayKind(type=kind, weekday=weekday)
    before, after = _gap(day, -_DAY, calendar), _gap(day, _DAY, calendar)
    place = _workdays_since_month_began(day, calendar)
    following = day + _DAY * after
    return DayKind(
        type=kind,
        weekday=weekday,
        eve=after > (3 if weekday == _WORKWEEK - 1 else 1),
        after_holiday=before > (3 if weekday == 0 else 1),
        workday_of_month=place if place <= FIRST_WORKDAYS else 0,
        last_of_month=following.month != day.month,
    )


def _type_of(day: date, calendar: Calendar) -> DayType:
    if calendar.is_workday(day):
        made_up = calendar.is_exception(day)
        return DayType.MAKE_UP if made_up else DayType.WORKDAY
    return DayType.HOLIDAY if _in_holiday(day, calendar) else DayType.WEEKEND


def _in_holiday(day: date, calendar: Calendar) -> bool:
    """Whether any of the days off around it, and with it, is no plain weekend."""
    for step in (-_DAY, _DAY):
        each = day
        for _ in range(_LONGEST_BREAK):
            if calendar.is_workday(each):
                break
            if calendar.is_exception(each):
                return True
            each += step
    return False


def _gap(day: date, step: timedelta, calendar: Calendar) -> int:
    """How many days it is to the nearest workday in one direction."""
    for days in range(1, _LONGEST_BREAK):
        if calendar.is_workday(day + step * days):
            return days
    return _LONGEST_BREAK


def _workdays_since_month_began(day: date, calendar: Calendar) -> int:
    days = (day.replace(day=number + 1) for number in range(day.day))
    return sum(calendar.is_workday(each) for each in days)
