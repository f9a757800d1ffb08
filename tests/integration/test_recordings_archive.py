"""Whole calls through the archive: recorded, joined by workers, stored, chained, told."""

import asyncio
import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import soundfile

from config.database import StatementRejected
from recordings.archive import ArchiveInUse
from recordings.chain import GENESIS, link
from recordings.entry import Recording, State
from recordings.events import RecordingClosed, RecordingFailed, RecordingStarted
from recordings.live import private_folder
from recordings.proof import verify
from recordings.store import RecordingStore
from telephony.calls import TelephonyError
from tests.unit.recordings.archives import START, House, house_in
from tests.unit.recordings.studio import TalkingLeg, silence, strength, tone, wav

pytestmark = pytest.mark.integration


async def test_a_call_ends_as_one_private_file_with_its_facts(tmp_path: Path) -> None:
    async with house_in(tmp_path) as house:
        entry = await house.record("C1", tone(3, 300), tone(2, 500))
        file = house.archive.root / "2026/03/01/C1.flac"
        assert house.archive.file_of(entry) == file
        assert await verify(house.archive) == []
    sound, _ = soundfile.read(file, dtype="int16")
    assert strength(sound[:, 0], 300) == pytest.approx(8000, rel=0.01)
    assert strength(sound[:, 1], 500) > 5000
    assert strength(sound[:, 1], 300) < 100
    assert (entry.state, entry.sequence) == (State.CLOSED, 1)
    assert entry.chain == link(GENESIS, entry)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert list((house.archive.root / "live").iterdir()) == []


async def test_the_bus_hears_start_and_end(tmp_path: Path) -> None:
    async with house_in(tmp_path) as house:
        entry = await house.record("C1", silence(3))
    assert [event.call_id for event in house.events(RecordingStarted)] == ["C1"]
    (closed,) = house.events(RecordingClosed)
    assert (closed.call_id, closed.sha256) == ("C1", entry.sha256)
    assert (closed.seconds, closed.path) == (3.0, "2026/03/01/C1.flac")
    assert (closed.left_dbfs, closed.right_dbfs) == (-100.0, None)
    assert closed.silent == ("citizen",)
    assert house.events(RecordingFailed) == []


async def test_agents_and_third_parties_follow_each_other_on_the_right(
    tmp_path: Path,
) -> None:
    async with house_in(tmp_path, format="wav") as house:
        citizen, first, second = TalkingLeg(), TalkingLeg(), TalkingLeg()
        recording = await house.open("C1", citizen)
        await recording.add(first, role="agent", name="1001")
        first.say(tone(1, 500))
        first.hang_up()
        citizen.say(tone(5, 300))
        await recording.add(second, role="third_party", name="110")
        second.say(tone(1, 700))
        citizen.say(tone(5, 300))
        await recording.close()
        await house.archive.settled()
        entry = await house.archive.find("C1")
        assert entry is not None
    sound, _ = soundfile.read(house.archive.root / entry.path, dtype="int16")
    assert entry.third_party
    kinds = [(mark["kind"], round(mark["at_seconds"])) for mark in entry.marks]
    assert kinds == [("citizen", 0), ("agent", 0), ("third_party", 5)]
    assert strength(sound[1000:7000, 1], 500) > 7000
    assert strength(sound[41000:47000, 1], 700) > 7000
    assert not sound[16000:36000, 1].any()


async def test_many_calls_that_end_at_once_make_one_chain(tmp_path: Path) -> None:
    calls = [f"C{number}" for number in range(25)]
    async with house_in(tmp_path) as house:
        await asyncio.gather(*(talk(house, call_id) for call_id in calls))
        await house.archive.settled()
        entries = await house.archive.store.chained(0, 100)
        assert await verify(house.archive) == []
    assert [entry.sequence for entry in entries] == list(range(1, 26))
    assert sorted(entry.call_id for entry in entries) == sorted(calls)


async def test_calls_that_end_at_once_are_chained_in_few_transactions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups: list[int] = []
    append_all = RecordingStore.append_all

    async def counted(
        store: RecordingStore, finished: Sequence[Recording]
    ) -> list[Recording]:
        groups.append(len(finished))
        return await append_all(store, finished)

    monkeypatch.setattr(RecordingStore, "append_all", counted)
    async with house_in(tmp_path) as house:
        await asyncio.gather(*(talk(house, f"C{number}") for number in range(25)))
        await house.archive.settled()
        assert await verify(house.archive) == []
    assert sum(groups) == 25
    assert len(groups) < 25


