"""All rows that the records hold, to compare and to count."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

TABLES = (
    "calls",
    "legs",
    "ivr_steps",
    "queue_events",
    "missed_calls",
    "agent_states",
    "people",
)


def all_rows(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, sorted, read with nothing but SQLite itself."""
    with sqlite3.connect(file) as connection:
        rows = {
            table: sorted(connection.execute(f"SELECT * FROM {table}"), key=repr)
            for table in TABLES
        }
    connection.close()
    return rows


async def until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something is true, for some seconds at most."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.002)
