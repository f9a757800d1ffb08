"""A week to be built, in cells from its Monday: what is needed, who may take what."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from acd.people.person import Person, Post
from acd.rosters.patterns import PatternRules
from acd.rosters.rules import RosterRules
from acd.staffing.roster import CELL, CELLS, Shift
from config.calendar import Calendar

DAYS = 7
WEEK_CELLS = DAYS * CELLS

Cells = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekJob:
    """What a week is built from.

    `needed` has 672 figures for each post that is to be covered; `shifts` are all that
    are there from two weeks before its Monday to a week after it, and stay. `days_off` are
    days on which others are free.
    """

    monday: date
    needed: Mapping[Post, tuple[int, ...]]
    people: tuple[Person, ...]
    shifts: tuple[Shift, ...]
    rules: RosterRules
    patterns: PatternRules
    days_off: frozenset[date] = frozenset()
    seconds: float = 60.0

    def day(self, number: int) -> date:
        """The day that is so many days after the Monday."""
        return self.monday + timedelta(days=number)

    def number(self, day: date) -> int:
        """How many days after the Monday a day is."""
        return (day - self.monday).days

    def missing(self, post: Post, shifts: Iterable[Shift]) -> Cells:
        """How many are missing at a post in each cell of the week with these shifts."""
        there = self.there(post, shifts)
        return np.maximum(np.array(self.needed[post], float) - there, 0)

    def there(self, post: Post, shifts: Iterable[Shift]) -> Cells:
        """How many hold a post in each cell of the week, leave left out."""
        away = {p.id: p for p in self.people}
        counts = np.zeros(WEEK_CELLS)
        for shift in shifts:
            person = away.get(shift.person_id)
            if person is None or person.is_on_leave(shift.day):
                continue
            first = self.number(shift.day) * CELLS + shift.start
            for place, held in enumerate(shift.cells, first):
                if held is post and 0 <= place < WEEK_CELLS:
                    counts[place] += 1
        return counts

    @property
    def rest_cells(self) -> int:
        """Cells of rest between two shifts; one hour more where the clock changes."""
        zone = self.rules.zone
        offsets = {zone.utcoffset(_noon(self.day(n))) for n in range(-1, DAYS + 1)}
        changes = 4 if len(offsets) > 1 else 0
        return math.ceil(self.rules.rest / CELL) + changes


def days_off(monday: date, calendar: Calendar) -> frozenset[date]:
    """Weekends and holidays of a week and the two before it, 调休 counted."""
    days = (monday + timedelta(days=number) for number in range(-2 * DAYS, DAYS))
    return frozenset(day for day in days if not calendar.is_workday(day))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12))


def worked_cells(shifts: Sequence[Shift], rules: RosterRules) -> int:
    """The working time of shifts, in cells."""
    return sum(rules.worked(shift) // CELL for shift in shifts)
