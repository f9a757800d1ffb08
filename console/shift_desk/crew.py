"""Who works today: where each is now, until when, and what comes next; pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from acd.adjustments.posts import AT_ANOTHER_POST
from acd.distributor import AgentView
from acd.events import AgentState
from acd.people.person import Post
from acd.staffing.roster import CELLS, DayRoster, Shift, Work, clock, clock_until


class Off(StrEnum):
    """Where somebody is who holds no post now."""

    BREAK = "break"
    LATER = "later"
    OVER = "over"


Where = Post | Off


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What is done from a quarter of an hour to before another one of the day.

    Both are cut to the day, for a picture; `begins` and `ends` are the clock's.
    """

    first: int
    last: int
    begins: str
    ends: str
    work: Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody's shift of today, or of the night before that reaches into it.

    `state` is what he does on the phones; None when he is no agent. `missing`: he is
    rostered on the phones and not logged in. `next` is the stretch after the present.
    """

    person_id: str
    name: str
    posts: tuple[Post, ...]
    begins: str
    ends: str
    where: Where
    stretches: tuple[Stretch, ...]
    next: Stretch | None
    state: AgentState | None
    reason: str
    missing: bool

    @property
    def on_duty(self) -> bool:
        """Whether his shift goes on, breaks too: then he can be moved."""
        return self.where not in (Off.LATER, Off.OVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Everybody who is at one place now."""

    where: Where
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Today's people by where they are now. `unplanned` are logged in without a shift."""

    cell: int
    columns: tuple[Column, ...]
    unplanned: tuple[AgentView, ...]
    on_leave: tuple[str, ...]

    @property
    def members(self) -> tuple[Member, ...]:
        """All of them, by when their shifts begin."""
        found = (m for column in self.columns for m in column.members)
        return tuple(sorted(found, key=lambda m: (m.stretches[0].first, m.person_id)))


def crew_of(roster: DayRoster, cell: int, agents: Iterable[AgentView]) -> Crew:
    """The people of a day at one of its quarters of an hour."""
    by_id = {agent.id: agent for agent in agents}
    shifts = [s for s in roster.shifts if not _is_on_leave(roster, s)]
    members = [_member(roster, shift, cell, by_id) for shift in shifts]
    on_duty = {m.person_id for m in members if m.on_duty}
    return Crew(
        cell=cell,
        columns=tuple(_columns(members)),
        unplanned=tuple(
            agent
            for agent in by_id.values()
            if agent.state is not AgentState.LOGGED_OUT
            and agent.id not in on_duty
            and agent.reason != AT_ANOTHER_POST
        ),
        on_leave=tuple(
            sorted(_name(roster, s) for s in roster.shifts if _is_on_leave(roster, s))
        ),
    )


def _is_on_leave(roster: DayRoster, shift: Shift) -> bool:
    return roster.people[shift.person_id].is_on_leave(shift.day)


def _name(roster: DayRoster, shift: Shift) -> str:
    return roster.people[shift.person_id].name or shift.person_id


def _columns(members: Sequence[Member]) -> Iterator[Column]:
    """The posts always, so that somebody can be moved there."""
    for where in (*Post, *Off):
        own = tuple(m for m in members if m.where is where)
        if own or isinstance(where, Post):
            yield Column(where=where, members=own)


def _member(
    roster: DayRoster, shift: Shift, cell: int, agents: Mapping[str, AgentView]
) -> Member:
    person, agent = roster.people[shift.person_id], agents.get(shift.person_id)
    stretches = tuple(_stretches(roster, shift))
    where = _where(roster, shift, cell)
    out = agent is None or agent.state is AgentState.LOGGED_OUT
    return Member(
        person_id=person.id,
        name=person.name or person.id,
        posts=person.posts,
        begins=clock(shift.start),
        ends=clock_until(shift.end),
        where=where,
        stretches=stretches,
        next=next((s for s in stretches if s.first > cell), None),
        state=agent.state if agent else None,
        reason=agent.reason if agent else "",
        missing=where is Post.PHONES and out,
    )


def _where(roster: DayRoster, shift: Shift, cell: int) -> Where:
    if shift.covers(roster.day, cell):
        return shift.post(roster.day, cell) or Off.BREAK
    passed = (roster.day - shift.day).days * CELLS + cell
    return Off.LATER if passed < shift.start else Off.OVER


def _stretches(roster: DayRoster, shift: Shift) -> Iterator[Stretch]:
    """The shift's parts that lie in the day."""
    earlier = (roster.day - shift.day).days * CELLS
    cells = [
        (shift.start + n - earlier, work)
        for n, work in enumerate(shift.cells)
        if 0 <= shift.start + n - earlier < CELLS
    ]
    for work, run in groupby(cells, key=_work):
        own = [cell for cell, _ in run]
        yield Stretch(
            first=own[0],
            last=own[-1] + 1,
            begins=clock(own[0]),
            ends=clock_until(own[-1] + 1),
            work=work or Off.BREAK,
        )


def _work(cell: tuple[int, Work]) -> Work:
    return cell[1]
