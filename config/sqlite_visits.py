"""SQLite on a thread of its own, which a statement visits once.

The driver below visits its thread four times for a statement: for a cursor, to execute,
to fetch, to close. Each visit wakes two threads, which costs more than what SQLite does.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import aiosqlite

FETCHED_AT_ONCE = 256
"""So many rows come with the statement; of a longer result the rest comes when asked."""

Rows = list[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Executed:
    """What came of a statement; `cursor` has more rows, if it is there."""

    description: Any
    rows: Rows
    rowcount: int
    lastrowid: int | None
    cursor: sqlite3.Cursor | None


class OneVisitConnection(aiosqlite.Connection):
    """The driver's connection with cursors of its own."""

    def cursor(self) -> "OneVisitCursor":  # type: ignore[override]
        """A cursor; the thread hears of it with its first statement."""
        return OneVisitCursor(self)

    async def visit(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Run it on the thread, with the driver's own connection first."""
        return await self._execute(work, self._conn, *arguments)  # type: ignore[no-untyped-call]


async def opened(file: str, *, busy_seconds: float) -> aiosqlite.Connection:
    """A connection to a file; it waits so long for another's lock.

    It never begins by itself: it would begin late, and not before DDL.
    """
    connect = partial(
        sqlite3.connect,
        file,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
    )
    connection = OneVisitConnection(connect, FETCHED_AT_ONCE)
    connection._thread.daemon = True
    return await connection


class OneVisitCursor:
    """What SQLAlchemy asks of a cursor."""

    def __init__(self, connection: OneVisitConnection) -> None:
        self.description: Any = None
        self.rowcount, self.arraysize = -1, 1
        self.lastrowid: int | None = None
        self._connection = connection
        self._rows: Rows = []
        self._more: sqlite3.Cursor | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> Self:
        """Run a statement."""
        return await self._run(sqlite3.Cursor.execute, sql, parameters)

    async def executemany(self, sql: str, rows: Iterable[Iterable[Any]]) -> Self:
        """Run a statement once for each row of parameters."""
        return await self._run(sqlite3.Cursor.executemany, sql, rows)

    async def fetchone(self) -> Any:
        """The next row, or None."""
        return next(iter(await self.fetchmany(1)), None)

    async def fetchmany(self, size: int | None = None) -> Rows:
        """The next rows, fewer at the end."""
        size = self.arraysize if size is None else size
        if len(self._rows) < size:
            await self._fetch(size - len(self._rows))
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    async def fetchall(self) -> Rows:
        """All rows that are left."""
        await self._fetch(None)
        rows, self._rows = self._rows, []
        return rows

    async def __aiter__(self) -> AsyncIterator[Any]:
        while rows := await self.fetchmany(FETCHED_AT_ONCE):
            for row in rows:
                yield row

    async def close(self) -> None:
        """Let go of the rows that are left."""
        more, self._more, self._rows = self._more, None, []
        if more:
            await self._connection.visit(lambda _: more.close())

    async def _run(
        self, way: Callable[..., Any], sql: str, parameters: Iterable[Any]
    ) -> Self:
        await self.close()
        done: _Executed = await self._connection.visit(_executed, way, sql, parameters)
        self.description, self._rows, self._more = (
            done.description,
            done.rows,
            done.cursor,
        )
        self.rowcount, self.lastrowid = done.rowcount, done.lastrowid
        return self

    async def _fetch(self, size: int | None) -> None:
        """Add rows; all that are left when no size is given."""
        if self._more:
            self._rows += await self._connection.visit(_fetched, self._more, size)


def _executed(
    connection: sqlite3.Connection,
    way: Callable[..., Any],
    sql: str,
    parameters: Iterable[Any],
) -> _Executed:
    cursor = connection.cursor()
    rows: Rows = []
    try:
        way(cursor, sql, parameters)
        if cursor.description:
            rows = cursor.fetchmany(FETCHED_AT_ONCE)
        return _Executed(
            description=cursor.description,
            rows=rows,
            rowcount=cursor.rowcount,
            lastrowid=cursor.lastrowid,
            cursor=cursor if len(rows) == FETCHED_AT_ONCE else None,
        )
    finally:
        if len(rows) < FETCHED_AT_ONCE:
            cursor.close()


def _fetched(_: sqlite3.Connection, cursor: sqlite3.Cursor, size: int | None) -> Rows:
    return cursor.fetchall() if size is None else cursor.fetchmany(size)
