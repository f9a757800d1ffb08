"""Weeks before a made-up day: the same profile, a level of its own for each day, chance."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from acd.staffing.day_history import DayHistory
from acd.staffing.day_kind import kind_of
from acd.staffing.gamma_ratios import Floats
from acd.staffing.made_up_day import HOURLY
from config.calendar import Calendar

WEEKS_DAYS = 56
LEVEL_SPREAD = 0.06
"""Days differ by so much, whatever weekday they are: the made-up day knows none."""

_QUARTERS = 4


def make_up_weeks(
    day: date, shares: Mapping[str, float], calls: float, calendar: Calendar, seed: int
) -> dict[str, DayHistory]:
    """The days before `day` of each queue; `shares` of the `calls` of a usual day."""
    chance = np.random.default_rng([seed, WEEKS_DAYS])
    days = tuple(day - timedelta(days=n) for n in range(WEEKS_DAYS, 0, -1))
    kinds = tuple(kind_of(each, calendar) for each in days)
    levels = np.exp(chance.normal(0, LEVEL_SPREAD, WEEKS_DAYS))
    course = calls * usual_course()
    return {
        queue: DayHistory(
            days=days,
            kinds=kinds,
            counts=chance.poisson(share * levels[:, None] * course).astype(float),
        )
        for queue, share in shares.items()
    }


def usual_course() -> Floats:
    """The share of a day's calls in each of its 96 quarters of an hour."""
    quarters = np.repeat(np.array(HOURLY), _QUARTERS)
    return np.asarray(quarters / quarters.sum())
