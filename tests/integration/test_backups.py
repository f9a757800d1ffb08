"""Backup and restore: while calls are recorded, into which places, and when not."""

import asyncio
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest

from acd.records.journal import Journal
from config.settings import load_settings
from hotline.backups.making import make_backup
from hotline.backups.manifest import BackupError
from hotline.backups.restoring import restore
from hotline.cli import USER_FAULTS
from recordings.proof import Proof, Scope, check
from tests.integration.backups import command, names_in, settings_in, small_data
from tests.integration.records.busy import (
    BusyService,
    check_no_call_is_lost_or_open,
    started_again,
    told_in,
)
from tests.integration.records.reading import all_rows
from tests.unit.recordings.archives import House, house_in
from tests.unit.recordings.studio import TalkingLeg, tone

pytestmark = pytest.mark.integration


async def test_backup_of_a_busy_service_loses_nothing_that_was_told_before(
    tmp_path: Path,
) -> None:
    there = load_settings(settings_in(tmp_path / "there"))
    data = there.hotline.data_dir
    data.mkdir()
    service = BusyService(data, "life")
    service.begin()
    lines, told = [], []
    for number in range(4):
        lines += service.heard(25)
        told.append(told_in(lines))
        make_backup(there, tmp_path / f"{number}.tar")
    service.killed(lines)
    for number, before in enumerate(told):
        here = load_settings(settings_in(tmp_path / f"here{number}"))
        restore(here, tmp_path / f"{number}.tar")
        await started_again(here.hotline.data_dir)
        check_no_call_is_lost_or_open(here.hotline.data_dir, before)
    assert len(told[-1]["over"]) > 5


