"""The missed-call ledger in the database: calls that we did not serve, and our debts.

What a call tells is written here, with all other records. The debts that follow from
it are folded and moved by `acd.call_backs.store`.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import JSON, Column, Index, Integer, String, Table, text
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.events import CallMissed, Event
from config.database import UtcTime, metadata

missed_calls = Table(
    "missed_calls",
    metadata,
    Column("id", String, primary_key=True),
    Column("call_id", String, nullable=False, unique=True),
    Column("caller", String, nullable=False),
    Column("called", String, nullable=False),
    Column("queue", String, nullable=False),
    Column("stage", String, nullable=False),
    Column("missed_at", UtcTime, nullable=False),
    Column("call_back_id", String),
    Index("ix_missed_calls_missed_at", "missed_at", "id"),
    Index("ix_missed_calls_caller", "caller", "missed_at"),
    Index("ix_missed_calls_call_back_id", "call_back_id"),
    Index(
        "ix_missed_calls_loose",
        "missed_at",
        sqlite_where=text("call_back_id IS NULL AND caller <> ''"),
    ),
)

call_backs = Table(
    "call_backs",
    metadata,
    Column("id", String, primary_key=True),
    Column("call_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("number", String, nullable=False),
    Column("called", String, nullable=False),
    Column("queue", String, nullable=False),
    Column("language", String, nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("entered_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("due_at", UtcTime),
    Column("priority", Integer, nullable=False),
    Column("skills", JSON, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("reason", String, nullable=False),
    Index("ix_call_backs_entered_at", "entered_at", "id"),
    Index("ix_call_backs_state", "state", "due_at"),
    Index("ix_call_backs_call_id", "call_id"),
    Index("ix_call_backs_number", "number", "state"),
)

call_back_attempts = Table(
    "call_back_attempts",
    metadata,
    Column("call_back_id", String, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("call_id", String, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("outcome", String),
    Index("ix_call_back_attempts_call_id", "call_id"),
)

_NEW = insert(missed_calls)
_ENTER = _NEW.on_conflict_do_update(
    index_elements=[missed_calls.c.call_id],
    set_={
        name: _NEW.excluded[name]
        for name in ("caller", "called", "queue", "stage", "missed_at")
    },
    where=_NEW.excluded.missed_at < missed_calls.c.missed_at,
)


async def write(connection: AsyncConnection, events: Iterable[Event]) -> None:
    """Enter the missed calls among the events, once each, in the transaction."""
    rows = [_row(event) for event in events if isinstance(event, CallMissed)]
    if rows:
        await connection.execute(_ENTER, rows)


def _row(event: CallMissed) -> dict[str, Any]:
    return {
        "id": event.call_id,
        "call_id": event.call_id,
        "caller": event.caller,
        "called": event.called,
        "queue": event.queue,
        "stage": event.stage.value,
        "missed_at": event.at,
    }
