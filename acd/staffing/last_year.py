"""What last year's same day (同期) adds to what is usual for a holiday.

A break's third day is like its third day of last year, the days around the Spring
Festival are told by the lunar new year, and both by nothing else so well: days of this
year's other breaks are hardly like them. Last year's day is brought to this year's level
by the plain workdays before both. Plain days learn nothing from it: one day of a year ago
tells less than those of the last weeks.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from acd.staffing.day_ahead import smoothed
from acd.staffing.day_history import Learnable
from acd.staffing.day_kind import DayKind, DayType
from acd.staffing.gamma_ratios import Floats
from acd.staffing.same_period import Place, same_period

SHARE = 0.7
"""Of last year's day in the guess; chosen on made-up years."""

LEVEL_DAYS = 42
"""The plain workdays of so many days before a day tell its level."""

FEWEST_WORKDAYS = 3
AHEAD_DAYS = 14
_DAY = timedelta(days=1)
_TOLD = (DayType.HOLIDAY, DayType.MAKE_UP)


def days_of_last_year(day: date) -> tuple[date, date] | None:
    """The first and the last day to read for a forecast of a day and the two weeks after it;
    None: no holiday is near."""
    every = (same_period(day + n * _DAY) for n in range(AHEAD_DAYS))
    like = [each.day for each in every if each.place is not Place.WEEKDAY]
    if not like:
        return None
    return min(like) - LEVEL_DAYS * _DAY, max(like)


def with_last_year(
    usual: Floats, learned: Learnable, day: date, kind: DayKind
) -> Floats:
    """The square roots to expect, mixed with those of last year's day where it tells more;
    `learned` holds the days of last year, too."""
    then = _then(learned, day, kind)
    return usual if then is None else (1 - SHARE) * usual + SHARE * then


def _then(learned: Learnable, day: date, kind: DayKind) -> Floats | None:
    like = same_period(day)
    if not _is_told(like.place, kind) or like.day not in learned.days:
        return None
    place = learned.days.index(like.day)
    if learned.kinds[place].type is not kind.type:
        return None
    levels = [_level(learned, each) for each in (like.day, day)]
    if min(levels) <= 0:
        return None
    before, now = levels
    return smoothed(learned.roots[place], learned.roots.mean(0)) * now / before


def _is_told(place: Place, kind: DayKind) -> bool:
    """Whether what the day is decides more than its weekday does."""
    if place is Place.WEEKDAY:
        return False
    special = kind.type in _TOLD or kind.eve or kind.after_holiday
    return special or place is Place.NEW_YEAR


def _level(learned: Learnable, day: date) -> float:
    """The mean square root of the plain workdays before a day; 0: too few are known."""
    levels = list(_workdays(learned, day))
    if len(levels) < FEWEST_WORKDAYS:
        return 0.0
    return sum(levels) / len(levels)


def _workdays(learned: Learnable, day: date) -> Iterator[float]:
    for n, (each, kind) in enumerate(zip(learned.days, learned.kinds, strict=True)):
        near = day - LEVEL_DAYS * _DAY <= each < day
        if near and kind.type is DayType.WORKDAY and not kind.after_holiday:
            yield float(learned.roots[n].mean())
