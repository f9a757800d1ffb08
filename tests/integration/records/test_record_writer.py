"""The writer: groups, locked databases, odd events, and its own life."""

import asyncio
import logging
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from acd.event import Role
from acd.ledger.archive import missed_calls_page
from acd.ledger.debt import DebtState
from acd.records import archive
from acd.records import writer as writing
from acd.records.journal import Journal, JournalInUse
from acd.records.writer import RecordWriter
from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database, DatabaseUnavailable
from tests.fakes import call_events as told
from tests.fakes.call_events import START, after
from tests.integration.records.reading import all_rows, until

pytestmark = pytest.mark.integration


def on_disk(journal_path: Path) -> int:
    """How many bytes the journal holds."""
    return sum(Path(f"{journal_path}.{n}").stat().st_size for n in (1, 2))


def lines_set_aside(journal_path: Path) -> list[str]:
    """What the journal keeps for a person."""
    return Path(f"{journal_path}.refused").read_text().splitlines()


async def test_number_that_a_leg_showed_is_kept(
    writer: RecordWriter, bus: EventBus, database: Database
) -> None:
    arrived, *_ = told.answered_call("call")
    opened = told.leg_to("", "call", "leg", START)
    async with writer:
        bus.publish(arrived)
        bus.publish(replace(opened, role=Role.CITIZEN, shown="053112345"))
        await until(lambda: writer.pending == 0)
        (leg,) = (await archive.call(database, "call")).legs
    assert (leg.role, leg.shown) == ("citizen", "053112345")


def task_names() -> set[str]:
    """The tasks that still run."""
    return {task.get_name() for task in asyncio.all_tasks()}


async def test_call_is_in_the_database_soon_after_its_end(
    writer: RecordWriter, bus: EventBus, database: Database
) -> None:
    async with writer:
        for event in told.answered_call("call"):
            bus.publish(event)
        assert writer.pending == 22
        await until(lambda: writer.pending == 0)
        record = await archive.call(database, "call")
    call = record.call
    assert call.caller == told.CALLER
    assert (call.arrived_at, call.ended_at) == (START, after(60.1))
    assert (call.outcome, call.cause) == ("answered", "peer_hung_up")
    assert (call.wait_seconds, call.talk_seconds) == (8.0, 50.0)
    assert call.ivr_seconds == 2.0
    assert [leg.role for leg in record.legs] == ["citizen", "agent", "agent"]
    assert record.legs[1].sip_code == 408
    assert [leg.shown for leg in record.legs] == [None] * 3
    assert [event.kind for event in record.queue_events][-1] == "COMPLETECALLER"


async def test_committed_events_leave_the_journal(
    writer: RecordWriter, bus: EventBus, journal_path: Path
) -> None:
    async with writer:
        bus.publish(told.arrived("call"))
        await until(lambda: on_disk(journal_path) > 0)
        await until(lambda: on_disk(journal_path) == 0)


async def test_lag_is_the_age_of_the_oldest_event_that_is_not_committed(
    writer: RecordWriter, bus: EventBus
) -> None:
    async with writer:
        assert writer.lag_seconds == 0
        bus.publish(told.arrived("call", after(-5)))
        bus.publish(told.arrived("later"))
        assert 5 <= writer.lag_seconds < 30
        await until(lambda: writer.pending == 0)
        assert writer.lag_seconds == 0


async def test_leaving_writes_what_is_left(
    writer: RecordWriter, bus: EventBus, database: Database
) -> None:
    async with writer:
        bus.publish(told.arrived("call"))
    assert (await archive.call(database, "call")).call.called == "12345"


