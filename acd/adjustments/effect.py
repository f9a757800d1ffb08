"""What became of the hour after a round, quarter by quarter, beside what was expected."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from acd.adjustments.round import Effect, Round
from acd.staffing.cover import WHOLE
from acd.staffing.roster import moment
from acd.statistics.counted_call import CallFacts, in_time
from acd.statistics.edges import INTERVAL, interval_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A quarter of an hour of the whole, or of a queue: `in_time` is the share that was answered in time
    of those who asked for a person, None when nobody did."""

    cell: int
    offered: int
    in_time: float | None
    queue: str = WHOLE


Key = tuple[datetime, str]


def measured_quarters(
    made: Round,
    calls: Iterable[CallFacts],
    now: datetime,
    zone: ZoneInfo,
    within_seconds: float,
) -> tuple[Measured, ...]:
    """The quarters of a round's effects that are over, from the calls that came in them.

    In time is what the round's expectation has as in time, since the entry into the queue;
    `within_seconds` where it was not kept.
    """
    over = cells_over(made, now, zone)
    effects = [e for e in (*made.effects, *made.queue_effects) if e.cell in over]
    within = {
        effect.queue: within_seconds
        if effect.within_seconds is None
        else effect.within_seconds
        for effect in effects
    }
    offered, quick = _counted(calls, within)
    return tuple(
        _measured(
            effect, (moment(made.day, effect.cell, zone), effect.queue), offered, quick
        )
        for effect in effects
    )


def _counted(
    calls: Iterable[CallFacts], within: Mapping[str, float]
) -> tuple[Counter[Key], Counter[Key]]:
    """Calls that asked for a person, and those answered in time, by quarter and queue;
    of the queues that were asked about alone."""
    offered, quick = Counter[Key](), Counter[Key]()
    for call in calls:
        if call.asked_for_a_person:
            start = interval_of(call.arrived_at)
            for queue in {WHOLE, call.queue} & within.keys():
                offered[start, queue] += 1
                if in_time(call.entered_at, call.connected_at, within[queue]):
                    quick[start, queue] += 1
    return offered, quick


def _measured(
    effect: Effect, key: Key, offered: Counter[Key], quick: Counter[Key]
) -> Measured:
    return Measured(
        queue=effect.queue,
        cell=effect.cell,
        offered=offered[key],
        in_time=quick[key] / offered[key] if offered[key] else None,
    )


def cells_over(made: Round, now: datetime, zone: ZoneInfo) -> tuple[int, ...]:
    """The cells of the hour after the round that have passed."""
    return tuple(
        effect.cell
        for effect in made.effects
        if moment(made.day, effect.cell, zone) + INTERVAL <= now
    )
