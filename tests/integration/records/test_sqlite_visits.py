"""A statement visits the database's thread once, and fetches no more than is asked."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from config.database import Database
from config.sqlite_visits import FETCHED_AT_ONCE, OneVisitConnection, opened

pytestmark = pytest.mark.integration
MANY = 3 * FETCHED_AT_ONCE + 1
NUMBERS = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY}) SELECT i FROM n"


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[OneVisitConnection]:
    connection = await opened(str(tmp_path / "a.sqlite"), busy_seconds=1)
    assert isinstance(connection, OneVisitConnection)
    yield connection
    await connection.close()


@pytest.fixture
def visits(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the thread was visited for."""
    made: list[Any] = []
    execute = OneVisitConnection._execute

    async def counted(self: Any, work: Any, *arguments: Any, **more: Any) -> Any:
        made.append(work)
        return await execute(self, work, *arguments, **more)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(OneVisitConnection, "_execute", counted)
    return made


async def test_a_transaction_visits_the_thread_once_a_statement(
    tmp_path: Path, visits: list[Any]
) -> None:
    async with Database(f"sqlite+aiosqlite:///{tmp_path}/a.sqlite") as database:
        async with database.begin() as connection:
            visits.clear()
            await connection.execute(text("CREATE TABLE t (i INTEGER)"))
            await connection.execute(text("INSERT INTO t VALUES (1), (2)"))
            rows = (await connection.execute(text("SELECT i FROM t"))).all()
        assert [row.i for row in rows] == [1, 2]
        assert len(visits) == 3 + 2  # commit, and the pool looks that nothing is open


async def test_a_long_result_is_streamed_and_closed(
    tmp_path: Path, visits: list[Any]
) -> None:
    async with (
        Database(f"sqlite+aiosqlite:///{tmp_path}/a.sqlite") as database,
        database.read() as connection,
    ):
        visits.clear()
        result = await connection.stream(text(NUMBERS))
        assert len(visits) == 1 + 1  # it begins by BEGIN
        assert [row.i async for row in result] == list(range(1, MANY + 1))
        rows = (await connection.execute(text(NUMBERS))).all()
        assert len(rows) == MANY


async def test_rows_come_in_order_whoever_asks_for_how_many(
    connection: OneVisitConnection,
) -> None:
    cursor = await connection.cursor().execute(NUMBERS)
    first, few = await cursor.fetchone(), await cursor.fetchmany(FETCHED_AT_ONCE)
    rest = [row async for row in cursor]
    numbers = [row[0] for row in (first, *few, *rest)]
    assert numbers == list(range(1, MANY + 1))
    assert await cursor.fetchone() is None
    assert await cursor.fetchall() == []


async def test_a_cursor_that_is_left_early_keeps_nobody_from_writing(
    connection: OneVisitConnection,
) -> None:
    writer = connection.cursor()
    await writer.execute("CREATE TABLE t (i INTEGER)")
    await writer.executemany("INSERT INTO t VALUES (?)", [(i,) for i in range(MANY)])
    assert writer.rowcount == MANY
    reader = await connection.cursor().execute("SELECT i FROM t")
    await reader.close()
    await writer.execute("DROP TABLE t")


async def test_a_statement_that_fails_leaves_no_cursor(
    connection: OneVisitConnection,
) -> None:
    cursor = connection.cursor()
    await cursor.execute("CREATE TABLE t (i INTEGER UNIQUE)")
    with pytest.raises(sqlite3.IntegrityError):
        await cursor.execute("INSERT INTO t VALUES (1), (1)")
    await cursor.execute("INSERT INTO t VALUES (1)")
    assert cursor.lastrowid == 1


async def test_a_cancelled_statement_is_carried_out_and_let_go(
    connection: OneVisitConnection,
) -> None:
    cursor = connection.cursor()
    await cursor.execute("CREATE TABLE t AS " + NUMBERS)
    running = asyncio.create_task(
        cursor.execute("SELECT i FROM t LIMIT 9"), name="select"
    )
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await connection.cursor().execute("DROP TABLE t")
