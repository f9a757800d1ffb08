"""The journal's files: what they keep, and what a full disk or a second process does."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from acd.records.journal import Journal, JournalInUse


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "records.journal"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    journal = Journal(path)
    journal.open()
    yield journal
    journal.close()


class FullDisk:
    """`os.write` of a disk that takes `room` bytes and then no more."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, file: int, data: bytes) -> int:
        """Take what fits, as a file system does."""
        if self.room == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = os.writev(file, [data[: self.room]])
        self.room -= taken
        return taken


def test_lines_survive_the_process(path: Path, journal: Journal) -> None:
    journal.append(b"one\n")
    journal.append(b"two\n")
    journal.close()
    again = Journal(path)
    again.open()
    assert list(again.lines()) == [b"one\n", b"two\n"]
    again.close()


def test_dropping_a_group_keeps_the_lines_that_came_after_it(journal: Journal) -> None:
    journal.append(b"one\n")
    journal.turn()
    journal.append(b"two\n")
    journal.drop()
    assert list(journal.lines()) == [b"two\n"]


def test_group_is_kept_until_it_is_dropped(journal: Journal) -> None:
    journal.append(b"one\n")
    journal.turn()
    journal.append(b"two\n")
    assert sorted(journal.lines()) == [b"one\n", b"two\n"]


def test_files_are_for_their_owner_only(path: Path, journal: Journal) -> None:
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_second_process_is_refused_and_told_what_to_do(
    path: Path, journal: Journal
) -> None:
    with pytest.raises(JournalInUse, match=r"another hotline(.|\n)*data_dir"):
        Journal(path).open()


def test_closing_twice_does_nothing(journal: Journal) -> None:
    journal.close()
    journal.close()


def test_lines_that_a_full_disk_refused_are_saved_later(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FullDisk(room=0)
    monkeypatch.setattr("acd.records.journal.os.write", disk.write)
    assert not journal.append(b"one\n")
    assert not journal.append(b"two\n")
    assert journal.unsaved == 2
    disk.room = 100
    assert journal.append(b"three\n")
    assert list(journal.lines()) == [b"one\n", b"two\n", b"three\n"]


def test_half_a_line_is_never_glued_to_the_next(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FullDisk(room=3)
    monkeypatch.setattr("acd.records.journal.os.write", disk.write)
    assert not journal.append(b"first\n")
    disk.room = 100
    assert journal.retry()
    assert list(journal.lines()) == [b"fir\n", b"first\n"]


def test_unsaved_lines_of_a_committed_group_are_forgotten(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FullDisk(room=0)
    monkeypatch.setattr("acd.records.journal.os.write", disk.write)
    journal.append(b"one\n")
    journal.turn()
    journal.append(b"two\n")
    journal.drop()
    assert journal.unsaved == 1
    disk.room = 100
    journal.retry()
    assert list(journal.lines()) == [b"two\n"]


def test_line_set_aside_is_kept_for_a_person(path: Path, journal: Journal) -> None:
    journal.set_aside(b"odd\n")
    refused = Path(f"{path}.refused")
    assert refused.read_bytes() == b"odd\n"
    assert stat.S_IMODE(refused.stat().st_mode) == 0o600
