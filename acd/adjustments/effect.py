"""What became of the hour after a round, quarter by quarter, beside what was expected."""

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


def measured_quarters(
    made: Round, intervals: list[QueueInterval], now: datetime, zone: ZoneInfo
) -> tuple[Measured, ...]:
    """The quarters of a round's effects that are over, from the intervals of all queues."""
    over = cells_over(made, now, zone)
    return tuple(
        _measured(effect, [i.counts for i in intervals if _counts_in(i, effect, start)])
        for effect in (*made.effects, *made.queue_effects)
        if effect.cell in over and (start := moment(made.day, effect.cell, zone))
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


def cells_over(made: Round, now: datetime, zone: ZoneInfo) -> tuple[int, ...]:
    """The cells of the hour after the round that have passed."""
    return tuple(
        effect.cell
        for effect in made.effects
        if moment(made.day, min(effect.cell, CELLS - 1), zone) + INTERVAL <= now
    )
