"""Shifts, and how many were required, in the database."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    JSON,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    delete,
    func,
    select,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.people.archive import read_people
from acd.people.person import Post
from acd.staffing.roster import DayRoster, Shift, Work
from config.database import Database, UtcTime, metadata

Connection = AsyncConnection
"""What a transaction gives, for those who write several things in one."""

shifts = Table(
    "shifts",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("cells", String, nullable=False),
    Column("backs", String, nullable=False),
    Index("ix_shifts_day", "day"),
)

roster_requirements = Table(
    "roster_requirements",
    metadata,
    Column("day", Date, primary_key=True),
    Column("post", String, primary_key=True),
    Column("at", UtcTime, primary_key=True),
    Column("source", String, nullable=False),
    Column("needed", JSON, nullable=False),
)

BREAK = "-"
LETTERS: dict[Work, str] = {
    Post.PHONES: "p",
    Post.DISPATCH: "d",
    Post.CALL_BACK: "c",
    Post.QUALITY: "q",
    Post.TRAINING: "t",
    None: BREAK,
}
"""A cell is kept as one letter."""

_WORK = {letter: work for work, letter in LETTERS.items()}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """How many were required at a post in each of a day's 96 cells.

    `source` tells where it came from: "forecast" or "file". The latest one of a day
    counts; those before it stay.
    """

    day: date
    post: Post
    at: datetime
    source: str
    needed: tuple[int, ...]


async def shifts_between(database: Database, first: date, last: date) -> list[Shift]:
    """The shifts that begin on these days, in order."""
    async with database.read() as connection:
        return await read_shifts(connection, first, last)


async def shifts_of(
    database: Database, person_ids: Collection[str], first: date, last: date
) -> list[Shift]:
    """The shifts of some people that begin on these days."""
    query = select(shifts).where(
        shifts.c.day.between(first, last), shifts.c.person_id.in_(person_ids)
    )
    async with database.read() as connection:
        return [_shift(row._asdict()) for row in await connection.execute(query)]


async def read_shifts(
    connection: AsyncConnection, first: date, last: date
) -> list[Shift]:
    """The same inside a transaction."""
    query = select(shifts).where(shifts.c.day.between(first, last))
    order = shifts.c.day, shifts.c.start, shifts.c.person_id
    rows = await connection.execute(query.order_by(*order))
    return [_shift(row._asdict()) for row in rows]


async def put_shifts(connection: AsyncConnection, given: Iterable[Shift]) -> None:
    """Keep shifts; one of the same person that begins at the same time is replaced."""
    rows = [_row(shift) for shift in given]
    if rows:
        line = insert(shifts)
        changed = {name: line.excluded[name] for name in ("cells", "backs")}
        await connection.execute(line.on_conflict_do_update(set_=changed), rows)


async def drop_shifts(connection: AsyncConnection, given: Iterable[Shift]) -> None:
    """Take shifts out."""
    for shift in given:
        await connection.execute(
            delete(shifts).where(
                shifts.c.person_id == shift.person_id,
                shifts.c.day == shift.day,
                shifts.c.start == shift.start,
            )
        )


async def replace_shift(connection: AsyncConnection, old: Shift, new: Shift) -> bool:
    """One shift becomes another; False, and nothing, when the old one is not there."""
    if old not in await read_shifts(connection, old.day, old.day):
        return False
    await drop_shifts(connection, [old])
    await put_shifts(connection, [new])
    return True


async def day_roster(database: Database, day: date, zone: ZoneInfo) -> DayRoster:
    """Who is to work on a day of the city, by the roster."""
    async with database.read() as connection:
        return await read_day_roster(connection, day, zone)


async def read_day_roster(
    connection: AsyncConnection, day: date, zone: ZoneInfo
) -> DayRoster:
    """The same inside a transaction."""
    people = await read_people(connection)
    shifts = await read_shifts(connection, day - _DAY, day)
    return DayRoster.of(day, zone, people, shifts)


async def keep_requirements(
    connection: AsyncConnection, given: Sequence[Requirement]
) -> None:
    """Add requirements; those before them stay."""
    for each in given:
        values = {
            "day": each.day,
            "post": each.post.value,
            "at": each.at,
            "source": each.source,
            "needed": list(each.needed),
        }
        await connection.execute(insert(roster_requirements).values(values))


async def requirements_of(database: Database, day: date) -> dict[Post, Requirement]:
    """The latest requirement of each post for a day."""
    table = roster_requirements
    last = func.max(table.c.at).label("last")
    query = select(table, last).where(table.c.day == day).group_by(table.c.post)
    async with database.read() as connection:
        rows = [row._asdict() for row in await connection.execute(query)]
    return {Post(row["post"]): _requirement(row) for row in rows}


def _requirement(row: dict[str, Any]) -> Requirement:
    return Requirement(
        day=row["day"],
        post=Post(row["post"]),
        at=row["at"],
        source=row["source"],
        needed=tuple(row["needed"]),
    )


def _row(shift: Shift) -> dict[str, Any]:
    return {
        "person_id": shift.person_id,
        "day": shift.day,
        "start": shift.start,
        "cells": "".join(LETTERS[work] for work in shift.cells),
        "backs": shift.backs,
    }


def _shift(row: dict[str, Any]) -> Shift:
    cells = tuple(_WORK[letter] for letter in row["cells"])
    return Shift(**row | {"cells": cells})
