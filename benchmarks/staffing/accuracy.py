"""How far forecasts are from what came, walking forward through the scored days."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from acd.staffing.forecast import forecast_day
from acd.staffing.gamma_ratios import Floats
from acd.staffing.outlook import poisson_error
from benchmarks.staffing.bank_calls import BankCalls

FIRST_ORIGIN: Final = 4
"""Forecasts of the day are made from its second hour on, every quarter of an hour."""

HORIZONS: Final = (("15 minutes ahead", 1), ("30 minutes", 2), ("60 minutes", 4))
REST: Final = "rest of the day"
AHEAD: Final = "day ahead"

Forecast = Callable[[int, int], Floats]
"""(day, quarters seen) -> the day's quarters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """`foreseen` is (days, quarters seen, quarters), `actual` (days, quarters)."""

    foreseen: Floats
    actual: Floats

    def errors(self) -> dict[str, float]:
        """Absolute errors in % of all calls (WAPE), by how far ahead."""
        found = {name: self._at(steps) for name, steps in HORIZONS}
        found[REST] = self._rest()
        found[AHEAD] = _wape([(self.foreseen[:, 0], self.actual)])
        return found

    def _at(self, steps: int) -> float:
        last = self.actual.shape[1] - steps + 1
        return _wape(
            (self.foreseen[:, seen, seen + steps - 1], self.actual[:, seen + steps - 1])
            for seen in range(FIRST_ORIGIN, last)
        )

    def _rest(self) -> float:
        return _wape(
            (self.foreseen[:, seen, seen:], self.actual[:, seen:])
            for seen in range(FIRST_ORIGIN, self.actual.shape[1])
        )


def _wape(pairs: Iterable[tuple[Floats, Floats]]) -> float:
    wrong, calls = 0.0, 0.0
    for foreseen, actual in pairs:
        wrong += float(np.abs(foreseen - actual).sum())
        calls += float(actual.sum())
    return 100 * wrong / calls


def walk(calls: BankCalls, forecast: Forecast, days: range) -> Walked:
    """Every forecast of the days, each from what was known then."""
    counts = calls.history.counts
    foreseen = [
        [forecast(day, seen) for seen in range(counts.shape[1])] for day in days
    ]
    return Walked(foreseen=np.array(foreseen), actual=counts[days.start : days.stop])


def ours(calls: BankCalls) -> Forecast:
    """The product's own, one model a day."""
    history = calls.history
    made = {}

    def forecast(day: int, seen: int) -> Floats:
        if day not in made:
            made[day] = forecast_day(history, history.days[day], history.kinds[day])
        return made[day].outlook(history.counts[day, :seen]).calls()

    return forecast


def same_weekdays(calls: BankCalls, number: int) -> Forecast:
    """The mean of the last so many of the same weekday; one is last week."""
    weekdays = [day.weekday() for day in calls.history.days]

    def forecast(day: int, seen: int) -> Floats:
        same = [n for n in range(day) if weekdays[n] == weekdays[day]][-number:]
        return np.asarray(calls.history.counts[same].mean(0))

    return forecast


def inside(walked: Walked, low: Floats, high: Floats) -> float:
    """The share of quarters between two bounds of each day, in %."""
    return 100 * float(((low <= walked.actual) & (walked.actual <= high)).mean())


def floor(walked: Walked) -> float:
    """The error of knowing every mean, when counts are Poisson."""
    return 100 * float(poisson_error(walked.actual).sum() / walked.actual.sum())
