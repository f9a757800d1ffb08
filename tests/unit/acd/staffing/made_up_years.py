"""Years of counts made up from a known law in which each holiday is one of its own."""

from datetime import date, timedelta

import numpy as np
from numpy.random import Generator

from acd.staffing.day_history import DayHistory
from acd.staffing.day_kind import DayType, kind_of
from acd.staffing.same_period import LUNAR_NEW_YEARS
from config.calendar import Calendar, holiday_breaks
from tests.unit.acd.staffing.made_up_weeks import CALENDAR, course

_WORKDAYS = (1.2, 1.0, 0.95, 0.95, 1.0)
_NEAR = 10
_GROWTH_A_YEAR = 1.15


def years(
    first: date,
    last: date,
    seed: int = 1,
    calls: float = 5800.0,
    calendar: Calendar = CALENDAR,
) -> DayHistory:
    """Weekdays differ, traffic grows, and each day of each break has a share and a course
    of its own, which come back each year but for a little; calls are Poisson."""
    law, chance = np.random.default_rng([seed, 1]), np.random.default_rng([seed, 2])
    own = _Holidays(law)
    dates = tuple(first + timedelta(days=n) for n in range((last - first).days + 1))
    kinds = tuple(kind_of(day, calendar) for day in dates)
    counts = []
    for day, kind in zip(dates, kinds, strict=True):
        usual = _WORKDAYS[day.weekday()] if kind.type is DayType.WORKDAY else 0.5
        share, later = own.of(day)
        grown = _GROWTH_A_YEAR ** ((day - first).days / 365)
        level = usual * share * grown * np.exp(chance.normal(0, 0.06))
        counts.append(chance.poisson(level * np.roll(course(calls), later)))
    return DayHistory(days=dates, kinds=kinds, counts=np.array(counts, float))


class _Holidays:
    """What each place of each break does, drawn once for all years."""

    def __init__(self, law: Generator) -> None:
        self._law = law
        self._drawn: dict[tuple[str, int], tuple[float, int]] = {}

    def of(self, day: date) -> tuple[float, int]:
        """The share of the usual calls of its weekday, and by how many quarters later."""
        for new_year in LUNAR_NEW_YEARS:
            offset = (day - new_year).days
            if abs(offset) <= _NEAR:
                return self._of("new year", offset)
        for each in holiday_breaks():
            if each.first <= day <= each.last:
                return self._of(each.name, (day - each.first).days)
            if day - each.last == timedelta(days=1):
                return self._of(each.name, -2)
            if each.first - day == timedelta(days=1):
                return self._of(each.name, -1)
        return 1.0, 0

    def _of(self, name: str, number: int) -> tuple[float, int]:
        if (name, number) not in self._drawn:
            share = float(np.exp(self._law.normal(0, 0.3)))
            self._drawn[name, number] = share, int(self._law.integers(0, 9))
        return self._drawn[name, number]
