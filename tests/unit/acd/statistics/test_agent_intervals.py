"""An agent's time, cut at the edges of intervals; also when he stays for days."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.events import AgentState as S
from acd.people.rows import AgentMove
from acd.statistics.agent_intervals import AgentDay, AgentMark, agent_day
from acd.statistics.edges import Span
from acd.statistics.staff import StaffCounter

NOON = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)
HOUR = Span(since=NOON, until=NOON + timedelta(hours=1))


def at(minutes: float) -> datetime:
    """A moment after noon."""
    return NOON + timedelta(minutes=minutes)


def moves(*states: tuple[float, S], begin: S = S.LOGGED_OUT) -> list[AgentMove]:
    """Moves at these minutes after noon, one after the other."""
    steps = [(0.0, begin), *states]
    return [
        AgentMove(
            agent_id="1001", at=at(minutes), old=old, new=new, reason="", call_id=""
        )
        for (_, old), (minutes, new) in pairwise(steps)
    ]


def seconds(day: AgentDay) -> list[dict[str, float]]:
    """What is not 0 in each interval."""
    return [
        {
            state.value: value
            for state in S
            if (value := getattr(interval.seconds, state.value))
        }
        for interval in day.intervals
    ]


def test_state_that_spans_edges_is_cut_at_them() -> None:
    day = agent_day("1001", moves((10, S.READY), (40, S.TALKING)), [], HOUR)
    assert seconds(day) == [
        {"logged_out": 600, "ready": 300},
        {"ready": 900},
        {"ready": 600, "talking": 300},
        {"talking": 900},
    ]
    assert day.whole.seconds.ready == 1800


def test_agent_who_has_been_in_a_state_for_days_is_in_it_in_every_interval() -> None:
    day = agent_day("1001", moves((-5000, S.READY), (-4000, S.PAUSED)), [], HOUR)
    assert seconds(day) == [{"paused": 900}] * 4


def test_agent_nobody_knows_a_move_of_was_logged_out() -> None:
    day = agent_day("1001", [], [], HOUR)
    assert (day.intervals, day.whole.seconds.logged_out) == ((), 3600)


def test_first_move_ever_tells_what_was_before_it() -> None:
    day = agent_day("1001", moves((30, S.READY), begin=S.PAUSED), [], HOUR)
    assert (day.whole.seconds.paused, day.whole.seconds.ready) == (1800, 1800)


def test_moves_of_one_instant_leave_the_last_state() -> None:
    quick = moves((15, S.READY), (15, S.OFFERED), (15, S.TALKING))
    for order in (quick, quick[::-1]):
        assert agent_day("1001", order, [], HOUR).whole.seconds.talking == 2700


def test_move_on_the_edge_of_the_span_is_its_beginning() -> None:
    day = agent_day("1001", moves((0, S.READY), (60, S.PAUSED)), [], HOUR)
    assert seconds(day) == [{"ready": 900}] * 4


def test_offers_count_when_they_happen() -> None:
    marks = [
        AgentMark(at=at(minutes), what=what)
        for minutes, what in (
            (1, "offered"),
            (2, "answered"),
            (3, "offered"),
            (4, "no_answer"),
            (5, "offered"),
            (14.9, "offered"),
            (15.1, "rejected"),
        )
    ]
    day = agent_day("1001", [], marks, HOUR)
    first, second = day.intervals
    assert (first.calls.offered, first.calls.answered, first.calls.no_answer) == (
        4,
        1,
        1,
    )
    assert (first.calls.withdrawn, second.calls.withdrawn) == (2, -1)
    assert (day.whole.calls.rejected, day.whole.calls.withdrawn) == (1, 1)
    assert (first.answered_of_offered.part, first.answered_of_offered.whole) == (1, 4)


def test_pauses_that_became_too_long_are_counted_where_they_did() -> None:
    marks = [AgentMark(at=at(minutes), what="overdue") for minutes in (3, 20)]
    day = agent_day("1001", moves((0, S.READY), (1, S.PAUSED)), marks, HOUR)
    counts = [interval.overdue_pauses for interval in day.intervals]
    assert (counts, day.whole.overdue_pauses) == ([1, 1, 0, 0], 2)
    counter = StaffCounter()
    counter.add(day)
    counter.add(day)
    assert [interval.overdue_pauses for interval in counter.intervals()] == [2, 2, 0, 0]


def test_occupancy_is_busy_of_available_and_pauses_are_neither() -> None:
    story = moves((0, S.READY), (15, S.TALKING), (25, S.WRAP_UP), (30, S.PAUSED))
    whole = agent_day("1001", story, [], HOUR).whole.occupancy
    assert (whole.busy_seconds, whole.available_seconds) == (900, 1800)
    assert whole.rate == 0.5
    assert agent_day("1001", [], [], HOUR).whole.occupancy.rate is None


states = st.tuples(st.floats(-90, 90).map(lambda m: round(m, 3)), st.sampled_from(S))


@given(
    st.lists(states, max_size=12).map(lambda known: sorted(known, key=lambda s: s[0]))
)
def test_every_second_is_in_one_state(story: list[tuple[float, S]]) -> None:
    day = agent_day("1001", moves(*story), [], HOUR)
    for interval in day.intervals:
        total = sum(getattr(interval.seconds, state.value) for state in S)
        assert total == pytest.approx(900)
    assert sum(getattr(day.whole.seconds, s.value) for s in S) == pytest.approx(3600)


def test_staff_adds_up_those_who_were_there() -> None:
    counter = StaffCounter()
    marks = [AgentMark(at=at(1), what="offered"), AgentMark(at=at(2), what="busy")]
    counter.add(agent_day("1001", moves((0, S.READY), (15, S.LOGGED_OUT)), marks, HOUR))
    counter.add(agent_day("1002", moves((5, S.READY), (10, S.TALKING)), [], HOUR))
    counter.add(agent_day("1003", [], [], HOUR))
    first, second, *_ = counter.intervals()
    assert (first.start, first.agents, second.agents) == (NOON, 2, 1)
    assert (first.seconds.ready, first.seconds.talking) == (1200, 300)
    assert (first.calls.offered, first.calls.busy, first.calls.withdrawn) == (1, 1, 0)
    assert first.occupancy.rate == 300 / 1500
    assert second.occupancy.rate == 1.0
