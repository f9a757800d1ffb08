"""Recalls in the database: whom one rings, how each stands, and who was recalled when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    Integer,
    Row,
    String,
    Table,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.staffing.recall import EXPECTED, Recalled, Standing
from config.database import Database, UtcTime, metadata

recalls = Table(
    "recalls",
    metadata,
    Column("id", String, primary_key=True),
    Column("began_at", UtcTime, nullable=False),
    Column("needed", Integer, nullable=False),
    Column("called_off_at", UtcTime),
    Column("ended_at", UtcTime),
)

recalled_people = Table(
    "recalled_people",
    metadata,
    Column("recall_id", String, primary_key=True),
    Column("person_id", String, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("standing", String, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("rung_at", UtcTime),
    Column("due_at", UtcTime),
    Column("arrived_at", UtcTime),
    Index("ix_recalled_people_person_id", "person_id"),
)

_SETTLED = (*EXPECTED, Standing.DECLINED, Standing.PASSED_OVER)
_RUNG = (*_SETTLED, Standing.RINGING, Standing.TRIED)
_CAME = (Standing.ARRIVED,)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRecall:
    """A recall as it is kept; `people` in the order in which they are rung."""

    id: str
    began_at: datetime
    needed: int
    called_off_at: datetime | None
    ended_at: datetime | None
    people: tuple[Recalled, ...]


async def keep_recall(connection: AsyncConnection, kept: KeptRecall) -> None:
    """A new recall, inside a transaction."""
    await connection.execute(
        insert(recalls).values(id=kept.id, began_at=kept.began_at, needed=kept.needed)
    )
    await _add_people(connection, kept.id, kept.people, 0)


async def keep_enlarged(
    connection: AsyncConnection,
    recall_id: str,
    needed: int,
    more: Sequence[Recalled],
    at: int,
) -> None:
    """More are needed; `more` people may be rung, from the place `at` on."""
    await connection.execute(
        update(recalls).where(recalls.c.id == recall_id).values(needed=needed)
    )
    await _add_people(connection, recall_id, more, at)


async def _add_people(
    connection: AsyncConnection, recall_id: str, people: Sequence[Recalled], at: int
) -> None:
    rows = [
        _columns(recall_id, person) | {"place": place}
        for place, person in enumerate(people, at)
    ]
    if rows:
        await connection.execute(insert(recalled_people), rows)


async def keep_standings(
    database: Database, recall_id: str, people: Sequence[Recalled]
) -> None:
    """How some of its people stand now."""
    async with database.begin() as connection:
        for person in people:
            await connection.execute(
                update(recalled_people)
                .where(
                    recalled_people.c.recall_id == recall_id,
                    recalled_people.c.person_id == person.person_id,
                )
                .values(_columns(recall_id, person))
            )


async def keep_end(
    connection: AsyncConnection, recall_id: str, *, called_off: bool, at: datetime
) -> None:
    """It is called off, or over."""
    column = "called_off_at" if called_off else "ended_at"
    await connection.execute(
        update(recalls).where(recalls.c.id == recall_id).values({column: at})
    )


async def last_recalls(database: Database, limit: int) -> list[KeptRecall]:
    """The newest first."""
    query = select(recalls).order_by(recalls.c.began_at.desc()).limit(limit)
    async with database.read() as connection:
        rows = (await connection.execute(query)).all()
        return [await _kept(connection, row) for row in rows]


async def recalls_between(
    database: Database, since: datetime, until: datetime
) -> list[KeptRecall]:
    """Those that began from a moment on, up to another, included both, in order."""
    query = select(recalls).where(recalls.c.began_at.between(since, until))
    async with database.read() as connection:
        rows = (await connection.execute(query.order_by(recalls.c.began_at))).all()
        return [await _kept(connection, row) for row in rows]


async def last_recalled(connection: AsyncConnection) -> dict[str, datetime]:
    """When each person was rung last for a recall, by id."""
    person, rung = recalled_people.c.person_id, func.max(recalled_people.c.rung_at)
    query = select(person, rung.label("rung_at")).group_by(person)
    rows = await connection.execute(query)
    return {row.person_id: row.rung_at for row in rows if row.rung_at}


async def share_that_came(connection: AsyncConnection) -> tuple[int, int]:
    """Of how many who were rung it is known whether they come, and how many of them do.

    Who has not answered when a recall is called off, or while it goes on, might come;
    who confirmed then would. In one that ran to its end all is known.
    """
    people = recalled_people.c
    ran_out = recalls.c.ended_at.is_not(None) & recalls.c.called_off_at.is_(None)
    query = (
        select(ran_out.label("ran_out"), people.standing, func.count().label("n"))
        .join(recalls, recalls.c.id == people.recall_id)
        .group_by(ran_out, people.standing)
    )
    rung = came = 0
    for row in await connection.execute(query):
        standing = Standing(row.standing)
        rung += row.n if standing in (_RUNG if row.ran_out else _SETTLED) else 0
        came += row.n if standing in (_CAME if row.ran_out else EXPECTED) else 0
    return rung, came


def _columns(recall_id: str, person: Recalled) -> dict[str, Any]:
    return {
        "recall_id": recall_id,
        "person_id": person.person_id,
        "standing": person.standing.value,
        "tries": person.tries,
        "rung_at": person.rung_at,
        "due_at": person.due_at,
        "arrived_at": person.arrived_at,
    }


async def _kept(connection: AsyncConnection, row: Row[Any]) -> KeptRecall:
    table = recalled_people
    query = select(table).where(table.c.recall_id == row.id).order_by(table.c.place)
    people = await connection.execute(query)
    return KeptRecall(
        id=row.id,
        began_at=row.began_at,
        needed=row.needed,
        called_off_at=row.called_off_at,
        ended_at=row.ended_at,
        people=tuple(map(_person, people)),
    )


def _person(row: Row[Any]) -> Recalled:
    return Recalled(
        person_id=row.person_id,
        standing=Standing(row.standing),
        tries=row.tries,
        rung_at=row.rung_at,
        due_at=row.due_at,
        arrived_at=row.arrived_at,
    )
