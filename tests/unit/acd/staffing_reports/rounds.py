"""Rounds of a day with few lines, and the calls that came."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from acd.adjustments.round import IntervalLine, QueueRound, Round
from acd.staffing.cover import WHOLE
from acd.staffing.recorded_counts import starts_of
from acd.staffing.roster import moment
from acd.statistics.counted_call import Measure
from acd.statistics.queue_intervals import QueueInterval, Tally

CITY = ZoneInfo("Asia/Shanghai")
FRIDAY = date(2026, 11, 27)
SATURDAY = date(2026, 11, 28)
EVENING = moment(SATURDAY, 0, CITY)
QUARTERS = list(starts_of(FRIDAY, CITY))


def line(cell: int, forecast: float, actual: int | None = None) -> IntervalLine:
    """It may be one fifth more or less; one agent answers ten calls."""
    return IntervalLine(
        cell=cell,
        actual=actual,
        forecast=forecast,
        low=0.8 * forecast,
        high=1.2 * forecast,
        required=round(forecast / 10),
        rostered=3,
    )


def made(
    cell: int, lines: Iterable[IntervalLine], queue: str = WHOLE, day: date = FRIDAY
) -> Round:
    """The round at the beginning of a cell."""
    return Round(
        at=moment(day, cell, CITY),
        day=day,
        cell=cell,
        queues=(
            QueueRound(
                queue=queue,
                handle_seconds=200,
                patience_seconds=300,
                present=3,
                lines=tuple(lines),
            ),
        ),
        proposed=(),
        effects=(),
        absent=(),
        words=(),
    )


def start(cell: int) -> datetime:
    """When a cell of Friday begins."""
    return moment(FRIDAY, cell, CITY)


def came(cell: int, queue: str = "general", **counts: int) -> QueueInterval:
    """Counts of a queue's quarter of an hour by the names of measures."""
    tally = Tally()
    tally.counts.update({Measure(name): n for name, n in counts.items()})
    return tally.interval(start(cell), queue)
