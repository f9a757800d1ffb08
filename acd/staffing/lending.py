"""Who could be lent now from a queue that has more than it needs to one in need.

A loan begins with the first cell that can still be changed, and lasts for as long as in each
cell the one queue is short, the other has more than it needs, and everybody being
counted once more people find a place where they are needed.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from acd.agent_profile import AgentProfile
from acd.people.person import Person
from acd.queue_rules import Levels, QueueRules
from acd.staffing.counted_once import unmet
from acd.staffing.cover import WHOLE, Cover, Need, phone_cells
from acd.staffing.loan import Loan, levels_for
from acd.staffing.roster import Shift

STAYS = 1
"""A queue that lends keeps as many, also when nobody is foreseen to call it."""

Qualified = Mapping[str, Mapping[str, Levels]]
"""By person the queues that he may answer, with the levels he is given for each."""

Groups = Mapping[int, Counter[frozenset[str]]]
"""By cell, how many on the phones answer the same queues."""


def qualified_of(
    profiles: Iterable[AgentProfile],
    people: Mapping[str, Person],
    queues: Collection[QueueRules],
    day: date,
    for_anybody: Collection[str],
) -> Qualified:
    """Who may be lent to which queues that he does not answer already on a day."""
    found: dict[str, dict[str, Levels]] = {}
    for profile in profiles:
        person = people.get(profile.id)
        for queue in queues if person else ():
            if person and queue.name not in profile.queues:
                given = levels_for(person, profile.skills, queue, day, for_anybody)
                if given is not None:
                    found.setdefault(profile.id, {})[queue.name] = given
    return found


def groups_of(
    day: date,
    cells: range,
    shifts: Collection[Shift],
    queues: Mapping[str, frozenset[str]],
    loans: Mapping[str, Loan],
) -> Groups:
    """Those on the phones; a person may be lent, by his id."""
    groups: dict[int, Counter[frozenset[str]]] = {cell: Counter() for cell in cells}
    for shift in shifts:
        own, loan = queues.get(shift.person_id), loans.get(shift.person_id)
        for cell in phone_cells(shift, day) if own else ():
            if own and cell in groups:
                lent = loan and cell in loan.cells
                groups[cell][loan.lent(own) if loan and lent else own] += 1
    return groups


@dataclass(frozen=True, slots=True, kw_only=True)
class Lending:
    """The hour as it stands: what is needed, who there is, and who may answer what."""

    need: Need
    cover: Cover
    groups: Groups
    cells: range
    queues: Mapping[str, frozenset[str]]
    qualified: Qualified

    def loans(self, shifts: Collection[Shift]) -> Iterator[tuple[Shift, Loan]]:
        """Those of these shifts who could be lent, each to every queue in need."""
        known: dict[tuple[object, ...], int] = {}
        for to in self._short(self.cells.start):
            for shift in shifts:
                own = self.queues.get(shift.person_id, frozenset())
                levels = self.qualified.get(shift.person_id, {}).get(to)
                if levels is None or to in own:
                    continue
                for of in sorted(own):
                    key = own, of, to
                    if key not in known:
                        known[key] = self._until(own, of, to)
                    last = self._there(shift, known[key])
                    if last > self.cells.start:
                        yield shift, self._loan(shift, of, to, last, levels)

    def _loan(self, shift: Shift, of: str, to: str, last: int, levels: Levels) -> Loan:
        return Loan(
            person_id=shift.person_id,
            day=self.need.day,
            of=of,
            to=to,
            first=self.cells.start,
            last=last,
            skills=levels,
        )

    def _short(self, cell: int) -> list[str]:
        return [
            queue
            for queue in self.need.agents
            if queue != WHOLE and self.cover.at(queue, cell) < self._needed(queue, cell)
        ]

    def _until(self, own: frozenset[str], of: str, to: str) -> int:
        """The cell in which the loan would no longer help, or harm."""
        stops = (
            cell for cell in self.cells if not self._helps(own, of=of, to=to, cell=cell)
        )
        return next(stops, self.cells.stop)

    def _helps(self, own: frozenset[str], *, of: str, to: str, cell: int) -> bool:
        left = self.cover.at(of, cell) - 1
        if to not in self._short(cell) or left < max(self._needed(of, cell), STAYS):
            return False
        before = self.groups[cell]
        after = before + Counter({own - {of} | {to}: 1})
        after[own] -= 1
        need = {q: self._needed(q, cell) for q in self.need.agents if q != WHOLE}
        return unmet(after, need) < unmet(before, need)

    def _there(self, shift: Shift, until: int) -> int:
        """He is on the phones from the first cell to before this one."""
        on_phones = set(phone_cells(shift, self.need.day))
        stops = (cell for cell in self.cells if cell not in on_phones or cell >= until)
        return next(stops, until)

    def _needed(self, queue: str, cell: int) -> int:
        return self.need.at(queue, cell) if queue in self.need.agents else 0
