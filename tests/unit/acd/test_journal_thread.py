"""The journal's thread: a disk that hangs or refuses must not be felt by the calls.

Real time, because a thread knows no other; each test takes milliseconds.
"""

import asyncio
import errno
import os
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from acd.records import journal_thread
from acd.records.journal import JournalInUse
from acd.records.journal_thread import JournalThread


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.journal"


@pytest.fixture
async def journal(path: Path) -> AsyncIterator[JournalThread]:
    journal = JournalThread(path)
    journal.open()
    yield journal
    await journal.close()


class SickDisk:
    """`os.write` of a disk that can hang and can be full."""

    def __init__(self) -> None:
        self.full = False
        self.moves = threading.Event()
        self.moves.set()

    def write(self, file: int, data: bytes) -> int:
        """Wait while it hangs, refuse while it is full."""
        self.moves.wait(timeout=10)
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return os.writev(file, [data])


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> SickDisk:
    disk = SickDisk()
    monkeypatch.setattr("acd.records.journal.os.write", disk.write)
    return disk


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is true, five seconds at most."""
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.001)


async def test_lines_are_on_disk_in_order_once_it_has_settled(
    journal: JournalThread,
) -> None:
    journal.append(b"one\n")
    journal.turn()
    journal.append(b"two\n")
    await journal.settled()
    assert sorted(journal.lines()) == [b"one\n", b"two\n"]
    journal.drop()
    await journal.settled()
    assert list(journal.lines()) == [b"two\n"]
    assert journal.unsaved == 0


async def test_hung_disk_does_not_hold_the_loop(
    journal: JournalThread, disk: SickDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_thread, "SLOW_LINES", 10)
    disk.moves.clear()
    for _ in range(20):
        journal.append(b"line\n")
    assert journal.failing
    assert journal.unsaved >= 19
    disk.moves.set()
    await journal.settled()
    assert not journal.failing
    assert len(list(journal.lines())) == 20


async def test_closing_on_a_hung_disk_is_bounded(
    path: Path, disk: SickDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_thread, "CLOSE_SECONDS", 0.05)
    journal = JournalThread(path)
    journal.open()
    disk.moves.clear()
    journal.append(b"line\n")
    async with asyncio.timeout(2):
        await journal.settled(0.05)
        await journal.close()
    disk.moves.set()


async def test_full_disk_is_tried_again_without_a_new_line(
    journal: JournalThread, disk: SickDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_thread, "RETRY_SECONDS", 0.01)
    disk.full = True
    journal.append(b"line\n")
    await until(lambda: journal.failing)
    disk.full = False
    await until(lambda: journal.unsaved == 0)
    assert not journal.failing
    assert list(journal.lines()) == [b"line\n"]


async def test_lines_dropped_while_the_disk_was_full_are_no_fault_any_more(
    journal: JournalThread, disk: SickDisk
) -> None:
    disk.full = True
    journal.append(b"line\n")
    journal.turn()
    journal.drop()
    await journal.settled()
    assert not journal.failing
    assert journal.unsaved == 0


async def test_closing_writes_what_is_left_and_twice_does_nothing(path: Path) -> None:
    journal = JournalThread(path)
    journal.open()
    for _ in range(100):
        journal.append(b"line\n")
    await journal.close()
    await journal.close()
    again = JournalThread(path)
    again.open()
    assert len(list(again.lines())) == 100
    again.clear()
    await again.settled()
    assert list(again.lines()) == []
    await again.close()


async def test_second_journal_on_the_same_files_is_refused(
    path: Path, journal: JournalThread
) -> None:
    with pytest.raises(JournalInUse):
        JournalThread(path).open()
