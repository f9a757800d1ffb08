"""When a citizen may be called for a follow-up: windows, gaps, caps, parts of the day."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound.rules import EARLIEST, LATEST, FollowUpRules, may_call, next_time

CITY = ZoneInfo("Asia/Shanghai")
RULES = FollowUpRules()


def city(text: str) -> datetime:
    """A moment on the city's clock; the 2nd of November 2026 is a Monday."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=CITY)


FIRST_TRIES = {
    "in a window": ("11-02T09:30", "11-02T09:30"),
    "at its first moment": ("11-02T09:00", "11-02T09:00"),
    "at its end it is over": ("11-02T12:00", "11-02T14:00"),
    "before the first": ("11-02T03:00", "11-02T09:00"),
    "after the last": ("11-02T20:00", "11-03T09:00"),
    "on a Friday night": ("11-06T21:00", "11-09T09:00"),
    "on a public holiday (国庆)": ("10-01T10:00", "10-08T09:00"),
    "on a Saturday that is worked (调休)": ("10-10T10:00", "10-10T10:00"),
}


@pytest.mark.parametrize(("now", "due"), FIRST_TRIES.values(), ids=FIRST_TRIES)
def test_first_try_is_in_the_next_window(now: str, due: str) -> None:
    assert next_time(city(now), [], [], RULES) == city(due)


NEXT_TRIES = {
    "four hours later, in another part": (["11-02T09:30"], "11-02T14:00"),
    "four hours after a late morning": (["11-02T11:30"], "11-02T15:30"),
    "an evening after an afternoon": (["11-02T14:00"], "11-02T18:00"),
    "no third one on the day": (["11-02T09:00", "11-02T14:00"], "11-03T17:00"),
    "the part that was not tried": (["11-02T17:30"], "11-03T09:00"),
}


@pytest.mark.parametrize(("tries", "due"), NEXT_TRIES.values(), ids=NEXT_TRIES)
def test_next_try_is_apart_from_those_before(tries: list[str], due: str) -> None:
    made = [city(text) for text in tries]
    assert next_time(made[-1], made, made, RULES) == city(due)


def test_nobody_is_tried_a_fourth_time() -> None:
    made = [city(text) for text in ("11-02T09:00", "11-02T14:00", "11-03T17:00")]
    assert next_time(city("11-09T09:00"), made, made, RULES) is None


def test_calls_of_other_campaigns_to_the_number_count() -> None:
    others = [city("11-02T09:00"), city("11-02T14:00")]
    assert next_time(city("11-02T15:00"), [], others, RULES) == city("11-03T09:00")
    month = [city(f"11-{day:02}T09:00") for day in (2, 3, 4, 5, 6, 9)]
    assert next_time(city("11-10T09:00"), [], month, RULES) == city("12-02T09:00")


def test_weekends_can_be_allowed() -> None:
    every_day = FollowUpRules(workdays_only=False)
    assert next_time(city("11-07T10:00"), [], [], every_day) == city("11-07T10:00")


def test_one_window_alone_is_used_again() -> None:
    mornings = FollowUpRules(windows=((time(9), time(12)),))
    made = [city("11-02T09:00")]
    assert next_time(made[0], made, made, mornings) == city("11-03T09:00")


@pytest.mark.parametrize(
    "windows",
    [(), ((time(7), time(12)),), ((time(14), time(21, 1)),), ((time(12), time(9)),)],
)
def test_windows_that_are_empty_or_too_early_or_late_are_refused(
    windows: tuple[tuple[time, time], ...],
) -> None:
    with pytest.raises(ValueError, match="window"):
        FollowUpRules(windows=windows)


minutes = st.integers(0, 60 * 24 * 20)


@given(
    now=minutes,
    tries=st.lists(minutes, max_size=3),
    others=st.lists(minutes, max_size=9),
)
def test_every_time_that_is_found_keeps_every_rule(
    now: int, tries: list[int], others: list[int]
) -> None:
    start = datetime(2026, 9, 20, tzinfo=UTC)
    own = [start + timedelta(minutes=at) for at in tries]
    calls = own + [start + timedelta(minutes=at) for at in others]
    moment = start + timedelta(minutes=max([now, *tries, *others]))
    due = next_time(moment, own, calls, RULES)
    assert (due is None) == (len(own) >= RULES.tries)
    if due is None:
        return
    local, day = due.astimezone(CITY), RULES.day_of(due)
    assert due >= moment
    assert EARLIEST <= local.time() < LATEST
    assert RULES.calendar.is_workday(day)
    assert all(due - call >= timedelta(hours=4) for call in calls)
    assert sum(RULES.day_of(call) == day for call in own) < RULES.tries_a_day
    assert sum(RULES.day_of(call) == day for call in set(calls)) < 2
    assert may_call(due, own, calls, RULES)


def test_windows_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="14:00 and 15:00 overlap"):
        FollowUpRules(windows=((time(15), time(20)), (time(14), time(16))))
