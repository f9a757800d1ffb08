"""What every endpoint promises of sound: the same cases on the fake and the real one."""

import asyncio
from pathlib import Path

import numpy as np
import pytest
import soundfile

from telephony.audio_files import length_seconds
from telephony.calls import LegGone, TelephonyError
from telephony.events import EndCause
from tests.sip.conftest import PROMPT_SECONDS
from tests.sip.stages import FakeStage, Stage
from tests.sip.test_endpoint_contract import stage
from tests.sip.tones import FRAME, RATE
from tests.sip.waits import Stretch

__all__ = ["stage", "two_legs"]


async def test_prompts_are_heard_one_after_the_other(stage: Stage) -> None:
    leg = await stage.dial()
    await leg.answer()
    began = asyncio.get_running_loop().time()
    playing = asyncio.create_task(leg.play([stage.sounds["low"], stage.sounds["high"]]))
    await stage.peer(leg).hears("low")
    if isinstance(stage, FakeStage):  # it does not wait for what is to be heard
        await asyncio.sleep(PROMPT_SECONDS)
    await stage.peer(leg).hears("high")
    assert await playing
    assert asyncio.get_running_loop().time() - began > 2 * PROMPT_SECONDS - 0.1
    await stage.peer(leg).hears()


async def test_nothing_to_play_is_played_at_once(stage: Stage) -> None:
    leg = await stage.dial()
    await leg.answer()
    assert await leg.play([])


async def test_key_cuts_the_prompt_and_can_be_read(stage: Stage) -> None:
    leg = await stage.dial()
    await leg.answer()
    playing = asyncio.create_task(
        leg.play([stage.sounds["long"], stage.sounds["low"]], interrupt_by="12")
    )
    await stage.peer(leg).hears("long")
    await stage.peer(leg).press("2")
    assert not await playing
    assert await leg.read_digit(timeout_seconds=0) == "2"
    await stage.peer(leg).hears()


async def test_key_that_is_not_awaited_does_not_cut(stage: Stage) -> None:
    leg = await stage.dial()
    await leg.answer()
    playing = asyncio.create_task(leg.play([stage.sounds["low"]], interrupt_by="1"))
    await asyncio.sleep(0.1)
    await stage.peer(leg).press("9")
    assert await playing


async def test_prompt_is_not_begun_when_its_key_waits_already(stage: Stage) -> None:
    leg = await stage.dial()
    await leg.answer()
    await stage.peer(leg).press("1")
    assert await leg.play([stage.sounds["short"]])
    assert not await leg.play([stage.sounds["long"]], interrupt_by="1")


async def test_second_prompt_replaces_the_first(stage: Stage) -> None:
    leg = await stage.dial()
    await leg.answer()
    first = asyncio.create_task(leg.play([stage.sounds["long"]]))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(leg.play([stage.sounds["low"]]))
    await stage.peer(leg).hears("low")
    assert not await first
    assert await second


async def test_cancelled_prompt_falls_silent(stage: Stage) -> None:
    leg = await stage.dial()
    await leg.answer()
    playing = asyncio.create_task(leg.play([stage.sounds["long"]]))
    await stage.peer(leg).hears("long")
    playing.cancel()
    await asyncio.wait({playing})
    await stage.peer(leg).hears()


async def test_unreadable_prompt_is_named_and_the_leg_stays_up(
    stage: Stage, tmp_path: Path
) -> None:
    leg = await stage.dial()
    await leg.answer()
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"no sound")
    for file in (broken, tmp_path / "missing.wav"):
        with pytest.raises(TelephonyError, match=file.name):
            await leg.play([stage.sounds["low"], file])
    with pytest.raises(TelephonyError, match=r"missing\.wav"):
        await leg.start_music(tmp_path / "missing.wav")
    assert await leg.play([stage.sounds["short"]])


async def test_music_pauses_for_a_prompt_and_comes_back(stage: Stage) -> None:
    leg = await stage.dial()
    await leg.answer()
    peer = stage.peer(leg)
    await leg.start_music(stage.sounds["music"])
    await peer.hears("music")
    playing = asyncio.create_task(leg.play([stage.sounds["low"]]))
    await peer.hears("low")
    assert await playing
    await peer.hears("music")
    await leg.stop_music()
    await peer.hears()
    await leg.stop_music()


# --- bridges ----------------------------------------------------------------------


async def test_bridged_legs_hear_each_other_and_nothing_afterwards(
    stage: Stage,
) -> None:
    caller, agent = await two_legs(stage)
    await caller.start_music(stage.sounds["music"])
    async with stage.endpoint.bridge(caller, agent, music=stage.sounds["music"]):
        await stage.peer(caller).hears("agent")
        await stage.peer(agent).hears("caller")
    await stage.peer(caller).hears()
    await stage.peer(agent).hears()


async def test_third_leg_joins_and_leaves(stage: Stage) -> None:
    caller, agent = await two_legs(stage)
    third = await stage.place("third")
    await stage.peer(third).answer()
    await third.answered
    async with stage.endpoint.bridge(
        caller, agent, music=stage.sounds["music"]
    ) as bridge:
        await bridge.add(third)
        await stage.peer(caller).hears("agent", "third")
        await stage.peer(third).hears("agent", "caller")
        await bridge.remove(third)
        await stage.peer(third).hears()
        await stage.peer(caller).hears("agent")
        assert not third.ended.done()


