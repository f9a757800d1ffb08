"""Plan 1 in people: who of the named posts moves to the phones, and how he goes back. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date

from acd.people.person import Person, Post
from acd.plans.rules import Plan1
from acd.staffing.moves import Move, MoveKind
from acd.staffing.roster import CELLS, DayRoster, Shift


def to_the_phones(
    roster: DayRoster, now: int, plan: Plan1, logged_in: Collection[str]
) -> tuple[Move, ...]:
    """Everybody at the plan's posts who is there and may answer calls, until his shift ends.

    `now` is a cell of the roster's day. The posts are emptied in their order, each down to
    those who are kept. There is who is `logged_in`, in whatever state: at another post too
    it is the log-in that tells (he is paused there), and only whom it has can be rung.
    """
    moves: list[Move] = []
    for post in plan.posts:
        here = [s for s in _at(roster, now, post) if s.person_id in logged_in]
        free = len(here) - plan.kept.get(post, 0)
        able = (s for s in here if _may_answer(roster.people[s.person_id], s, plan))
        moves += [_seated(shift, roster.day, now, post) for shift in able][
            : max(free, 0)
        ]
    return tuple(moves)


def not_there(
    roster: DayRoster, now: int, plan: Plan1, logged_in: Collection[str]
) -> tuple[str, ...]:
    """Who is to be at the plan's posts and may answer calls, but is not logged in."""
    return tuple(
        shift.person_id
        for post in plan.posts
        for shift in _at(roster, now, post)
        if shift.person_id not in logged_in
        and _may_answer(roster.people[shift.person_id], shift, plan)
    )


def seated(
    moves: Iterable[Move], day: date, now: int, logged_in: Collection[str]
) -> int:
    """How many of those moved are on the phones in a cell: their shift goes on, and they
    are there."""
    return sum(
        move.after.post(day, now) is Post.PHONES and move.person_id in logged_in
        for move in moves
    )


def _at(roster: DayRoster, now: int, post: Post) -> list[Shift]:
    return [
        shift
        for shift in roster.shifts
        if shift.post(roster.day, now) is post
        and not roster.people[shift.person_id].is_on_leave(shift.day)
    ]


def _may_answer(person: Person, shift: Shift, plan: Plan1) -> bool:
    holds = (person.is_qualified(name, shift.last_day) for name in plan.needs)
    return person.is_agent and all(holds)


def _seated(shift: Shift, day: date, now: int, post: Post) -> Move:
    place = _place(shift, day, now)
    cells = tuple(
        Post.PHONES if n >= place and work is post else work
        for n, work in enumerate(shift.cells)
    )
    return Move(
        kind=MoveKind.TO_PHONES, before=shift, after=replace(shift, cells=cells)
    )


def back_again(
    moves: Iterable[Move], shifts: Sequence[Shift], day: date, now: int
) -> tuple[Move, ...]:
    """What takes moves back from a cell on, where the shift is still as they left it."""
    found = (_back(move, day, now) for move in moves if move.after in shifts)
    return tuple(move for move in found if move.before != move.after)


def _back(move: Move, day: date, now: int) -> Move:
    place = max(_place(move.after, day, now), 0)
    cells = (*move.after.cells[:place], *move.before.cells[place:])
    return Move(
        kind=MoveKind.SEND_BACK,
        before=move.after,
        after=replace(move.after, cells=cells),
    )


def _place(shift: Shift, day: date, now: int) -> int:
    return (day - shift.day).days * CELLS + now - shift.start