async def test_events_that_the_database_has_not_taken_are_in_the_backup(
    tmp_path: Path,
) -> None:
    there = load_settings(settings_in(tmp_path / "there"))
    data = there.hotline.data_dir
    data.mkdir()
    service = BusyService(data, "life")
    lock = sqlite3.connect(data / "hotline.sqlite", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    told = service.killed_after(30)
    lock.execute("ROLLBACK")
    lock.close()
    assert all_rows(data / "hotline.sqlite")["calls"] == []
    make_backup(there, tmp_path / "b.tar")
    here = load_settings(settings_in(tmp_path / "here"))
    restore(here, tmp_path / "b.tar")
    await started_again(here.hotline.data_dir)
    check_no_call_is_lost_or_open(here.hotline.data_dir, told)
    assert told["over"]


async def test_recordings_come_back_proved_and_a_running_one_as_after_a_kill(
    tmp_path: Path,
) -> None:
    there = load_settings(settings_in(tmp_path / "there"))
    async with house_in(there.hotline.data_dir) as house:
        await house.record("C1", answered=tone(2, 700))
        await house.record("C2")
        leg = TalkingLeg()
        running = await house.open("C3", leg)
        leg.say(tone(1))
        await asyncio.to_thread(make_backup, there, tmp_path / "b.tar", recordings=True)
        await running.close()
    here = load_settings(settings_in(tmp_path / "here"))
    restore(here, tmp_path / "b.tar")
    async with house_in(here.hotline.data_dir) as house:
        cut = await house.archive.recover()
        await house.archive.settled()
        assert [call.call_id for call in cut] == ["C3"]
        proof = await proved(house)
    assert (proof.entries, proof.files) == (3, 3)


async def proved(house: House) -> Proof:
    """Every entry is proved without a fault."""
    proof = Proof()
    async for checked in check(house.archive, Scope(), proof):
        assert [fault for fault in checked.faults if not fault.is_warning] == []
    return proof


async def test_recording_that_was_deleted_meanwhile_is_named_not_missed(
    tmp_path: Path,
) -> None:
    there = load_settings(settings_in(tmp_path / "there"))
    async with house_in(there.hotline.data_dir) as house:
        recording = await house.record("C1")
        file = house.archive.file_of(recording)
        assert file
        file.unlink()
        made = await asyncio.to_thread(
            make_backup, there, tmp_path / "b.tar", recordings=True
        )
    assert made.gone == [f"recordings/{recording.path}"]
    assert f"recordings/{recording.path}" not in names_in(tmp_path / "b.tar")


def test_keys_and_recordings_are_in_it_only_when_asked_for(tmp_path: Path) -> None:
    small_data(tmp_path / "there")
    config = tmp_path / "there" / "hotline.toml"
    plain = command("backup", tmp_path / "plain.tar", "--config", config)
    assert plain.exit_code == 0
    assert "keys (people-key, console-key, api-token) are not in it" in plain.output
    assert names_in(tmp_path / "plain.tar") == {
        "hotline.sqlite",
        "journal/records.journal.1",
        "messages/m.wav",
    }
    assert b"secret" not in (tmp_path / "plain.tar").read_bytes()
    whole = command("backup", tmp_path / "whole.tar", "--keys", "--config", config)
    assert "The keys" not in whole.output
    assert names_in(tmp_path / "whole.tar") > {
        "keys/people-key",
        "keys/console-key",
        "keys/api-token",
    }


def test_restored_files_are_those_that_were_there_and_private(tmp_path: Path) -> None:
    there = small_data(tmp_path / "there")
    make_backup(there, tmp_path / "b.tar", keys=True)
    assert stat.S_IMODE((tmp_path / "b.tar").stat().st_mode) == 0o600
    config = settings_in(tmp_path / "here")
    told = command("restore", tmp_path / "b.tar", "--config", config)
    assert told.exit_code == 0, told.output
    assert "6 files" in told.output
    for name in ("people-key", "api-token", "records.journal.1", "messages/m.wav"):
        here = tmp_path / "here" / "data" / name
        assert here.read_bytes() == (tmp_path / "there" / "data" / name).read_bytes()
        assert stat.S_IMODE(here.stat().st_mode) == 0o600
    assert not list((tmp_path / "here" / "data").glob("*restoring*"))


def test_backup_is_not_put_into_a_running_hotline(tmp_path: Path) -> None:
    there = small_data(tmp_path / "there")
    make_backup(there, tmp_path / "b.tar")
    journal = Journal(there.hotline.data_dir / "records.journal")
    journal.open()
    with pytest.raises(BackupError, match="A hotline runs on"):
        restore(there, tmp_path / "b.tar")
    journal.close()


@pytest.mark.parametrize(
    "name",
    ["hotline.sqlite", "records.journal.2", "recordings/2026/a.flac", "messages/x.wav"],
)
def test_backup_is_not_put_beside_records_of_another(tmp_path: Path, name: str) -> None:
    make_backup(small_data(tmp_path / "there"), tmp_path / "b.tar")
    here = load_settings(settings_in(tmp_path / "here"))
    other = here.hotline.data_dir / name
    other.parent.mkdir(parents=True)
    other.write_text("another's")
    with pytest.raises(BackupError, match=f"{name} already"):
        restore(here, tmp_path / "b.tar")
    assert other.read_text() == "another's"
    assert [file for file in here.hotline.data_dir.rglob("*") if file.is_file()] == [
        other
    ]


def test_keys_that_are_there_are_not_overwritten(tmp_path: Path) -> None:
    make_backup(small_data(tmp_path / "there"), tmp_path / "b.tar", keys=True)
    here = load_settings(settings_in(tmp_path / "here"))
    here.hotline.data_dir.mkdir()
    here.people_key_file.write_text("mine")
    with pytest.raises(BackupError, match="people-key already"):
        restore(here, tmp_path / "b.tar")
    assert here.people_key_file.read_text() == "mine"


def test_backup_that_was_cut_or_changed_leaves_nothing(tmp_path: Path) -> None:
    make_backup(small_data(tmp_path / "there"), tmp_path / "b.tar")
    whole = (tmp_path / "b.tar").read_bytes()
    at = whole.index(b"RIFF") + 2000
    wrongs = {
        "cut in the middle": whole[: len(whole) // 2],
        "cut at its end": whole[: whole.index(b"manifest.json")],
        "changed": whole[:at] + b"!" + whole[at + 1 :],
        "another file": b"no backup at all",
        "empty": b"",
    }
    here = load_settings(settings_in(tmp_path / "here"))
    for number, (what, content) in enumerate(wrongs.items()):
        file = tmp_path / f"{number}.tar"
        file.write_bytes(content)
        with pytest.raises(BackupError):
            restore(here, file)
        left = [f for f in here.hotline.data_dir.rglob("*") if f.is_file()]
        assert left == [], what


def test_backup_that_leads_out_of_the_data_is_refused(tmp_path: Path) -> None:
    make_backup(small_data(tmp_path / "there"), tmp_path / "b.tar")
    text = (tmp_path / "b.tar").read_bytes()
    evil = text.replace(b'"messages/m.wav"', b'"../../../../xy"')
    (tmp_path / "b.tar").write_bytes(evil)
    here = load_settings(settings_in(tmp_path / "here"))
    with pytest.raises(BackupError, match="outside of the data"):
        restore(here, tmp_path / "b.tar")


def test_no_room_is_told_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_backup(small_data(tmp_path / "there"), tmp_path / "b.tar")
    here = load_settings(settings_in(tmp_path / "here"))
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(BackupError, match="are free"):
        restore(here, tmp_path / "b.tar")


def test_backups_are_never_overwritten(tmp_path: Path) -> None:
    there = small_data(tmp_path / "there")
    make_backup(there, tmp_path / "b.tar")
    before = (tmp_path / "b.tar").read_bytes()
    with pytest.raises(BackupError, match="exists already"):
        make_backup(there, tmp_path / "b.tar")
    assert (tmp_path / "b.tar").read_bytes() == before
    assert BackupError in USER_FAULTS


def test_database_that_is_damaged_is_not_taken_for_a_backup(tmp_path: Path) -> None:
    there = small_data(tmp_path / "there")
    file = there.hotline.data_dir / "hotline.sqlite"
    file.write_bytes(b"x" * 8192)
    told = command(
        "backup", tmp_path / "b.tar", "--config", tmp_path / "there" / "hotline.toml"
    )
    assert told.exit_code == 1
    assert "cannot be copied" in str(told.exception)
    assert not (tmp_path / "b.tar").exists()
