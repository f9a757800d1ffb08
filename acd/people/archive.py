"""Everybody as the table of people has him, agents and others."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.people.person import Leave, Person, Post, Qualification, Wish
from acd.people.store import people
from config.database import Database

_OF_PERSON = (
    *("id", "name", "posts", "contact", "qualifications", "leave", "recall_number"),
    *("home_minutes", "home_km", "week_hours", "prefers", "avoids"),
)
_COLUMNS = [people.c[name] for name in _OF_PERSON]


async def all_people(database: Database) -> list[Person]:
    """All who were not removed, by id."""
    async with database.read() as connection:
        return await read_people(connection)


async def read_people(connection: AsyncConnection) -> list[Person]:
    """The same inside a transaction."""
    query = select(*_COLUMNS).where(people.c.removed_at.is_(None))
    rows = await connection.execute(query.order_by(people.c.id))
    return [_person(row._asdict()) for row in rows]


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
