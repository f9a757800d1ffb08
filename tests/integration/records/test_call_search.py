"""Calls are searched by an index, whatever is asked for: also among a million."""

import pytest
from sqlalchemy import insert, text
from sqlalchemy.dialects import sqlite

from acd.records.archive import CallFilter, calls_query
from config.database import Database
from outbound.tables.archive import calls_of_order, order_of_call
from outbound.tables.store import attempts, contacts
from tests.fakes.call_events import START, after

pytestmark = pytest.mark.integration


async def plan_of(database: Database, only: CallFilter) -> list[str]:
    """How SQLite would find the calls."""
    dialect = sqlite.dialect()  # type: ignore[no-untyped-call]
    query = calls_query(50, "", only).compile(
        dialect=dialect, compile_kwargs={"literal_binds": True}
    )
    async with database.read() as connection:
        rows = await connection.execute(text(f"EXPLAIN QUERY PLAN {query}"))
        return [row.detail for row in rows]


@pytest.mark.parametrize(
    ("only", "index"),
    [
        (CallFilter(), "ix_calls_arrived_at"),
        (CallFilter(since=START, until=after(60)), "ix_calls_arrived_at"),
        (CallFilter(caller="1"), "ix_calls_caller"),
        (CallFilter(caller="1", queue="q", outcome="answered"), "ix_calls_caller"),
        (CallFilter(caller="1", agent="a", since=START), "ix_calls_caller"),
        (CallFilter(agent="a"), "ix_calls_agent_id"),
        (CallFilter(queue="q"), "ix_calls_queue"),
        (CallFilter(queue="q", outcome="answered"), "ix_calls_queue_outcome"),
        (CallFilter(outcome="answered", since=START), "ix_calls_outcome"),
    ],
)
async def test_no_search_reads_all_calls_or_sorts_them(
    database: Database, only: CallFilter, index: str
) -> None:
    (step, *others) = await plan_of(database, only)
    assert f"INDEX {index}" in step, step
    # Only calls of the same microsecond are sorted.
    assert all("RIGHT PART OF ORDER BY" in other for other in others), others


async def test_calls_of_some_ids_are_found_by_their_key(database: Database) -> None:
    step = (await plan_of(database, CallFilter(ids=("A", "B"))))[0]
    assert step.startswith("SEARCH calls")


async def test_order_leads_to_its_calls_and_back(database: Database) -> None:
    contact = {
        "campaign": "c",
        "number": "+8613812345678",
        "language": "zh",
        "closed_at": START,
        "unit": "u",
        "confidential": False,
        "state": "queued",
        "entered_at": START,
        "changed_at": START,
        "tries": 0,
        "reason": "",
    }
    tried = {"number": "+8613812345678"}
    async with database.begin() as connection:
        for name, order in (("X", "GD-1"), ("Y", "GD-2")):
            row = contact | {"id": name, "order_id": order}
            await connection.execute(insert(contacts).values(row))
        for call, of, second in (("A", "X", 0), ("B", "X", 9), ("C", "Y", 5)):
            row = tried | {"call_id": call, "contact_id": of, "at": after(second)}
            await connection.execute(insert(attempts).values(row))
    assert await calls_of_order(database, "GD-1") == ("B", "A")
    assert await calls_of_order(database, "GD-9") == ()
    assert await order_of_call(database, "C") == "GD-2"
    assert await order_of_call(database, "Z") == ""