async def test_events_while_the_database_is_locked_arrive_later(
    writer: RecordWriter,
    bus: EventBus,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    file = tmp_path / "hotline.sqlite"
    calls = [f"call-{number}" for number in range(50)]
    async with writer:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        for number, call_id in enumerate(calls):
            start = after(60.0 * number)
            for event in told.answered_call(call_id, start=start):
                bus.publish(event)
            await asyncio.sleep(0.01)
        await asyncio.sleep(2.0)  # longer than the driver waits for a lock
        assert writer.pending == 22 * 50
        assert writer.pending > 0
        other.execute("COMMIT")
        other.close()
        await until(lambda: writer.pending == 0)
    rows = all_rows(file)
    assert [row[0] for row in rows["calls"]] == sorted(calls)
    assert len(rows["queue_events"]) == 6 * 50
    alarms = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert len(alarms) == 1
    assert "cannot be used: database is locked" in alarms[0].getMessage()


async def test_publisher_of_a_call_never_waits_for_a_locked_database(
    writer: RecordWriter, bus: EventBus, tmp_path: Path
) -> None:
    loop = asyncio.get_running_loop()
    async with writer:
        other = sqlite3.connect(tmp_path / "hotline.sqlite", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        start = loop.time()
        for number in range(40):
            bus.publish(told.arrived(f"call-{number}"))
            await asyncio.sleep(0.01)
        assert loop.time() - start < 5.0
        other.execute("ROLLBACK")
        other.close()


async def test_stopping_on_a_locked_database_is_bounded_and_keeps_the_journal(
    database: Database,
    bus: EventBus,
    journal_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writing, "STOP_SECONDS", 0.3)
    other = sqlite3.connect(tmp_path / "hotline.sqlite", isolation_level=None)
    async with RecordWriter(database, bus, journal_path, LoopClock()):
        other.execute("BEGIN EXCLUSIVE")
        bus.publish(told.arrived("call"))
    assert on_disk(journal_path) > 0
    other.execute("ROLLBACK")
    other.close()
    async with RecordWriter(database, bus, journal_path, LoopClock()):
        assert (await archive.call(database, "call")).call.peer == "192.0.2.7"
    assert on_disk(journal_path) == 0


async def test_start_on_a_locked_database_says_what_to_do(
    database: Database,
    bus: EventBus,
    journal_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writing, "START_SECONDS", 0.3)
    journal = Journal(journal_path)
    journal.open()
    journal.append(writing.encode(told.arrived("call")))
    journal.close()
    other = sqlite3.connect(tmp_path / "hotline.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DatabaseUnavailable, match="stop the program that locks it"):
        await RecordWriter(database, bus, journal_path, LoopClock()).__aenter__()
    other.execute("ROLLBACK")
    other.close()
    assert on_disk(journal_path) > 0, "what could not be written is kept"


async def test_event_that_never_fits_is_set_aside_and_the_others_are_written(
    writer: RecordWriter, bus: EventBus, database: Database, journal_path: Path
) -> None:
    naive = datetime(2026, 7, 20)  # noqa: DTZ001 - the fault that is to be met
    async with writer:
        bus.publish(told.arrived("before"))
        bus.publish(told.arrived("odd", naive))
        bus.publish(told.arrived("after"))
    ids = {call.id for call in await archive.calls_page(database)}
    assert ids == {"before", "after"}
    refused = lines_set_aside(journal_path)
    assert len(refused) == 1
    assert "odd" in refused[0]


async def test_torn_last_line_of_the_journal_is_passed_over(
    database: Database,
    bus: EventBus,
    journal_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    journal = Journal(journal_path)
    journal.open()
    journal.append(writing.encode(told.arrived("whole")))
    journal.append(writing.encode(told.arrived("torn"))[:70])
    journal.close()
    async with RecordWriter(database, bus, journal_path, LoopClock()):
        calls = await archive.calls_page(database)
    assert [call.id for call in calls] == ["whole"]
    warnings = [r for r in caplog.records if r.levelno == logging.WARNING]
    assert [r.getMessage() for r in warnings] == [
        "a torn or unknown line of the journal is set aside"
    ]


async def test_more_events_than_memory_may_hold_are_read_back_from_the_journal(
    writer: RecordWriter,
    bus: EventBus,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writing, "MOST_PENDING", 100)
    file = tmp_path / "hotline.sqlite"
    async with writer:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        for number in range(60):
            for event in told.abandoned_call(f"call-{number:02}", start=after(number)):
                bus.publish(event)
            await asyncio.sleep(0.02)
        assert writer.pending == 100
        other.execute("ROLLBACK")
        other.close()
        await until(lambda: writer.pending == 0)
    rows = all_rows(file)
    assert len(rows["calls"]) == 60
    assert len(rows["missed_calls"]) == 60
    assert None not in {row[12] for row in rows["calls"]}, "each has its outcome"
    assert writer.lost == 0


async def test_second_writer_on_the_same_data_is_refused(
    writer: RecordWriter, database: Database, bus: EventBus, journal_path: Path
) -> None:
    async with writer:
        with pytest.raises(JournalInUse):
            await RecordWriter(database, bus, journal_path, LoopClock()).__aenter__()


async def test_withheld_number_enters_the_ledger_without_a_debt(
    writer: RecordWriter, bus: EventBus, database: Database
) -> None:
    async with writer:
        for event in told.abandoned_call("known"):
            bus.publish(event)
        for event in told.abandoned_call("hidden", start=after(60), caller=""):
            bus.publish(event)
    ledger = await missed_calls_page(database)
    assert [(e.call_id, e.state) for e in ledger] == [
        ("hidden", DebtState.WITHHELD),
        ("known", DebtState.OWED),
    ]
    assert ledger[1].missed_at == after(30.0)
    assert ledger[1].stage == "abandoned_in_queue"


async def test_no_log_line_holds_a_number(
    writer: RecordWriter,
    bus: EventBus,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    naive = datetime(2026, 7, 20)  # noqa: DTZ001 - makes the database refuse it
    async with writer:
        bus.publish(told.arrived("odd", naive))
        for event in told.abandoned_call("call"):
            bus.publish(event)
    text = caplog.text
    assert "some event of a group does not fit" in text
    assert "138" not in text


async def test_stop_twice(writer: RecordWriter) -> None:
    async with writer:
        pass
    await writer.__aexit__(None, None, None)


async def test_cancel_start(
    database: Database, bus: EventBus, journal_path: Path, tmp_path: Path
) -> None:
    journal = Journal(journal_path)
    journal.open()
    journal.append(writing.encode(told.arrived("call")))
    journal.close()
    other = sqlite3.connect(tmp_path / "hotline.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    writer = RecordWriter(database, bus, journal_path, LoopClock())
    start = asyncio.create_task(writer.__aenter__(), name="start")
    await asyncio.sleep(0.1)
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    other.execute("ROLLBACK")
    other.close()
    async with RecordWriter(database, bus, journal_path, LoopClock()):
        assert (await archive.call(database, "call")).call.id == "call"


async def test_cancel_stop(
    database: Database, bus: EventBus, journal_path: Path, tmp_path: Path
) -> None:
    writer = RecordWriter(database, bus, journal_path, LoopClock())
    await writer.__aenter__()
    other = sqlite3.connect(tmp_path / "hotline.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    bus.publish(told.arrived("call"))
    stop = asyncio.create_task(writer.__aexit__(None, None, None), name="stop")
    await asyncio.sleep(0.5)
    stop.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stop
    other.execute("ROLLBACK")
    other.close()
    async with RecordWriter(database, bus, journal_path, LoopClock()):
        assert (await archive.call(database, "call")).call.id == "call"
    await until(lambda: "record-writer" not in task_names())


async def test_times_come_back_aware(
    writer: RecordWriter, bus: EventBus, database: Database
) -> None:
    async with writer:
        bus.publish(told.arrived("call", datetime(2026, 7, 20, 1, 2, 3, 4, tzinfo=UTC)))
    call = (await archive.call(database, "call")).call
    assert call.arrived_at == datetime(2026, 7, 20, 1, 2, 3, 4, tzinfo=UTC)
    assert call.arrived_at.tzinfo is UTC
