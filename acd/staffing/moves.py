"""What can be done with the people of a shift within the day: the moves of a proposal.

A move is one person's shift as it was and as it will be, so that it can be shown,
carried out, and taken back. Cells that are over are never touched. All limits here are
assumptions of ours [A], to be set by the city.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from acd.people.person import Person, Post
from acd.staffing.loan import Loan
from acd.staffing.roster import CELLS, Shift, Work

Change = Callable[[Work], Work]


class MoveKind(StrEnum):
    """What a person is asked for."""

    MOVE_BREAK = "move_break"
    MOVE_TRAINING = "move_training"
    TO_PHONES = "to_phones"
    SEND_BACK = "send_back"
    OVERTIME = "overtime"
    RELEASE = "release"
    LEND = "lend"
    BY_HAND = "by_hand"


RELIEVES = (
    MoveKind.MOVE_BREAK,
    MoveKind.MOVE_TRAINING,
    MoveKind.TO_PHONES,
    MoveKind.OVERTIME,
    MoveKind.LEND,
)
"""The moves that bring agents; the others give them back, or are a person's own."""

OTHERS = frozenset({Post.DISPATCH, Post.CALL_BACK, Post.QUALITY})
"""Posts whose work can wait while citizens do; training is put off, not interrupted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One person's shift before and after; `cells` are those in which it differs.

    Whoever is lent to another queue keeps his shift, and the `loan` has the cells.
    """

    kind: MoveKind
    before: Shift
    after: Shift
    loan: Loan | None = None

    @property
    def person_id(self) -> str:
        """Whose shift it is."""
        return self.before.person_id

    @property
    def cells(self) -> tuple[int, ...]:
        """The cells, counted from the midnight of the shift's day, that differ."""
        if loan := self.loan:
            shifted = (loan.day - self.before.day).days * CELLS
            return tuple(shifted + cell for cell in loan.cells)
        count = max(len(self.before.cells), len(self.after.cells))
        start = self.before.start
        return tuple(
            start + n
            for n in range(count)
            if _work(self.before, n) != _work(self.after, n)
        )

    def taken_back(self, day: date, cell: int) -> "Move":
        """What takes it back from a cell of a day on; what is over stays as it was."""
        place = max((day - self.after.day).days * CELLS + cell - self.after.start, 0)
        been = (_work(self.after, n) for n in range(place))
        before = replace(self.before, cells=(*been, *self.before.cells[place:]))
        loan = self.loan and self.loan.taken_back(day, cell)
        return replace(self, before=self.after, after=before, loan=loan)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRules:
    """What moves cost and how far they may go; a cost is in missing agent-cells.

    `kept` people stay at each post. `overtime_cells` beyond the shift as rostered, and
    `release_cells`, are asked for at most; a break moves by `break_moves_by` cells at most, and nobody works for longer
    than `works_on_end` cells without one. `spare` agents are left when others go.
    `needs` are the qualifications that the phones ask for.
    """

    cost: Mapping[MoveKind, float] = field(
        default_factory=lambda: {
            MoveKind.MOVE_BREAK: 0.25,
            MoveKind.LEND: 0.4,
            MoveKind.MOVE_TRAINING: 0.5,
            MoveKind.TO_PHONES: 0.75,
            MoveKind.OVERTIME: 1.0,
            MoveKind.SEND_BACK: 0.0,
            MoveKind.RELEASE: 0.0,
        }
    )
    kept: Mapping[Post, int] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    overtime_cells: int = 4
    release_cells: int = 8
    break_moves_by: int = 4
    works_on_end: int = 16
    spare: int = 2


def possible(
    person: Person,
    shift: Shift,
    now: int,
    horizon: int,
    rules: MoveRules,
    latest_end: int,
) -> Iterator[Move]:
    """The moves that bring a person to the phones in cells `now` to before `horizon`.

    No overtime goes on beyond `latest_end`. All are counted from the midnight of the
    shift's day.
    """
    yield from _other_break(shift, now, horizon, rules)
    if Post.PHONES in person.posts and all(
        person.is_qualified(name, shift.last_day) for name in rules.needs
    ):
        yield from _to_phones(shift, now, horizon)
        yield from _overtime(shift, now, min(horizon, latest_end))


