"""Agents required against those who are there, cell by cell; shared agents count once.

Every queue has its own requirement, and all queues together have one: whoever answers
several queues stands in each of them, but in the whole only once.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from acd.people.person import Post
from acd.staffing.roster import CELLS, Shift
from acd.statistics.queue_intervals import ALL

WHOLE = ALL
"""The name of all queues together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Agents required in each of the day's 96 cells, by queue and for the whole."""

    day: date
    agents: Mapping[str, Sequence[int]]

    def at(self, queue: str, cell: int) -> int:
        """How many a queue needs in a cell."""
        return self.agents[queue][cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """How many agents each queue has in each cell, as shifts and presence say."""

    day: date
    agents: Mapping[str, Sequence[int]]

    @classmethod
    def of(
        cls,
        day: date,
        shifts: Collection[Shift],
        queues: Mapping[str, frozenset[str]],
        absent: Collection[str] = (),
    ) -> "Cover":
        """The phones in `shifts`; `queues` by person, who else answers none.

        Whoever is `absent` counts nowhere: rostered, but not logged in.
        """
        names = {WHOLE}.union(*queues.values())
        agents = {name: [0] * CELLS for name in names}
        for shift in shifts:
            own = queues.get(shift.person_id)
            if not own or shift.person_id in absent:
                continue
            for cell in phone_cells(shift, day):
                for name in (WHOLE, *own):
                    agents[name][cell] += 1
        return cls(day=day, agents=agents)

    def short(self, need: Need, cells: range) -> int:
        """Agent-cells that are missing, in each queue and in the whole."""
        return sum(
            max(need.at(queue, cell) - self.at(queue, cell), 0)
            for queue in need.agents
            for cell in cells
        )

    def relieved(self, need: Need, cells: range, change: "Change") -> int:
        """So many fewer would be missing after a change; below 0: so many more."""
        queues = self._watched(need, change.queues)
        came = [c for c in change.came if c in cells]
        left = [c for c in change.left if c in cells]
        return sum(self.at(q, c) < need.at(q, c) for q in queues for c in came) - sum(
            self.at(q, c) <= need.at(q, c) for q in queues for c in left
        )

    def worsened(self, need: Need, cells: range, change: "Change") -> int:
        """So many more would be missing outside of these cells after a change."""
        left = [c for c in change.left if c not in cells]
        queues = self._watched(need, change.queues)
        return sum(self.at(q, c) <= need.at(q, c) for q in queues for c in left)

    def spare(self, need: Need, cells: range, change: "Change") -> int:
        """The fewest agents over what is required after a change, where it matters."""
        left = (
            self.at(queue, cell) - (cell in change.left) - need.at(queue, cell)
            for queue in self._watched(need, change.queues)
            for cell in cells
        )
        return min(left, default=0)

    def changed(self, change: "Change") -> "Cover":
        """The cover after a change."""
        agents = dict(self.agents)
        for queue in (WHOLE, *change.queues) if change.queues else ():
            held = list(agents[queue]) if queue in agents else [0] * CELLS
            for cell in change.came:
                held[cell] += 1
            for cell in change.left:
                held[cell] -= 1
            agents[queue] = held
        return Cover(day=self.day, agents=agents)

    def _watched(self, need: Need, queues: Collection[str]) -> list[str]:
        """The queues that a person counts in: none, who answers none."""
        if not queues:
            return []
        return [queue for queue in need.agents if queue == WHOLE or queue in queues]

    def at(self, queue: str, cell: int) -> int:
        """How many there are; 0 for a queue that nobody answers."""
        return self.agents[queue][cell] if queue in self.agents else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The cells of a day in which a person comes to the phones, and leaves them."""

    queues: frozenset[str]
    came: frozenset[int]
    left: frozenset[int]

    @classmethod
    def of(
        cls, day: date, before: Shift, after: Shift, queues: frozenset[str]
    ) -> "Change":
        """From one shift to another."""
        was = frozenset(phone_cells(before, day))
        will = frozenset(phone_cells(after, day))
        return cls(queues=queues, came=will - was, left=was - will)


def phone_cells(shift: Shift, day: date) -> list[int]:
    """The cells of a day in which the shift is on the phones."""
    first = (shift.day - day).days * CELLS + shift.start
    return [
        first + place
        for place, work in enumerate(shift.cells)
        if work is Post.PHONES and 0 <= first + place < CELLS
    ]
