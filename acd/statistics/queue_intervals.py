"""Calls added up by queue and interval; each belongs to the interval in which it came."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from acd.statistics.counted_call import (
    CallFacts,
    Measure,
    Rates,
    measures_of,
    rates_of,
)
from acd.statistics.edges import interval_of

WAIT_BOUNDS = (1, 2, 3, 5, 8, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1800)
"""Upper bounds, included, of the histograms of waits; beyond the last is one more."""

ALL = "all"
"""What a whole is called in the place of a queue."""

Key = tuple[datetime, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """What a call took, beside its moments. None where it never came to that.

    `wait_seconds` goes from queue entry to the first talk, or to giving up.
    `talk_seconds` has the hold in it. `overflowed_from` are the queues that a rule or his key took the call out of.
    """

    wait_seconds: float | None = None
    talk_seconds: float | None = None
    hold_seconds: float = 0.0
    wrap_up_seconds: float = 0.0
    overflowed_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many calls; each field is a `Measure` of the same name."""

    offered: int
    redialled: int
    answered: int
    answered_in_15_seconds_from_queue_entry: int
    answered_in_15_seconds_from_sip_answer: int
    blocked: int
    abandoned_in_ivr: int
    abandoned_in_queue: int
    abandoned_while_ringing: int
    call_back_promised: int
    declined: int
    ended_otherwise: int
    waiting: int
    excluded: int
    excluded_answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """The waits of `n` calls. `histogram` has a count for each of `WAIT_BOUNDS`, that
    many waited at most so long and longer than the bound before, and one for the rest."""

    n: int
    sum_seconds: float
    max_seconds: float
    mean_seconds: float | None
    histogram: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingTime:
    """What agents spent on the `n` calls that they answered; AHT is `mean_seconds`.

    A call that the flow put through to another telephone was answered, but is not one
    of the `n`: it took no agent's time. `talk_seconds` are without those on hold.
    """

    n: int
    talk_seconds: float
    hold_seconds: float
    wrap_up_seconds: float
    mean_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueInterval:
    """The calls that came in the 15 minutes from `start` on and went to `queue`.

    `queue` is "" for those that ended before they entered one, "all" for a whole.
    `overflowed` calls were taken out of the queue by a rule or by key: they came in this interval,
    too, but most of them count where they went.
    """

    start: datetime
    queue: str
    counts: Counts
    rates: Rates
    waits_answered: Waits
    waits_given_up: Waits
    handling: HandlingTime
    overflowed: int


@dataclass(slots=True)
class _WaitSum:
    waits: list[float] = field(default_factory=list)

    def add(self, seconds: float | None) -> None:
        if seconds is not None:
            self.waits.append(seconds)

    def waits_of(self) -> Waits:
        buckets = Counter(bisect_left(WAIT_BOUNDS, wait) for wait in self.waits)
        n, total = len(self.waits), sum(self.waits)
        return Waits(
            n=n,
            sum_seconds=total,
            max_seconds=max(self.waits, default=0.0),
            mean_seconds=total / n if n else None,
            histogram=tuple(buckets[place] for place in range(len(WAIT_BOUNDS) + 1)),
        )


@dataclass(slots=True)
class Tally:
    """Calls added up."""

    counts: Counter[Measure] = field(default_factory=Counter)
    overflowed: int = 0
    _answered: _WaitSum = field(default_factory=_WaitSum)
    _given_up: _WaitSum = field(default_factory=_WaitSum)
    _handled: int = 0
    _talk_seconds: float = 0.0
    _hold_seconds: float = 0.0
    _wrap_up_seconds: float = 0.0

    def add(self, call: CallFacts, handling: Handling) -> None:
        """Count a call in."""
        self.counts.update(measures_of(call))
        if call.connected_at:
            self._handled += 1
            self._answered.add(handling.wait_seconds)
        elif call.ended_at:
            self._given_up.add(handling.wait_seconds)
        hold_seconds = min(handling.hold_seconds, handling.talk_seconds or 0.0)
        self._talk_seconds += (handling.talk_seconds or 0.0) - hold_seconds
        self._hold_seconds += hold_seconds
        self._wrap_up_seconds += handling.wrap_up_seconds

    def interval(self, start: datetime, queue: str) -> QueueInterval:
        """What it all comes to."""
        return QueueInterval(
            start=start,
            queue=queue,
            counts=counts_of(self.counts),
            rates=rates_of(self.counts),
            waits_answered=self._answered.waits_of(),
            waits_given_up=self._given_up.waits_of(),
            handling=self._handling(),
            overflowed=self.overflowed,
        )

    def _handling(self) -> HandlingTime:
        n = self._handled
        total = self._talk_seconds + self._hold_seconds + self._wrap_up_seconds
        return HandlingTime(
            n=n,
            talk_seconds=self._talk_seconds,
            hold_seconds=self._hold_seconds,
            wrap_up_seconds=self._wrap_up_seconds,
            mean_seconds=total / n if n else None,
        )


def counts_of(counts: Counter[Measure]) -> Counts:
    """The counts as a value."""
    return Counts(**{measure.value: counts[measure] for measure in Measure})


class IntervalCounter:
    """Adds calls, in any order, to the interval and queue that each belongs to."""

    def __init__(self) -> None:
        self._intervals: dict[Key, Tally] = {}
        self._queues: dict[str, Tally] = {}

    def add(self, calls: Iterable[tuple[CallFacts, Handling]]) -> None:
        """Count calls in; one that asked for no person adds nothing."""
        for call, handling in calls:
            if call.asked_for_a_person:
                start = interval_of(call.arrived_at)
                for tally in self._tallies(start, call.queue):
                    tally.add(call, handling)
                for queue in handling.overflowed_from:
                    for tally in self._tallies(start, queue):
                        tally.overflowed += 1

    def _tallies(self, start: datetime, queue: str) -> Iterator[Tally]:
        yield self._intervals.setdefault((start, queue), Tally())
        yield self._queues.setdefault(queue, Tally())
        yield self._queues.setdefault(ALL, Tally())

    def intervals(self) -> list[QueueInterval]:
        """By time and queue; those in which nobody called are not there."""
        tallies = sorted(self._intervals.items(), key=lambda item: item[0])
        return [tally.interval(*key) for key, tally in tallies]

    def totals(self, start: datetime) -> list[QueueInterval]:
        """Each queue as a whole, by name, and last all of them; `start` is theirs."""
        names = sorted(self._queues, key=lambda name: (name == ALL, name))
        return [self._queues[name].interval(start, name) for name in names]
