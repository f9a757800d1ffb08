"""A move that a person thinks of himself: somebody holds another post for a while; pure."""

from dataclasses import dataclass, replace

from acd.people.person import Person, Post
from acd.staffing.moves import Move, MoveKind
from acd.staffing.roster import CELLS, Shift, clock_until


class MoveRefused(Exception):
    """He cannot be moved so; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandMove:
    """Somebody is to hold a post from now to before the cell `until` of the day.

    A cell that is over today is one of the next day; None: until his shift ends.
    """

    person_id: str
    post: Post
    until: int | None = None


def by_hand(person: Person, shift: Shift, now: int, wanted: HandMove) -> Move:
    """His shift with the other post; breaks stay. `MoveRefused`.

    `now` is a cell counted from the midnight of the shift's day.
    """
    if wanted.post not in person.posts:
        held = ", ".join(person.posts) or "none"
        raise MoveRefused(f"{person.id} may not hold {wanted.post}; his posts: {held}")
    last = _last(shift, now, wanted.until)
    cells = tuple(
        wanted.post if work and now <= shift.start + n < last else work
        for n, work in enumerate(shift.cells)
    )
    if cells == shift.cells:
        raise MoveRefused(
            f"{person.id} holds {wanted.post} until {clock_until(last)} already"
        )
    after = replace(shift, cells=cells)
    return Move(kind=MoveKind.BY_HAND, before=shift, after=after)


def _last(shift: Shift, now: int, until: int | None) -> int:
    """The cell before which it ends, counted from the midnight of the shift's day."""
    if until is None:
        return shift.end
    last = now - now % CELLS + until
    return min(last if last > now else last + CELLS, shift.end)
