"""Opening hours by the city's clock and the holiday calendar."""

from datetime import date, datetime
from typing import Any

import pytest

from config.calendar import Calendar
from ivr_flows.opening import OpeningTimes

CALENDAR = Calendar()


def is_open(hours: dict[str, Any], at: str, calendar: Calendar = CALENDAR) -> bool:
    local = datetime.fromisoformat(at)
    return OpeningTimes.model_validate(hours).open_at(local, calendar)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-02 08:29", False),
        ("2026-03-02 08:30", True),
        ("2026-03-02 11:59", True),
        ("2026-03-02 12:00", False),
        ("2026-03-02 13:30", True),
        ("2026-03-07 10:00", False),
    ],
)
def test_spans_hold_from_their_first_minute_to_before_their_last(
    at: str, expected: bool
) -> None:
    assert is_open({"workday": ["08:30-12:00", "13:30-17:30"]}, at) is expected


def test_public_holiday_on_a_weekday_is_a_day_off() -> None:
    hours = {"workday": "09:00-17:00", "day_off": "10:00-11:00"}
    assert not is_open(hours, "2026-10-01 09:30")
    assert is_open(hours, "2026-10-01 10:30")


def test_saturday_worked_in_place_of_a_holiday_is_a_workday() -> None:
    assert is_open({"workday": "09:00-17:00"}, "2026-10-10 09:30")


def test_named_weekday_wins_but_not_on_a_holiday() -> None:
    hours = {"workday": "09:00-17:00", "weekdays": {"thursday": "09:00-20:00"}}
    assert is_open(hours, "2026-03-05 19:00")
    assert not is_open(hours, "2026-03-04 19:00")
    assert not is_open(hours, "2026-10-01 19:00")


def test_date_wins_over_everything() -> None:
    hours = {
        "workday": "09:00-17:00",
        "dates": {"2026-03-02": [], "2026-10-01": "00:00-24:00"},
    }
    assert not is_open(hours, "2026-03-02 10:00")
    assert is_open(hours, "2026-10-01 23:59")


def test_span_over_midnight_belongs_to_the_day_it_begins() -> None:
    hours = {"workday": "22:00-06:00"}
    assert is_open(hours, "2026-03-06 23:00")
    assert is_open(hours, "2026-03-07 05:59")
    assert not is_open(hours, "2026-03-07 06:00")
    assert not is_open(hours, "2026-03-07 23:00")


def test_nothing_written_is_closed() -> None:
    assert not is_open({}, "2026-03-02 10:00")


def test_year_that_nobody_knows_has_plain_weekdays() -> None:
    assert is_open({"workday": "09:00-17:00"}, "2090-10-02 10:00")
    own = Calendar(days_off=frozenset({date(2090, 10, 2)}))
    assert not is_open({"workday": "09:00-17:00"}, "2090-10-02 10:00", own)
