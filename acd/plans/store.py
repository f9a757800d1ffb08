"""Decisions about the emergency plans, and whom plan 1 has moved: kept as they were made."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    Date,
    Index,
    Integer,
    Row,
    String,
    Table,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.plans.foresight import Sight
from acd.plans.rules import Plan1
from acd.plans.seating import back_again, to_the_phones
from acd.rosters.store import read_day_roster, read_shifts, replace_shift
from acd.staffing.escalation import Escalation, PlanDecision, Turn
from acd.staffing.moves import Move
from config.database import Database, UtcTime, metadata

decisions = Table(
    "plan_decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("turn", String, nullable=False),
    Column("before", Integer, nullable=False),
    Column("level", Integer, nullable=False),
    Column("decided_by", String, nullable=False),
    Column("note", String, nullable=False),
    Column("content", String, nullable=False),
    Column("sight", String),
    Column("state", String, nullable=False),
)

moves = Table(
    "plan_moves",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("content", String, nullable=False),
    Column("moved_at", UtcTime, nullable=False),
    Column("back_at", UtcTime),
    Index("ix_plan_moves_back_at", "back_at"),
)

DECISION = TypeAdapter(PlanDecision)
SIGHT = TypeAdapter(Sight)
STATE = TypeAdapter(Escalation)
MOVE = TypeAdapter(Move)


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterDay:
    """A day of the city and the cell of now in it."""

    day: date
    cell: int
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDecision:
    """A decision, who took it ("automatic", or a person) and what was foreseen then."""

    id: int
    decision: PlanDecision
    decided_by: str
    note: str = ""
    sight: Sight | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMove:
    """Whom plan 1 moved, and when he went back; None while he is on the phones."""

    move: Move
    moved_at: datetime
    back_at: datetime | None


async def keep_decision(
    connection: AsyncConnection, kept: KeptDecision, state: Escalation
) -> None:
    """Write a decision with the state after it; its id is the database's."""
    one = kept.decision
    await connection.execute(
        insert(decisions).values(
            at=one.at,
            turn=one.turn.value,
            before=one.before,
            level=one.level,
            decided_by=kept.decided_by,
            note=kept.note,
            content=DECISION.dump_json(one).decode(),
            sight=SIGHT.dump_json(kept.sight).decode() if kept.sight else None,
            state=STATE.dump_json(state).decode(),
        )
    )


async def last_state(database: Database) -> Escalation:
    """Where the plans stood last; normal before the first decision."""
    query = select(decisions.c.state).order_by(decisions.c.id.desc()).limit(1)
    async with database.read() as connection:
        state = (await connection.execute(query)).scalar_one_or_none()
    return STATE.validate_json(state) if state else Escalation()


async def plan_began(database: Database) -> datetime | None:
    """When the plans last left normal; None: never."""
    left_normal = decisions.c.turn == Turn.CHANGED.value, decisions.c.before == 0
    query = select(decisions.c.at).where(*left_normal)
    async with database.read() as connection:
        newest = query.order_by(decisions.c.id.desc()).limit(1)
        at: datetime | None = (await connection.execute(newest)).scalar_one_or_none()
    return at


async def last_decisions(
    database: Database, limit: int, before_id: int | None = None
) -> list[KeptDecision]:
    """The newest decisions first, all or those before one."""
    query = select(decisions).order_by(decisions.c.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(decisions.c.id < before_id)
    async with database.read() as connection:
        return [_kept(row) for row in await connection.execute(query)]


async def decisions_before(database: Database, until: datetime) -> list[KeptDecision]:
    """All decisions of before a moment, in their order."""
    query = select(decisions).where(decisions.c.at < until).order_by(decisions.c.id)
    async with database.read() as connection:
        return [_kept(row) for row in await connection.execute(query)]


async def moves_between(
    database: Database, since: datetime, until: datetime
) -> list[KeptMove]:
    """Whom plan 1 moved from a moment on, up to another, included both."""
    query = select(moves).where(moves.c.moved_at.between(since, until))
    async with database.read() as connection:
        rows = await connection.execute(query.order_by(moves.c.id))
        return [_move(row) for row in rows]


async def keep_moves(
    connection: AsyncConnection, made: Sequence[Move], at: datetime
) -> None:
    """Write whom plan 1 has moved."""
    rows = [
        {
            "person_id": move.person_id,
            "day": move.before.day,
            "content": MOVE.dump_json(move).decode(),
            "moved_at": at,
        }
        for move in made
    ]
    if rows:
        await connection.execute(insert(moves), rows)


async def open_moves(connection: AsyncConnection) -> list[Move]:
    """Whom plan 1 has moved, and not yet back."""
    query = select(moves.c.content).where(moves.c.back_at.is_(None))
    rows = await connection.execute(query.order_by(moves.c.id))
    return [MOVE.validate_json(row.content) for row in rows]


async def close_moves(connection: AsyncConnection, at: datetime) -> None:
    """All of them are back."""
    await connection.execute(
        update(moves).where(moves.c.back_at.is_(None)).values(back_at=at)
    )


async def seat(
    connection: AsyncConnection,
    roster_day: RosterDay,
    plan: Plan1,
    logged_in: Collection[str],
    at: datetime,
) -> list[Move]:
    """Move the people of plan 1 who are there to the phones; those whose shift it could
    change."""
    roster = await read_day_roster(connection, roster_day.day, roster_day.zone)
    made = [
        move
        for move in to_the_phones(roster, roster_day.cell, plan, logged_in)
        if await replace_shift(connection, move.before, move.after)
    ]
    await keep_moves(connection, made, at)
    return made


async def send_back(
    connection: AsyncConnection, roster_day: RosterDay, at: datetime
) -> list[Move]:
    """Move them back to their posts, if their shifts are still as the plan left them."""
    moved = await open_moves(connection)
    days = [move.before.day for move in moved] or [roster_day.day]
    shifts = await read_shifts(connection, min(days), max(days))
    back = back_again(moved, shifts, roster_day.day, roster_day.cell)
    for move in back:
        await replace_shift(connection, move.before, move.after)
    await close_moves(connection, at)
    return list(back)


def _kept(row: Row[Any]) -> KeptDecision:
    return KeptDecision(
        id=row.id,
        decision=DECISION.validate_json(row.content),
        decided_by=row.decided_by,
        note=row.note,
        sight=SIGHT.validate_json(row.sight) if row.sight else None,
    )


def _move(row: Row[Any]) -> KeptMove:
    return KeptMove(
        move=MOVE.validate_json(row.content),
        moved_at=row.moved_at,
        back_at=row.back_at,
    )
