"""kill -9 in every moment of a recording's life: nothing that was said is lost."""

import asyncio
import os
import random
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile

from config.database import DatabaseUnavailable
from recordings.entry import Recording, State
from recordings.events import RecordingClosed
from recordings.proof import verify
from recordings.store import RecordingStore
from tests.unit.recordings.archives import START, House, house_in
from tests.unit.recordings.killed_service import AGENT_AFTER_SECONDS
from tests.unit.recordings.studio import TalkingLeg, strength, tone, wav

pytestmark = pytest.mark.integration
ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def service(
    folder: Path, *words: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A service of its own, killed with -9 at the end of the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.unit.recordings.killed_service", str(folder), *words),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert await said(process) == "open"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def said(process: asyncio.subprocess.Process) -> str:
    """The next line of a service."""
    assert process.stdout is not None
    async with asyncio.timeout(60):
        return (await process.stdout.readline()).decode().strip()


async def talk_and_kill(folder: Path, seconds: float) -> tuple[datetime, float]:
    """Two calls recorded, cut after a while; when, and when the agent came at the latest."""
    async with service(folder, "record") as process:
        assert await said(process) == "talking"
        agent_after = float(await said(process))
        await asyncio.sleep(seconds)
        process.kill()
        return datetime.now(UTC), agent_after


async def test_a_killed_service_loses_at_most_the_last_blocks(tmp_path: Path) -> None:
    killed_at, agent_after = await talk_and_kill(tmp_path, 2.0)
    async with house_in(tmp_path) as house:
        cut = await house.archive.recover()
        await house.archive.settled()
        first, second = [await found(house, call.call_id) for call in cut]
        assert await verify(house.archive) == []
    assert [(c.call_id, c.caller, c.called, c.recorded) for c in cut] == [
        ("C1", "13812345678", "12345", True),
        ("C2", "13812345678", "12345", True),
    ]
    assert all(call.started_at == START for call in cut)
    assert all(-1 < (killed_at - call.ended_at).total_seconds() < 1 for call in cut)
    assert [entry.state for entry in (first, second)] == [State.CLOSED] * 2
    assert {"kind": "cut_off"} in first.marks
    assert any(mark.get("by") == "test" for mark in first.marks)
    assert list((tmp_path / "recordings/live").iterdir()) == []
    check_sound(tmp_path / "recordings" / first.path, agent_after)


async def found(house: House, call_id: str) -> Recording:
    entry = await house.archive.find(call_id)
    assert entry is not None
    return entry


def check_sound(file: Path, agent_after: float) -> None:
    """Citizen left from the start, agent right from his time on."""
    sound, _ = soundfile.read(file, dtype="int16")
    assert len(sound) / 8000 >= AGENT_AFTER_SECONDS + 2.0 - 0.6
    assert strength(sound[: len(sound) - 4096, 0], 300) > 7500
    spoken = np.flatnonzero(sound[:, 1])
    assert AGENT_AFTER_SECONDS - 0.3 < spoken[0] / 8000 < agent_after + 0.3
    assert strength(sound[spoken[0] : spoken[0] + 8000, 1], 500) > 7500


async def test_a_recovery_that_is_killed_is_finished_by_the_next(
    tmp_path: Path,
) -> None:
    await talk_and_kill(tmp_path, 0.5)
    moments = random.Random(12345)
    for _ in range(3):
        async with service(tmp_path, "recover") as process:
            await said(process)
            await asyncio.sleep(moments.uniform(0, 0.5))
    async with house_in(tmp_path) as house:
        await house.archive.recover()
        await house.archive.settled()
        entries = await house.archive.store.chained(0, 10)
        assert await verify(house.archive) == []
    assert sorted(entry.call_id for entry in entries) == ["C1", "C2"]
    assert list((tmp_path / "recordings/live").iterdir()) == []


@pytest.mark.soak
async def test_forty_kills_at_any_moment_lose_no_call(tmp_path: Path) -> None:
    moments = random.Random(7)
    for number in range(40):
        words = ("record", f"K{number}-") if number % 4 == 0 else ("recover",)
        async with service(tmp_path, *words):
            await asyncio.sleep(moments.uniform(0, 1.2))
    async with house_in(tmp_path) as house:
        await house.archive.recover()
        await house.archive.settled()
        assert {f.kind for f in await verify(house.archive)} <= {"not_recorded"}
        entries = await house.archive.store.chained(0, 100)
    assert 10 < len({entry.call_id for entry in entries}) == len(entries) <= 20
    assert list((tmp_path / "recordings/live").iterdir()) == []


async def test_a_worker_dies_with_its_service(tmp_path: Path) -> None:
    async with house_in(tmp_path) as house:
        folder = house.archive.root / "live/C1"
        await asyncio.to_thread(folder.mkdir)
        sound = folder / "0-citizen.wav"
        await asyncio.to_thread(sound.write_bytes, wav(tone(0), "cut"))
        await asyncio.to_thread(os.truncate, sound, 44 + 2 * 8000 * 36_000)
    async with service(tmp_path, "recover") as process:
        await said(process)
        worker = await child_of(process.pid)
    async with asyncio.timeout(60):
        while Path(f"/proc/{worker}/cmdline").exists():
            await asyncio.sleep(0.05)
    assert sound.exists()


async def child_of(pid: int) -> int:
    """The first child of a process, once it has one."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    async with asyncio.timeout(60):
        while not (found := children.read_text().split()):
            await asyncio.sleep(0.05)
    return int(found[0])


async def test_a_cut_call_is_told_again_until_it_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house_in(tmp_path) as house:
        await house.open("C1", TalkingLeg())
    with monkeypatch.context() as patch:
        patch.setattr(RecordingStore, "append_all", unavailable)
        async with house_in(tmp_path) as house:
            first = await house.archive.recover()
            await house.archive.settled()
    async with house_in(tmp_path) as house:
        second = await house.archive.recover()
        await house.archive.settled()
    async with house_in(tmp_path) as house:
        assert await house.archive.recover() == []
    assert first == second
    assert [(call.call_id, call.recorded) for call in first] == [("C1", False)]


async def unavailable(*_: object) -> Recording:
    raise DatabaseUnavailable("the database is locked")


async def test_a_kill_between_file_and_entry_is_finished_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(RecordingStore, "append_all", unavailable)
        async with house_in(tmp_path) as house:
            pending = await house.record("C1", tone(1))
            assert pending.state is State.PENDING
            assert (house.archive.root / "2026/03/01/C1.flac").exists()
    async with house_in(tmp_path) as house:
        assert await house.archive.recover() == []
        await house.archive.settled()
        assert (await found(house, "C1")).state is State.CLOSED
        assert await verify(house.archive) == []
        assert len(house.events(RecordingClosed)) == 1


async def test_a_kill_between_entry_and_removal_adds_no_second_entry(
    tmp_path: Path,
) -> None:
    async with house_in(tmp_path) as house:
        leg = TalkingLeg()
        recording = await house.open("C1", leg)
        leg.say(tone(1))
        live, copy = recording.folder.path, tmp_path / "copy"
        await asyncio.to_thread(shutil.copytree, live, copy)
        await recording.close()
        await house.archive.settled()
        before = await found(house, "C1")
        await asyncio.to_thread(shutil.copytree, copy, live)
    async with house_in(tmp_path) as house:
        cut = await house.archive.recover()
        await house.archive.settled()
        assert await found(house, "C1") == before
        assert (await house.archive.store.head()).sequence == 1
        assert await verify(house.archive) == []
    assert [call.call_id for call in cut] == ["C1"]
    assert not live.exists()


@pytest.mark.parametrize(
    ("file", "state"),
    [
        (None, State.FAILED),
        (b"", State.FAILED),
        (b"RIFF\0\0\0\0WAVE", State.FAILED),
        (wav(tone(1), "cut"), State.CLOSED),
    ],
    ids=["an empty folder", "an empty file", "half a header", "sound alone"],
)
async def test_whatever_a_kill_leaves_becomes_an_entry(
    tmp_path: Path, file: bytes | None, state: State
) -> None:
    async with house_in(tmp_path) as house:
        folder = house.archive.root / "live/C7"
        await asyncio.to_thread(folder.mkdir)
        if file is not None:
            await asyncio.to_thread((folder / "0-citizen.wav").write_bytes, file)
        (cut,) = await house.archive.recover()
        await house.archive.settled()
        entry = await found(house, "C7")
    assert (entry.state, entry.sequence) == (state, 1)
    assert (cut.call_id, cut.recorded) == ("C7", state is State.CLOSED)
