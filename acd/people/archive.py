"""Everybody as the table of people has him, agents and others."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.events import AgentState
from acd.people.person import Leave, Person, Post, Qualification, Wish
from acd.people.reading import PersonRecord
from acd.people.seal import Seal
from acd.people.store import people, queues
from config.database import Database

_OF_PERSON = (
    *("id", "name", "posts", "contact", "qualifications", "leave", "recall_number"),
    *("home_minutes", "home_km", "week_hours", "prefers", "avoids"),
)
_COLUMNS = [people.c[name] for name in _OF_PERSON]
_OF_NOBODY_YET = {
    "queues": [],
    "skills": {},
    "auto_answer": False,
    "show_number": "full",
    "state": AgentState.LOGGED_OUT.value,
    "state_reason": "",
}
"""What the row of a new person has who is no agent."""


class PersonUnknown(Exception):
    """There is nobody with this id."""

    error_id = "person_unknown"


async def all_people(database: Database) -> list[Person]:
    """All who were not removed, by id."""
    async with database.read() as connection:
        return await read_people(connection)


async def read_people(connection: AsyncConnection) -> list[Person]:
    """The same inside a transaction."""
    query = select(*_COLUMNS).where(people.c.removed_at.is_(None))
    rows = await connection.execute(query.order_by(people.c.id))
    return [_person(row._asdict()) for row in rows]


async def people_records(database: Database, seal: Seal | None) -> list[PersonRecord]:
    """All who were not removed, by id; without a seal recall numbers stay closed.

    `NumberSealed` when the seal does not open one.
    """
    query = select(*_COLUMNS, people.c.queues, people.c.skills)
    there = query.where(people.c.removed_at.is_(None)).order_by(people.c.id)
    async with database.read() as connection:
        rows = [row._asdict() for row in await connection.execute(there)]
    return [_record(row, seal) for row in rows]


async def people_page(
    database: Database, seal: Seal, *, limit: int, after: str
) -> list[PersonRecord]:
    """Some of them, by id, after one; `NumberSealed`."""
    query = select(*_COLUMNS, people.c.queues, people.c.skills)
    query = query.where(people.c.removed_at.is_(None), people.c.id > after)
    async with database.read() as connection:
        rows = await connection.execute(query.order_by(people.c.id).limit(limit))
        found = [row._asdict() for row in rows]
    return [_record(row, seal) for row in found]


async def person_record(
    database: Database, person_id: str, seal: Seal | None
) -> PersonRecord:
    """One of them; `PersonUnknown`."""
    query = select(*_COLUMNS, people.c.queues, people.c.skills)
    chosen = query.where(people.c.id == person_id, people.c.removed_at.is_(None))
    async with database.read() as connection:
        row = (await connection.execute(chosen)).one_or_none()
    if row is None:
        raise PersonUnknown(f"There is nobody {person_id!r}; see: hotline people list")
    return _record(row._asdict(), seal)


async def names_of(database: Database, person_ids: Iterable[str]) -> dict[str, str]:
    """The names of people by id, also of who was removed; who has none is left out."""
    query = select(people.c.id, people.c.name)
    chosen = query.where(people.c.id.in_(list(person_ids)), people.c.name != "")
    async with database.read() as connection:
        return {row.id: row.name for row in await connection.execute(chosen)}


async def has_sealed_numbers(database: Database) -> bool:
    """Whether anybody's recall number is kept."""
    query = select(people.c.id).where(people.c.recall_number != "").limit(1)
    async with database.read() as connection:
        return (await connection.execute(query)).first() is not None


async def keep_person(
    connection: AsyncConnection, person: Person, sealed: str | None, now: datetime
) -> None:
    """Make the table have the person so; `sealed` None leaves his number as it is.

    What only an agent has is written by the changes of agents.
    """
    values = person_columns(person) | {"removed_at": None}
    if sealed is not None:
        values["recall_number"] = sealed
    new = values | _OF_NOBODY_YET | {"id": person.id, "state_since": now}
    line = insert(people).values(new)
    await connection.execute(line.on_conflict_do_update(set_=values))


def person_columns(person: Person) -> dict[str, Any]:
    """A person as JSON, without his id and his number."""
    kept = asdict(person) | {
        "posts": [post.value for post in person.posts],
        "qualifications": [
            {"name": q.name, "last_day": q.last_day and q.last_day.isoformat()}
            for q in person.qualifications
        ],
        "leave": [
            {"first": each.first.isoformat(), "last": each.last.isoformat()}
            for each in person.leave
        ],
    }
    del kept["id"], kept["has_recall_number"]
    return kept


def _record(row: Mapping[str, Any], seal: Seal | None) -> PersonRecord:
    return PersonRecord(
        person=_person(row),
        queues=tuple(row["queues"]),
        skills=row["skills"],
        recall_number=seal.open(row["recall_number"], row["id"]) if seal else "",
    )


def _person(row: Mapping[str, Any]) -> Person:
    plain = ("id", "name", "contact", "home_minutes", "home_km", "week_hours")
    return Person(
        **{name: row[name] for name in plain},
        posts=tuple(map(Post, row["posts"])),
        qualifications=tuple(map(_qualification, row["qualifications"])),
        leave=tuple(map(_leave, row["leave"])),
        prefers=tuple(map(Wish, row["prefers"])),
        avoids=tuple(map(Wish, row["avoids"])),
        has_recall_number=bool(row["recall_number"]),
    )


def _qualification(kept: Mapping[str, Any]) -> Qualification:
    last = kept["last_day"]
    return Qualification(
        name=kept["name"], last_day=date.fromisoformat(last) if last else None
    )


def _leave(kept: Mapping[str, Any]) -> Leave:
    first, last = (date.fromisoformat(kept[name]) for name in ("first", "last"))
    return Leave(first=first, last=last)


async def removed_queues(database: Database) -> list[str]:
    """The queues that were removed, by name."""
    gone = select(queues.c.name).where(queues.c.removed_at.is_not(None))
    async with database.read() as connection:
        return list(await connection.scalars(gone.order_by(queues.c.name)))
