"""Recordings of real SIP calls: aligned, complete, and alive on a full disk."""

import asyncio
import statistics
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from recordings.entry import Recording, State
from recordings.mono import RATE
from recordings.proof import verify
from tests.sip.conftest import open_desk
from tests.unit.recordings.archives import House, house_in
from tests.unit.recordings.real_calls import begin, desk_and_house, end
from tests.unit.recordings.small_disk import Ballast, disk

__all__ = ["disk"]

pytestmark = [pytest.mark.integration, pytest.mark.sip]
ROOT = Path(__file__).parents[2]
BURSTS = 5
WORST_OFFSET_SECONDS = 0.04


@pytest.mark.parametrize("agent_after_seconds", [0.41, 1.77])
async def test_both_sides_of_a_call_are_aligned(
    tmp_path: Path, agent_after_seconds: float
) -> None:
    async with desk_and_house(tmp_path) as (desk, house):
        talk = await begin(desk, house, agent_after_seconds=agent_after_seconds)
        for _ in range(BURSTS):
            await asyncio.sleep(0.317)
            talk.citizen.voice.hz, talk.agent.voice.hz = 1000, 1500
            await asyncio.sleep(0.2)
            talk.citizen.voice.hz = talk.agent.voice.hz = 0
        await asyncio.sleep(0.2)
        entry = await end(talk, house)
    left, right = (bursts(side) for side in sides(house, entry))
    assert (len(left), len(right)) == (BURSTS, BURSTS)
    apart = [(b - a) / RATE for a, b in zip(left, right, strict=True)]
    # Packets leave every 20 ms, each phone at its own time: that much is not ours.
    assert abs(statistics.median(apart)) <= WORST_OFFSET_SECONDS + 0.02


async def test_the_last_words_are_on_the_recording(tmp_path: Path) -> None:
    async with desk_and_house(tmp_path) as (desk, house):
        talk = await begin(desk, house, agent_after_seconds=0)
        talk.citizen.voice.hz = talk.agent.voice.hz = 1000
        await asyncio.sleep(1.5)
        entry = await end(talk, house)
    left, right = sides(house, entry)
    assert (entry.state, entry.silent) == (State.CLOSED, ())
    for side in (left, right):
        spoken = np.flatnonzero(np.abs(side) > 1500)
        assert (len(left) - spoken[-1]) / RATE < 0.1
        assert (spoken[-1] - spoken[0]) / RATE > 1.2


async def test_a_real_recorder_survives_a_disk_that_fills_during_the_call(
    disk: Path,
) -> None:
    ballast = Ballast(disk)
    async with desk_and_house(disk) as (desk, house):
        talk = await begin(desk, house, agent_after_seconds=0)
        talk.citizen.voice.hz = talk.agent.voice.hz = 1000
        await asyncio.sleep(1)
        ballast.fill()
        await asyncio.sleep(3)
        ballast.drop()
        await asyncio.sleep(1)
        entry = await end(talk, house)
    left, _ = sides(house, entry)
    assert entry.state is State.TRUNCATED
    assert "leg are there" in entry.reason
    assert len(left) / RATE > 0.5


async def test_a_real_call_on_a_full_disk_goes_on_unrecorded(
    disk: Path, tmp_path: Path
) -> None:
    ballast = Ballast(disk)
    async with (
        house_in(disk, database=tmp_path / "db", min_free_megabytes=0) as house,
        open_desk() as desk,
    ):
        ballast.fill()
        talk = await begin(desk, house, agent_after_seconds=0)
        assert not talk.legs[0].ended.done()
        ballast.drop()
        entry = await end(talk, house)
    assert entry.state is State.FAILED


async def test_a_killed_service_keeps_what_its_real_recorders_wrote(
    tmp_path: Path,
) -> None:
    service = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.unit.recordings.real_calls", str(tmp_path)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert service.stdout is not None
    async with asyncio.timeout(60):
        assert await service.stdout.readline() == b"talking\n"
    await asyncio.sleep(2)
    service.kill()
    await service.wait()
    async with house_in(tmp_path) as house:
        (cut,) = await house.archive.recover()
        await house.archive.settled()
        entry = await house.archive.find("C1")
        assert entry is not None
        assert await verify(house.archive) == []
    left, right = sides(house, entry)
    assert (cut.recorded, entry.state, entry.silent) == (True, State.CLOSED, ())
    assert len(left) / RATE > 1.4
    loud = np.flatnonzero(np.abs(right) > 1500)
    assert len(right) / RATE - 0.6 < loud[-1] / RATE


def sides(house: House, entry: Recording) -> tuple[NDArray[np.int16], ...]:
    """The two channels of a stored recording."""
    sound, _ = soundfile.read(house.archive.root / entry.path, dtype="int16")
    return sound[:, 0], sound[:, 1]


def bursts(side: NDArray[np.int16]) -> list[int]:
    """The samples at which tones begin."""
    loud = np.flatnonzero(np.abs(side.astype(int)) > 1500)
    begins = np.diff(loud, prepend=-RATE) > RATE // 10
    return [int(at) for at in loud[begins]]
