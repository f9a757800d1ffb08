"""Figures in words: the hour that comes twice, and what is foretold with its evidence."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from acd.statistics.breach import Forecast
from acd.statistics.counted_call import share
from hotline.statistics_tables import clock_time, foretold, shown

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVIDENCE = "if all goes on like the last 60 minutes: 80.0% 40/50 answered."


def at(hour: int) -> datetime:
    """An hour of a summer's day in UTC."""
    return datetime(2026, 7, 20, hour, tzinfo=UTC)


SEEN = Forecast(
    below_target=False,
    expected=at(3),
    earliest=at(2),
    latest=at(4),
    recent=share(40, 50),
)


def test_hour_that_the_clock_shows_twice_is_marked_the_second_time() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert clock_time(first, berlin) == "02:30"
    assert clock_time(second, berlin) == "02:30 again"


def test_share_of_nothing_shows_that_there_was_nothing() -> None:
    assert shown(share(0, 0)) == "– 0/0"
    assert shown(share(19, 20)) == "95.0% 19/20"


def test_breach_is_told_with_its_bounds_and_its_evidence() -> None:
    assert foretold(SEEN, 0.95, SHANGHAI) == (
        "It falls below 95% about 2026-07-20 11:00:00 (between 2026-07-20 10:00:00 "
        f"and 2026-07-20 12:00:00), {EVIDENCE}"
    )


def test_breach_that_may_not_come_says_so() -> None:
    said = foretold(replace(SEEN, latest=None), 0.95, SHANGHAI)
    assert "and perhaps never)" in said


def test_recovery_is_told_of_a_rate_that_is_below() -> None:
    said = foretold(replace(SEEN, below_target=True), 0.95, SHANGHAI)
    assert said.startswith("Below 95% now. It rises to 95% about 2026-07-20 11:00:00")


def test_nothing_foreseen_is_told_with_the_evidence_too() -> None:
    nothing = replace(SEEN, expected=None, earliest=None, latest=None)
    assert foretold(nothing, 0.95, SHANGHAI) == (
        f"Not foreseen that it falls below 95% within 6 h, {EVIDENCE}"
    )
