"""What a simulated day comes to: the measures of the domain, with what they rest on."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypedDict, TypeVar

import numpy as np

from acd.events import Outcome
from acd.ledger.debt import OPEN, DebtState
from acd.staffing.chance import Turn
from acd.staffing.gamma_ratios import Floats
from acd.staffing.story import (
    AgentTime,
    Asked,
    CallStory,
    SimulatedDay,
    Transferred,
)
from acd.statistics.counted_call import TARGET_SECONDS

Key = TypeVar("Key", str, int)

TARGET_SHARE = 0.95

_GAVE_UP = (Outcome.ABANDONED_IN_QUEUE, Outcome.ABANDONED_WHILE_RINGING)

ALL = "all"
"""The name of all queues, or all groups, together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMeasures:
    """Counts of calls that asked for a person, and their waits in seconds.

    `offered_once` counts a number once that nobody answered and that called again within
    five minutes. The `promised` gave up their places for a call-back, by key or in a flood;
    of them, and of others to whom one is owed, some were `called_back`, on average
    after `mean_call_back_delay`. `declined` were turned away without. `within` are those
    answered within `within_seconds` of the entry into the queue, `within_from_answer` of
    the answer of the line. Waits are those of answered calls; None when there are none.

    Of the call-backs `not_reached` ended without an answer and `still_owed` were open at
    the end of the day. `left_by_key` are among those who gave up in the queue. Talks in which
    a colleague was `consulted`, or that were `handed_over` to one or to a queue; flows'
    `transferred` calls, and those that met somebody; what the survey brought.
    """

    offered: int
    offered_once: int
    answered: int
    in_queue: int
    while_ringing: int
    declined: int
    promised: int
    called_back: int
    mean_call_back_delay: float | None
    not_reached: int
    still_owed: int
    left_by_key: int
    consulted: int
    handed_over: int
    held_seconds: float
    transferred: int
    transfers_connected: int
    surveyed: int
    surveys_answered: int
    surveys_by_call_back: int
    within: int
    within_from_answer: int
    mean_wait: float | None
    p50_wait: float | None
    p95_wait: float | None
    mean_wait_given_up: float | None

    @classmethod
    def of(cls, stories: Iterable[CallStory], within_seconds: float) -> Self:
        """Count and measure; calls that never entered a queue are not offered."""
        offered = [story for story in stories if story.asked_for_a_person]
        answered = [s for s in offered if s.outcome is Outcome.ANSWERED]
        waited = [story for story in answered if story.wait_seconds is not None]
        waits = np.array([story.wait_seconds for story in waited], float)
        from_answer = np.array([s.wait_from_answer_seconds for s in waited], float)
        given_up = [
            story.wait_seconds
            for story in offered
            if story.outcome in _GAVE_UP and story.wait_seconds is not None
        ]
        count, delays = _counter(offered), _call_back_delays(offered)
        return cls(
            offered=len(offered),
            offered_once=sum(not story.redialled for story in offered),
            answered=len(answered),
            in_queue=count(Outcome.ABANDONED_IN_QUEUE),
            while_ringing=count(Outcome.ABANDONED_WHILE_RINGING),
            declined=count(Outcome.DECLINED),
            promised=count(Outcome.CALL_BACK_PROMISED),
            called_back=len(delays),
            mean_call_back_delay=_mean(np.array(delays, float)),
            **_besides(offered),
            within=int((waits <= within_seconds).sum()),
            within_from_answer=int((from_answer <= within_seconds).sum()),
            mean_wait=_mean(waits),
            p50_wait=_percentile(waits, 50),
            p95_wait=_percentile(waits, 95),
            mean_wait_given_up=_mean(np.array(given_up, float)),
        )

    @property
    def connect_rate(self) -> float | None:
        """Answered of offered, a number that called again counted once (人工接通率)."""
        return _share(self.answered, self.offered_once)

    @property
    def connect_rate_raw(self) -> float | None:
        """The same with every redial counted."""
        return _share(self.answered, self.offered)

    @property
    def abandoned(self) -> int:
        """All who hung up before a person answered."""
        return self.in_queue + self.while_ringing

    @property
    def abandoned_share(self) -> float | None:
        """Of offered."""
        return _share(self.abandoned, self.offered)

    @property
    def within_of_offered(self) -> float | None:
        """The 15-second rate, first form."""
        return _share(self.within, self.offered)

    @property
    def within_from_answer_of_offered(self) -> float | None:
        """The same as the first form, counted from the answer of the line."""
        return _share(self.within_from_answer, self.offered)

    @property
    def within_of_answered(self) -> float | None:
        """The 15-second rate, second form."""
        return _share(self.within, self.answered)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMeasures:
    """A group of agents: how many, their hours on duty, and the busy share of them."""

    agents: int
    hours_on_duty: float
    occupancy: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """A day's measures: all in all, by queue, by interval, by group of agents.

    `intervals_on_target` of `intervals_with_calls` answered 95 % of the offered calls in
    time.
    """

    day: SimulatedDay
    within_seconds: float
    queues: Mapping[str, CallMeasures]
    intervals: Sequence[CallMeasures]
    groups: Mapping[str, GroupMeasures]

    @classmethod
    def of(cls, day: SimulatedDay, within_seconds: float = TARGET_SECONDS) -> Self:
        """Measure a day."""
        queues = _by(day.stories, lambda story: story.queue)
        intervals = _by(
            day.stories, lambda s: min(day.interval_of(s), day.intervals - 1)
        )
        measured = {
            name: CallMeasures.of(queues[name], within_seconds)
            for name in sorted(queues)
            if name
        }
        whole = CallMeasures.of(day.stories, within_seconds)
        return cls(
            day=day,
            within_seconds=within_seconds,
            queues={**measured, ALL: whole},
            intervals=tuple(
                CallMeasures.of(intervals.get(number, ()), within_seconds)
                for number in range(day.intervals)
            ),
            groups=_groups(day),
        )

    @property
    def whole(self) -> CallMeasures:
        """All queues together."""
        return self.queues[ALL]

    @property
    def intervals_with_calls(self) -> int:
        """How many intervals had a call at all."""
        return sum(interval.offered > 0 for interval in self.intervals)

    @property
    def intervals_on_target(self) -> int:
        """How many of them answered 95 % of the offered calls in time."""
        rates = (interval.within_of_offered for interval in self.intervals)
        return sum(rate is not None and rate >= TARGET_SHARE for rate in rates)

    @property
    def agents_on_duty(self) -> tuple[float, ...]:
        """The mean number of agents on duty in each interval."""
        by_group = [time.on_duty for time in self.day.times.values()]
        seconds = np.sum(by_group, axis=0) if by_group else np.zeros(self.day.intervals)
        return tuple((seconds / self.day.interval_seconds).tolist())