async def test_recording_that_the_database_refuses_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append_all = RecordingStore.append_all

    async def refusing(
        store: RecordingStore, finished: Sequence[Recording]
    ) -> list[Recording]:
        if any(recording.call_id == "C3" for recording in finished):
            raise StatementRejected("the database refuses: an odd value")
        return await append_all(store, finished)

    monkeypatch.setattr(RecordingStore, "append_all", refusing)
    async with house_in(tmp_path) as house:
        await asyncio.gather(*(talk(house, f"C{number}") for number in range(5)))
        await house.archive.settled()
        entries = await house.archive.store.chained(0, 100)
        pending = [entry.call_id for entry in await house.archive.store.pending()]
        assert await verify(house.archive) != []
    assert {entry.call_id for entry in entries} | set(pending) == {
        f"C{number}" for number in range(5)
    }
    assert "C3" in pending


async def talk(house: House, call_id: str) -> None:
    citizen = TalkingLeg()
    recording = await house.open(call_id, citizen)
    citizen.say(tone(1))
    await recording.close()


async def test_closing_returns_before_the_joining(tmp_path: Path) -> None:
    async with house_in(tmp_path) as house:
        citizen = TalkingLeg()
        recording = await house.open("C1", citizen)
        citizen.say(tone(60))
        async with asyncio.timeout(60):
            await recording.close()
        assert citizen.stops == 1
        assert await house.archive.find("C1") is None
        await house.archive.settled()
        assert await house.archive.find("C1") is not None


async def test_a_cancelled_close_is_carried_out_all_the_same(tmp_path: Path) -> None:
    async with house_in(tmp_path) as house:
        citizen = TalkingLeg()
        recording = await house.open("C1", citizen)
        citizen.say(tone(1))
        closing = asyncio.create_task(recording.close(), name="close")
        await asyncio.sleep(0)
        closing.cancel()
        await asyncio.gather(closing, return_exceptions=True)
        await house.archive.settled()
        entry = await house.archive.find("C1")
    assert entry is not None
    assert entry.state is State.CLOSED


async def test_a_call_cancelled_while_recording_begins_leaves_an_entry(
    tmp_path: Path,
) -> None:
    async with house_in(tmp_path) as house:
        opening = asyncio.create_task(house.open("C1", TalkingLeg()), name="open")
        await asyncio.sleep(0)
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)
        await house.archive.settled()
        entry = await house.archive.find("C1")
    assert opening.cancelled()
    assert entry is not None


async def test_a_call_cancelled_while_a_slow_disk_makes_its_folder_leaves_no_alarm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    begun, going_on = threading.Event(), threading.Event()

    def slowly(path: Path) -> None:
        begun.set()
        going_on.wait(60)
        private_folder(path)

    async with house_in(tmp_path) as house:
        monkeypatch.setattr("recordings.live.private_folder", slowly)
        opening = asyncio.create_task(house.open("C1", TalkingLeg()), name="open")
        await asyncio.to_thread(begun.wait, 60)
        opening.cancel()
        await asyncio.sleep(0.05)
        going_on.set()
        await asyncio.gather(opening, return_exceptions=True)
        await house.archive.settled()
        entry = await house.archive.find("C1")
        assert list((tmp_path / "recordings/live").iterdir()) == []
    assert entry is not None
    assert entry.sequence
    assert [line.message for line in caplog.records if line.levelno > 20] == []


async def test_a_caller_who_is_gone_before_recording_begins_leaves_an_entry(
    tmp_path: Path,
) -> None:
    async with house_in(tmp_path) as house:
        leg = TalkingLeg()
        leg.hang_up()
        recording = await house.open("C1", leg)
        await recording.close()
        await house.archive.settled()
        entry = await house.archive.find("C1")
    assert entry is not None
    assert (entry.state, entry.reason) == (State.FAILED, "no audio was recorded")
    assert [event.reason for event in house.events(RecordingFailed)] == [entry.reason]
    assert house.events(RecordingStarted) == []


