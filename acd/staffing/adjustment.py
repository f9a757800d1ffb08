"""The adjustment of the next hour: concrete moves of named people, and what they bring.

Greedy, so that each move can be explained by itself: of all possible moves the one that
takes away most missing agent-cells for its cost comes first, until none takes any
away. Where there is more than enough, people go back to their posts, or home.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from acd.people.person import Person, Post
from acd.staffing.cover import SPAN, WHOLE, Change, Cover, Need
from acd.staffing.lending import Lending, Qualified, groups_of
from acd.staffing.limits import Limits
from acd.staffing.loan import Loan
from acd.staffing.moves import (
    OTHERS,
    Move,
    MoveKind,
    MoveRules,
    possible,
    released,
    sent_back,
)
from acd.staffing.roster import CELLS, DayRoster, Shift

AHEAD_CELLS = 4
"""The next hour is shown and weighed."""

Changes = tuple[Change, ...]

MOST_MOVES = 12
"""More than this nobody carries out within a quarter of an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The day's roster as it stands, what is needed, and who is really there.

    `queues` are those that each person answers when he is not `lent`, and `qualified`
    says which others he may answer. `absent` are rostered now, at whatever post, but
    not there; `unplanned` are there without a shift, are taken to stay for the hour, and are not
    moved. `now` is the first cell that can still be changed. With `tomorrow`, and where the
    need of it is known, the hour goes on after midnight.
    """

    roster: DayRoster
    need: Need
    queues: Mapping[str, frozenset[str]]
    absent: frozenset[str] = frozenset()
    unplanned: frozenset[str] = frozenset()
    now: int
    lent: tuple[Loan, ...] = ()
    qualified: Qualified = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    tomorrow: DayRoster | None = None

    @property
    def day(self) -> date:
        """The city's day."""
        return self.roster.day

    @property
    def cells(self) -> range:
        """The next hour, as far as it is known what is needed in it."""
        return range(self.now, min(self.now + AHEAD_CELLS, self.need.end))

    @property
    def people(self) -> Mapping[str, Person]:
        """Everybody whose shifts there are, by id."""
        return {**(self.tomorrow.people if self.tomorrow else {}), **self.roster.people}

    def shifts(self) -> list[Shift]:
        """Those of the day, and those that begin on the next one; nobody's on leave."""
        later = self.tomorrow.shifts if self.tomorrow else ()
        both = (*self.roster.shifts, *(s for s in later if s.day > self.day))
        people = self.people
        return [s for s in both if not people[s.person_id].is_on_leave(s.day)]

    def cover(self, moves: Iterable[Move] = ()) -> Cover:
        """Who is on the phones in each cell, after moves."""
        moves = tuple(moves)
        loans = [*self.lent, *(move.loan for move in moves if move.loan)]
        moved = {move.before.key: move.after for move in moves}
        shifts = [moved.get(shift.key, shift) for shift in self.shifts()]
        present = [*shifts, *self.stays()]
        return Cover.of(self.day, present, self.queues, self.absent, loans)

    def stays(self) -> list[Shift]:
        """The hour of those who are there without a shift, until their own begins."""
        begins = self.own_begins()
        stay = (
            (who, min(self.cells.stop, begins.get(who, SPAN)) - self.now)
            for who in sorted(self.unplanned)
        )
        return [
            Shift(
                person_id=who,
                day=self.day,
                start=self.now,
                cells=(Post.PHONES,) * cells,
            )
            for who, cells in stay
            if cells > 0
        ]

    def own_begins(self) -> dict[str, int]:
        """By person the cell in which his next shift begins, if he has one."""
        begins: dict[str, int] = {}
        for shift in self.shifts():
            first = (shift.day - self.day).days * CELLS + shift.start
            if first > self.now:
                begins[shift.person_id] = min(first, begins.get(shift.person_id, SPAN))
        return begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A move and why: in which queue and cell most was missing, and what it takes away.

    For people who go back or home `relieves` is 0 and `spare` tells how many are left over.
    """

    move: Move
    queue: str
    cell: int
    missing: int
    relieves: int
    spare: int = 0


def propose(situation: Situation, rules: MoveRules) -> tuple[Proposed, ...]:
    """The moves, the best first; none where nothing is missing and nobody too many."""
    plan = _Plan(situation, rules)
    moves = list(plan.relief())
    return tuple(moves or plan.returns())


class _Plan:
    """The shifts of the day while moves are chosen one by one."""

    def __init__(self, situation: Situation, rules: MoveRules) -> None:
        self._now, self._rules = situation, rules
        self._people = situation.people
        self._shifts = {shift.key: shift for shift in situation.shifts()}
        self._at_posts = self._count_posts()
        self._moved: set[str] = set()
        self._loans = {loan.person_id: loan for loan in situation.lent}
        self._cover = situation.cover()
        self._bringing = tuple(self._possible())

    def relief(self) -> Iterator[Proposed]:
        """What brings agents, while any are missing."""
        while len(self._moved) < MOST_MOVES and (best := self._best()):
            yield best
            self._take(best.move)

    def returns(self) -> Iterator[Proposed]:
        """Who goes back to his post, or home, while enough are left."""
        for move in self._leaving():
            if len(self._moved) >= MOST_MOVES:
                return
            if move.person_id in self._moved or not self._now.limits.allow(move):
                continue
            left = self._left_over(move)
            if left >= self._rules.spare:
                yield self._told(move, 0, left)
                self._take(move)

    def _left_over(self, move: Move) -> int:
        """The fewest agents too many in the hour, and for as long as he is away."""
        change, cells = self._shift_change(move), self._now.cells
        until = max([cells.stop, *(cell + 1 for cell in change.left)])
        until = min(until, self._now.need.end)
        return self._cover.spare(self._now.need, range(cells.start, until), change)

    def _best(self) -> Proposed | None:
        """The move that takes away most for its cost; of equals the first in order.

        What would be missing after the hour because of it counts against it.
        """
        best, most = None, 0.0
        bring: dict[Changes, tuple[int, int]] = {}
        for move, changes in chain(self._bringing, self._lends()):
            if move.person_id in self._moved:
                continue
            if changes not in bring:  # many people would change the same
                bring[changes] = self._brings(changes)
            relieves, later = bring[changes]
            worth = relieves - later - self._rules.cost[move.kind]
            if worth > most and self._leaves_enough(move):
                best, most = (move, relieves), worth
        return self._told(*best) if best else None

    def _brings(self, changes: Changes) -> tuple[int, int]:
        """What they take away in the hour, and what they make missing after it."""
        need, cells, cover = self._now.need, self._now.cells, self._cover
        return (
            sum(cover.relieved(need, cells, change) for change in changes),
            sum(cover.worsened(need, cells, change) for change in changes),
        )

    def _lends(self) -> Iterator[tuple[Move, Changes]]:
        """Loans as people stand now; each of them is another one's after a move."""
        now, shifts = self._now, [*self._shifts.values(), *self._now.stays()]
        if not now.qualified:
            return
        there = [s for s in shifts if s.person_id not in now.absent]
        hour = Lending(
            need=now.need,
            cover=self._cover,
            groups=groups_of(now.day, now.cells, there, now.queues, self._loans),
            cells=now.cells,
            queues=now.queues,
            qualified=now.qualified,
        )
        for shift, loan in hour.loans([shift for shift, _ in self._movable()]):
            move = Move(kind=MoveKind.LEND, before=shift, after=shift, loan=loan)
            if self._now.limits.allow(move):
                yield move, Change.lent(loan)

    def _changes(self, move: Move) -> Changes:
        return Change.lent(move.loan) if move.loan else (self._shift_change(move),)

    def _shift_change(self, move: Move) -> Change:
        own = self._now.queues.get(move.person_id, frozenset())
        return Change.of(self._now.day, move.before, move.after, own)

    def _told(self, move: Move, relieves: int, spare: int = 0) -> Proposed:
        queue, cell, missing = self._worst([move.loan.to] if move.loan else None)
        return Proposed(
            move=move,
            queue=queue,
            cell=cell,
            missing=missing,
            relieves=relieves,
            spare=spare,
        )

    def _worst(self, queues: Collection[str] | None = None) -> tuple[str, int, int]:
        """Where most agents are missing, of these queues: which one, the cell, how many."""
        cover, need = self._cover, self._now.need
        found = (
            (need.at(queue, cell) - cover.at(queue, cell), queue, cell)
            for queue in queues or need.agents
            for cell in self._now.cells
        )
        missing, queue, cell = max(found, default=(0, WHOLE, self._now.now))
        return queue, cell, max(missing, 0)

    def _possible(self) -> Iterator[tuple[Move, Changes]]:
        """All moves that bring agents to the hour, and what each changes."""
        for shift, person in self._movable():
            start = self._on_shifts_day(shift, self._now.now)
            end = self._on_shifts_day(shift, self._now.cells.stop)
            latest = self._now.limits.latest_end(shift, self._rules)
            for move in possible(person, shift, start, end, self._rules, latest):
                if self._now.limits.allow(move):
                    yield move, self._changes(move)

    def _leaving(self) -> Iterator[Move]:
        """Those of other posts go back first; then whose shift ends soonest goes home."""
        shifts = sorted(self._movable(), key=lambda pair: self._ends(pair[0]))
        for shift, person in shifts:
            now = self._on_shifts_day(shift, self._now.now)
            if back := sent_back(shift, person.posts[0], now, shift.end):
                yield back
        for shift, _ in shifts:
            now = self._on_shifts_day(shift, self._now.now)
            if home := released(shift, now, self._rules):
                yield home

    def _ends(self, shift: Shift) -> int:
        """Before which cell, counted from the day's midnight."""
        return (shift.day - self._now.day).days * CELLS + shift.end

    def _movable(self) -> list[tuple[Shift, Person]]:
        """The shifts of who is on duty in the next hour, is there, and neither moved nor lent."""
        return [
            (shift, self._people[shift.person_id])
            for shift in self._shifts.values()
            if shift.person_id not in self._moved
            and shift.person_id not in self._loans
            and shift.person_id not in self._now.absent
            and any(shift.covers(self._now.day, cell) for cell in self._now.cells)
        ]

    def _leaves_enough(self, move: Move) -> bool:
        """The posts that people are taken from keep as many as they must."""
        if move.kind is not MoveKind.TO_PHONES:
            return True
        return all(
            self._at_posts[cell][post] > self._rules.kept.get(post, 0)
            for cell in self._now.cells
            if (post := move.before.post(self._now.day, cell)) in OTHERS
        )

    def _count_posts(self) -> dict[int, Counter[Post | None]]:
        """How many who are there hold each post in the cells of the hour."""
        day, absent = self._now.day, self._now.absent
        shifts = [s for s in self._shifts.values() if s.person_id not in absent]
        return {
            cell: Counter(shift.post(day, cell) for shift in shifts)
            for cell in self._now.cells
        }

    def _take(self, move: Move) -> None:
        self._shifts[move.before.key] = move.after
        self._moved.add(move.person_id)
        if move.loan:
            self._loans[move.person_id] = move.loan
        for change in self._changes(move):
            self._cover = self._cover.changed(change)
        for cell, held in self._at_posts.items():
            held[move.before.post(self._now.day, cell)] -= 1
            held[move.after.post(self._now.day, cell)] += 1

    def _on_shifts_day(self, shift: Shift, cell: int) -> int:
        """A cell of the day, counted from the midnight of the shift's day."""
        return (self._now.day - shift.day).days * CELLS + cell


def within_limits(
    proposed: Iterable[Proposed], kinds: Collection[MoveKind], most: int
) -> tuple[Proposed, ...]:
    """What the automatic mode may carry out by itself: these kinds, and so many."""
    return tuple(one for one in proposed if one.move.kind in kinds)[:most]
