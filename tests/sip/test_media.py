"""Sound in the less usual turns of a call: hold in all its forms, moves, early media."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from telephony.calls import Leg
from telephony.events import EndCause
from tests.sip.conftest import Desk
from tests.sip.phone import PhoneCall
from tests.sip.tones import RATE, level_of, loudness, read_wav, steady_level
from tests.sip.voice import Voice

pytestmark = pytest.mark.sip

AUDIBLE = 0.05


async def _caller(desk: Desk, hz: float = 1000) -> tuple[Leg, PhoneCall]:
    call = await (await desk.phone()).dial(hz=hz)
    leg = await desk.call()
    await leg.answer()
    await call.got_response("INVITE", 200)
    return leg, call


async def _agent(desk: Desk, hz: float = 1500) -> tuple[Leg, PhoneCall]:
    phone = await desk.phone("127.0.0.3", hz=hz)
    leg = await desk.endpoint.originate(phone.uri, from_user="1")
    call = await phone.expect_call()
    call.answer()
    await leg.answered
    return leg, call


@pytest.mark.parametrize(
    ("direction", "connection"),
    [("sendonly", ""), ("inactive", ""), ("sendrecv", "0.0.0.0")],
)
async def test_every_form_of_hold_is_understood(
    desk: Desk, sounds: dict[str, Path], direction: str, connection: str
) -> None:
    caller, call = await _caller(desk)
    agent, other = await _agent(desk)
    async with desk.endpoint.bridge(caller, agent, music=sounds["music"]):
        await other.hold(direction, connection)
        await asyncio.sleep(0.1)
        assert agent.held
        assert steady_level(await call.voice.listen(0.3), 350) > AUDIBLE
        assert loudness(await other.voice.listen(0.1)) < 0.01
        await other.hold("sendrecv")
        await asyncio.sleep(0.1)
        assert not agent.held
        assert steady_level(await call.voice.listen(0.3), 1500) > AUDIBLE


async def test_both_sides_may_hold_at_once(desk: Desk, sounds: dict[str, Path]) -> None:
    caller, call = await _caller(desk)
    agent, other = await _agent(desk)
    async with desk.endpoint.bridge(caller, agent, music=sounds["music"]):
        await call.hold()
        await other.hold()
        await call.hold("sendrecv")
        await asyncio.sleep(0.1)
        assert (caller.held, agent.held) == (False, True)
        assert steady_level(await call.voice.listen(0.3), 350) > AUDIBLE
        await other.hold("sendrecv")
        await asyncio.sleep(0.1)
        assert steady_level(await call.voice.listen(0.3), 1500) > AUDIBLE


async def test_peer_that_moves_its_audio_is_followed(
    desk: Desk, sounds: dict[str, Path]
) -> None:
    leg, call = await _caller(desk)
    await leg.start_music(sounds["music"])
    old, call.voice = call.voice, await Voice.open(call.phone.address, 1200)
    old.close()
    call.send_request("INVITE", body=call.sdp())
    await call.got_response("INVITE", 200, fresh=True)
    await asyncio.sleep(0.1)
    assert steady_level(await call.voice.listen(0.3), 350) > AUDIBLE


async def test_caller_without_an_offer_is_offered_audio(
    desk: Desk, sounds: dict[str, Path]
) -> None:
    """RFC 3261 section 13.2.1: the offer is in our 200, the answer in the ACK."""
    call = await (await desk.phone()).dial(hz=1000, sdp="")
    leg = await desk.call()
    await leg.answer()
    playing = asyncio.create_task(leg.play([sounds["long"]]))
    await asyncio.sleep(0.1)
    assert steady_level(await call.voice.listen(0.3), 660) > AUDIBLE
    playing.cancel()
    await asyncio.wait({playing})
    call.hang_up()
    assert (await leg.ended).cause is EndCause.PEER_HUNG_UP


async def test_ringing_tone_of_a_called_network_is_heard_in_the_bridge(
    desk: Desk, sounds: dict[str, Path]
) -> None:
    caller, call = await _caller(desk)
    phone = await desk.phone("127.0.0.3", hz=1500)
    agent = await desk.endpoint.originate(phone.uri, from_user="1")
    other = await phone.expect_call()
    assert other.invite
    other.respond(183, to=other.invite, body=other.sdp())
    await agent.rang
    async with desk.endpoint.bridge(caller, agent, music=sounds["music"]):
        await asyncio.sleep(0.1)
        assert steady_level(await call.voice.listen(0.3), 1500) > AUDIBLE
        other.answer()
        await agent.answered
        await asyncio.sleep(0.1)
        assert steady_level(await call.voice.listen(0.3), 1500) > AUDIBLE


async def test_bridge_before_the_answer_is_heard_from_the_answer_on(
    desk: Desk, sounds: dict[str, Path]
) -> None:
    caller, call = await _caller(desk)
    phone = await desk.phone("127.0.0.3", hz=1500)
    agent = await desk.endpoint.originate(phone.uri, from_user="1")
    other = await phone.expect_call()
    async with desk.endpoint.bridge(caller, agent, music=sounds["music"]):
        other.answer()
        await agent.answered
        await asyncio.sleep(0.1)
        assert steady_level(await call.voice.listen(0.3), 1500) > AUDIBLE
        assert steady_level(await other.voice.listen(0.3), 1000) > AUDIBLE


async def test_recording_goes_on_through_hold_and_holds_the_peer_alone(
    desk: Desk, sounds: dict[str, Path], tmp_path: Path
) -> None:
    caller, call = await _caller(desk)
    agent, _ = await _agent(desk)
    file = tmp_path / "caller.wav"
    await caller.start_recording(file)
    began = asyncio.get_running_loop().time()
    async with desk.endpoint.bridge(caller, agent, music=sounds["music"]):
        await asyncio.sleep(0.6)
        await call.hold("inactive")
        call.voice.sending = False
        await asyncio.sleep(0.6)
        call.voice.sending = True
        await call.hold("sendrecv")
        await asyncio.sleep(0.6)
        lasted = asyncio.get_running_loop().time() - began
        await caller.stop_recording()
    audio = read_wav(file)
    assert len(audio) / RATE == pytest.approx(lasted, abs=0.15)
    spoken, silent, again = np.array_split(audio, 3)
    assert steady_level(spoken[RATE // 4 :], 1000) > AUDIBLE
    assert loudness(silent[RATE // 5 : -RATE // 5]) < 0.01
    assert steady_level(again[RATE // 4 :], 1000) > AUDIBLE
    assert level_of(audio, 1500) < 0.01


async def test_recording_of_a_silent_peer_is_as_long_as_the_call(
    desk: Desk, tmp_path: Path
) -> None:
    leg, call = await _caller(desk, hz=0)
    call.voice.sending = False
    began = asyncio.get_running_loop().time()
    await leg.start_recording(tmp_path / "silent.wav")
    await asyncio.sleep(1)
    lasted = asyncio.get_running_loop().time() - began
    await leg.hang_up()
    await leg.stop_recording()
    audio = read_wav(tmp_path / "silent.wav")
    assert len(audio) / RATE == pytest.approx(lasted, abs=0.15)
    assert loudness(audio) < 0.01


async def test_growing_recording_can_be_read_while_it_runs(
    desk: Desk, tmp_path: Path
) -> None:
    leg, _ = await _caller(desk)
    file = tmp_path / "growing.wav"
    await leg.start_recording(file)
    await asyncio.sleep(1)
    assert file.stat().st_size > RATE
    await leg.stop_recording()


async def test_called_phone_without_our_codecs_ends_the_leg(desk: Desk) -> None:
    phone = await desk.phone("127.0.0.3")
    leg = await desk.endpoint.originate(phone.uri, from_user="1")
    call = await phone.expect_call()
    assert call.invite
    sdp = (
        call.sdp().replace("RTP/AVP 8 101", "RTP/AVP 3").replace("a=rtpmap:8", "a=x:8")
    )
    call.respond(200, to=call.invite, body=sdp)
    async with asyncio.timeout(60):
        assert (await leg.ended).cause is EndCause.MEDIA_FAILED
    await call.got_request("BYE")


async def test_keys_that_we_press_reach_the_peer(desk: Desk) -> None:
    leg, call = await _caller(desk)
    await leg.press("5")  # type: ignore[attr-defined]
    async with asyncio.timeout(60):
        while not call.voice.keys:
            await asyncio.sleep(0.02)
    assert call.voice.keys == "5"


async def test_our_offer_is_short_and_names_only_the_wanted_codecs(desk: Desk) -> None:
    phone = await desk.phone("127.0.0.3")
    await desk.endpoint.originate(phone.uri, from_user="1", from_name="市民热线")
    call = await phone.expect_call()
    assert call.invite
    assert call.invite.body.count("m=") == 1
    assert "RTP/AVP 8 0 " in call.invite.body
    assert len(call.invite.body) + 800 < 1300, "an INVITE must fit one UDP packet"
