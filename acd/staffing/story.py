"""What became of the calls and of the agents' time in a simulation."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from acd.events import AgentState, AgentStateChanged, Outcome
from acd.staffing.behaviour import Behaviour
from acd.staffing.chance import Turn

_BUSY = frozenset(
    {AgentState.OFFERED, AgentState.RINGING, AgentState.TALKING, AgentState.WRAP_UP}
)

_AWAY = frozenset({AgentState.LOGGED_OUT, AgentState.PAUSED})


class Asked(StrEnum):
    """What came of the survey of a call.

    `OWED`: the citizen hung up before it, and is to be asked by call-back; then it is
    `LATER` that he answers, or `NEVER`.
    """

    NOT = "not"
    ANSWERED = "answered"
    SILENT = "silent"
    OWED = "owed"
    LATER = "later"
    NEVER = "never"


class Transferred(StrEnum):
    """What came of a flow's transfer to another telephone."""

    NOT = "not"
    RINGS = "rings"
    CONNECTED = "connected"
    BUSY = "busy"
    NO_ANSWER = "no_answer"


JOINED = "joined"
"""The call-back of a call that a later one of the same number stands for."""


@dataclass(slots=True, kw_only=True)
class CallStory:
    """One simulated call; seconds since the day began, None for what never happened.

    `queue` is the first that it entered, or would have, "" when none. `wait_seconds` counts
    from the first entry to the first answer, or until the call was no longer waiting.
    `redialled` is a call that nobody answered and whose number called again soon.
    `left_by_key` pressed the key to leave. `talk_seconds` are those with agents or, by a
    flow's transfer, with others; `held_seconds` on hold are among them.

    A citizen was `promised` a call-back, by key or because a flood left no place, or
    is owed one all the same; `call_back` is what became of it: a `DebtState`, `JOINED`, or ""
    when he is owed none. He was rung `call_back_tries` times, and reached
    `called_back_after` seconds after he had asked for a person.
    """

    arrived_at: float
    redialled: bool = False
    queue: str = ""
    entered_at: float | None = None
    wait_seconds: float | None = None
    agent_id: str = ""
    talk_seconds: float | None = None
    outcome: Outcome = Outcome.ABANDONED_IN_IVR
    promised: bool = False
    call_back: str = ""
    call_back_tries: int = 0
    called_back_after: float | None = None
    left_by_key: bool = False
    turn: Turn = Turn.NONE
    held_seconds: float = 0.0
    survey: Asked = Asked.NOT
    transfer: Transferred = Transferred.NOT

    @property
    def asked_for_a_person(self) -> bool:
        """It entered a queue, or its flow sent it to another telephone."""
        return self.entered_at is not None or self.transfer is not Transferred.NOT

    @property
    def wait_from_answer_seconds(self) -> float | None:
        """The wait from the answer of the line on: with the time in the flow."""
        if self.entered_at is None or self.wait_seconds is None:
            return None
        return self.entered_at - self.arrived_at + self.wait_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentTime:
    """Seconds of a group of agents in each interval: handling calls, and on duty.

    Pauses are no time on duty.
    """

    busy: tuple[float, ...]
    on_duty: tuple[float, ...]

    def coarser(self, times: int) -> Self:
        """So many intervals as one."""
        return replace(
            self, busy=_summed(self.busy, times), on_duty=_summed(self.on_duty, times)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedDay:
    """All that was found for one plan. Intervals are numbered from the day's start.

    `agents` counts the agents of each group, `times` is their time by group, for the
    intervals from the first call's hour to the last call's. `untaken` counts the offers
    that agents did not take, by `OfferFailure`.
    """

    plan: str
    behaviour: Behaviour
    start: datetime
    interval_seconds: float
    first_interval: int
    intervals: int
    stories: tuple[CallStory, ...] = field(repr=False)
    agents: Mapping[str, int]
    times: Mapping[str, AgentTime]
    untaken: Mapping[str, int] = field(default_factory=dict)

    def interval_of(self, story: CallStory) -> int:
        """The number of the interval in which the call arrived, from 0 for the first."""
        return int(story.arrived_at // self.interval_seconds) - self.first_interval

    def starts_at(self, interval: int) -> datetime:
        """When an interval begins."""
        seconds = (self.first_interval + interval) * self.interval_seconds
        return self.start + timedelta(seconds=seconds)

    def by_the_hour(self) -> Self:
        """The same day, with intervals of an hour."""
        times = intervals_an_hour(self.interval_seconds)
        return replace(
            self,
            interval_seconds=self.interval_seconds * times,
            first_interval=self.first_interval // times,
            intervals=self.intervals // times,
            times={group: time.coarser(times) for group, time in self.times.items()},
        )


class TimeSheet:
    """Adds up what the agents do, from the events of their moves."""

    def __init__(
        self,
        groups: Mapping[str, str],
        start: datetime,
        *,
        interval_seconds: float,
        intervals: int,
    ) -> None:
        self._start, self._seconds, self._intervals = start, interval_seconds, intervals
        self._groups, self._since = groups, dict.fromkeys(groups, start)
        names = dict.fromkeys(groups.values())
        self._busy = {name: [0.0] * intervals for name in names}
        self._on_duty = {name: [0.0] * intervals for name in names}

    def note(self, move: AgentStateChanged) -> None:
        """The agent was in his old state until now."""
        since, self._since[move.agent_id] = self._since[move.agent_id], move.at
        if move.old in _AWAY or since == move.at:
            return
        group = self._groups[move.agent_id]
        began = (since - self._start).total_seconds()
        ended = (move.at - self._start).total_seconds()
        self._add(self._on_duty[group], began, ended)
        if move.old in _BUSY:
            self._add(self._busy[group], began, ended)

    def times(self, first: int) -> dict[str, AgentTime]:
        """What has been added up, from the interval of this number on."""
        return {
            group: AgentTime(
                busy=tuple(self._busy[group][first:]),
                on_duty=tuple(self._on_duty[group][first:]),
            )
            for group in self._busy
        }

    def _add(self, sums: list[float], began: float, ended: float) -> None:
        number = int(began // self._seconds)
        while began < ended and number < self._intervals:
            until = min(ended, (number + 1) * self._seconds)
            sums[number] += until - began
            began, number = until, number + 1


def intervals_an_hour(interval_seconds: float) -> int:
    """How many intervals an hour has, one at least."""
    return max(1, round(3600 / interval_seconds))


def _summed(sums: tuple[float, ...], times: int) -> tuple[float, ...]:
    return tuple(
        sum(sums[start : start + times]) for start in range(0, len(sums), times)
    )
