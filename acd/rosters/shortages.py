"""Why people are missing: which quarters of an hour, how many, and which rule stood in the way."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from acd.people.person import Person, Post
from acd.rosters.covering import Column, columns_of, matrix_of
from acd.rosters.faults import faults_of
from acd.rosters.filling import shift_of
from acd.rosters.rules import Rule
from acd.rosters.week import WEEK_CELLS, Cells, WeekJob
from acd.staffing.roster import CELLS, Shift, clock, clock_until

ONE_A_DAY = "one_a_day"
FREE = "free"

WORDS: Mapping[str, str] = {
    Rule.POST: "without the post",
    Rule.QUALIFICATION: "without a qualification that it needs",
    Rule.LEAVE: "on leave",
    Rule.LONGEST: "not allowed so long a shift",
    ONE_A_DAY: "with another shift on that day",
    Rule.OVERLAP: "on duty already",
    Rule.REST: "with too little rest",
    Rule.DAYS_ON_END: "with too many days on end",
    Rule.WEEK_HOURS: "with too many hours in the week",
    FREE: "free, but too little is missing for a shift",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """Quarters of an hour on end, from cell `start` to `end` of a day, with too few people.

    `missing` are the most at once, `quarters` all of them together. `reasons` tell for a shift from `tried_start` to `tried_end`, which would
    have filled most of it, how many people could not take it by which rule.
    """

    post: Post
    day: date
    start: int
    end: int
    missing: int
    quarters: int
    tried_start: int
    tried_end: int
    reasons: Mapping[str, int]

    def __str__(self) -> str:
        why = "; ".join(f"{n} {WORDS[rule]}" for rule, n in self.reasons.items())
        return (
            f"{self.day} {clock(self.start)}–{clock_until(self.end)} {self.post}: up to "
            f"{self.missing} missing ({self.quarters / 4:g} hours of people). A shift "
            f"{clock(self.tried_start)}–{clock_until(self.tried_end)}: {why or 'there is nobody'}"
        )


def shortages_of(
    job: WeekJob, post: Post, missing: Cells, shifts: Sequence[Shift]
) -> Iterator[Shortage]:
    """Each stretch of a day in which people are missing at a post, explained."""
    columns = columns_of(job.patterns)
    covers = matrix_of(columns).T.tocsr()
    by_person: dict[str, list[Shift]] = {}
    for shift in (*job.shifts, *shifts):
        by_person.setdefault(shift.person_id, []).append(shift)
    for first, last in _stretches(missing):
        wanted = np.zeros(WEEK_CELLS)
        wanted[first:last] = missing[first:last] > 0
        tried = _nearest(columns, covers @ wanted, (first + last) / 2)
        reasons = Counter(
            _reason(person, tried, post, job, by_person.get(person.id, []))
            for person in job.people
        )
        day, start = divmod(first, CELLS)
        yield Shortage(
            post=post,
            day=job.day(day),
            start=start,
            end=start + last - first,
            missing=int(missing[first:last].max()),
            quarters=int(missing[first:last].sum()),
            tried_start=tried.span[0],
            tried_end=sum(tried.span),
            reasons=dict(reasons.most_common()),
        )


def _nearest(columns: Sequence[Column], gains: Cells, middle: float) -> Column:
    """Of the patterns that would fill most, the one around the stretch."""
    best = np.flatnonzero(gains == gains.max()).tolist()

    def off(number: int) -> float:
        column = columns[number]
        start, length = column.span
        return abs(column.day * CELLS + start + length / 2 - middle)

    return columns[min(best, key=off)]


def _stretches(missing: Cells) -> Iterator[tuple[int, int]]:
    """From and to of cells on end with somebody missing, each within a day."""
    first = None
    for cell in range(WEEK_CELLS + 1):
        is_missing = cell < WEEK_CELLS and missing[cell] > 0
        if first is not None and (not is_missing or cell % CELLS == 0):
            yield first, cell
            first = None
        if is_missing and first is None:
            first = cell


def _reason(
    person: Person, tried: Column, post: Post, job: WeekJob, own: Sequence[Shift]
) -> str:
    shift = shift_of(tried, person, post, job)
    fault = next(faults_of(person, shift, own, job.rules), None)
    if (fault is None or fault.rule in (Rule.OVERLAP, Rule.REST)) and any(
        other.day == shift.day for other in own
    ):
        return ONE_A_DAY
    return fault.rule if fault else FREE
