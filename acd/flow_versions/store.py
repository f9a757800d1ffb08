"""The tables of versions and publications: lines are added, the database refuses more."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    func,
    insert,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.flow_versions.version import (
    NewPublication,
    NewVersion,
    Publication,
    Version,
    VersionState,
    VersionText,
)
from config.database import Database, UtcTime, metadata

flow_versions = Table(
    "flow_versions",
    metadata,
    Column("name", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("saved_by", String, nullable=False),
    Column("peer", String, nullable=False),
    Column("note", String, nullable=False),
    Column("from_file", Boolean, nullable=False),
    Column("text", String, nullable=False),
)

flow_publications = Table(
    "flow_publications",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("instead_of", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("published_by", String, nullable=False),
    Column("peer", String, nullable=False),
    Column("note", String, nullable=False),
    Column("from_file", Boolean, nullable=False),
    Index("ix_flow_publications_name", "name", "id"),
)

_OF_VERSION = [column for column in flow_versions.c if column.name != "text"]


async def versions_of(database: Database, name: str) -> list[Version]:
    """Every version of a flow, the newest first."""
    query = select(*_OF_VERSION).where(flow_versions.c.name == name)
    async with database.read() as connection:
        rows = await connection.execute(query.order_by(flow_versions.c.number.desc()))
        found = [row._asdict() for row in rows]
        published = await _publications(connection, name)
    return [Version(**row, **_state(row["number"], published)) for row in found]


async def version_of(
    database: Database, name: str, number: int | None = None
) -> VersionText | None:
    """One version with its text, the newest without a number; None when there is none."""
    query = select(flow_versions).where(flow_versions.c.name == name)
    if number is not None:
        query = query.where(flow_versions.c.number == number)
    return await _first(database, name, query)


async def newest_from_file(database: Database, name: str) -> VersionText | None:
    """The version that a start of the service has read last from the flow's file."""
    query = select(flow_versions).where(
        flow_versions.c.name == name, flow_versions.c.from_file
    )
    return await _first(database, name, query)


async def _first(database: Database, name: str, query: Any) -> VersionText | None:
    newest_first = query.order_by(flow_versions.c.number.desc()).limit(1)
    async with database.read() as connection:
        row = (await connection.execute(newest_first)).first()
        published = await _publications(connection, name)
    if row is None:
        return None
    return VersionText(**row._asdict(), **_state(row.number, published))


async def publications_of(
    database: Database, name: str, limit: int = 1000
) -> list[Publication]:
    """Which version was published when and by whom, the newest first."""
    async with database.read() as connection:
        return (await _publications(connection, name))[:limit]


async def _publications(connection: AsyncConnection, name: str) -> list[Publication]:
    query = select(flow_publications).where(flow_publications.c.name == name)
    rows = await connection.execute(query.order_by(flow_publications.c.id.desc()))
    return [Publication(**row._asdict()) for row in rows]


def _state(number: int, published: Sequence[Publication]) -> dict[str, Any]:
    """Whether calls meet it; `published` are all publications, the newest first."""
    last = next((each for each in published if each.number == number), None)
    if last is None:
        return {"state": VersionState.DRAFT}
    is_in_force = published[0].number == number
    state = VersionState.PUBLISHED if is_in_force else VersionState.EARLIER
    return {"state": state, "published_at": last.at}


async def keep_version(database: Database, new: NewVersion) -> int:
    """Keep a text under the next number of its flow, which is returned."""
    async with database.begin() as connection:
        return await _add(connection, new)


async def keep_publication(database: Database, new: NewPublication) -> None:
    """Keep that a version is published."""
    async with database.begin() as connection:
        await connection.execute(insert(flow_publications).values(asdict(new)))


async def keep_published(database: Database, new: NewVersion, instead_of: int) -> int:
    """Keep a text and that it is published, or neither; returns its number."""
    async with database.begin() as connection:
        number = await _add(connection, new)
        published = NewPublication(
            name=new.name,
            number=number,
            instead_of=instead_of,
            at=new.at,
            published_by=new.saved_by,
            peer=new.peer,
            note=new.note,
            from_file=new.from_file,
        )
        await connection.execute(insert(flow_publications).values(asdict(published)))
    return number


async def _add(connection: AsyncConnection, new: NewVersion) -> int:
    newest = select(func.max(flow_versions.c.number)).where(
        flow_versions.c.name == new.name
    )
    number = int(await connection.scalar(newest) or 0) + 1
    await connection.execute(
        insert(flow_versions).values(asdict(new) | {"number": number})
    )
    return number