async def test_a_leg_without_a_recorder_is_a_failed_entry_in_the_chain(
    tmp_path: Path,
) -> None:
    async with house_in(tmp_path) as house:
        fault = TelephonyError("no recorder is free")
        recording = await house.open("C1", TalkingLeg(fault))
        await recording.close()
        await house.archive.settled()
        entry = await house.archive.find("C1")
    assert entry is not None
    assert (entry.state, entry.sequence) == (State.FAILED, 1)
    assert "no recorder is free" in entry.reason
    assert len(house.events(RecordingFailed)) == 1


async def test_a_recorder_that_wrote_less_than_the_leg_lasted_is_truncated(
    tmp_path: Path,
) -> None:
    async with house_in(tmp_path) as house:
        citizen = TalkingLeg()
        recording = await house.open("C1", citizen)
        citizen.say(tone(0.2))
        await asyncio.sleep(1.5)
        await recording.close()
        await house.archive.settled()
        entry = await house.archive.find("C1")
        faults = await verify(house.archive)
    assert entry is not None
    assert entry.state is State.TRUNCATED
    assert [fault.kind for fault in faults] == ["truncated"]


async def test_calls_are_found_newest_first_and_in_pages(tmp_path: Path) -> None:
    async with house_in(tmp_path) as house:
        for number in range(4):
            leg = TalkingLeg()
            recording = await house.archive.open(
                f"C{number}",
                leg=leg,
                caller="1",
                called="2",
                started_at=START + timedelta(minutes=number),
            )
            leg.say(tone(0.1))
            await recording.close()
        await house.archive.settled()
        newest = await house.archive.list(2)
        older = await house.archive.list(9, before=newest[-1].started_at)
        assert await house.archive.find("C9") is None
    assert [entry.call_id for entry in newest] == ["C3", "C2"]
    assert [entry.call_id for entry in older] == ["C1", "C0"]


async def test_a_worker_that_dies_leaves_the_recording_for_another_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house_in(tmp_path) as house:
        with monkeypatch.context() as patch:
            patch.setattr("config.worker_process.sys.executable", "/bin/false")
            pending = await house.record("C1")
        assert (pending.state, pending.sequence) == (State.PENDING, None)
        assert "worker process" in pending.reason
        assert [fault.kind for fault in await verify(house.archive)] == ["pending"]
        await house.record("C2")
        again = await house.archive.find("C1")
        assert again is not None
        assert (again.state, again.sequence) == (State.CLOSED, 2)
        assert await verify(house.archive) == []


async def test_a_recording_in_a_wrong_format_is_kept_and_named(tmp_path: Path) -> None:
    async with house_in(tmp_path) as house:
        citizen = TalkingLeg()
        recording = await house.open("C1", citizen)
        assert citizen.file is not None
        stereo = bytearray(wav(tone(1)))
        stereo[22] = 2
        await citizen.stop_recording()
        citizen.file.write_bytes(bytes(stereo))
        citizen.file = None
        await recording.close()
        await house.archive.settled()
        entry = await house.archive.find("C1")
        assert entry is not None
        assert entry.state is State.PENDING
        assert "2 channels" in entry.reason
        kept = house.archive.root / "live/C1/0-citizen.wav"
        assert kept.read_bytes() == bytes(stereo)


async def test_what_is_not_joined_at_the_end_is_joined_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recordings.archive.STOP_SECONDS", 0.0)
    async with house_in(tmp_path) as house:
        leg = TalkingLeg()
        recording = await house.open("C1", leg)
        leg.say(tone(5))
        await recording.close()
    monkeypatch.undo()
    async with house_in(tmp_path) as house:
        assert await house.archive.recover() == []
        await house.archive.settled()
        entry = await house.archive.find("C1")
    assert entry is not None
    assert (entry.state, entry.seconds) == (State.CLOSED, 5.0)


async def test_closing_after_the_archive_has_ended_does_not_hang(
    tmp_path: Path,
) -> None:
    async with house_in(tmp_path) as house:
        recording = await house.open("C1", TalkingLeg())
    async with asyncio.timeout(60):
        await recording.close()


async def test_two_services_cannot_record_into_one_directory(tmp_path: Path) -> None:
    async with house_in(tmp_path) as first, house_in(tmp_path) as second:
        await first.archive.recover()
        with pytest.raises(ArchiveInUse, match="another hotline records into"):
            await second.archive.recover()
