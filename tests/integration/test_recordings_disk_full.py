"""A really full disk: calls go on, nobody raises, what was recorded is kept."""

import asyncio
import sys
from pathlib import Path

import pytest

from recordings.entry import State
from recordings.events import RecordingClosed, RecordingFailed, RecordingStarted
from recordings.proof import verify
from tests.unit.recordings.archives import house_in
from tests.unit.recordings.small_disk import Ballast, disk
from tests.unit.recordings.studio import Samples, TalkingLeg, noise, tone

__all__ = ["disk"]

pytestmark = pytest.mark.integration
QUIETER_SECONDS = 3.0


class DeafLeg(TalkingLeg):
    """A leg whose recorder goes on when the disk is full, as PJSIP's does."""

    def say(self, samples: Samples) -> None:
        assert self.file is not None
        data = samples.tobytes()
        try:
            with self.file.open("ab", buffering=0) as file:
                while data:
                    data = data[file.write(data) or len(data) :]
        except OSError:
            return

    def _finish(self) -> None:
        self.stops += 1


async def test_a_call_without_room_goes_on_unrecorded_and_is_told(
    disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with house_in(disk, min_free_megabytes=500) as house:
        legs = [DeafLeg() for _ in range(5)]
        for number, leg in enumerate(legs):
            recording = await house.open(f"C{number}", leg)
            assert not recording.on
            await recording.add(leg, role="agent")
            await recording.close()
        await house.archive.settled()
        entries = await house.archive.store.chained(0, 10)
        faults = await verify(house.archive)
    assert [leg.file for leg in legs] == [None] * 5
    assert {entry.state for entry in entries} == {State.FAILED}
    assert all("500 MB are wanted" in entry.reason for entry in entries)
    assert len(house.events(RecordingFailed)) == 5
    assert house.events(RecordingStarted) == []
    assert [fault.kind for fault in faults] == ["not_recorded"] * 5
    assert caplog.text.count("RECORDING ALARM") == 1
    assert list((disk / "recordings/live").iterdir()) == []


async def test_a_killed_call_that_was_not_recorded_is_told_as_cut(disk: Path) -> None:
    async with house_in(disk, min_free_megabytes=500) as house:
        await house.open("C1", DeafLeg())
    async with house_in(disk, min_free_megabytes=500) as house:
        (cut,) = await house.archive.recover()
        await house.archive.settled()
        entry = await house.archive.find("C1")
    assert (cut.call_id, cut.caller, cut.recorded) == ("C1", "13812345678", False)
    assert entry is not None
    assert (entry.state, "MB are wanted" in entry.reason) == (State.FAILED, True)


async def test_a_disk_without_a_single_byte_stops_no_call(
    disk: Path, tmp_path: Path
) -> None:
    ballast = Ballast(disk)
    async with house_in(disk, database=tmp_path / "db", min_free_megabytes=0) as house:
        ballast.fill()
        recording = await house.open("C1", DeafLeg())
        recording.mark("paused", by="1001")
        await recording.close()
        await house.archive.settled()
        assert len(house.events(RecordingFailed)) == 1
        ballast.drop()
        await house.record("C2", noise(1))
        entry = await house.archive.find("C1")
    assert entry is not None
    assert entry.state is State.FAILED
    assert "No space left" in entry.reason


async def test_a_disk_that_fills_during_a_call_truncates_the_recording_only(
    disk: Path, tmp_path: Path
) -> None:
    ballast = Ballast(disk)
    async with house_in(disk, database=tmp_path / "db", min_free_megabytes=1) as house:
        citizen, agent = DeafLeg(), DeafLeg()
        recording = await house.open("C1", citizen)
        citizen.say(tone(1))
        ballast.fill()
        citizen.say(tone(5))
        await recording.add(agent, role="agent", name="1001")
        agent.say(tone(5))
        recording.mark("paused", by="1001")
        await asyncio.sleep(QUIETER_SECONDS)
        await recording.close()
        await house.archive.settled()
        pending = await house.archive.find("C1")
        assert pending is not None
        assert pending.state is State.PENDING
        ballast.drop()
        await house.record("C2", noise(1))
        await house.archive.settled()
        entry = await house.archive.find("C1")
        assert {f.kind for f in await verify(house.archive)} == {"truncated"}
    assert entry is not None
    assert (entry.state, entry.sequence) == (State.TRUNCATED, 2)
    assert entry.seconds >= 1.0
    assert any(mark.get("by") == "1001" for mark in entry.marks)


async def test_a_disk_full_for_records_and_recordings_alike_loses_nothing(
    disk: Path,
) -> None:
    ballast = Ballast(disk)
    async with house_in(disk, min_free_megabytes=0) as house:
        citizen = DeafLeg()
        recording = await house.open("C1", citizen)
        citizen.say(noise(30))
        ballast.fill()
        await recording.close()
        await house.archive.settled()
        assert house.events(RecordingClosed) == []
        ballast.drop()
    async with house_in(disk, min_free_megabytes=0) as house:
        assert await house.archive.recover() == []
        await house.archive.settled()
        entry = await house.archive.find("C1")
        assert await verify(house.archive) == []
    assert entry is not None
    assert (entry.state, entry.seconds) == (State.CLOSED, 30.0)
    assert list((disk / "recordings/live").iterdir()) == []


async def test_a_join_that_finds_no_room_is_repeated_after_the_next_one(
    disk: Path, tmp_path: Path
) -> None:
    ballast = Ballast(disk)
    async with house_in(disk, database=tmp_path / "db", min_free_megabytes=0) as house:
        citizen = DeafLeg()
        recording = await house.open("C1", citizen)
        citizen.say(noise(60))
        ballast.fill()
        await recording.close()
        await house.archive.settled()
        live = house.archive.root / "live/C1"
        assert [file.name for file in live.glob("*.partial")] == []
        assert (live / "0-citizen.wav").stat().st_size == 44 + 60 * 16000
        ballast.drop()
        await house.record("C2", tone(1))
        await house.archive.settled()
        entry = await house.archive.find("C1")
    assert entry is not None
    assert (entry.state, entry.seconds) == (State.CLOSED, 60.0)


async def test_a_worker_that_may_not_write_long_files_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`ulimit -f` (RLIMIT_FSIZE): the write fails in the middle with EFBIG."""
    limited = tmp_path / "limited-python"
    limited.write_text(f'#!/bin/sh\nulimit -f 64\nexec {sys.executable} "$@"\n')
    limited.chmod(0o700)
    with monkeypatch.context() as patch:
        patch.setattr("config.worker_process.sys.executable", str(limited))
        async with house_in(tmp_path) as house:
            pending = await house.record("C1", noise(60))
            assert pending.state is State.PENDING
    async with house_in(tmp_path) as house:
        await house.archive.recover()
        await house.archive.settled()
        entry = await house.archive.find("C1")
    assert entry is not None
    assert (entry.state, entry.seconds) == (State.CLOSED, 60.0)
