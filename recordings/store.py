"""The table of recordings."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    Integer,
    String,
    Table,
    create_engine,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from config.database import Database, UtcTime, metadata
from recordings.chain import Head, link
from recordings.entry import Recording, State
from recordings.holds import HoldChange, HoldRefused

recordings = Table(
    "recordings",
    metadata,
    Column("call_id", String, primary_key=True),
    Column("sequence", Integer, unique=True),
    Column("state", String, nullable=False, index=True),
    Column("reason", String, nullable=False),
    Column("path", String, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("left_dbfs", Float),
    Column("right_dbfs", Float),
    Column("citizen_silent", Boolean, nullable=False),
    Column("agent_silent", Boolean, nullable=False),
    Column("third_party", Boolean, nullable=False),
    Column("sha256", String, nullable=False),
    Column("chain", String, nullable=False),
    Column("started_at", UtcTime, nullable=False, index=True),
    Column("closed_at", UtcTime),
    Column("marks", JSON, nullable=False),
    Column("deleted_at", UtcTime),
    Column("legal_hold", Boolean, nullable=False),
)

recording_holds = Table(
    "recording_holds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("call_id", String, nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("who", String, nullable=False),
    Column("reason", String, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAudio:
    """What a copy of a database says of the audio: its files, and whose it is."""

    paths: tuple[str, ...]
    stored: frozenset[str]


def kept_audio(copy: Path) -> KeptAudio:
    """Read it in a SQLite file to which nobody writes."""
    here = recordings.c
    query = select(here.call_id, here.path, here.deleted_at, here.sequence)
    engine = create_engine(f"sqlite:///{copy}")
    with engine.connect() as connection:
        rows = list(connection.execute(query.order_by(here.started_at)))
    engine.dispose()
    return KeptAudio(
        paths=tuple(row.path for row in rows if row.path and not row.deleted_at),
        stored=frozenset(row.call_id for row in rows if row.sequence),
    )


DeleteAudio = Callable[[Sequence[Recording]], Awaitable[Sequence[str]]]
"""Deletes the files of these, and tells of which calls they are gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """The calls whose audio went, and when the last call began that was looked at."""

    gone: tuple[str, ...]
    last: datetime | None


class RecordingStore:
    """Reads and writes rows; the only writer of the chain.

    Everything here raises `DatabaseError` when the database does not do its part.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._appending = asyncio.Lock()

    async def append(self, recording: Recording) -> Recording:
        """Put a finished recording at the end of the chain, once.

        Doing it again for the same call changes nothing and returns what is there.
        """
        return (await self.append_all([recording]))[0]

    async def append_all(self, finished: Sequence[Recording]) -> list[Recording]:
        """Put finished recordings at the end of the chain in this order, all or none."""
        async with self._appending, self._database.begin() as connection:
            return await _append(connection, finished)

    async def note_pending(self, recording: Recording) -> None:
        """Remember that a recording waits to be joined, and why."""
        async with self._database.begin() as connection:
            known = await _find(connection, recording.call_id)
            if not (known and known.sequence):
                await _replace(connection, [recording], [recording.call_id])

    async def find(self, call_id: str) -> Recording | None:
        """The recording of a call, or None."""
        async with self._database.read() as connection:
            return await _find(connection, call_id)

    async def head(self) -> Head:
        """The end of the chain now."""
        async with self._database.read() as connection:
            return await _head(connection)

    async def newest(self, limit: int, before: datetime | None) -> list[Recording]:
        """The calls that started last (before a moment), newest first."""
        query = select(recordings).order_by(
            recordings.c.started_at.desc(), recordings.c.call_id.desc()
        )
        if before:
            query = query.where(recordings.c.started_at < before)
        return await self._all(query.limit(limit))

    async def chained(self, after: int, limit: int) -> list[Recording]:
        """The entries that follow a sequence number, in the chain's order."""
        query = select(recordings).where(recordings.c.sequence > after)
        return await self._all(query.order_by(recordings.c.sequence).limit(limit))

    async def pending(self) -> list[Recording]:
        """The recordings that wait to be joined."""
        waiting = recordings.c.state == State.PENDING.value
        return await self._all(select(recordings).where(waiting))

    async def count(self) -> int:
        """How many entries the chain has."""
        async with self._database.read() as connection:
            query = select(func.count(recordings.c.sequence))
            return int(await connection.scalar(query) or 0)

    async def expire(
        self,
        before: datetime,
        after: datetime | None,
        limit: int,
        delete_audio: DeleteAudio,
        now: datetime,
    ) -> Expired:
        """Let audio be deleted, of calls between two moments, oldest first.

        Choice, deletion and entry are one transaction, so that no hold comes in between,
        of whatever process: it waits, and is refused then.
        """
        async with self._database.begin() as connection:
            query = _may_expire(before, after).limit(limit)
            found = [_recording(row) for row in await connection.execute(query)]
            gone = await delete_audio(found)
            chosen = recordings.c.call_id.in_(gone)
            await connection.execute(
                update(recordings).where(chosen).values(deleted_at=now)
            )
        last = found[-1].started_at if found else None
        return Expired(gone=tuple(gone), last=last)

    async def hold(self, change: HoldChange) -> None:
        """Keep a recording beyond its retention, or no longer; who and why is kept.

        `HoldRefused` when its audio is gone already.
        """
        chosen = recordings.c.call_id == change.call_id
        async with self._database.begin() as connection:
            known = await _find(connection, change.call_id)
            if known is None or (change.held and known.deleted_at):
                raise HoldRefused(f"The audio of call {change.call_id} is gone.")
            setting = update(recordings).where(chosen).values(legal_hold=change.held)
            await connection.execute(setting)
            await connection.execute(insert(recording_holds).values(asdict(change)))

    async def holds(self, call_id: str) -> list[HoldChange]:
        """Every hold that was set or released, the first one first."""
        table = recording_holds.c
        shown = [table[field.name] for field in fields(HoldChange)]
        query = select(*shown).where(table.call_id == call_id).order_by(table.id)
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            return [HoldChange(**row._asdict()) for row in rows]

    async def _all(self, query: Any) -> list[Recording]:
        async with self._database.read() as connection:
            return [_recording(row) for row in await connection.execute(query)]


