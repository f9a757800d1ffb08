"""Spoken messages with files of their own have rows, and go with their time."""

from datetime import timedelta
from pathlib import Path

import pytest

from acd.events import MessageLeft
from acd.records.archive import call
from acd.records.message_retention import expire_messages
from acd.records.writer import write_events
from config.database import Database
from tests.fakes import call_events as told
from tests.fakes.call_events import START

pytestmark = pytest.mark.integration


def left(file: str, days: float) -> MessageLeft:
    """A message of so many days after the start."""
    return MessageLeft(
        at=START + timedelta(days=days),
        call_id="call",
        step="message",
        seconds=12.5,
        file=file,
    )


async def test_message_is_told_with_its_call_and_deleted_after_its_retention(
    database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "messages"
    folder.mkdir()
    for file in ("old.wav", "new.wav"):
        (folder / file).write_bytes(b"speech")
    messages = [left("old.wav", 0), left("new.wav", 40)]
    await write_events(database, [*told.abandoned_call("call"), *messages, *messages])
    assert [m.file for m in (await call(database, "call")).messages] == [
        "old.wav",
        "new.wav",
    ]
    now = START + timedelta(days=60)
    assert await expire_messages(database, folder, retention_days=30, now=now) == 1
    assert [file.name for file in folder.iterdir()] == ["new.wav"]
    assert [m.file for m in (await call(database, "call")).messages] == ["new.wav"]


async def test_file_that_cannot_be_deleted_keeps_its_row(
    database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "messages"
    (folder / "old.wav").mkdir(parents=True)
    await write_events(database, [*told.abandoned_call("call"), left("old.wav", 0)])
    now = START + timedelta(days=60)
    assert await expire_messages(database, folder, retention_days=30, now=now) == 0
    assert len((await call(database, "call")).messages) == 1
