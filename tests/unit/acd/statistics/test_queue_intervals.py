"""Calls by interval and queue, added up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.events import Outcome
from acd.statistics.counted_call import CallFacts
from acd.statistics.queue_intervals import (
    WAIT_BOUNDS,
    Handling,
    IntervalCounter,
    QueueInterval,
)

NOON = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)
Counted = tuple[CallFacts, Handling]


def at(minutes: float) -> datetime:
    """A moment after noon."""
    return NOON + timedelta(minutes=minutes)


def answered(
    minutes: float, wait_seconds: float, *, talk_seconds: float = 60
) -> Counted:
    """A call of the general queue."""
    connected = at(minutes) + timedelta(seconds=wait_seconds)
    call = CallFacts(
        id="A",
        caller="",
        arrived_at=at(minutes),
        answered_at=at(minutes),
        queue="general",
        entered_at=at(minutes),
        connected_at=connected,
        ended_at=connected + timedelta(seconds=talk_seconds),
        outcome=Outcome.ANSWERED,
    )
    return call, Handling(
        wait_seconds=wait_seconds, talk_seconds=talk_seconds, wrap_up_seconds=10
    )


def given_up(minutes: float, wait_seconds: float | None, **facts: Any) -> Counted:
    """A call without an agent."""
    call = CallFacts(
        id="B",
        caller="",
        arrived_at=at(minutes),
        ended_at=at(minutes + 2),
        **facts,
    )
    return call, Handling(wait_seconds=wait_seconds)


def intervals(*calls: Counted) -> list[QueueInterval]:
    """What they add up to."""
    counter = IntervalCounter()
    counter.add(calls)
    return counter.intervals()


def test_call_belongs_to_the_interval_in_which_it_came() -> None:
    """However long it waits and talks: so are its rates of one population."""
    first, second = intervals(answered(14.9, 300, talk_seconds=3000), answered(15, 1))
    assert (first.start, first.counts.answered) == (NOON, 1)
    assert first.handling.talk_seconds == 3000
    assert (second.start, second.counts.answered) == (at(15), 1)


def test_call_without_queue_has_a_line_of_its_own() -> None:
    blocked = given_up(1, None, outcome=Outcome.BLOCKED)
    without, general = intervals(blocked, answered(1, 1))
    assert (without.queue, without.counts.blocked, without.waits_given_up.n) == (
        "",
        1,
        0,
    )
    assert (general.queue, general.counts.offered) == ("general", 1)


def test_handling_time_is_talk_and_wrap_up_of_each_answered_call() -> None:
    (line,) = intervals(
        answered(0, 1, talk_seconds=50), answered(0, 1, talk_seconds=90)
    )
    assert line.handling.n == 2
    assert (line.handling.talk_seconds, line.handling.wrap_up_seconds) == (140, 20)
    assert line.handling.mean_seconds == 80


def test_call_put_through_by_the_flow_is_answered_and_took_no_agents_time() -> None:
    transferred = given_up(1, None, queue="general", outcome=Outcome.ANSWERED)
    (line,) = intervals(answered(0, 1, talk_seconds=50), transferred)
    assert line.counts.answered == 2
    assert (line.handling.n, line.handling.mean_seconds) == (1, 60)


def test_hold_is_no_talk_and_is_handling_time() -> None:
    facts, handling = answered(0, 1, talk_seconds=50)
    (line,) = intervals((facts, replace(handling, hold_seconds=20)))
    spent = line.handling
    assert (spent.talk_seconds, spent.hold_seconds, spent.mean_seconds) == (30, 20, 60)


def test_waits_of_the_served_and_of_those_who_gave_up_are_apart() -> None:
    gave_up = given_up(
        0, 100.0, queue="general", entered_at=NOON, outcome=Outcome.ABANDONED_IN_QUEUE
    )
    (line,) = intervals(answered(0, 4), answered(0, 10), gave_up)
    assert (line.waits_answered.sum_seconds, line.waits_answered.max_seconds) == (
        14,
        10,
    )
    assert (line.waits_given_up.n, line.waits_given_up.mean_seconds) == (1, 100)


@pytest.mark.parametrize(
    ("wait", "place"), [(0, 0), (1, 0), (1.1, 1), (15, 6), (9999, 17)]
)
def test_bounds_of_the_histogram_are_included(wait: float, place: int) -> None:
    (line,) = intervals(answered(0, wait))
    assert line.waits_answered.histogram.index(1) == place
    assert len(line.waits_answered.histogram) == len(WAIT_BOUNDS) + 1


calls = st.builds(
    answered,
    st.floats(0, 300).map(lambda value: round(value, 2)),
    st.integers(0, 900),
    talk_seconds=st.integers(0, 9000),
)


@given(st.lists(calls, max_size=20), st.randoms())
def test_intervals_add_up_to_the_whole_in_any_order(
    made: list[Counted], chance: Any
) -> None:
    shuffled = list(made)
    chance.shuffle(shuffled)
    lines = intervals(*made)
    assert intervals(*shuffled) == lines
    counter = IntervalCounter()
    counter.add(made)
    for whole in counter.totals(NOON):
        assert whole.counts.offered == sum(line.counts.offered for line in lines)
        talk = sum(line.handling.talk_seconds for line in lines)
        assert whole.handling.talk_seconds == talk
        waits = [line.waits_answered for line in lines]
        assert whole.waits_answered.n == sum(wait.n for wait in waits)
        assert whole.waits_answered.max_seconds == max(w.max_seconds for w in waits)
        summed = zip(*(wait.histogram for wait in waits), strict=True)
        assert whole.waits_answered.histogram == tuple(sum(n) for n in summed)


def test_totals_name_each_queue_and_last_all_of_them() -> None:
    counter = IntervalCounter()
    blocked = given_up(1, None, outcome=Outcome.BLOCKED)
    counter.add([answered(1, 1), blocked])
    assert [line.queue for line in counter.totals(NOON)] == ["", "general", "all"]
    assert counter.totals(NOON)[-1].counts.offered == 2


def test_overflow_stands_at_the_queue_that_the_call_was_taken_out_of() -> None:
    facts, handling = answered(1, 30)
    moved = replace(handling, overflowed_from=("heating", "tax"))
    general, heating, tax = intervals((facts, moved))
    assert (general.queue, general.counts.offered, general.overflowed) == (
        "general",
        1,
        0,
    )
    assert (heating.queue, heating.counts.offered, heating.overflowed) == (
        "heating",
        0,
        1,
    )
    assert (tax.start, tax.overflowed) == (NOON, 1)
    counter = IntervalCounter()
    counter.add([(facts, moved)])
    assert [(whole.queue, whole.overflowed) for whole in counter.totals(NOON)] == [
        ("general", 0),
        ("heating", 1),
        ("tax", 1),
        ("all", 2),
    ]
