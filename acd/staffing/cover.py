"""Agents required against those who are there, cell by cell; shared agents count once.

Every queue has its own requirement, and all queues together have one: whoever answers
several queues stands in each of them, but in the whole only once.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from acd.people.person import Post
from acd.staffing.loan import Loan
from acd.staffing.roster import CELLS, Shift
from acd.statistics.queue_intervals import ALL

WHOLE = ALL
"""The name of all queues together."""

SPAN = 2 * CELLS
"""The cells of a day, and of the next one, into which its last hour reaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Agents required in each of the day's 96 cells, by queue and for the whole.

    As many cells more are those of the next day, where it is foreseen.
    """

    day: date
    agents: Mapping[str, Sequence[int]]

    @property
    def end(self) -> int:
        """The cell before which it is known."""
        return max(map(len, self.agents.values()), default=CELLS)

    def at(self, queue: str, cell: int) -> int:
        """How many a queue needs in a cell; 0 where it is not foreseen."""
        needed = self.agents[queue]
        return needed[cell] if cell < len(needed) else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """How many agents each queue has in each cell of two days, as shifts and presence say."""

    day: date
    agents: Mapping[str, Sequence[int]]

    @classmethod
    def of(
        cls,
        day: date,
        shifts: Collection[Shift],
        queues: Mapping[str, frozenset[str]],
        absent: Collection[str] = (),
        loans: Collection[Loan] = (),
    ) -> "Cover":
        """The phones in `shifts`; `queues` by person, who else answers none.

        Whoever is `absent` counts nowhere: rostered, but not logged in. Who is on loan
        counts where he answers meanwhile.
        """
        names = {WHOLE, *(loan.to for loan in loans)}.union(*queues.values())
        agents = {name: [0] * SPAN for name in names}
        lent: dict[str, list[Loan]] = {}
        for loan in loans:
            lent.setdefault(loan.person_id, []).append(loan)
        for shift in shifts:
            own = queues.get(shift.person_id)
            if not own or shift.person_id in absent:
                continue
            cells, own_loans = phone_cells(shift, day), lent.get(shift.person_id, ())
            for name, counted in _counted(own, own_loans, cells):
                held = agents[name]
                for cell in counted:
                    held[cell] += 1
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
        queues = self._watched(need, change)
        came = [c for c in change.came if c in cells]
        left = [c for c in change.left if c in cells]
        return sum(self.at(q, c) < need.at(q, c) for q in queues for c in came) - sum(
            self.at(q, c) <= need.at(q, c) for q in queues for c in left
        )

    def worsened(self, need: Need, cells: range, change: "Change") -> int:
        """So many more would be missing outside of these cells after a change."""
        left = [c for c in change.left if c not in cells and c < need.end]
        queues = self._watched(need, change)
        return sum(self.at(q, c) <= need.at(q, c) for q in queues for c in left)

    def spare(self, need: Need, cells: range, change: "Change") -> int:
        """The fewest agents over what is required after a change, where it matters."""
        left = (
            self.at(queue, cell) - (cell in change.left) - need.at(queue, cell)
            for queue in self._watched(need, change)
            for cell in cells
        )
        return min(left, default=0)

    def changed(self, change: "Change") -> "Cover":
        """The cover after a change."""
        agents = dict(self.agents)
        for queue in change.counted if change.queues else ():
            held = list(agents[queue]) if queue in agents else [0] * SPAN
            for cell in change.came:
                held[cell] += 1
            for cell in change.left:
                held[cell] -= 1
            agents[queue] = held
        return Cover(day=self.day, agents=agents)

    def _watched(self, need: Need, change: "Change") -> list[str]:
        """The queues that a person counts in: none, who answers none."""
        if not change.queues:
            return []
        return [queue for queue in need.agents if queue in change.counted]

    def at(self, queue: str, cell: int) -> int:
        """How many there are; 0 for a queue that nobody answers."""
        return self.agents[queue][cell] if queue in self.agents else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The cells, from a day's midnight on, in which a person comes to the phones, and leaves them.

    Or to and from some queues alone, when he stays in the whole.
    """

    queues: frozenset[str]
    came: frozenset[int]
    left: frozenset[int]
    in_whole: bool = True

    @property
    def counted(self) -> frozenset[str]:
        """Where he counts: in his queues, and in the whole once."""
        return self.queues | {WHOLE} if self.in_whole else self.queues

    @classmethod
    def of(
        cls, day: date, before: Shift, after: Shift, queues: frozenset[str]
    ) -> "Change":
        """From one shift to another."""
        was = frozenset(phone_cells(before, day))
        will = frozenset(phone_cells(after, day))
        return cls(queues=queues, came=will - was, left=was - will)

    @classmethod
    def lent(cls, loan: Loan) -> tuple["Change", "Change"]:
        """Who is lent leaves one queue and comes to another."""
        cells, none = frozenset(loan.cells), frozenset[int]()
        return (
            cls(queues=frozenset({loan.of}), came=none, left=cells, in_whole=False),
            cls(queues=frozenset({loan.to}), came=cells, left=none, in_whole=False),
        )


def answered(own: frozenset[str], loans: Iterable[Loan], cell: int) -> frozenset[str]:
    """The queues that a person with these loans answers in a cell of their day."""
    on_loan = next((loan for loan in loans if cell in loan.cells), None)
    return on_loan.lent(own) if on_loan else own


def _counted(
    own: frozenset[str], loans: Collection[Loan], cells: Sequence[int]
) -> Iterator[tuple[str, Sequence[int]]]:
    """Where a person counts in these cells: queue by queue, and in the whole.

    Almost nobody is lent: whoever is not has one answer for all of his cells.
    """
    yield WHOLE, cells
    if not loans:
        yield from ((name, cells) for name in own)
        return
    for cell in cells:
        yield from ((name, (cell,)) for name in answered(own, loans, cell))


def phone_cells(shift: Shift, day: date) -> list[int]:
    """The cells of a day and the next one in which the shift is on the phones."""
    first = (shift.day - day).days * CELLS + shift.start
    return [
        first + place
        for place, work in enumerate(shift.cells)
        if work is Post.PHONES and 0 <= first + place < SPAN
    ]
