"""Days of counts made up from a known law, so that a forecast can be judged."""

from datetime import date, timedelta

import numpy as np

from acd.staffing.day_history import DayHistory
from acd.staffing.day_kind import kind_of
from acd.staffing.gamma_ratios import Floats
from acd.staffing.made_up_day import HOURLY
from config.calendar import Calendar

FIRST = date(2026, 3, 2)
"""A Monday."""
CALENDAR = Calendar()
_WORKDAYS = (1.2, 1.0, 0.95, 0.95, 1.0, 1.0, 1.0)
_DAY_OFF = 0.5


def course(calls: float) -> Floats:
    """The calls of each quarter of an hour of a usual day of so many."""
    hours = np.repeat(np.array(HOURLY), 4)
    return np.asarray(calls * hours / hours.sum())


def weeks(
    days: int, calls: float = 5800.0, seed: int = 1, spread: float = 0.08
) -> DayHistory:
    """Days from `FIRST` on: weekdays differ, each day has a level, calls are Poisson."""
    chance = np.random.default_rng(seed)
    dates = tuple(FIRST + timedelta(days=n) for n in range(days))
    kinds = tuple(kind_of(day, CALENDAR) for day in dates)
    usual = [_WORKDAYS[k.weekday] if k.is_worked else _DAY_OFF for k in kinds]
    levels = np.array(usual) * np.exp(chance.normal(0, spread, days))
    counts = chance.poisson(levels[:, None] * course(calls)).astype(float)
    return DayHistory(days=dates, kinds=kinds, counts=counts)
