"""A day by quarters of an hour: foreseen, required, rostered, present, and what came; pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from acd.staffing.cover import WHOLE, Cover
from acd.staffing_reports.ahead import NOTHING, Ahead, Key
from acd.statistics.counted_call import Measure, Share, rates_of
from acd.statistics.edges import INTERVAL
from acd.statistics.queue_intervals import Counts, QueueInterval, counts_of

HOUR_SECONDS = 3600.0
_NO_CALLS = counts_of(Counter())


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """The calls that came. `offered` has redials in it; `once` counts a number once that
    called again within five minutes, as forecasts do. Shares are of `once`, without
    those that still wait; `lost` of all that were decided."""

    once: int
    counts: Counts
    in_time: Share
    connect: Share
    lost: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffedInterval:
    """A queue's quarter of an hour from `start` on, or that of the whole ("all").

    `rostered` agents are on the phones by the roster as it stands; `present` is how many
    were there on the average, pauses left out; None in a quarter that is still to come.
    """

    start: datetime
    cell: int
    queue: str
    ahead: Ahead
    rostered: int
    present: float | None
    came: Came


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffedTotal:
    """A queue's day: hours of agents, and calls. `foreseen` calls are those of the same
    quarters, the day before and last of all; None when a round is wanting for one that
    is over."""

    queue: str
    foreseen_day_ahead: float | None
    foreseen_last: float | None
    required_hours: float | None
    rostered_hours: float
    present_hours: float
    came: Came


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFacts:
    """What a day's report is made from. `quarters` are its starts and cells; `present`
    are seconds on the phones by queue and start; of calls, those of each queue."""

    quarters: Sequence[tuple[datetime, int]]
    now: datetime
    ahead: Mapping[Key, Ahead]
    cover: Cover
    present: Mapping[tuple[str, datetime], float]
    calls: Sequence[QueueInterval]


def staffed_intervals(facts: DayFacts) -> list[StaffedInterval]:
    """Every queue by name, the whole last, each by time; quarters with nothing left out."""
    came = _counts(facts.calls)
    return [
        _interval(facts, queue, start, cell, came.get((queue, start), _NO_CALLS))
        for queue in _queues(facts)
        for start, cell in facts.quarters
        if queue == WHOLE or _has(facts, queue, start, cell, came)
    ]


def staffed_totals(lines: Iterable[StaffedInterval]) -> list[StaffedTotal]:
    """The same by queue, in the same order."""
    by_queue: dict[str, list[StaffedInterval]] = {}
    for line in lines:
        by_queue.setdefault(line.queue, []).append(line)
    return [_total(queue, own) for queue, own in by_queue.items()]


def _counts(calls: Iterable[QueueInterval]) -> dict[tuple[str, datetime], Counts]:
    sums: dict[tuple[str, datetime], Counter[Measure]] = {}
    for interval in calls:
        for queue in (interval.queue, WHOLE):
            held = sums.setdefault((queue, interval.start), Counter())
            held.update(measures(interval.counts))
    return {key: counts_of(held) for key, held in sums.items()}


def measures(counts: Counts) -> Counter[Measure]:
    """Counts that can be added up."""
    return Counter({measure: getattr(counts, measure) for measure in Measure})


def _queues(facts: DayFacts) -> list[str]:
    named = {interval.queue for interval in facts.calls}
    named |= {queue for queue, _ in (*facts.ahead, *facts.present)}
    return sorted(named | {WHOLE}, key=lambda queue: (queue == WHOLE, queue))


def _has(
    facts: DayFacts,
    queue: str,
    start: datetime,
    cell: int,
    came: Mapping[tuple[str, datetime], Counts],
) -> bool:
    key = queue, start
    return key in came or key in facts.present or (queue, cell) in facts.ahead


def _interval(
    facts: DayFacts, queue: str, start: datetime, cell: int, counts: Counts
) -> StaffedInterval:
    return StaffedInterval(
        start=start,
        cell=cell,
        queue=queue,
        ahead=facts.ahead.get((queue, cell), NOTHING),
        rostered=facts.cover.at(queue, cell),
        present=_present(facts, queue, start),
        came=came_of(counts),
    )


def _present(facts: DayFacts, queue: str, start: datetime) -> float | None:
    passed = min(facts.now - start, INTERVAL).total_seconds()
    if passed <= 0:
        return None
    return round(facts.present.get((queue, start), 0.0) / passed, 2)


def came_of(counts: Counts) -> Came:
    """Counts with the shares that managers ask for."""
    rates = rates_of(measures(counts))
    return Came(
        once=counts.offered - counts.redialled,
        counts=counts,
        in_time=rates.in_15_seconds_from_queue_entry_of_offered,
        connect=rates.connect,
        lost=rates.abandoned,
    )


def _total(queue: str, lines: Sequence[StaffedInterval]) -> StaffedTotal:
    over = [line for line in lines if line.present is not None]
    counts = counts_of(_added(line.came.counts for line in lines))
    return StaffedTotal(
        queue=queue,
        foreseen_day_ahead=_sum(
            line.ahead.day_ahead.calls if line.ahead.day_ahead else None
            for line in over
        ),
        foreseen_last=_sum(
            line.ahead.last.calls if line.ahead.last else None for line in over
        ),
        required_hours=_hours(_sum(line.ahead.required for line in lines)),
        rostered_hours=_quarters(sum(line.rostered for line in lines)),
        present_hours=round(_quarters(sum(line.present or 0.0 for line in over)), 2),
        came=came_of(counts),
    )


def _added(counts: Iterable[Counts]) -> Counter[Measure]:
    added: Counter[Measure] = Counter()
    for each in counts:
        added.update(measures(each))
    return added


def _sum(values: Iterator[float | None] | Iterable[int | None]) -> float | None:
    known = list(values)
    if not known or None in known:
        return None
    return round(sum(value for value in known if value is not None), 1)


def _hours(quarters: float | None) -> float | None:
    return None if quarters is None else _quarters(quarters)


def _quarters(quarters: float) -> float:
    return quarters * INTERVAL.total_seconds() / HOUR_SECONDS
