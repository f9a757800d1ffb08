"""Surges planted into the scored days: how soon they are noticed, and false alarms."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from acd.staffing.forecast import DayForecast, forecast_day
from acd.staffing.gamma_ratios import Floats
from acd.staffing.surge import STEPS, SurgeWatch, foreseen_steps
from benchmarks.staffing.bank_calls import BankCalls

FACTORS: Final = (1.3, 1.5, 2.0)
BEGINS: Final = (36, 84)
"""The steps of five minutes at which surges begin: at ten and at two."""
MISSED_MINUTES: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """Minutes from the beginning of a surge to its alarm, and the share of surges, in %,
    that had none within an hour."""

    median: float
    missed: float
    n: int


def delays(calls: BankCalls, days: range) -> dict[float, Delays]:
    """For each factor, over all days and beginnings."""
    chance = np.random.default_rng(1)
    models = {day: _model(calls, day) for day in days}
    found = {}
    for factor in FACTORS:
        minutes = []
        for day in days:
            for begins in BEGINS:
                counts = calls.five_minutes[day].copy()
                more = chance.poisson((factor - 1) * counts[begins:])
                counts[begins:] += more
                minutes.append(_delay(models[day], counts, begins))
        late = np.array(minutes) > MISSED_MINUTES
        found[factor] = Delays(
            median=float(np.median(minutes)),
            missed=100 * float(late.mean()),
            n=len(minutes),
        )
    return found


def days_with_alarm(calls: BankCalls, days: range) -> int:
    """Ordinary days on which there was any alarm."""
    return sum(
        bool(_alarms(_model(calls, day), calls.five_minutes[day])) for day in days
    )


def _model(calls: BankCalls, day: int) -> DayForecast:
    history = calls.history
    return forecast_day(history, history.days[day], history.kinds[day])


def _delay(made: DayForecast, counts: Floats, begins: int) -> float:
    after = [step for step in _alarms(made, counts) if step >= begins]
    return 5.0 * (after[0] - begins + 1) if after else np.inf


def _alarms(made: DayForecast, counts: Floats) -> list[int]:
    """The steps at which an alarm begins."""
    quarters = counts.reshape(-1, STEPS).sum(1)
    watch, found = SurgeWatch(), []
    for step, count in enumerate(counts):
        was = watch.surge
        watch = watch.see(float(count), foreseen_steps(made, quarters, step))
        if watch.surge and not was:
            found.append(step)
    return found
