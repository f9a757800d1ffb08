"""Nobody outside a call gets its sound, or puts sound into it, by sending RTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from telephony.calls import Leg
from tests.sip.conftest import Desk
from tests.sip.phone import PhoneCall
from tests.sip.tones import level_of, read_wav, steady_level
from tests.sip.voice import Voice

pytestmark = pytest.mark.sip

CALLER_HZ, THIEF_HZ, OUR_HZ = 1000, 2500, 350
AUDIBLE = 0.05


@pytest.fixture(autouse=True)
async def _only_the_tuned_build(tuned_desk: Desk) -> None:
    """PJSIP as published, and so the wheel, follows whoever sends most."""


async def _call(desk: Desk, sounds: dict[str, Path]) -> tuple[Leg, PhoneCall]:
    call = await (await desk.phone()).dial(hz=CALLER_HZ)
    leg = await desk.call()
    await leg.answer()
    await call.got_response("INVITE", 200)
    await leg.start_music(sounds["music"])
    await call.voice.hears(OUR_HZ)
    return leg, call


@asynccontextmanager
async def _thief(call: PhoneCall, *, packets: int) -> AsyncIterator[Voice]:
    """Sends this many packets every 20 ms to the leg's RTP port."""
    thief = await Voice.open("127.0.0.66", THIEF_HZ)
    thief.packets_per_tick = packets
    thief.talk_to(("127.0.0.1", call.voice.peer_port))
    yield thief
    thief.close()


async def test_stranger_who_sends_more_than_the_caller_gets_nothing(
    desk: Desk, sounds: dict[str, Path], tmp_path: Path
) -> None:
    leg, call = await _call(desk, sounds)
    await leg.start_recording(tmp_path / "caller.wav")
    async with _thief(call, packets=30) as thief:
        heard = await call.voice.listen(1.5)
        assert steady_level(heard[-4000:], OUR_HZ) > AUDIBLE
        assert thief.packets == 0
    await leg.stop_recording()
    recorded = read_wav(tmp_path / "caller.wav")[-4000:]
    assert steady_level(recorded, CALLER_HZ) > AUDIBLE
    assert level_of(recorded, THIEF_HZ) < 0.01


async def test_strangers_keys_are_not_the_callers(
    desk: Desk, sounds: dict[str, Path]
) -> None:
    leg, call = await _call(desk, sounds)
    async with _thief(call, packets=30) as thief:
        thief.press("1")
        assert await leg.read_digit(timeout_seconds=0.5) is None
    call.voice.press("2")
    assert await leg.read_digit(timeout_seconds=30) == "2"


async def test_caller_whose_address_changed_is_followed_after_a_second(
    desk: Desk, sounds: dict[str, Path]
) -> None:
    """A NAT that has chosen another port: the old one is silent from then on."""
    _, call = await _call(desk, sounds)
    call.voice.sending = False
    await asyncio.sleep(1.1)
    async with _thief(call, packets=1) as moved:
        await moved.hears(OUR_HZ)


async def test_stranger_who_speaks_before_the_called_phone_loses_to_it(
    desk: Desk, sounds: dict[str, Path]
) -> None:
    """A phone that was left behind by another call sends to the same port already."""
    phone = await desk.phone("127.0.0.3", hz=CALLER_HZ)
    leg = await desk.endpoint.originate(phone.uri, from_user="13800138000")
    call = await phone.expect_call()
    call.voice.sending = False
    async with _thief(call, packets=1) as thief:
        await asyncio.sleep(0.2)
        call.answer()
        await leg.answered
        await leg.start_music(sounds["music"])
        call.voice.sending = True
        await call.voice.hears(OUR_HZ)
        thief.forget()
        assert steady_level(await call.voice.listen(1), OUR_HZ) > AUDIBLE
        assert len(thief.heard()) == 0
