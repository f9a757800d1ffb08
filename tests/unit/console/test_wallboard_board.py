"""The wallboard's figures, from views of the running parts."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from acd.distributor import AgentView, QueueView
from acd.events import AgentState, Outcome
from acd.plans.desk import PlansView
from acd.plans.foresight import Sight
from acd.staffing.escalation import Escalation
from acd.statistics.connect_clock import ConnectClock
from acd.statistics.counted_call import CallFacts, Measure, rates_of
from acd.statistics.live import IntervalReading
from acd.statistics.queue_intervals import counts_of
from console.wallboard.board import Views, board_of

AT = datetime(2026, 3, 2, 8, 7, 30, 250_000, tzinfo=UTC)
NOBODY = dict.fromkeys(AgentState, 0)


def queue(name: str, **fields: Any) -> QueueView:
    """A queue that nobody waits in and nobody serves."""
    empty: dict[str, Any] = {
        "waiting": 0,
        "talking": 0,
        "longest_wait_seconds": 0.0,
        "agents": NOBODY,
    }
    return QueueView(name=name, **(empty | fields))


def agent(name: str, state: AgentState, *, overdue: bool = False) -> AgentView:
    """An agent in a state."""
    return AgentView(
        id=name,
        name=name,
        contact="",
        queues=(),
        skills={},
        penalties={},
        state=state,
        reason="",
        call_id="",
        since=AT,
        overdue=overdue,
    )


def interval(**measures: int) -> IntervalReading:
    """A quarter of an hour with these counts."""
    counts = Counter({Measure(name): number for name, number in measures.items()})
    start = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    return IntervalReading(
        start=start, counts=counts_of(counts), rates=rates_of(counts)
    )


def views(**changes: Any) -> Views:
    """A calm floor."""
    calm = Views(
        at=AT,
        queues=[queue("general")],
        agents=[],
        interval=interval(),
        clock=ConnectClock(AT).read(AT),
        plans=PlansView(
            state=Escalation(),
            sight=None,
            can_recall=False,
            plans=3,
            recall_within_seconds=None,
        ),
    )
    return replace(calm, **changes)


def test_longest_wait_is_the_oldest_of_all_queues() -> None:
    board = board_of(
        views(
            queues=[
                queue("general", waiting=1, longest_wait_seconds=10.0),
                queue("tax", waiting=2, longest_wait_seconds=75.0),
            ]
        )
    )
    assert board.waiting == 3
    assert board.waiting_since == datetime(2026, 3, 2, 8, 6, 15, 200_000, tzinfo=UTC)


def test_nobody_waits_since_no_moment() -> None:
    assert board_of(views()).waiting_since is None


def test_queue_in_which_most_wait_comes_first() -> None:
    board = board_of(
        views(
            queues=[queue("general"), queue("tax", waiting=1), queue("heating")],
        )
    )
    assert [each.name for each in board.queues] == ["tax", "general", "heating"]


def test_agents_are_counted_by_state_and_those_who_pause_too_long() -> None:
    board = board_of(
        views(
            agents=[
                agent("1", AgentState.TALKING),
                agent("2", AgentState.PAUSED, overdue=True),
                agent("3", AgentState.LOGGED_OUT),
            ]
        )
    )
    assert board.agents.logged_in == 2
    assert board.agents.overdue == 1
    assert board.agents.states[AgentState.TALKING] == 1
    assert set(board.agents.states) == set(AgentState)


def test_queue_counts_those_logged_in() -> None:
    states = NOBODY | {AgentState.READY: 2, AgentState.PAUSED: 1}
    states[AgentState.LOGGED_OUT] = 5
    (line,) = board_of(views(queues=[queue("general", agents=states)])).queues
    assert (line.ready, line.logged_in) == (2, 3)


def test_quarter_counts_a_number_once_that_called_again() -> None:
    board = board_of(
        views(
            interval=interval(
                offered=10,
                redialled=2,
                answered=6,
                waiting=1,
                answered_in_15_seconds_from_queue_entry=5,
            )
        )
    )
    assert (board.quarter.offered, board.quarter.answered) == (8, 6)
    share = board.quarter.in_15_seconds
    assert (share.part, share.whole) == (5, 7)


def test_day_tells_rate_and_when_it_crosses_the_target() -> None:
    clock = ConnectClock(AT)
    for number in range(60):
        arrived = AT - timedelta(minutes=number + 1)
        answered = {"connected_at": arrived} if number % 2 else {}
        call = CallFacts(
            id=str(number),
            caller=str(number),
            arrived_at=arrived,
            entered_at=arrived,
            ended_at=arrived,
            outcome=Outcome.ANSWERED if answered else Outcome.ABANDONED_IN_QUEUE,
            **answered,
        )
        clock.change(None, call, AT)
    day = board_of(views(clock=clock.read(AT))).day
    assert (day.connect.part, day.connect.whole) == (30, 60)
    assert day.below_target
    assert day.foreseen
    assert day.target == 0.95


def test_too_few_calls_of_the_last_hour_foretell_nothing() -> None:
    assert not board_of(views()).day.foreseen


def test_storm_and_level_are_told() -> None:
    sight = Sight(at=AT, surge=True, surge_ratio=3.2, missing=4, levels=())
    state = Escalation(level=1, since=AT, proposed=2)
    plan = board_of(
        views(
            plans=PlansView(
                state=state,
                sight=sight,
                can_recall=True,
                plans=3,
                recall_within_seconds=1800.0,
            )
        )
    ).plan
    assert (plan.level, plan.proposed, plan.surge, plan.surge_ratio) == (
        1,
        2,
        True,
        3.2,
    )


def test_same_floor_is_the_same_board_a_little_later() -> None:
    waits = [queue("general", waiting=1, longest_wait_seconds=10.0)]
    later = AT + timedelta(seconds=3)
    waited = [queue("general", waiting=1, longest_wait_seconds=13.0)]
    assert board_of(views(queues=waits)) == board_of(views(queues=waited, at=later))
