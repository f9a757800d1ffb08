"""Recordings of real SIP calls: aligned, complete, and alive on a full disk."""

import asyncio
import statistics
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from recordings.entry import Recording, State
from recordings.mono import RATE
from recordings.recorder import CallRecording
from telephony.calls import Leg
from tests.sip.conftest import Desk, open_desk
from tests.sip.phone import PhoneCall
from tests.unit.recordings.archives import House, house_in
from tests.unit.recordings.small_disk import Ballast, disk

__all__ = ["disk"]

pytestmark = [pytest.mark.integration, pytest.mark.sip]
BURSTS = 5
WORST_OFFSET_SECONDS = 0.04


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A citizen and an agent, both being recorded."""

    recording: CallRecording
    citizen: PhoneCall
    agent: PhoneCall
    legs: tuple[Leg, Leg]


@asynccontextmanager
async def desk_and_house(folder: Path) -> AsyncIterator[tuple[Desk, House]]:
    """The real endpoint and an archive."""
    async with house_in(folder, format="wav") as house, open_desk() as desk:
        yield desk, house


async def begin(desk: Desk, house: House, *, agent_after_seconds: float) -> Talk:
    """A call that is answered, recorded, and after a while has an agent too."""
    citizen = await (await desk.phone("127.0.0.2")).dial()
    leg = await desk.call()
    await leg.answer()
    recording = await house.archive.open(
        "C1", leg=leg, caller="1", called="2", started_at=house.clock.now()
    )
    await asyncio.sleep(agent_after_seconds)
    phone = await desk.phone("127.0.0.3")
    agent_leg = await desk.endpoint.originate(phone.uri, from_user="1")
    agent = await phone.expect_call()
    agent.answer()
    await agent_leg.answered
    await recording.add(agent_leg, role="agent", name="1001")
    return Talk(
        recording=recording, citizen=citizen, agent=agent, legs=(leg, agent_leg)
    )


async def end(talk: Talk, house: House) -> Recording:
    """The citizen hangs up; what is stored of the call."""
    talk.citizen.hang_up()
    await talk.legs[0].ended
    await talk.recording.close()
    await talk.legs[1].hang_up()
    await house.archive.settled()
    entry = await house.archive.find("C1")
    assert entry is not None
    return entry


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


def sides(house: House, entry: Recording) -> tuple[NDArray[np.int16], ...]:
    """The two channels of a stored recording."""
    sound, _ = soundfile.read(house.archive.root / entry.path, dtype="int16")
    return sound[:, 0], sound[:, 1]


def bursts(side: NDArray[np.int16]) -> list[int]:
    """The samples at which tones begin."""
    loud = np.flatnonzero(np.abs(side.astype(int)) > 1500)
    begins = np.diff(loud, prepend=-RATE) > RATE // 10
    return [int(at) for at in loud[begins]]
