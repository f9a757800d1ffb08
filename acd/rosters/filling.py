"""What is still missing, filled with one shift more at a time for whoever has hours left.

The covering counts hours, not rests: where its shifts found nobody, others may fit.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from acd.people.person import Person, Post
from acd.rosters.covering import Column, columns_of, matrix_of
from acd.rosters.faults import faults_of
from acd.rosters.patterns import cells_of
from acd.rosters.taking import RosterBook
from acd.rosters.week import Cells, WeekJob
from acd.staffing.roster import CELL, Shift

LEAST_GAIN = 4
"""A shift that would fill fewer quarters of an hour is not made."""


class Filling:
    """Shifts tried against what is missing, the ones that fill most first."""

    def __init__(self, job: WeekJob, shifts: Sequence[Shift]) -> None:
        self._job = job
        self._columns = columns_of(job.patterns)
        self._covers = matrix_of(self._columns).T.tocsr()
        self._book = RosterBook(job.people, [*job.shifts, *shifts], job.rules)
        self.added: list[Shift] = []

    def fill(self, post: Post, missing: Cells, late: Callable[[], bool]) -> None:
        """Add shifts at a post until nothing fits, or it is late."""
        missing = missing.copy()
        open_spans = np.ones(len(self._columns), bool)
        while not late():
            gains = np.where(open_spans, self._covers @ (missing > 0), 0)
            best = int(gains.argmax())
            if gains[best] < LEAST_GAIN:
                return
            column = self._columns[best]
            shift = next(self._fitting(column, post), None)
            if shift is None:
                spans = [
                    c.day == column.day and c.span == column.span for c in self._columns
                ]
                open_spans &= ~np.array(spans)
                continue
            self._book.put(shift.person_id, [*self._book.of(shift.person_id), shift])
            self.added.append(shift)
            cells = self._covers[best].indices
            missing[cells] = np.maximum(missing[cells] - 1, 0)

    def _fitting(self, column: Column, post: Post) -> Iterator[Shift]:
        """The shift for each who may have it, those with most hours left first."""
        worked = self._job.patterns.worked(column.span[1])
        for person, left in self._by_hours_left(post):
            if left < worked:
                return
            shift = shift_of(column, person, post, self._job)
            own = self._book.of(person.id)
            if any(other.day == shift.day for other in own):
                continue
            if next(faults_of(person, shift, own, self._job.rules), None) is None:
                yield shift

    def _by_hours_left(self, post: Post) -> list[tuple[Person, int]]:
        rules = self._job.rules
        left = []
        for person in self._job.people:
            if post in person.posts:
                own = self._book.of(person.id)
                week = [s for s in own if 0 <= self._job.number(s.day) < 7]
                worked = sum(rules.worked(shift) // CELL for shift in week)
                left.append((person, rules.week_of(person) // CELL - worked))
        return sorted(left, key=lambda each: -each[1])


def shift_of(column: Column, person: Person, post: Post, job: WeekJob) -> Shift:
    """A person's shift of a pattern."""
    return Shift(
        person_id=person.id,
        day=job.day(column.day),
        start=column.span[0],
        cells=cells_of(column.variant, post),
    )
