"""Agents' time: seconds in each state, cut at the edges of intervals, and their calls."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from acd.events import AgentState
from acd.messages import OfferFailure
from acd.people.rows import AgentMove, in_order
from acd.statistics.counted_call import Share, share
from acd.statistics.edges import Span, interval_of, pieces

OFFERED, ANSWERED, OVERDUE = "offered", "answered", "overdue"

BUSY = (
    AgentState.OFFERED,
    AgentState.RINGING,
    AgentState.TALKING,
    AgentState.WRAP_UP,
)
"""States in which a call has an agent's time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentMark:
    """A moment of an agent's day: "offered", "answered", an `OfferFailure`, or "overdue".

    Overdue is a pause from the moment on at which it is longer than its reason allows.
    """

    at: datetime
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSeconds:
    """Seconds in each `AgentState` of the same name."""

    logged_out: float
    ready: float
    offered: float
    ringing: float
    talking: float
    wrap_up: float
    paused: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentCalls:
    """Calls by the moment at which it happened. `withdrawn` were taken away again: the
    citizen hung up, or another agent was faster. Below 0 in an interval in which more
    offers ended than began."""

    offered: int
    answered: int
    rejected: int
    busy: int
    no_answer: int
    unreachable: int
    withdrawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupancy:
    """Seconds busy with calls (offered, ringing, talking, wrap-up) of those on duty and
    not paused; `rate` is None when there were none."""

    busy_seconds: float
    available_seconds: float
    rate: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentInterval:
    """What an agent did in the 15 minutes from `start` on, or in a whole day.

    `overdue_pauses` became longer than their reasons allow in that time.
    """

    start: datetime
    agent_id: str
    seconds: StateSeconds
    calls: AgentCalls
    occupancy: Occupancy
    answered_of_offered: Share
    overdue_pauses: int


@dataclass(slots=True)
class AgentTally:
    """Seconds and marks added up."""

    seconds: dict[AgentState, float] = field(default_factory=dict)
    marks: Counter[str] = field(default_factory=Counter)

    @property
    def idle(self) -> bool:
        """He was logged out all the time, and nothing was marked."""
        return not self.marks and set(self.seconds) <= {AgentState.LOGGED_OUT}

    def interval(self, start: datetime, agent_id: str) -> AgentInterval:
        """What it comes to."""
        offered, answered = self.marks[OFFERED], self.marks[ANSWERED]
        return AgentInterval(
            start=start,
            agent_id=agent_id,
            seconds=StateSeconds(
                **{s.value: self.seconds.get(s, 0.0) for s in AgentState}
            ),
            calls=self._calls(),
            occupancy=self._occupancy(),
            answered_of_offered=share(answered, offered),
            overdue_pauses=self.marks[OVERDUE],
        )

    def stay(self, state: AgentState, seconds: float) -> None:
        """Count seconds in a state."""
        self.seconds[state] = self.seconds.get(state, 0.0) + seconds

    def add(self, interval: AgentInterval) -> None:
        """Count an interval of somebody in."""
        for state in AgentState:
            self.stay(state, getattr(interval.seconds, state.value))
        for what in (OFFERED, ANSWERED, *OfferFailure):
            self.marks[what] += getattr(interval.calls, what)
        self.marks[OVERDUE] += interval.overdue_pauses

    def _calls(self) -> AgentCalls:
        failures = {failure.value: self.marks[failure] for failure in OfferFailure}
        offered, answered = self.marks[OFFERED], self.marks[ANSWERED]
        return AgentCalls(
            offered=offered,
            answered=answered,
            withdrawn=offered - answered - sum(failures.values()),
            **failures,
        )

    def _occupancy(self) -> Occupancy:
        busy = sum(self.seconds.get(state, 0.0) for state in BUSY)
        available = busy + self.seconds.get(AgentState.READY, 0.0)
        return Occupancy(
            busy_seconds=busy,
            available_seconds=available,
            rate=busy / available if available else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentDay:
    """An agent's span: its intervals, those without anything left out, and the whole."""

    intervals: tuple[AgentInterval, ...]
    whole: AgentInterval


def agent_day(
    agent_id: str, moves: Sequence[AgentMove], marks: Iterable[AgentMark], span: Span
) -> AgentDay:
    """Cut an agent's states at the edges and add up.

    `moves` are those of the span in any order, and some before it, the last of which
    says in which state he began; `span.until` is not later than now.
    """
    tallies: dict[datetime, AgentTally] = {}
    whole = AgentTally()
    for state, since, until in stays(in_order(moves), span):
        for start, seconds in pieces(since, until):
            tallies.setdefault(start, AgentTally()).stay(state, seconds)
            whole.stay(state, seconds)
    for mark in marks:
        start = interval_of(mark.at)
        tallies.setdefault(start, AgentTally()).marks[mark.what] += 1
        whole.marks[mark.what] += 1
    return AgentDay(
        intervals=tuple(
            tally.interval(start, agent_id)
            for start, tally in sorted(tallies.items())
            if not tally.idle
        ),
        whole=whole.interval(span.since, agent_id),
    )


def stays(
    moves: Sequence[AgentMove], span: Span
) -> Iterator[tuple[AgentState, datetime, datetime]]:
    """The states of the span with their beginnings and ends; `moves` are in order."""
    before = [move for move in moves if move.at <= span.since]
    within = [move for move in moves if span.since < move.at < span.until]
    if before:
        first = before[-1].new
    else:
        first = within[0].old if within else AgentState.LOGGED_OUT
    edges = [(span.since, first), *((move.at, move.new) for move in within)]
    for (since, state), (until, _) in pairwise([*edges, (span.until, first)]):
        if since < until:
            yield state, since, until
