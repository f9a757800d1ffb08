"""Kinds of days, as the State Council announced them for 2026."""

from datetime import date

import numpy as np
import pytest

from acd.staffing.day_kind import DayKind, DayType, kind_of
from config.calendar import Calendar

CALENDAR = Calendar()


def kind(month: int, day: int) -> DayKind:
    """Of a day of 2026."""
    return kind_of(date(2026, month, day), CALENDAR)


@pytest.mark.parametrize(
    ("month", "day", "expected"),
    [
        (2, 14, DayType.MAKE_UP),  # a Saturday worked for the Spring Festival
        (2, 16, DayType.HOLIDAY),
        (2, 21, DayType.HOLIDAY),  # a Saturday within it
        (3, 14, DayType.WEEKEND),
        (3, 16, DayType.WORKDAY),
        (10, 3, DayType.HOLIDAY),
        (10, 10, DayType.MAKE_UP),
    ],
)
def test_type_of_a_day(month: int, day: int, expected: DayType) -> None:
    assert kind(month, day).type is expected


def test_eve_and_first_day_after_a_holiday() -> None:
    assert kind(2, 14).eve
    assert kind(2, 24).after_holiday
    assert kind(9, 30).last_of_month
    assert not kind(3, 13).eve  # a Friday
    assert not kind(3, 16).after_holiday  # a Monday


def test_first_workdays_of_a_month_are_counted() -> None:
    places = [kind(4, day).workday_of_month for day in (1, 2, 3, 7, 8)]
    assert places == [1, 2, 3, 0, 0]
    assert kind(5, 6).workday_of_month == 1


def test_a_make_up_day_is_like_the_mean_of_workdays_until_it_is_known() -> None:
    workdays = np.mean([kind(3, day).terms()[:9] for day in range(16, 21)], axis=0)
    assert kind(2, 14).terms()[:9] == pytest.approx(workdays)
    assert len({kind(month, 14).terms().size for month in range(1, 13)}) == 1


def test_the_first_workday_after_a_holiday_is_like_a_monday() -> None:
    after = kind(2, 25) if kind(2, 25).after_holiday else kind(2, 24)
    assert after.weekday != 0
    assert after.usual == kind(3, 16).usual
