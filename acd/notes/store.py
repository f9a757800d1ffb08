"""The notes' table: notes are added, the database refuses changes, old ones go."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Column, Integer, String, Table, delete, insert, select

from acd.notes.note import NewNote, Note
from config.database import Database, UtcTime, metadata
from recordings.store import recordings

call_notes = Table(
    "call_notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("call_id", String, nullable=False, index=True),
    Column("at", UtcTime, nullable=False, index=True),
    Column("author", String, nullable=False),
    Column("agent_id", String, nullable=False),
    Column("text", String, nullable=False),
)


async def add_note(database: Database, note: NewNote) -> Note:
    """Keep a note; returns it with its number."""
    async with database.begin() as connection:
        done = await connection.execute(insert(call_notes).values(asdict(note)))
        key = done.inserted_primary_key
    return Note(**asdict(note), id=key[0] if key else 0)


async def notes_of(database: Database, call_id: str) -> list[Note]:
    """The notes of a call, the oldest first."""
    query = select(call_notes).where(call_notes.c.call_id == call_id)
    async with database.read() as connection:
        rows = await connection.execute(query.order_by(call_notes.c.id))
        return [Note(**row._asdict()) for row in rows]


async def expire_notes(database: Database, before: datetime) -> int:
    """Remove notes older than a moment; returns how many.

    Those of calls whose recordings are on legal hold stay.
    """
    held = select(recordings.c.call_id).where(recordings.c.legal_hold.is_(True))
    old = call_notes.c.at < before
    async with database.begin() as connection:
        gone = await connection.execute(
            delete(call_notes).where(old, call_notes.c.call_id.not_in(held))
        )
    return gone.rowcount
