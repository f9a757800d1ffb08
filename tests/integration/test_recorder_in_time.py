"""Where the legs of a recording are placed: by real clocks, and files as they grow."""

import asyncio
import time
from pathlib import Path

import pytest

from recordings.live import LiveFolder
from recordings.mono import RATE
from recordings.recorder import CallRecording
from tests.unit.recordings.notebook import Notebook
from tests.unit.recordings.studio import TalkingLeg, tone

pytestmark = pytest.mark.integration


@pytest.fixture
def keeper() -> Notebook:
    return Notebook()


@pytest.fixture
async def recording(tmp_path: Path, keeper: Notebook) -> CallRecording:
    """The recording of call C1, on, without a leg yet."""
    return keeper.recording(tmp_path, "C1")


async def test_a_second_leg_is_placed_where_it_began(recording: CallRecording) -> None:
    citizen, agent = TalkingLeg(), TalkingLeg()
    before = time.monotonic()
    await recording.add(citizen, role="citizen")
    await asyncio.sleep(0.2)
    await recording.add(agent, role="agent", name="1001")
    elapsed = time.monotonic() - before
    first, second = LiveFolder.load(recording.folder.path).manifest().parts
    assert (first.offset_frames, first.file) == (0, "0-citizen.wav")
    assert (second.name, second.file) == ("1001", "1-agent.wav")
    assert 0.2 - 0.02 <= second.offset_frames / RATE <= elapsed + 0.02
    assert recording.file_of(agent) == recording.folder.path / "1-agent.wav"


async def test_waiting_for_a_busy_loop_does_not_shift_a_leg(
    recording: CallRecording,
) -> None:
    citizen, agent = TalkingLeg(), LateLeg(0.3)
    before = time.monotonic()
    await recording.add(citizen, role="citizen")
    await recording.add(agent, role="agent")
    elapsed = time.monotonic() - before
    offset = recording.folder.manifest().parts[1].offset_frames
    assert offset / RATE <= elapsed - 0.3 + 0.02


async def test_a_call_cancelled_while_an_agent_is_added_keeps_his_words(
    recording: CallRecording,
) -> None:
    agent = LateLeg(0.2)
    await recording.add(TalkingLeg(), role="citizen")
    adding = asyncio.create_task(recording.add(agent, role="agent"), name="add")
    await asyncio.sleep(0.1)
    agent.say(tone(1))
    adding.cancel()
    await asyncio.gather(adding, return_exceptions=True)
    await recording.stop()
    told = LiveFolder.load(recording.folder.path).manifest()
    assert [part.role for part in told.parts] == ["citizen", "agent"]
    assert agent.stops == 1


class LateLeg(TalkingLeg):
    """A leg whose recorder runs long before the loop hears of it."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    async def start_recording(self, file: Path) -> None:
        await super().start_recording(file)
        await asyncio.sleep(self._seconds)


async def test_stopping_tells_how_long_each_leg_was_up(
    recording: CallRecording,
) -> None:
    citizen, agent = TalkingLeg(), TalkingLeg()
    before = time.monotonic()
    await recording.add(citizen, role="citizen")
    await recording.add(agent, role="agent")
    await asyncio.sleep(0.1)
    agent.hang_up()
    agent_gone = time.monotonic()
    await asyncio.sleep(0.2)
    await recording.stop()
    told = LiveFolder.load(recording.folder.path).manifest()
    lasted = [part.lasted_seconds or 0 for part in told.parts]
    assert 0.3 <= lasted[0] <= time.monotonic() - before
    assert 0.09 <= lasted[1] <= agent_gone - before + 0.05
    assert told.ended_at is not None
    assert (citizen.stops, agent.stops) == (1, 1)


async def test_marks_are_placed_in_time_and_written_soon(
    recording: CallRecording, keeper: Notebook
) -> None:
    before = time.monotonic()
    await recording.add(TalkingLeg(), role="citizen")
    await asyncio.sleep(0.1)
    recording.mark("paused", by="1001")
    elapsed = time.monotonic() - before
    (mark,) = recording.folder.manifest().marks
    assert (mark["kind"], mark["by"], keeper.writes) == ("paused", "1001", 1)
    assert 0.09 <= mark["at_seconds"] <= elapsed + 0.01