def _groups(day: SimulatedDay) -> dict[str, GroupMeasures]:
    groups = {
        name: _group(day.agents[name], [time]) for name, time in day.times.items()
    }
    return {**groups, ALL: _group(sum(day.agents.values()), list(day.times.values()))}


def _group(agents: int, times: Sequence[AgentTime]) -> GroupMeasures:
    busy = sum(sum(time.busy) for time in times)
    on_duty = sum(sum(time.on_duty) for time in times)
    return GroupMeasures(
        agents=agents,
        hours_on_duty=on_duty / 3600,
        occupancy=busy / on_duty if on_duty else None,
    )


def _by(
    stories: Iterable[CallStory], key: Callable[[CallStory], Key]
) -> dict[Key, list[CallStory]]:
    groups: dict[Key, list[CallStory]] = {}
    for story in stories:
        groups.setdefault(key(story), []).append(story)
    return groups


def _counter(stories: Sequence[CallStory]) -> Callable[[Outcome], int]:
    return lambda outcome: sum(story.outcome is outcome for story in stories)


class _Besides(TypedDict):
    not_reached: int
    still_owed: int
    left_by_key: int
    consulted: int
    handed_over: int
    held_seconds: float
    transferred: int
    transfers_connected: int
    surveyed: int
    surveys_answered: int
    surveys_by_call_back: int


def _besides(stories: Sequence[CallStory]) -> _Besides:
    call_backs = Counter(story.call_back for story in stories)
    turns = Counter(story.turn for story in stories)
    transfers = Counter(story.transfer for story in stories)
    surveys = Counter(story.survey for story in stories)
    return _Besides(
        not_reached=call_backs[DebtState.EXPIRED],
        still_owed=sum(call_backs[state] for state in OPEN),
        left_by_key=sum(story.left_by_key for story in stories),
        consulted=turns[Turn.CONSULT],
        handed_over=turns.total() - turns[Turn.CONSULT] - turns[Turn.NONE],
        held_seconds=sum(story.held_seconds for story in stories),
        transferred=transfers.total() - transfers[Transferred.NOT],
        transfers_connected=transfers[Transferred.CONNECTED],
        surveyed=surveys.total() - surveys[Asked.NOT],
        surveys_answered=surveys[Asked.ANSWERED] + surveys[Asked.LATER],
        surveys_by_call_back=surveys[Asked.LATER],
    )


def _call_back_delays(stories: Sequence[CallStory]) -> list[float]:
    delays = (story.called_back_after for story in stories)
    return [delay for delay in delays if delay is not None]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if len(values) else None


def _percentile(values: Floats, percent: float) -> float | None:
    return float(np.percentile(values, percent)) if len(values) else None
