"""The folder of a running call: private, complete, readable after anything."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from recordings import manifest as lines
from recordings.live import LiveFolder, file_name
from recordings.manifest import Manifest, Part
from recordings.mono import RATE
from tests.unit.recordings.studio import tone, wav

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
CALL = Manifest(call_id="C1", caller="1", called="12345", started_at=START)


@pytest.fixture
def folder(tmp_path: Path) -> LiveFolder:
    """The folder of call C1."""
    folder = LiveFolder.of_call(tmp_path, "C1")
    folder.create()
    return folder


@pytest.mark.parametrize(
    "call_id", ["", ".", "../x", "a/b", ".hidden", "x" * 65, "a\n"]
)
def test_a_call_id_that_cannot_name_a_folder_is_refused(
    tmp_path: Path, call_id: str
) -> None:
    with pytest.raises(ValueError, match="cannot name a folder"):
        LiveFolder.of_call(tmp_path, call_id)


def test_nobody_else_can_read_what_is_said(folder: LiveFolder) -> None:
    folder.note(lines.call_line(CALL))
    folder.flush()
    assert folder.path.stat().st_mode & 0o777 == 0o700
    assert folder.path.parent.stat().st_mode & 0o777 == 0o700
    assert (folder.path / "manifest.jsonl").stat().st_mode & 0o777 == 0o600


def test_lines_that_found_the_disk_full_are_written_when_there_is_room(
    folder: LiveFolder,
) -> None:
    manifest = folder.path / "manifest.jsonl"
    manifest.symlink_to("/dev/full")
    folder.note(lines.call_line(CALL))
    with pytest.raises(OSError, match="No space left"):
        folder.flush()
    folder.note(lines.mark_line("paused", 1.0, {}))
    assert folder.manifest().caller == "1"
    manifest.unlink()
    folder.flush()
    told = LiveFolder.load(folder.path).manifest()
    assert (told.caller, told.marks[0]["kind"]) == ("1", "paused")


def test_a_sound_file_without_a_line_is_found_and_placed_by_its_times(
    folder: LiveFolder,
) -> None:
    folder.note(lines.call_line(CALL))
    folder.note(
        lines.part_line(Part(file=file_name(0, "citizen"), role="citizen"), START)
    )
    leave(folder.path / file_name(0, "citizen"), seconds=10, until=1000)
    leave(folder.path / file_name(1, "agent"), seconds=4, until=1000)
    citizen, agent = folder.manifest().parts
    assert (citizen.role, citizen.offset_frames, citizen.estimated) == (
        "citizen",
        0,
        False,
    )
    assert (agent.role, agent.offset_frames, agent.estimated) == (
        "agent",
        6 * RATE,
        True,
    )


def test_without_a_manifest_the_files_tell_roles_and_start(tmp_path: Path) -> None:
    path = tmp_path / "C9"
    path.mkdir()
    leave(path / file_name(0, "citizen"), seconds=10, until=1000)
    told = LiveFolder.load(path).manifest()
    assert (told.call_id, told.caller) == ("C9", "")
    assert told.started_at == datetime.fromtimestamp(990, UTC)
    assert [part.role for part in told.parts] == ["citizen"]


def test_a_lost_file_is_told_and_the_rest_is_kept(folder: LiveFolder) -> None:
    folder.note(
        lines.part_line(Part(file=file_name(0, "citizen"), role="citizen"), START)
    )
    folder.note(lines.part_line(Part(file=file_name(1, "agent"), role="agent"), START))
    leave(folder.path / file_name(1, "agent"), seconds=1, until=1000)
    told = folder.manifest()
    assert [part.role for part in told.parts] == ["agent"]
    assert told.failure == "a leg's file is missing"


def test_the_last_sign_of_life_is_when_sound_was_last_written(
    folder: LiveFolder,
) -> None:
    folder.note(lines.call_line(CALL))
    folder.flush()
    os.utime(folder.path / "manifest.jsonl", (5000, 5000))
    assert folder.last_sign_of_life().timestamp() == 5000
    leave(folder.path / file_name(0, "citizen"), seconds=1, until=1000)
    leave(folder.path / file_name(1, "agent"), seconds=1, until=2000)
    assert folder.last_sign_of_life().timestamp() == 2000


def leave(file: Path, *, seconds: float, until: float) -> None:
    """A leg's file as a kill leaves it, last written at a time."""
    file.write_bytes(wav(tone(seconds), "cut"))
    os.utime(file, (until, until))
