"""A forecast as lines: what came, what is foreseen, how sure that is, who is needed."""

from dataclasses import dataclass
from datetime import date
from math import pi, sqrt

import numpy as np
from scipy.special import ndtri

from acd.staffing.agents_ahead import agents_ahead
from acd.staffing.day_kind import DayKind
from acd.staffing.forecast import DayForecast, forecast_day
from acd.staffing.gamma_ratios import Floats
from acd.staffing.outlook import RunningQuarter, poisson_error
from acd.staffing.recorded_counts import RecordedCounts
from acd.staffing.requirement import Target

LOW, HIGH = 0.1, 0.9
"""Eight of ten intervals come to lie between these quantiles."""

_MEAN_ERROR = sqrt(2 / pi)
"""The mean error of a normal deviation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """What a call takes, and what is to be reached; `sureness` is the quantile of the
    mean rate that is staffed for."""

    handle_seconds: float
    patience_seconds: float
    target: Target
    sureness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastLine:
    """A quarter of an hour of the city's clock, `interval` 0 to 95; `actual` None: not
    over, or not known. For those that are over, `forecast` is what their day told before
    it began."""

    queue: str
    interval: int
    is_over: bool
    actual: int | None
    forecast: float
    low: float
    high: float
    agents: int
    agents_sure: int

    @property
    def shown(self) -> float:
        """What came, or else what is foreseen."""
        return self.forecast if self.actual is None else float(self.actual)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastDay:
    """A queue's day in lines, with agents for the target; the expected mean error of an interval that is to come
    and what of it counting alone makes, as shares; and words on what is not sure."""

    queue: str
    target: Target
    lines: tuple[ForecastLine, ...]
    expected_error: float | None
    counting_error: float | None
    words: tuple[str, ...]


def forecast_lines(
    queue: str, recorded: RecordedCounts, day: date, kind: DayKind, staffing: Staffing
) -> ForecastDay:
    """The day as it is foreseen after the intervals that are over."""
    made = forecast_day(recorded.history, day, kind)
    return lines_of(queue, made, recorded.seen, staffing, recorded.running)


def lines_of(
    queue: str,
    made: DayForecast,
    seen: Floats,
    staffing: Staffing,
    running: RunningQuarter | None = None,
) -> ForecastDay:
    """The same of a day that was learned before: it takes milliseconds."""
    now, before = made.outlook(seen, running), made.outlook(seen[:0])
    over = np.arange(len(made.expected)) < len(seen)
    calls = np.where(over, before.calls(), now.calls())
    bounds = [LOW, HIGH]
    low, high = np.where(
        over, before.calls_quantile(bounds), now.calls_quantile(bounds)
    )
    sure = np.where(
        over,
        before.rate_quantile(staffing.sureness),
        now.rate_quantile(staffing.sureness),
    )
    agents, agents_sure = _agents(np.stack([calls, np.maximum(calls, sure)]), staffing)
    lines = tuple(
        ForecastLine(
            queue=queue,
            interval=n,
            is_over=bool(over[n]),
            actual=_actual(seen, n),
            forecast=float(calls[n]),
            low=float(low[n]),
            high=float(high[n]),
            agents=int(agents[n]),
            agents_sure=int(agents_sure[n]),
        )
        for n in range(len(calls))
    )
    unsure = np.subtract(*now.rate_quantile([HIGH, LOW]))
    errors = _errors(calls[~over], unsure[~over])
    return ForecastDay(
        queue=queue,
        target=staffing.target,
        lines=lines,
        expected_error=errors[0],
        counting_error=errors[1],
        words=(*made.words, *_doubts(made, seen)),
    )


def _agents(calls: Floats, staffing: Staffing) -> Floats:
    return np.asarray(
        agents_ahead(
            calls,
            staffing.handle_seconds,
            staffing.patience_seconds,
            staffing.target,
        )
    )


def _actual(seen: Floats, interval: int) -> int | None:
    if interval >= len(seen) or not np.isfinite(seen[interval]):
        return None
    return int(seen[interval])


def _errors(calls: Floats, width: Floats) -> tuple[float | None, float | None]:
    """The mean error of an interval, by chance and by an unsure mean; by chance alone.

    `width` lies between the two quantiles of the mean.
    """
    total = float(calls.sum())
    if total <= 0:
        return None, None
    chance = poisson_error(calls)
    unsure = _MEAN_ERROR * width / (2 * ndtri(HIGH))
    return float(np.hypot(chance, unsure).sum()) / total, float(chance.sum()) / total


def _doubts(made: DayForecast, seen: Floats) -> list[str]:
    doubted = made.doubted(seen)
    missing = int(doubted.sum() + np.isnan(seen).sum())
    if not missing:
        return []
    return [f"{missing} intervals of the day are missing or cannot be right; left out"]
