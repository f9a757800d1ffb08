"""A call being recorded: nothing that goes wrong is raised into it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recordings.live import LiveFolder
from recordings.mono import RATE
from recordings.recorder import WRITER_BUFFER_FRAMES, CallRecording, placed
from telephony.calls import TelephonyError
from tests.unit.recordings.notebook import Notebook
from tests.unit.recordings.studio import TalkingLeg, tone


@pytest.fixture
def keeper() -> Notebook:
    return Notebook()


@pytest.fixture
async def recording(tmp_path: Path, keeper: Notebook) -> CallRecording:
    """The recording of call C1, on, without a leg yet."""
    return keeper.recording(tmp_path, "C1")


async def test_a_recorder_that_lost_time_places_later_legs_by_its_file(
    recording: CallRecording,
) -> None:
    citizen, agent = TalkingLeg(), TalkingLeg()
    await recording.add(citizen, role="citizen")
    citizen.say(tone(30))
    await recording.add(agent, role="agent")
    offset = recording.folder.manifest().parts[1].offset_frames
    assert 29 * RATE < offset <= 30 * RATE


@given(st.integers(0, 10**7), st.integers(-100, 10**7))
@settings(max_examples=50, deadline=None)
def test_an_offset_is_one_that_the_citizens_file_allows(
    by_clock: int, written: int
) -> None:
    offset = placed(by_clock, written)
    if written <= 0:
        assert offset == by_clock
    else:
        assert written <= offset <= written + WRITER_BUFFER_FRAMES
    if written <= by_clock <= written + WRITER_BUFFER_FRAMES:
        assert offset == by_clock


async def test_a_leg_that_has_ended_is_no_failure(
    recording: CallRecording, keeper: Notebook
) -> None:
    leg = TalkingLeg()
    leg.hang_up()
    await recording.add(leg, role="citizen")
    assert recording.file_of(leg) is None
    assert keeper.failures == []


@pytest.mark.parametrize(
    "fault",
    [TelephonyError("no recorder is free"), OSError("No space left on device")],
    ids=["endpoint", "disk"],
)
async def test_a_leg_that_cannot_be_recorded_is_told_and_talks_on(
    recording: CallRecording, keeper: Notebook, fault: Exception
) -> None:
    await recording.add(TalkingLeg(fault), role="agent")
    told = f"the agent's leg could not be recorded: {fault}"
    assert keeper.failures == [told]
    assert LiveFolder.load(recording.folder.path).manifest().failure == told


async def test_a_leg_is_recorded_once(recording: CallRecording) -> None:
    leg = TalkingLeg()
    await recording.add(leg, role="citizen")
    await recording.add(leg, role="citizen")
    assert len(recording.folder.manifest().parts) == 1


async def test_nothing_is_recorded_when_recording_is_off(
    recording: CallRecording,
) -> None:
    recording.on = False
    leg = TalkingLeg()
    await recording.add(leg, role="citizen")
    assert leg.file is None


async def test_closing_twice_hands_over_once_and_ends_adding(
    recording: CallRecording, keeper: Notebook
) -> None:
    await recording.close()
    await recording.close()
    late = TalkingLeg()
    await recording.add(late, role="agent")
    assert (keeper.taken, late.file) == ([recording], None)


async def test_a_full_disk_under_the_manifest_is_not_raised(
    recording: CallRecording, caplog: pytest.LogCaptureFixture
) -> None:
    (recording.folder.path / "manifest.jsonl").symlink_to("/dev/full")
    await recording.add(TalkingLeg(), role="citizen")
    assert "manifest of call C1 not written" in caplog.text
    assert len(recording.folder.manifest().parts) == 1


async def test_the_wall_time_of_a_leg_is_noted(recording: CallRecording) -> None:
    await recording.add(TalkingLeg(), role="citizen")
    text = (recording.folder.path / "manifest.jsonl").read_text()
    assert f'"started_at": "{datetime.now(UTC):%Y-%m-%dT}' in text


async def test_pause_silences_every_leg_also_one_that_comes_later(
    recording: CallRecording,
) -> None:
    citizen, agent, third = TalkingLeg(), TalkingLeg(), TalkingLeg()
    await recording.add(citizen, role="citizen")
    await recording.add(agent, role="agent")
    await recording.pause()
    await recording.pause()
    await recording.add(third, role="third_party")
    assert citizen.paused
    assert agent.paused
    assert third.paused
    await recording.resume()
    assert not (citizen.paused or agent.paused or third.paused)
    await recording.write()
    marks = LiveFolder.load(recording.folder.path).manifest().marks
    assert [mark["kind"] for mark in marks] == ["paused", "resumed"]


async def test_leg_that_is_left_out_is_silent_until_it_is_added_again(
    recording: CallRecording,
) -> None:
    citizen, supervisor = TalkingLeg(), TalkingLeg()
    await recording.add(citizen, role="citizen")
    await recording.leave_out(supervisor)
    assert not supervisor.paused
    await recording.add(supervisor, role="supervisor")
    await recording.leave_out(supervisor)
    assert supervisor.paused
    await recording.pause()
    await recording.add(supervisor, role="supervisor")
    assert supervisor.paused
    await recording.leave_out(supervisor)
    await recording.resume()
    assert (citizen.paused, supervisor.paused) == (False, True)


async def test_pause_of_a_leg_that_is_gone_is_no_failure(
    recording: CallRecording, keeper: Notebook
) -> None:
    citizen = TalkingLeg()
    await recording.add(citizen, role="citizen")
    citizen.hang_up()
    await recording.pause()
    await recording.resume()
    assert keeper.failures == []
