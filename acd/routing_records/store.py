"""Where the decision records of calls are kept: one small document each."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, String, Table, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.events import CallRouted, Event
from config.database import Database, UtcTime, metadata

routing_decisions = Table(
    "routing_decisions",
    metadata,
    Column("call_id", String, primary_key=True),
    Column("at", UtcTime, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("decision", String, nullable=False),
)

_INSERT = insert(routing_decisions).on_conflict_do_nothing()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingDecision:
    """A decision about a waiting call, as `CallRouted` tells it."""

    at: datetime
    number: int
    queue: str
    rule: str
    position: int
    eligible: int
    skipped: dict[str, int]
    candidates: list[str]
    agent_id: str
    detail: str


async def write(connection: AsyncConnection, events: Iterable[Event]) -> None:
    """Keep the decisions among the events, once each, in the transaction."""
    rows = [_row(event) for event in events if isinstance(event, CallRouted)]
    if rows:
        await connection.execute(_INSERT, rows)


def _row(event: CallRouted) -> dict[str, Any]:
    document = {
        "queue": event.queue,
        "rule": event.rule,
        "position": event.position,
        "eligible": event.eligible,
        "skipped": event.skipped,
        "candidates": event.candidates,
        "agent_id": event.agent_id,
        "detail": event.detail,
    }
    return {
        "call_id": event.call_id,
        "at": event.at,
        "number": event.record,
        "decision": json.dumps(document, ensure_ascii=False, separators=(",", ":")),
    }


async def decisions_of(database: Database, call_id: str) -> list[RoutingDecision]:
    """The decisions about a call in their order; none for a call that never waited."""
    table = routing_decisions
    query = select(table).where(table.c.call_id == call_id)
    async with database.read() as connection:
        rows = await connection.execute(query.order_by(table.c.at, table.c.number))
        return [
            RoutingDecision(at=row.at, number=row.number, **json.loads(row.decision))
            for row in rows
        ]
