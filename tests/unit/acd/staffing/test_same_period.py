"""The same period of last year: holidays by what they are, other days by their weekday."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.staffing.same_period import LUNAR_NEW_YEARS, Place, same_period
from config.calendar import holiday_breaks


@pytest.mark.parametrize(
    ("day", "then", "words"),
    [
        ("2026-10-03", "2025-10-03", "National Day, day 3"),
        ("2026-10-07", "2025-10-07", "National Day, day 7"),
        ("2025-10-06", "2024-10-06", "National Day, day 6"),
        ("2026-02-17", "2025-01-29", "+0 days from the lunar new year"),
        ("2026-02-16", "2025-01-28", "-1 days from the lunar new year"),
        ("2026-03-03", "2025-02-12", "+14 days from the lunar new year"),
        ("2026-06-20", "2025-06-01", "Dragon Boat Festival, day 2"),
        ("2026-06-16", "2025-05-28", "3 days before Dragon Boat Festival"),
        ("2026-05-08", "2025-05-08", "3 days after Labour Day"),
        ("2024-01-01", "2023-01-02", "New Year's Day, day 3"),
        ("2026-09-27", "2025-10-06", "Mid-autumn Festival, day 3"),
        ("2026-07-15", "2025-07-16", "the same weekday, Wednesday"),
        ("2027-02-06", "2026-02-17", "+0 days from the lunar new year"),
        ("2027-10-02", "2026-10-03", "the same weekday, Saturday"),
        ("2015-09-03", "2014-09-04", "the same weekday, Thursday"),
    ],
)
def test_day_corresponds_to_what_it_is(day: str, then: str, words: str) -> None:
    found = same_period(date.fromisoformat(day))
    assert (found.day, str(found)) == (date.fromisoformat(then), words)


@settings(deadline=None)
@given(st.dates(date(2017, 1, 1), date(2030, 12, 31)))
def test_any_day_has_its_like_about_a_year_before(day: date) -> None:
    found = same_period(day)
    assert timedelta(days=300) < day - found.day < timedelta(days=430)
    if found.place is Place.WEEKDAY:
        assert found.day.weekday() == day.weekday()


def test_lunar_new_years_lie_in_the_announced_breaks() -> None:
    spring = [each for each in holiday_breaks() if each.name == "Spring Festival"]
    for new_year in LUNAR_NEW_YEARS:
        of_year = [each for each in spring if each.first.year == new_year.year]
        assert all(each.first <= new_year <= each.last for each in of_year)
    assert len(spring) >= 12


def test_breaks_are_whole_and_do_not_run_over_others() -> None:
    national = [each for each in holiday_breaks() if each.name == "National Day"]
    of_2026 = next(each for each in national if each.first.year == 2026)
    assert (of_2026.first, of_2026.last) == (date(2026, 10, 1), date(2026, 10, 7))
    assert len({(each.name, each.first) for each in holiday_breaks()}) == len(
        holiday_breaks()
    )
