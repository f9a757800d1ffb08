"""What became of the hour after a round, beside what was expected."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from acd.adjustments.round import Effect, Round
from acd.staffing.cover import WHOLE
from acd.staffing.roster import CELLS, moment
from acd.statistics.edges import INTERVAL
from acd.statistics.queue_intervals import Counts, QueueInterval


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A quarter of an hour of the whole, or of a queue: `in_time` is the share that was answered in time
    of those who asked for a person, None when nobody did."""

    cell: int
    offered: int
    in_time: float | None
    queue: str = WHOLE


def measured_hour(
    made: Round, intervals: list[QueueInterval], zone: ZoneInfo
) -> tuple[Measured, ...]:
    """The hour of a round's effects, from the intervals of all queues."""
    return tuple(
        _measured(effect, [i.counts for i in intervals if _counts_in(i, effect, start)])
        for effect in (*made.effects, *made.queue_effects)
        if (start := moment(made.day, effect.cell, zone))
    )


def _counts_in(interval: QueueInterval, effect: Effect, start: datetime) -> bool:
    return interval.start == start and effect.queue in (WHOLE, interval.queue)


def _measured(effect: Effect, queues: list[Counts]) -> Measured:
    offered = sum(counts.offered for counts in queues)
    quick = sum(c.answered_in_15_seconds_from_queue_entry for c in queues)
    return Measured(
        queue=effect.queue,
        cell=effect.cell,
        offered=offered,
        in_time=quick / offered if offered else None,
    )


def is_over(made: Round, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the hour after the round has passed."""
    last = max((e.cell for e in made.effects), default=made.cell)
    return moment(made.day, min(last, CELLS - 1), zone) + INTERVAL <= now
