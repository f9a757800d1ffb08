"""A full disk: a file system of its own, small enough to fill."""

import asyncio
import logging
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import config.database
from acd.records import writer as writing
from acd.records.writer import RecordWriter
from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database
from tests.fakes import call_events as told
from tests.fakes.call_events import after
from tests.integration.records.reading import all_rows, until

pytestmark = pytest.mark.integration

CALLS = 300


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB: an empty database with its WAL takes one of them."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    made = subprocess.run(mount, check=False, capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"no small file system can be mounted here: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """A file that takes all the room that is left, to the last byte."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 256, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue
    return ballast


async def publish_calls(bus: EventBus) -> None:
    """Many calls; a publisher that raised would be logged by the bus."""
    for number in range(CALLS):
        for event in told.abandoned_call(f"call-{number:03}", start=after(number)):
            bus.publish(event)
        if number % 20 == 0:
            await asyncio.sleep(0.01)


async def test_records_of_a_full_disk_are_kept_in_memory_and_written_when_there_is_room(
    small_disk: Path, bus: EventBus, caplog: pytest.LogCaptureFixture
) -> None:
    file = small_disk / "hotline.sqlite"
    async with (
        Database(f"sqlite+aiosqlite:///{file}") as database,
        RecordWriter(database, bus, small_disk / "journal", LoopClock()) as writer,
    ):
        ballast = fill(small_disk)
        await publish_calls(bus)
        await asyncio.sleep(1.5)
        assert writer.pending == 6 * CALLS
        ballast.unlink()
        await until(lambda: writer.pending == 0, seconds=20)
    rows = all_rows(file)
    assert len(rows["calls"]) == CALLS
    assert {row[12] for row in rows["calls"]} == {"abandoned_in_queue"}
    assert len(rows["missed_calls"]) == CALLS
    messages = [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR]
    assert messages == ["the journal cannot be written: free disk space"]
    assert "subscriber failed" not in caplog.text


async def test_journal_that_met_the_end_of_the_disk_gives_back_every_event(
    small_disk: Path, bus: EventBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config.database, "BUSY_SECONDS", 0.2)
    monkeypatch.setattr(writing, "STOP_SECONDS", 0.1)
    file, journal_path = small_disk / "hotline.sqlite", small_disk / "journal"
    async with Database(f"sqlite+aiosqlite:///{file}") as database:
        lock = sqlite3.connect(file, isolation_level=None)
        async with RecordWriter(database, bus, journal_path, LoopClock()) as writer:
            lock.execute("BEGIN EXCLUSIVE")
            ballast = fill(small_disk)
            os.truncate(ballast, ballast.stat().st_size - 4096)
            await publish_calls(bus)
            await until(lambda: writer.unsaved > 0)
            os.truncate(ballast, 0)
            await until(lambda: writer.unsaved == 0)
        lock.close()
        assert all_rows(file)["calls"] == []
        async with RecordWriter(database, bus, journal_path, LoopClock()):
            pass
    rows = all_rows(file)
    assert len(rows["calls"]) == CALLS
    assert len(rows["missed_calls"]) == CALLS
