"""The do-not-call list in the database; every change of it is kept, for good."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from ulid import ULID

from config.database import Database
from outbound.contact import ContactState, moved
from outbound.deliveries.store import ResultBook, Unit
from outbound.do_not_call.entry import CITIZEN, OPT_OUT, DoNotCallEntry, Listed
from outbound.events import ResultCause
from outbound.tables.store import (
    contact_of,
    contacts,
    do_not_call,
    do_not_call_changes,
)

DO_NOT_CALL = "do_not_call"
"""Why a contact is barred whose number is on the list."""


class DoNotCallStore:
    """The list; each change is durable when its coroutine returns.

    Raises `DatabaseError` when it cannot be written; then nothing has changed. Who is
    barred is told by the book.
    """

    def __init__(self, database: Database, book: ResultBook | None = None) -> None:
        self._database, self._book = database, book or ResultBook(database)

    async def add(
        self, numbers: Sequence[str], reason: str, by: str, now: datetime
    ) -> Listed:
        """Numbers (E.164) get no follow-up calls; contacts who wait become barred."""
        async with self._book.begin() as unit:
            fresh = await _unknown(unit.connection, numbers)
            await _enter(unit.connection, fresh, reason, by, now)
            barred = await _bar_waiting(unit, fresh, now)
        return Listed(new=len(fresh), known=len(numbers) - len(fresh), barred=barred)

    async def remove(self, number: str, reason: str, by: str, now: datetime) -> bool:
        """The number may be called again; false when it was not on the list."""
        gone = delete(do_not_call).where(do_not_call.c.number == number)
        async with self._database.begin() as connection:
            found = (await connection.execute(gone)).rowcount > 0
            if found:
                await _note(connection, [number], reason, by, now, added=False)
        return found


async def entries_page(
    database: Database, *, limit: int = 50, before_id: str = ""
) -> list[DoNotCallEntry]:
    """The newest entries first."""
    query = select(do_not_call).order_by(do_not_call.c.id.desc()).limit(limit)
    if before_id:
        query = query.where(do_not_call.c.id < before_id)
    async with database.read() as connection:
        rows = await connection.execute(query)
        return [DoNotCallEntry(**row._asdict()) for row in rows]


async def is_listed(connection: AsyncConnection, number: str) -> bool:
    """Whether the number gets no follow-up calls."""
    query = select(do_not_call.c.number).where(do_not_call.c.number == number)
    return await connection.scalar(query) is not None


async def has_opted_out(connection: AsyncConnection, number: str) -> bool:
    """Whether the citizen himself said so."""
    query = select(do_not_call.c.number).where(
        do_not_call.c.number == number, do_not_call.c.reason == OPT_OUT
    )
    return await connection.scalar(query) is not None


async def enter_opt_out(unit: Unit, number: str, now: datetime) -> None:
    """The citizen himself wants none, in any campaign; told twice, it is there once."""
    if not await is_listed(unit.connection, number):
        await _enter(unit.connection, [number], OPT_OUT, CITIZEN, now)
    await _bar_waiting(unit, [number], now)


async def _unknown(connection: AsyncConnection, numbers: Sequence[str]) -> list[str]:
    query = select(do_not_call.c.number).where(do_not_call.c.number.in_(numbers))
    known = set(await connection.scalars(query))
    return [number for number in dict.fromkeys(numbers) if number not in known]


async def _enter(
    connection: AsyncConnection,
    numbers: Sequence[str],
    reason: str,
    by: str,
    now: datetime,
) -> None:
    rows: list[dict[str, Any]] = [
        {
            "id": str(ULID()),
            "number": number,
            "at": now,
            "reason": reason,
            "added_by": by,
        }
        for number in numbers
    ]
    if rows:
        await connection.execute(
            sqlite.insert(do_not_call).on_conflict_do_nothing(), rows
        )
        await _note(connection, numbers, reason, by, now, added=True)


async def _note(
    connection: AsyncConnection,
    numbers: Sequence[str],
    reason: str,
    by: str,
    now: datetime,
    *,
    added: bool,
) -> None:
    rows = [
        {
            "id": str(ULID()),
            "at": now,
            "number": number,
            "added": added,
            "reason": reason,
            "changed_by": by,
        }
        for number in numbers
    ]
    await connection.execute(insert(do_not_call_changes), rows)


async def _bar_waiting(unit: Unit, numbers: Sequence[str], now: datetime) -> int:
    """Whoever is being called just now is spoken with to the end."""
    query = select(contacts).where(
        contacts.c.number.in_(numbers),
        contacts.c.state == ContactState.WAITING.value,
    )
    waiting = (await unit.connection.execute(query)).all()
    for contact in map(contact_of, waiting):
        barred = moved(contact, ContactState.BARRED, now, reason=DO_NOT_CALL)
        change = update(contacts).where(contacts.c.id == contact.id)
        await unit.connection.execute(change.values(asdict(barred)))
        await unit.tell(barred, ResultCause.CLOSED, now)
    return len(waiting)
