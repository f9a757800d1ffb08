"""Sound in the less usual turns of a call: hold in all its forms, moves, early media."""

import asyncio
import re
from pathlib import Path

import pytest

from telephony.calls import Leg
from telephony.events import EndCause
from tests.sip.conftest import Desk
from tests.sip.phone import PhoneCall
from tests.sip.tones import RATE, Samples, level_of, loudness, read_wav
from tests.sip.voice import AUDIBLE, INAUDIBLE, Voice
from tests.sip.waits import Stretch, until

pytestmark = pytest.mark.sip


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
        await until(lambda: agent.held)
        await call.voice.hears(350)
        await other.voice.hears_nothing()
        await other.hold("sendrecv")
        await until(lambda: not agent.held)
        await call.voice.hears(1500)


async def test_both_sides_may_hold_at_once(desk: Desk, sounds: dict[str, Path]) -> None:
    caller, call = await _caller(desk)
    agent, other = await _agent(desk)
    async with desk.endpoint.bridge(caller, agent, music=sounds["music"]):
        await call.hold()
        await other.hold()
        await call.hold("sendrecv")
        await until(lambda: (caller.held, agent.held) == (False, True))
        await call.voice.hears(350)
        await other.hold("sendrecv")
        await call.voice.hears(1500)


async def test_peer_that_moves_its_audio_is_followed(
    desk: Desk, sounds: dict[str, Path]
) -> None:
    leg, call = await _caller(desk)
    await leg.start_music(sounds["music"])
    old, call.voice = call.voice, await Voice.open(call.phone.address, 1200)
    old.close()
    call.send_request("INVITE", body=call.sdp())
    await call.got_response("INVITE", 200, fresh=True)
    await call.voice.hears(350)


async def test_caller_without_an_offer_is_offered_audio(
    desk: Desk, sounds: dict[str, Path]
) -> None:
    """RFC 3261 section 13.2.1: the offer is in our 200, the answer in the ACK."""
    call = await (await desk.phone()).dial(hz=1000, sdp="")
    leg = await desk.call()
    await leg.answer()
    playing = asyncio.create_task(leg.play([sounds["long"]]))
    await call.voice.hears(660)
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
        await call.voice.hears(1500)
        other.answer()
        await agent.answered
        await call.voice.hears(1500)


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
        await call.voice.hears(1500)
        await other.voice.hears(1000)


async def test_recording_goes_on_through_hold_and_holds_the_peer_alone(
    desk: Desk, sounds: dict[str, Path], tmp_path: Path
) -> None:
    caller, call = await _caller(desk)
    agent, _ = await _agent(desk)
    file = tmp_path / "caller.wav"
    lasted = Stretch()
    await caller.start_recording(file)
    lasted.begun()
    async with desk.endpoint.bridge(caller, agent, music=sounds["music"]):
        await asyncio.sleep(0.6)
        await call.hold("inactive")
        call.voice.sending = False
        await asyncio.sleep(0.6)
        call.voice.sending = True
        await call.hold("sendrecv")
        await asyncio.sleep(0.6)
        lasted.ending()
        await caller.stop_recording()
        lasted.ended()
    audio = read_wav(file)
    assert len(audio) / RATE in lasted
    tenths = (audio[n : n + RATE // 10] for n in range(0, len(audio), RATE // 10))
    told = "".join(_sign(tenth, 1000) for tenth in tenths)
    assert re.search("sss.*___.*sss", told), told
    assert level_of(audio, 1500) < 0.01


def _sign(samples: Samples, hz: float) -> str:
    """Whether he speaks or is silent here, or what else."""
    if level_of(samples, hz) > AUDIBLE:
        return "s"
    return "_" if loudness(samples) < INAUDIBLE else "?"


async def test_recording_of_a_silent_peer_is_as_long_as_the_call(
    desk: Desk, tmp_path: Path
) -> None:
    leg, call = await _caller(desk, hz=0)
    call.voice.sending = False
    lasted = Stretch()
    await leg.start_recording(tmp_path / "silent.wav")
    lasted.begun()
    await asyncio.sleep(1)
    lasted.ending()
    await leg.hang_up()
    await leg.stop_recording()
    lasted.ended()
    audio = read_wav(tmp_path / "silent.wav")
    assert len(audio) / RATE in lasted
    assert loudness(audio) < 0.01


async def test_growing_recording_can_be_read_while_it_runs(
    desk: Desk, tmp_path: Path
) -> None:
    leg, _ = await _caller(desk)
    file = tmp_path / "growing.wav"
    await leg.start_recording(file)
    await until(lambda: file.exists() and file.stat().st_size > RATE)
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
    await until(lambda: call.voice.keys)
    assert call.voice.keys == "5"


async def test_our_offer_is_short_and_names_only_the_wanted_codecs(desk: Desk) -> None:
    phone = await desk.phone("127.0.0.3")
    await desk.endpoint.originate(phone.uri, from_user="1", from_name="市民热线")
    call = await phone.expect_call()
    assert call.invite
    assert call.invite.body.count("m=") == 1
    assert "RTP/AVP 8 0 " in call.invite.body
    assert len(call.invite.body) + 800 < 1300, "an INVITE must fit one UDP packet"
