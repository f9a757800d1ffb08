"""A writer who is cancelled, whenever it is, stops nobody else from writing."""

import asyncio

import pytest

from acd.call_backs.store import DebtStore
from acd.ledger.archive import debt_record
from acd.records.writer import write_events
from config.database import Database
from tests.fakes import call_events as told
from tests.fakes.call_events import after

pytestmark = pytest.mark.integration

NOW = after(3600)


async def cancelled_after(moments: int, ledger: DebtStore) -> BaseException | None:
    """A lease that is cancelled after so many turns of the loop; what it raised."""
    task = asyncio.ensure_future(ledger.lease("a", f"attempt-{moments}", NOW))
    for _ in range(moments):
        await asyncio.sleep(0)
    task.cancel()
    (raised,) = await asyncio.gather(task, return_exceptions=True)
    return raised if isinstance(raised, BaseException) else None


async def test_cancelled_writer_leaves_the_database_to_others(
    database: Database,
) -> None:
    ledger = DebtStore(database)
    await write_events(database, told.abandoned_call("a"))
    await ledger.fold(NOW)
    raised = []  # what was raised holds the driver's cursor, as a traceback does
    for moments in range(40):
        raised.append(await cancelled_after(moments, ledger))
        await write_events(database, told.abandoned_call(f"other-{moments}"))
    assert any(isinstance(error, asyncio.CancelledError) for error in raised)
    assert (await debt_record(database, "a")).debt.attempts <= 1
