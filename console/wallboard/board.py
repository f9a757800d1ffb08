"""What the wallboard (大屏) shows at a moment; pure, from views of the running parts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from acd.distributor import AgentView, QueueView
from acd.events import AgentState
from acd.plans.desk import PlansView
from acd.statistics.breach import LEAST_CALLS
from acd.statistics.connect_clock import ClockReading
from acd.statistics.counted_call import Share
from acd.statistics.live import IntervalReading


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """A queue; `waiting_since` is when its longest wait began, None when nobody waits."""

    name: str
    waiting: int
    waiting_since: datetime | None
    talking: int
    ready: int
    logged_in: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentsLine:
    """Agents, each once: logged in and by state; `overdue` pauses are too long."""

    logged_in: int
    states: dict[AgentState, int]
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterLine:
    """The quarter of an hour that goes on: calls offered, answered, and in 15 s."""

    start: datetime
    offered: int
    answered: int
    in_15_seconds: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """The last 24 hours: the connect rate (人工接通率) and both 15-second rates (15 秒接通率).

    `crosses_at` is when the connect rate is foreseen to cross the target, downward or
    upward when it is below now, most likely between `earliest` and `latest`. It is not
    `foreseen` from too few calls of the last hour.
    """

    connect: Share
    in_15_seconds_of_offered: Share
    in_15_seconds_of_answered: Share
    target: float
    below_target: bool
    foreseen: bool
    crosses_at: datetime | None
    earliest: datetime | None
    latest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """The level of the emergency plans, one that is proposed, and the storm (话务突增).

    In a surge `surge_ratio` times as many call as were foreseen.
    """

    level: int
    since: datetime | None
    proposed: int | None
    surge: bool
    surge_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All of it. Two are the same whatever the moment they are made at."""

    at: datetime = field(compare=False)
    waiting: int
    waiting_since: datetime | None
    talking: int
    agents: AgentsLine
    quarter: QuarterLine
    day: DayLine
    plan: PlanLine
    queues: tuple[QueueLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """The running parts as they are at a moment."""

    at: datetime
    queues: Sequence[QueueView]
    agents: Sequence[AgentView]
    interval: IntervalReading
    clock: ClockReading
    plans: PlansView


def board_of(views: Views) -> Board:
    """The board of these views; busy queues first, otherwise as they are ordered."""
    queues = [_queue(each, views.at) for each in views.queues]
    return Board(
        at=views.at,
        waiting=sum(each.waiting for each in queues),
        waiting_since=_first(each.waiting_since for each in queues),
        talking=sum(each.talking for each in queues),
        agents=_agents(views.agents),
        quarter=_quarter(views.interval),
        day=_day(views.clock),
        plan=_plan(views.plans),
        queues=tuple(sorted(queues, key=lambda each: -each.waiting)),
    )


def _queue(queue: QueueView, at: datetime) -> QueueLine:
    logged_in = sum(queue.agents.values()) - queue.agents[AgentState.LOGGED_OUT]
    return QueueLine(
        name=queue.name,
        waiting=queue.waiting,
        waiting_since=_began(queue, at),
        talking=queue.talking,
        ready=queue.agents[AgentState.READY],
        logged_in=logged_in,
    )


def _began(queue: QueueView, at: datetime) -> datetime | None:
    """To a tenth of a second: the same wait shall not look like another one."""
    if not queue.waiting:
        return None
    began = at - timedelta(seconds=queue.longest_wait_seconds)
    return began.replace(microsecond=began.microsecond // 100_000 * 100_000)


def _first(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)


def _agents(agents: Sequence[AgentView]) -> AgentsLine:
    states = Counter(agent.state for agent in agents)
    return AgentsLine(
        logged_in=len(agents) - states[AgentState.LOGGED_OUT],
        states={state: states[state] for state in AgentState},
        overdue=sum(agent.overdue for agent in agents),
    )


def _quarter(interval: IntervalReading) -> QuarterLine:
    return QuarterLine(
        start=interval.start,
        offered=interval.counts.offered - interval.counts.redialled,
        answered=interval.counts.answered,
        in_15_seconds=interval.rates.in_15_seconds_from_queue_entry_of_offered,
    )


def _day(clock: ClockReading) -> DayLine:
    rates, forecast = clock.rates, clock.forecast
    return DayLine(
        connect=rates.connect,
        in_15_seconds_of_offered=rates.in_15_seconds_from_queue_entry_of_offered,
        in_15_seconds_of_answered=rates.in_15_seconds_from_queue_entry_of_answered,
        target=clock.target,
        below_target=forecast.below_target,
        foreseen=forecast.recent.whole >= LEAST_CALLS,
        crosses_at=_minute(forecast.expected),
        earliest=_minute(forecast.earliest),
        latest=_minute(forecast.latest),
    )


def _minute(moment: datetime | None) -> datetime | None:
    """Foreseen to the minute, no better."""
    return moment.replace(second=0, microsecond=0) if moment else None


def _plan(plans: PlansView) -> PlanLine:
    state, sight = plans.state, plans.sight
    return PlanLine(
        level=state.level,
        since=state.since,
        proposed=state.proposed,
        surge=bool(sight and sight.surge),
        surge_ratio=sight.surge_ratio if sight else 1.0,
    )
