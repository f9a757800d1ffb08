"""The desk of rosters: shifts taken in, checked against every rule, and taken out."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from acd.people.archive import read_people
from acd.people.desk import RefusedPlace, TakenIn
from acd.rosters.lines import read_shift, written
from acd.rosters.rules import RosterRules, monday_of
from acd.rosters.store import (
    Connection,
    Requirement,
    drop_shifts,
    keep_requirements,
    put_shifts,
    read_shifts,
)
from acd.rosters.taking import RosterBook, Taken, WantedShift, take
from acd.rule_changes.rows import Author, Changed, NewChange
from acd.rule_changes.store import keep_line
from acd.staffing.csv_lines import LineFault
from acd.staffing.roster import Shift, clock, clock_until
from config.clock import LoopClock
from config.database import Database

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)

GivesWay = Callable[[Shift], bool]


class RosterDesk:
    """What people may do with the roster."""

    def __init__(
        self, database: Database, rules: RosterRules, clock: LoopClock
    ) -> None:
        self._database, self._clock = database, clock
        self.rules = rules

    async def take(
        self, given: Sequence[Mapping[str, Any]], author: Author, *, replace: bool
    ) -> TakenIn:
        """Take lines in; one that is wrong is reported and keeps no other out.

        With `replace` the days of the people who are named become what the list says.
        """
        wanted, refused = _read(given)
        taken = await self._keep(wanted, author, replace=replace) if wanted else Taken()
        places = sorted([*refused, *taken.refused])
        return TakenIn(
            new=taken.new,
            changed=taken.changed,
            known=taken.known,
            refused=tuple(RefusedPlace(place=n, reason=words) for n, words in places),
        )

    async def clear(self, person_id: str, day: date, author: Author) -> list[Shift]:
        """A person is off on a day; returns the shifts that he had."""
        async with self._database.begin() as connection:
            shifts = await read_shifts(connection, day, day)
            own = [shift for shift in shifts if shift.person_id == person_id]
            if own:
                await drop_shifts(connection, own)
                await keep_line(connection, self._line([], own, author))
        return own

    async def keep_week(
        self,
        monday: date,
        lines: Sequence[Mapping[str, str]],
        gives_way: GivesWay,
        needed: Sequence[Requirement],
        author: Author,
    ) -> Taken:
        """Keep a week that was built, with what was needed, all at once.

        Those shifts of the week that give way are dropped. What has become impossible
        since is refused.
        """
        wanted, refused = _read(lines)
        async with self._database.begin() as connection:
            shifts = await read_shifts(connection, monday, monday + _WEEK - _DAY)
            dropped = [shift for shift in shifts if gives_way(shift)]
            await drop_shifts(connection, dropped)
            span = monday - 2 * _WEEK, monday + 2 * _WEEK
            taken = await self._taken(connection, wanted, span, replace=False)
            taken.dropped += dropped
            taken.refused += refused
            await put_shifts(connection, taken.put)
            await keep_requirements(connection, needed)
            if taken.put or dropped:
                await keep_line(connection, self._line(taken.put, dropped, author))
        return taken

    async def _keep(
        self, wanted: Sequence[WantedShift], author: Author, *, replace: bool
    ) -> Taken:
        days = [each.shift.day for each in wanted]
        span = monday_of(min(days)) - _WEEK, monday_of(max(days)) + 2 * _WEEK
        async with self._database.begin() as connection:
            taken = await self._taken(connection, wanted, span, replace=replace)
            await drop_shifts(connection, taken.dropped)
            await put_shifts(connection, taken.put)
            if taken.put or taken.dropped:
                line = self._line(taken.put, taken.dropped, author)
                await keep_line(connection, line)
        return taken

    async def _taken(
        self,
        connection: Connection,
        wanted: Sequence[WantedShift],
        span: tuple[date, date],
        *,
        replace: bool,
    ) -> Taken:
        people = await read_people(connection)
        shifts = await read_shifts(connection, *span)
        book = RosterBook(people, shifts, self.rules)
        # A second for a large roster: the calls on this loop must not wait.
        return await asyncio.to_thread(take, wanted, book, replace=replace)

    def _line(
        self, put: Sequence[Shift], dropped: Sequence[Shift], author: Author
    ) -> NewChange:
        days = sorted(shift.day for shift in (*put, *dropped))
        return NewChange(
            at=self._clock.now(),
            kind=Changed.ROSTER,
            name=f"{days[0]}..{days[-1]}",
            changed_by=author.name,
            peer=author.peer,
            old={"dropped": _told(dropped)} if dropped else {},
            new={"kept": _told(put)} if put else {},
        )


def _read(
    given: Sequence[Mapping[str, Any]],
) -> tuple[list[WantedShift], list[tuple[int, str]]]:
    wanted: list[WantedShift] = []
    refused: list[tuple[int, str]] = []
    for place, line in enumerate(given, 1):
        try:
            wanted.append(WantedShift(place=place, shift=read_shift(line)))
        except LineFault as fault:
            refused.append((place, str(fault)))
    return wanted, refused


def _told(shifts: Iterable[Shift]) -> list[str]:
    return [
        f"{s.person_id} {s.day} {clock(s.start)}-{clock_until(s.end)} {written(s)['post']}"
        for s in shifts
    ]
