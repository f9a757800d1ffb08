"""Callers that we did not write: SIPp, scenario by scenario."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from telephony.events import EndCause, Refusal
from tests.sip.conftest import Desk, build_is_tuned, open_desk
from tests.sip.sipp import Sipp

pytestmark = pytest.mark.sip

StartSipp = Callable[..., Awaitable[Sipp]]


def _target(desk: Desk) -> str:
    return f"127.0.0.1:{desk.sip.port}"


async def test_call_is_answered_and_hung_up_by_the_caller(
    desk: Desk, sipp: StartSipp
) -> None:
    caller = await sipp("call", target=_target(desk))
    leg = await desk.call()
    await leg.ring()
    await leg.answer()
    assert (await leg.ended).cause is EndCause.PEER_HUNG_UP
    assert await caller.finished() == 0


async def test_call_is_hung_up_by_us(desk: Desk, sipp: StartSipp) -> None:
    caller = await sipp("waits", target=_target(desk))
    leg = await desk.call()
    await leg.answer()
    await leg.hang_up()
    assert await caller.finished() == 0


async def test_caller_who_gives_up_while_it_rings(desk: Desk, sipp: StartSipp) -> None:
    caller = await sipp("cancel", target=_target(desk))
    leg = await desk.call()
    await leg.ring()
    assert (await leg.ended).cause is EndCause.CANCELLED
    assert await caller.finished() == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="SIPp needs root to play a capture")
async def test_captured_rfc_4733_key_is_one_digit(
    desk: Desk, sipp: StartSipp, sounds: dict[str, Path]
) -> None:
    caller = await sipp("digit", target=_target(desk))
    leg = await desk.call()
    await leg.answer()
    assert not await leg.play([sounds["long"]], interrupt_by="1")
    assert await leg.read_digit(timeout_seconds=0) == "1"
    assert await leg.read_digit(timeout_seconds=0.3) is None
    assert await caller.finished() == 0


async def test_key_by_sip_info_is_one_digit(desk: Desk, sipp: StartSipp) -> None:
    caller = await sipp("info", target=_target(desk))
    leg = await desk.call()
    await leg.answer()
    assert await leg.read_digit(timeout_seconds=30) == "5"
    assert await leg.read_digit(timeout_seconds=0.1) is None
    assert await caller.finished() == 0


async def test_caller_holds_and_comes_back(desk: Desk, sipp: StartSipp) -> None:
    caller = await sipp("hold", target=_target(desk))
    leg = await desk.call()
    await leg.answer()
    held = []
    while not leg.ended.done():
        held.append(leg.held)
        await asyncio.sleep(0.05)
    assert True in held
    assert held[0] is held[-1] is False
    assert await caller.finished() == 0


async def test_refer_of_a_caller_is_refused(desk: Desk, sipp: StartSipp) -> None:
    caller = await sipp("refer", target=_target(desk))
    leg = await desk.call()
    await leg.answer()
    assert (await desk.refusal()).refusal is Refusal.TRANSFER
    assert await caller.finished() == 0
    assert not leg.transferred.done()


async def test_stranger_is_refused(sipp: StartSipp) -> None:
    async with open_desk(trusted_peers=("192.0.2.0/24",)) as desk:
        caller = await sipp("untrusted", target=_target(desk))
        assert await caller.finished() == 0
        assert (await desk.refusal()).refusal is Refusal.UNTRUSTED_PEER
        assert desk.calls.empty()


@pytest.mark.parametrize(
    ("scenario", "refusal"),
    [
        ("replaces", Refusal.REPLACES),
        ("host_name", Refusal.HOST_NAME_IN_SDP),
    ],
)
async def test_harmful_invite_is_refused(
    desk: Desk, sipp: StartSipp, scenario: str, refusal: Refusal
) -> None:
    caller = await sipp(scenario, target=_target(desk))
    assert await caller.finished() == 0
    assert (await desk.refusal()).refusal is refusal
    assert desk.calls.empty()


async def test_agent_of_sipp_is_called_and_hung_up(desk: Desk, sipp: StartSipp) -> None:
    agent = await sipp("uas", "-rtp_echo", target="127.0.0.1", address="127.0.0.3")
    await agent.listens()
    target = f"sip:1001@127.0.0.3:{agent.place[0]}"
    leg = await desk.endpoint.originate(target, from_user="13800138000")
    await leg.answered
    await leg.hang_up()
    assert await agent.finished() == 0


async def test_call_over_tcp(sipp: StartSipp) -> None:
    async with open_desk(transports=("tcp",)) as desk:
        caller = await sipp("call", "-t", "t1", target=_target(desk))
        leg = await desk.call()
        await leg.answer()
        assert (await leg.ended).cause is EndCause.PEER_HUNG_UP
        assert await caller.finished() == 0


async def _needs_ipv6() -> None:
    if not await build_is_tuned():
        pytest.skip("the wheel speaks no IPv6 (make pjsip)")


@pytest.mark.parametrize("address", ["::1", "::"])
async def test_call_over_ipv6(sipp: StartSipp, address: str) -> None:
    await _needs_ipv6()
    async with open_desk(address=address) as desk:
        caller = await sipp("call", target=f"[::1]:{desk.sip.port}", address="::1")
        leg = await desk.call()
        assert leg.invitation
        assert leg.invitation.peer == "::1"
        await leg.answer()
        assert (await leg.ended).cause is EndCause.PEER_HUNG_UP
        assert await caller.finished() == 0


async def test_any_address_serves_both_families(sipp: StartSipp) -> None:
    await _needs_ipv6()
    async with open_desk(address="::") as desk:
        caller = await sipp("call", target=_target(desk))
        leg = await desk.call()
        await leg.answer()
        assert (await leg.ended).cause is EndCause.PEER_HUNG_UP
        assert await caller.finished() == 0
