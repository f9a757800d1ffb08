"""Which days are worked."""

from datetime import date
from pathlib import Path

import pytest

from config.calendar import Calendar, CalendarError, announced, load_calendar


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 3, 2), True),
        (date(2026, 3, 7), False),
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
    ],
)
def test_announced_year_has_its_holidays_and_worked_weekends(
    day: date, worked: bool
) -> None:
    assert announced(day.year)
    assert Calendar().is_workday(day) is worked


def test_year_that_is_not_announced_has_plain_weekdays() -> None:
    calendar = Calendar()
    assert not calendar.knows(2090)
    assert calendar.is_workday(date(2090, 10, 2))
    assert not calendar.is_workday(date(2090, 10, 7))


def test_days_of_the_file_win(tmp_path: Path) -> None:
    file = tmp_path / "days.toml"
    file.write_text("days_off = [2090-10-02]\nworkdays = [2026-10-01, 2090-10-07]\n")
    calendar = load_calendar(file)
    assert calendar.knows(2090)
    assert not calendar.is_workday(date(2090, 10, 2))
    assert calendar.is_workday(date(2090, 10, 7))
    assert calendar.is_workday(date(2026, 10, 1))


def test_no_file_is_the_plain_calendar() -> None:
    assert load_calendar(None) == Calendar()


def test_exception_is_a_day_against_its_weekday() -> None:
    calendar = Calendar()
    assert calendar.is_exception(date(2026, 10, 1))
    assert calendar.is_exception(date(2026, 10, 10))
    assert not calendar.is_exception(date(2026, 3, 2))
    assert not calendar.is_exception(date(2026, 3, 7))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("holidays = []\n", "'holidays' is unknown; write days_off and workdays"),
        ("days_off = ['2027-02-06']\n", "'2027-02-06' is no date"),
        ("days_off = [2027-02-06T10:00:00]\n", "is no date"),
        ("days_off = [2027-02-06]\nworkdays = [2027-02-06]\n", "both a day off and"),
        ("days_off = [\n", "cannot be read"),
    ],
)
def test_wrong_file_is_told(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "days.toml"
    file.write_text(text)
    with pytest.raises(CalendarError, match=told) as error:
        load_calendar(file)
    assert str(file) in str(error.value)


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CalendarError, match=r"days\.toml cannot be read"):
        load_calendar(tmp_path / "days.toml")
