"""A loan: a person answers another queue for a while, and goes back by himself.

Whoever answers several queues leaves one of them and keeps the others.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from acd.people.person import Person
from acd.queue_rules import Levels, QueueRules
from acd.staffing.roster import CELLS


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """The queue `to` instead of `of`, from the day's cell `first` to before `last`, which
    may be one of the next day.

    `skills` are levels that he has for as long, because a qualification of his says so.
    """

    person_id: str
    day: date
    of: str
    to: str
    first: int
    last: int
    skills: Levels = ()

    @property
    def cells(self) -> range:
        """The quarters of an hour of its day."""
        return range(self.first, self.last)

    def on(self, day: date) -> "Loan":
        """The same with its cells counted from the midnight of another day."""
        shifted = (self.day - day).days * CELLS
        first, last = self.first + shifted, self.last + shifted
        return replace(self, day=day, first=first, last=last)

    def lent(self, queues: frozenset[str]) -> frozenset[str]:
        """What he answers meanwhile."""
        return queues - {self.of} | {self.to}

    def given_back(self, queues: frozenset[str]) -> frozenset[str]:
        """What he answers before and after."""
        return queues - {self.to} | {self.of}

    def taken_back(self, day: date, cell: int) -> "Loan":
        """What takes it back from a cell of a day on: he answers his own queue."""
        passed = (day - self.day).days * CELLS + cell
        first = min(max(self.first, passed), self.last)
        return replace(self, of=self.to, to=self.of, first=first)


def levels_for(
    person: Person,
    skills: Levels,
    queue: QueueRules,
    day: date,
    for_anybody: Collection[str],
) -> Levels | None:
    """The levels that he is given to answer a queue; None: he is not qualified for it.

    He has each skill that it asks for, or a qualification of that name which holds on the
    day. For a queue that asks for none he needs a qualification with its name, unless
    it is `for_anybody`.
    """
    if not queue.skills and queue.name not in for_anybody:
        return () if person.is_qualified(queue.name, day) else None
    own = dict(skills)
    lacking = tuple(
        (name, level) for name, level in queue.skills if own.get(name, 0) < level
    )
    shown = all(person.is_qualified(name, day) for name, _ in lacking)
    return lacking if shown else None
