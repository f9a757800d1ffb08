"""Peers that fall silent: dead ones end their leg, muted and holding ones do not."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from telephony.calls import Leg
from telephony.events import EndCause
from tests.sip.conftest import Desk, open_desk
from tests.sip.phone import PhoneCall

pytestmark = pytest.mark.sip

SILENCE_SECONDS = ANSWER_SECONDS = 2.0


@pytest.fixture
async def impatient(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """An endpoint that asks soon and waits not long."""
    monkeypatch.setattr("telephony.pjsua.vital_signs.ANSWER_SECONDS", ANSWER_SECONDS)
    async with open_desk(dead_peer_seconds=SILENCE_SECONDS) as desk:
        yield desk


async def _answered(desk: Desk) -> tuple[Leg, PhoneCall]:
    phone = await desk.phone()
    call = await phone.dial()
    leg = await desk.call()
    await leg.answer()
    await call.got_response("INVITE", 200)
    return leg, call


async def test_peer_that_sends_nothing_and_answers_nothing_is_dead(
    impatient: Desk,
) -> None:
    leg, call = await _answered(impatient)
    call.voice.sending = call.answers_options = False
    await call.got_request("OPTIONS")
    async with asyncio.timeout(60):
        assert (await leg.ended).cause is EndCause.DEAD_PEER
    assert "cause=27" in (await call.got_request("BYE")).get("reason")


async def test_muted_peer_that_answers_our_question_stays(impatient: Desk) -> None:
    leg, call = await _answered(impatient)
    call.voice.sending = False
    await call.got_request("OPTIONS")
    call.received.clear()
    await call.got_request("OPTIONS")
    assert not leg.ended.done()


async def test_peer_that_knows_of_no_call_is_dead_at_once(impatient: Desk) -> None:
    leg, call = await _answered(impatient)
    call.voice.sending = False
    call.forgets_the_dialog = True
    async with asyncio.timeout(60):
        assert (await leg.ended).cause is EndCause.DEAD_PEER


async def test_peer_that_talks_is_never_asked(impatient: Desk) -> None:
    leg, call = await _answered(impatient)
    await asyncio.sleep(SILENCE_SECONDS + ANSWER_SECONDS)
    assert not any(message.method == "OPTIONS" for message in call.received)
    assert not leg.ended.done()


async def test_peer_that_holds_us_may_be_silent(impatient: Desk) -> None:
    leg, call = await _answered(impatient)
    await call.hold()
    call.voice.sending = call.answers_options = False
    await asyncio.sleep(SILENCE_SECONDS + ANSWER_SECONDS + 1)
    assert leg.held
    assert not leg.ended.done()


async def test_rtcp_alone_is_a_sign_of_life(impatient: Desk) -> None:
    leg, call = await _answered(impatient)
    call.voice.sending = call.answers_options = False
    for _ in range(25):
        call.voice.report()
        await asyncio.sleep(0.2)
    assert not leg.ended.done()
