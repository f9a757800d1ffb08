"""The rules of a roster that no shift may break, and what a shift counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from acd.people.person import Person, Post
from acd.staffing.roster import CELL, Shift

_MONDAY = 1


class Rule(StrEnum):
    """What may keep somebody from a shift."""

    POST = "post"
    QUALIFICATION = "qualification"
    LEAVE = "leave"
    OVERLAP = "overlap"
    REST = "rest"
    DAYS_ON_END = "days_on_end"
    WEEK_HOURS = "week_hours"
    LONGEST = "longest"
    BACKING = "backing"


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRules:
    """How much rest, how many days on end, how many hours; what each post needs.

    Breaks of `meal` and more are no working time.
    """

    zone: ZoneInfo
    rest: timedelta = timedelta(hours=11)
    days_on_end: int = 6
    week: timedelta = timedelta(hours=40)
    longest: timedelta = timedelta(hours=12)
    meal: timedelta = timedelta(minutes=30)
    needs: Mapping[Post, tuple[str, ...]] = field(default_factory=dict)

    def worked(self, shift: Shift) -> timedelta:
        """The working time of a shift."""
        runs = ((post, len(list(cells))) for post, cells in groupby(shift.cells))
        counted = (n for post, n in runs if post or n * CELL < self.meal)
        return sum(counted) * CELL

    def week_of(self, person: Person) -> timedelta:
        """How long a person may work in a week."""
        if person.week_hours is None:
            return self.week
        return min(self.week, timedelta(hours=person.week_hours))


def monday_of(day: date) -> date:
    """The first day of its week (ISO 8601)."""
    return day - timedelta(days=day.isoweekday() - _MONDAY)