async def test_others_stay_when_a_leg_of_the_bridge_ends(stage: Stage) -> None:
    caller, agent = await two_legs(stage)
    third = await stage.place("third")
    await stage.peer(third).answer()
    await third.answered
    async with stage.endpoint.bridge(
        caller, agent, third, music=stage.sounds["music"]
    ) as bridge:
        await stage.peer(agent).hang_up()
        await agent.ended
        await stage.peer(caller).hears("third")
        await stage.peer(third).hears("caller")
        with pytest.raises(LegGone):
            await bridge.add(agent)


async def test_held_leg_hears_nothing_and_the_other_hears_music(stage: Stage) -> None:
    caller, agent = await two_legs(stage)
    async with stage.endpoint.bridge(caller, agent, music=stage.sounds["music"]):
        await stage.peer(agent).hold()
        assert agent.held
        assert not caller.held
        await stage.peer(caller).hears("music")
        await stage.peer(agent).hears()
        await stage.peer(agent).resume()
        assert not agent.held
        await stage.peer(caller).hears("agent")
        await stage.peer(agent).hears("caller")


async def test_prompt_waits_while_the_peer_holds_us(stage: Stage) -> None:
    leg = await stage.dial()
    await leg.answer()
    playing = asyncio.create_task(leg.play([stage.sounds["low"]]))
    await asyncio.sleep(0.1)
    await stage.peer(leg).hold()
    await asyncio.sleep(PROMPT_SECONDS)
    assert not playing.done()
    await stage.peer(leg).resume()
    async with asyncio.timeout(60):
        assert await playing


async def test_prompt_in_a_bridge_is_heard_by_one_leg_alone(stage: Stage) -> None:
    caller, agent = await two_legs(stage)
    async with stage.endpoint.bridge(caller, agent, music=stage.sounds["music"]):
        playing = asyncio.create_task(agent.play([stage.sounds["low"]]))
        await stage.peer(agent).hears("low")
        assert await playing
        await stage.peer(agent).hears("caller")


async def two_legs(stage: Stage) -> tuple:  # type: ignore[type-arg]
    """A caller and an agent, both answered."""
    caller = await stage.dial()
    await caller.answer()
    agent = await stage.place()
    await stage.peer(agent).answer()
    await agent.answered
    return caller, agent


# --- recordings -------------------------------------------------------------------


async def test_recording_lasts_from_start_to_stop(stage: Stage, tmp_path: Path) -> None:
    leg = await stage.dial()
    await leg.answer()
    file = tmp_path / "leg.wav"
    lasted = Stretch()
    await leg.start_recording(file)
    lasted.begun()
    await asyncio.sleep(0.8)
    lasted.ending()
    await leg.stop_recording()
    lasted.ended()
    assert length_seconds(file) in lasted
    await leg.start_recording(tmp_path / "again.wav")
    await leg.hang_up()


async def test_recording_is_complete_after_the_leg_has_ended(
    stage: Stage, tmp_path: Path
) -> None:
    leg = await stage.dial()
    await leg.answer()
    lasted = Stretch()
    await leg.start_recording(tmp_path / "leg.wav")
    lasted.begun()
    await asyncio.sleep(0.5)
    lasted.ending()
    await stage.peer(leg).hang_up()
    assert (await leg.ended).cause is EndCause.PEER_HUNG_UP
    lasted.ended()
    await leg.stop_recording()
    assert length_seconds(tmp_path / "leg.wav") in lasted


async def test_paused_recording_holds_silence_in_its_true_place(
    stage: Stage, tmp_path: Path
) -> None:
    leg = await stage.dial()
    await leg.answer()
    file, lasted = tmp_path / "leg.wav", Stretch()
    await leg.start_recording(file)
    lasted.begun()
    await asyncio.sleep(0.6)
    paused = Stretch()
    await leg.pause_recording()
    paused.begun()
    await leg.pause_recording()
    await asyncio.sleep(0.6)
    paused.ending()
    await leg.resume_recording()
    paused.ended()
    await asyncio.sleep(0.6)
    lasted.ending()
    await leg.stop_recording()
    lasted.ended()
    samples = np.abs(soundfile.read(file, dtype="int16")[0].astype(int))
    assert len(samples) / RATE in lasted
    loud = np.flatnonzero(samples > 1000)
    longest = np.diff(loud).argmax()
    since, until = loud[longest], loud[longest + 1]
    assert (until - since) / RATE in paused
    assert samples[since + FRAME : until - FRAME].max() == 0
    assert min(since, len(samples) - until) > RATE / 5


async def test_recording_that_begins_in_a_pause_begins_with_silence(
    stage: Stage, tmp_path: Path
) -> None:
    leg = await stage.dial()
    await leg.answer()
    file = tmp_path / "leg.wav"
    await leg.pause_recording()
    await leg.start_recording(file)
    await asyncio.sleep(0.5)
    await leg.stop_recording()
    assert np.abs(soundfile.read(file, dtype="int16")[0].astype(int)).max() == 0


async def test_recording_that_cannot_be_written_is_named(
    stage: Stage, tmp_path: Path
) -> None:
    leg = await stage.dial()
    await leg.answer()
    with pytest.raises(TelephonyError, match="nowhere"):
        await leg.start_recording(tmp_path / "nowhere" / "leg.wav")
    await leg.start_recording(tmp_path / "leg.wav")
    with pytest.raises(TelephonyError, match="already"):
        await leg.start_recording(tmp_path / "other.wav")