def _to_phones(shift: Shift, now: int, horizon: int) -> Iterator[Move]:
    """From his post to the phones, until the horizon."""
    training = _changed(
        shift, now, horizon, lambda w: Post.PHONES if w is Post.TRAINING else w
    )
    others = _changed(shift, now, horizon, lambda w: Post.PHONES if w in OTHERS else w)
    if training != shift:
        yield Move(kind=MoveKind.MOVE_TRAINING, before=shift, after=training)
    if others != shift:
        yield Move(kind=MoveKind.TO_PHONES, before=shift, after=others)


def _overtime(shift: Shift, now: int, until: int) -> Iterator[Move]:
    """He stays on when his shift ends before that cell."""
    more = min(until - shift.end, CELLS - len(shift.cells))
    if now < shift.end and more > 0:
        cells: tuple[Work, ...] = (*shift.cells, *[Post.PHONES] * more)
        yield Move(
            kind=MoveKind.OVERTIME, before=shift, after=replace(shift, cells=cells)
        )


def _other_break(
    shift: Shift, now: int, horizon: int, rules: MoveRules
) -> Iterator[Move]:
    """His break is earlier or later, out of the cells in need, and as long as before."""
    for first, last in _breaks(shift):
        if not now <= first < horizon:
            continue
        for start in _places(first, now, rules):
            after = _with_break(shift, first, last, start)
            if after and _rested(after, rules):
                yield Move(kind=MoveKind.MOVE_BREAK, before=shift, after=after)


def _places(first: int, now: int, rules: MoveRules) -> Iterator[int]:
    for shifted in range(1, rules.break_moves_by + 1):
        yield first + shifted
        if first - shifted >= now:
            yield first - shifted


def _breaks(shift: Shift) -> Iterator[tuple[int, int]]:
    """Each break from and to, counted from the midnight of the shift's day."""
    start = None
    for place, work in enumerate((*shift.cells, Post.PHONES)):
        if work is None and start is None:
            start = place
        elif work is not None and start is not None:
            yield shift.start + start, shift.start + place
            start = None


def _with_break(shift: Shift, first: int, last: int, start: int) -> Shift | None:
    """The same work around a break that begins at `start`; None: it lies outside.

    What was done where the break comes is done where it was.
    """
    cells = list(shift.cells)
    length, begin = last - first, first - shift.start
    del cells[begin : begin + length]
    place = start - shift.start
    if place <= 0 or place >= len(cells):
        return None
    cells[place:place] = [None] * length
    return replace(shift, cells=tuple(cells))


def _rested(shift: Shift, rules: MoveRules) -> bool:
    """Nobody works on end for longer than the rules allow."""
    run = 0
    for work in shift.cells:
        run = run + 1 if work else 0
        if run > rules.works_on_end:
            return False
    return True


def sent_back(shift: Shift, usual: Post, now: int, until: int) -> Move | None:
    """From the phones to his usual post; None: he is not at the phones, or it is them."""
    if usual is Post.PHONES:
        return None
    after = _changed(
        shift, now, until, lambda work: usual if work is Post.PHONES else work
    )
    if after == shift:
        return None
    return Move(kind=MoveKind.SEND_BACK, before=shift, after=after)


def released(shift: Shift, now: int, rules: MoveRules) -> Move | None:
    """He goes home before the end of his shift; None: it ends too late, or at once."""
    left = shift.end - now
    if not 0 < left <= rules.release_cells or now <= shift.start:
        return None
    cells = shift.cells[: now - shift.start]
    return Move(kind=MoveKind.RELEASE, before=shift, after=replace(shift, cells=cells))


def _changed(shift: Shift, first: int, last: int, change: Change) -> Shift:
    cells = tuple(
        change(work) if first <= shift.start + n < last else work
        for n, work in enumerate(shift.cells)
    )
    return replace(shift, cells=cells)


def _work(shift: Shift, place: int) -> Work:
    return shift.cells[place] if place < len(shift.cells) else None
