"""A day as it is foreseen at a moment: every queue, and all of them as one."""

from dataclasses import dataclass
from datetime import date, datetime

from acd.adjustments.reading import (
    HANDLE_SECONDS,
    PATIENCE_SECONDS,
    Recorded,
    Wish,
)
from acd.staffing.forecast import forecast_day
from acd.staffing.forecast_lines import ForecastDay, Staffing, forecast_lines
from acd.staffing.requirement import Target
from acd.staffing.surge import CALM, SurgeNow, surge_after
from acd.statistics.queue_intervals import ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What is to be reached, and with what sureness (a quantile of the mean rate)."""

    target: Target
    sureness: float = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAhead:
    """A queue's day by 15 minutes, and the mean times that were reckoned with."""

    name: str
    handle_seconds: float
    patience_seconds: float
    forecast: ForecastDay


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAhead:
    """All queues with calls, by name, and last the whole (`ALL`); none without a history."""

    day: date
    at: datetime
    queues: tuple[QueueAhead, ...]
    surge: SurgeNow = CALM

    @property
    def whole(self) -> QueueAhead | None:
        """All queues together."""
        return self.queues[-1] if self.queues else None


def foreseen(recorded: Recorded, wish: Wish, aim: Aim) -> DayAhead:
    """Forecast and agents required of every queue that had a call."""
    names = sorted(recorded.counts, key=lambda name: (name == ALL, name))
    return DayAhead(
        day=wish.day,
        at=wish.at,
        queues=tuple(_queue(name, recorded, wish, aim) for name in names if name),
        surge=_surge(recorded, wish),
    )


def _surge(recorded: Recorded, wish: Wish) -> SurgeNow:
    whole = recorded.counts.get(ALL)
    if whole is None or not len(recorded.steps):
        return CALM
    made = forecast_day(whole.history, wish.day, wish.kind)
    return surge_after(made, whole.seen, recorded.steps)


def _queue(name: str, recorded: Recorded, wish: Wish, aim: Aim) -> QueueAhead:
    handle = recorded.handle_seconds.get(name, HANDLE_SECONDS)
    patience = recorded.patience_seconds.get(name, PATIENCE_SECONDS)
    staffing = Staffing(
        handle_seconds=handle,
        patience_seconds=patience,
        target=aim.target,
        sureness=aim.sureness,
    )
    return QueueAhead(
        name=name,
        handle_seconds=handle,
        patience_seconds=patience,
        forecast=forecast_lines(
            name, recorded.counts[name], wish.day, wish.kind, staffing
        ),
    )
