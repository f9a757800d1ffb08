"""The missed-call ledger in the database: one entry for each call we did not serve."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, String, Table, select, tuple_
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.events import CallMissed, Event
from config.database import Database, UtcTime, metadata

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
    Column("state", String, nullable=False),
    Index("ix_missed_calls_missed_at", "missed_at", "id"),
    Index("ix_missed_calls_caller", "caller", "state"),
)


class MissedState(StrEnum):
    """Whether we still owe the citizen a call-back.

    A withheld number cannot be called back, but its call is counted.
    """

    OWED = "owed"
    WITHHELD = "withheld"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedCall:
    """An entry of the ledger. `stage` is the `Outcome` that made the call a missed one."""

    id: str
    call_id: str
    caller: str
    called: str
    queue: str
    stage: str
    missed_at: datetime
    state: MissedState


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
    state = MissedState.OWED if event.caller else MissedState.WITHHELD
    return {
        "id": event.call_id,
        "call_id": event.call_id,
        "caller": event.caller,
        "called": event.called,
        "queue": event.queue,
        "stage": event.stage.value,
        "missed_at": event.at,
        "state": state.value,
    }


async def missed_calls_page(
    database: Database,
    *,
    limit: int = 50,
    before_id: str = "",
    state: str = "",
) -> list[MissedCall]:
    """The newest entries first, at most `limit`, older than entry `before_id`."""
    query = select(missed_calls)
    if state:
        query = query.where(missed_calls.c.state == state)
    key = tuple_(missed_calls.c.missed_at, missed_calls.c.id)
    if before_id:
        older_than = select(missed_calls.c.missed_at, missed_calls.c.id)
        query = query.where(
            key < older_than.where(missed_calls.c.id == before_id).scalar_subquery()
        )
    query = query.order_by(missed_calls.c.missed_at.desc(), missed_calls.c.id.desc())
    async with database.read() as connection:
        rows = await connection.execute(query.limit(limit))
        return [_missed(row._asdict()) for row in rows]


def _missed(row: dict[str, Any]) -> MissedCall:
    return MissedCall(**row | {"state": MissedState(row["state"])})