def _may_expire(before: datetime, after: datetime | None) -> Any:
    query = select(recordings).where(
        recordings.c.started_at < before,
        recordings.c.deleted_at.is_(None),
        recordings.c.legal_hold.is_(False),
        recordings.c.path != "",
    )
    if after:
        query = query.where(recordings.c.started_at > after)
    return query.order_by(recordings.c.started_at)


async def _append(
    connection: AsyncConnection, finished: Sequence[Recording]
) -> list[Recording]:
    known = await _known(connection, [recording.call_id for recording in finished])
    there = {**known}
    head, new = await _head(connection), []
    for recording in finished:
        before = there.get(recording.call_id)
        if before and before.sequence:
            continue
        entry = _linked(recording, head, legal_hold=bool(before and before.legal_hold))
        head = Head(sequence=head.sequence + 1, chain=entry.chain)
        there[entry.call_id] = entry
        new.append(entry)
    await _replace(connection, new, list(known))
    return [there[recording.call_id] for recording in finished]


def _linked(recording: Recording, head: Head, *, legal_hold: bool) -> Recording:
    return replace(
        recording,
        sequence=head.sequence + 1,
        chain=link(head.chain, recording),
        legal_hold=legal_hold,
    )


async def _known(
    connection: AsyncConnection, call_ids: Sequence[str]
) -> dict[str, Recording]:
    query = select(recordings).where(recordings.c.call_id.in_(call_ids))
    found = [_recording(row) for row in await connection.execute(query)]
    return {entry.call_id: entry for entry in found}


async def _find(connection: AsyncConnection, call_id: str) -> Recording | None:
    query = select(recordings).where(recordings.c.call_id == call_id)
    row = (await connection.execute(query)).one_or_none()
    return _recording(row) if row else None


async def _head(connection: AsyncConnection) -> Head:
    query = select(recordings.c.sequence, recordings.c.chain).where(
        recordings.c.sequence.is_not(None)
    )
    last = query.order_by(recordings.c.sequence.desc()).limit(1)
    row = (await connection.execute(last)).one_or_none()
    return Head(sequence=row.sequence, chain=row.chain) if row else Head()


async def _replace(
    connection: AsyncConnection, new: Sequence[Recording], old: Sequence[str]
) -> None:
    """Write these rows; those of the calls `old` that are written anew go first."""
    written = {recording.call_id for recording in new}
    if gone := written.intersection(old):
        same = recordings.c.call_id.in_(gone)
        await connection.execute(delete(recordings).where(same))
    rows = [asdict(recording) | {"state": recording.state.value} for recording in new]
    if rows:
        await connection.execute(insert(recordings), rows)


def _recording(row: Any) -> Recording:
    values = {field.name: getattr(row, field.name) for field in fields(Recording)}
    values["state"] = State(values["state"])
    values["marks"] = tuple(values["marks"])
    return Recording(**values)
