"""A database in a directory of its own, and a writer on it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import config.database
from acd.records.writer import RecordWriter
from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database
from tests.fakes.call_events import START
from tests.fakes.migrated import migrated


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where the database is, or will be."""
    return f"sqlite+aiosqlite:///{tmp_path / 'hotline.sqlite'}"


@pytest.fixture
async def database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Database]:
    """Its driver is impatient with locks, so that tests need not wait long."""
    monkeypatch.setattr(config.database, "BUSY_SECONDS", 0.3)
    async with Database(migrated(tmp_path / "hotline.sqlite")) as database:
        yield database


@pytest.fixture
def bus() -> EventBus:
    return EventBus()


@pytest.fixture
def journal_path(tmp_path: Path) -> Path:
    return tmp_path / "records.journal"


@pytest.fixture
async def writer(database: Database, bus: EventBus, journal_path: Path) -> RecordWriter:
    """A writer that nobody has entered yet; its clock starts with the stories."""
    return RecordWriter(database, bus, journal_path, LoopClock(START))
