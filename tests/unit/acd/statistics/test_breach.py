"""The foretold breach, against days whose end is known."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.statistics.breach import (
    HORIZON_MINUTES,
    LEAST_CALLS,
    TARGET,
    Minute,
    foresee,
)

NOW = datetime(2026, 7, 20, 1, 0, tzinfo=UTC)
GOOD: Minute = (10, 10)
BAD: Minute = (10, 5)


def day(*parts: tuple[int, Minute]) -> list[Minute]:
    """1,440 minutes, the last of them as told."""
    minutes = [minute for count, minute in parts for _ in range(count)]
    return [GOOD] * (1440 - len(minutes)) + minutes


def test_day_without_calls_foretells_nothing() -> None:
    seen = foresee([(0, 0)] * 1440, NOW)
    assert (seen.expected, seen.earliest, seen.latest) == (None, None, None)
    assert not seen.below_target
    assert seen.recent.rate is None


def test_good_day_foretells_no_breach() -> None:
    seen = foresee(day(), NOW)
    assert (seen.below_target, seen.expected) == (False, None)


@pytest.mark.parametrize("leaving", [(0, 0), (10, 10), (40, 40), (40, 39)])
def test_breach_is_foretold_for_the_minute_in_which_it_comes(leaving: Minute) -> None:
    """Which calls leave the window is known, and brings it nearer or further."""
    before = [leaving] * 240 + day((61, BAD))[240:]
    expected = foresee(before, NOW).expected
    minutes, waited = list(before), 0
    while sum(a for _, a in minutes) >= TARGET * sum(o for o, _ in minutes):
        minutes = [*minutes[1:], BAD]
        waited += 1
    assert expected == NOW + timedelta(minutes=waited)


def test_too_few_calls_of_the_last_hour_foretell_nothing() -> None:
    quiet = day((58, (0, 0)), (1, (LEAST_CALLS - 1, 0)), (2, (0, 0)))
    seen = foresee(quiet, NOW)
    assert (seen.expected, seen.recent.whole) == (None, LEAST_CALLS - 1)
    enough = day((58, (0, 0)), (1, (LEAST_CALLS, 0)), (2, (0, 0)))
    assert foresee(enough, NOW).recent.whole == LEAST_CALLS


def test_breach_beyond_the_horizon_is_not_foretold() -> None:
    slow = [(100, 100)] * (1440 - 60) + [(1, 0)] * 60
    assert foresee(slow, NOW).expected is None


def test_recovery_is_foretold_when_the_rate_is_below() -> None:
    bad_first = [BAD] * 150 + [GOOD] * 1290
    seen = foresee(bad_first, NOW)
    assert seen.below_target
    assert seen.expected is not None
    assert seen.expected <= NOW + timedelta(minutes=150)


def test_no_recovery_is_foretold_while_nobody_answers() -> None:
    seen = foresee(day((300, (10, 0))), NOW)
    assert (seen.below_target, seen.expected, seen.latest) == (True, None, None)


def test_doubt_about_few_calls_is_wider_than_about_many() -> None:
    def doubt(scale: int) -> timedelta:
        many = [(n * scale, a * scale) for n, a in day((61, BAD))]
        seen = foresee(many, NOW)
        assert seen.earliest
        assert seen.expected
        assert seen.latest
        assert seen.earliest <= seen.expected <= seen.latest
        return seen.latest - seen.earliest

    assert doubt(1) > doubt(100)


minutes = st.tuples(st.integers(0, 5), st.integers(0, 5)).map(
    lambda pair: (max(pair), min(pair))
)


@given(st.lists(minutes, min_size=1, max_size=40))
def test_what_is_foretold_lies_ahead_in_order_and_within_the_horizon(
    pattern: list[Minute],
) -> None:
    whole = (pattern * 1440)[:1440]
    seen = foresee(whole, NOW)
    told = [at for at in (seen.earliest, seen.expected, seen.latest) if at]
    assert told == sorted(told)
    limit = NOW + timedelta(minutes=HORIZON_MINUTES)
    assert all(NOW < at <= limit for at in told)
    if seen.expected:
        assert seen.earliest


@pytest.mark.parametrize("answered", [0, 100])
def test_share_at_the_very_end_has_an_interval_inside_its_bounds(
    answered: int,
) -> None:
    seen = foresee(day((61, (100, answered))), NOW)
    assert seen.recent.part == 60 * answered
