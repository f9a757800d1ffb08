"""The whole of a day in figures to plot: calls beside their forecast, and agents; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from acd.staffing.cover import WHOLE
from acd.staffing_reports.ahead import Bounds
from acd.staffing_reports.intervals import StaffedInterval

NOTHING_FORESEEN = (None, None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """A quarter of an hour from `start` on; `cell` is its place in the day.

    `calls` have a number once that called again soon, `lost` of them met nobody. What was
    foreseen last is None when no round knew it, `present` for what is still to come.
    """

    start: datetime
    cell: int
    calls: int
    lost: int
    forecast: float | None
    low: float | None
    high: float | None
    required: int | None
    rostered: int
    present: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCurve:
    """All queues together, the day by its quarters of an hour."""

    day: date
    quarters: tuple[Quarter, ...]


def day_curve(day: date, intervals: Iterable[StaffedInterval]) -> DayCurve:
    """The curve of the whole."""
    whole = [each for each in intervals if each.queue == WHOLE]
    return DayCurve(day=day, quarters=tuple(map(_quarter, whole)))


def _quarter(interval: StaffedInterval) -> Quarter:
    forecast, low, high = _bounds(interval.ahead.last)
    return Quarter(
        start=interval.start,
        cell=interval.cell,
        calls=interval.came.once,
        lost=interval.came.connect.whole - interval.came.connect.part,
        forecast=forecast,
        low=low,
        high=high,
        required=interval.ahead.required,
        rostered=interval.rostered,
        present=interval.present,
    )


def _bounds(bounds: Bounds | None) -> tuple[float | None, float | None, float | None]:
    if bounds is None:
        return NOTHING_FORESEEN
    return bounds.calls, bounds.low, bounds.high
