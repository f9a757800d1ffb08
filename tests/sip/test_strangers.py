"""What strangers, and trusted peers gone wild, may not do to us."""

import asyncio
from pathlib import Path

import pytest

from telephony.calls import Leg
from telephony.events import EndCause, Refusal
from telephony.pjsua import opening
from tests.sip.conftest import Desk, open_desk
from tests.sip.phone import PhoneCall

pytestmark = pytest.mark.sip


async def _answered(desk: Desk) -> tuple[Leg, PhoneCall]:
    phone = await desk.phone()
    call = await phone.dial()
    leg = await desk.call()
    await leg.answer()
    await call.got_response("INVITE", 200)
    return leg, call


async def _nothing_came(desk: Desk) -> None:
    assert desk.calls.empty()
    for _ in range(50):  # the library lets go of a refused call after its ACK
        if not desk.endpoint.legs_in_use:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{desk.endpoint.legs_in_use} legs are still in use")


async def test_untrusted_peer_gets_403_and_is_told_of() -> None:
    async with open_desk(trusted_peers=("127.0.0.3/32",)) as desk:
        call = await (await desk.phone()).dial()
        await call.got_response("INVITE", 403)
        refused = await desk.refusal()
        assert refused.refusal is Refusal.UNTRUSTED_PEER
        assert refused.sip_code == 403
        assert refused.invitation.peer == "127.0.0.2"
        assert refused.invitation.from_uri.startswith("sip:13800138000@")
        await _nothing_came(desk)
        await (await desk.phone("127.0.0.3")).dial()
        assert await desk.call()


@pytest.mark.parametrize("line", ["o=- 1 1 IN IP4 {}", "c=IN IP4 {}"])
async def test_sdp_with_a_host_name_gets_488(desk: Desk, line: str) -> None:
    phone = await desk.phone()
    sdp = "\r\n".join(
        [
            "v=0",
            "o=- 1 1 IN IP4 127.0.0.2",
            "s=-",
            "c=IN IP4 127.0.0.2",
            "t=0 0",
            "m=audio 4000 RTP/AVP 8",
            "",
        ]
    ).replace(line.format("127.0.0.2"), line.format("slow.invalid"))
    call = await phone.dial(sdp=sdp)
    await call.got_response("INVITE", 488)
    assert (await desk.refusal()).refusal is Refusal.HOST_NAME_IN_SDP
    await _nothing_came(desk)


@pytest.mark.parametrize("method", ["INVITE", "UPDATE"])
async def test_host_name_in_a_later_offer_is_refused_and_the_call_goes_on(
    desk: Desk, method: str
) -> None:
    leg, call = await _answered(desk)
    phone_address = call.connection
    call.connection = "slow.invalid"
    call.received.clear()
    call.send_request(method, body=call.sdp())
    answer = await call.got_response(method)
    assert answer.code in (488, 500)
    assert not leg.ended.done()
    call.connection = phone_address
    call.received.clear()
    call.send_request(method, body=call.sdp() + "a=x-long:" + "y" * 2000 + "\r\n")
    # An INVITE is seen whole; of an UPDATE so long the library shows nothing.
    accepted = (await call.got_response(method)).code == 200
    assert accepted == (method == "INVITE")
    call.hang_up()
    assert (await leg.ended).cause is EndCause.PEER_HUNG_UP


async def test_refer_of_a_caller_is_refused_and_nobody_is_dialled(desk: Desk) -> None:
    leg, call = await _answered(desk)
    victim = await desk.phone("127.0.0.3")
    call.send_request("REFER", f"Refer-To: <{victim.uri}>")
    await call.got_response("REFER", 403)
    refused = await desk.refusal()
    assert refused.refusal is Refusal.TRANSFER
    assert refused.invitation.request_uri.strip("<>") == victim.uri
    await asyncio.sleep(0.2)
    assert victim.incoming.empty()
    assert not leg.ended.done()


@pytest.mark.parametrize(
    "target",
    [
        "sip:00852@198.51.100.7",
        "sip:1002@127.0.0.3;maddr=198.51.100.7",
        "sip:1002@127.0.0.3?Route=%3Csip:198.51.100.7%3Blr%3E",
        "sip:1002@gateway.invalid",
    ],
)
async def test_agents_own_refer_to_a_stranger_is_refused(
    desk: Desk, target: str
) -> None:
    agent = await desk.phone("127.0.0.3")
    leg = await desk.endpoint.originate(agent.uri, from_user="1", may_transfer=True)
    call = await agent.expect_call()
    call.answer()
    await leg.answered
    call.send_request("REFER", f"Refer-To: <{target}>")
    await call.got_response("REFER", 403)
    assert desk.endpoint.legs_in_use == 1
    assert not leg.transferred.done()


async def test_granted_transfer_is_a_leg_like_any_other(
    desk: Desk, sounds: dict[str, Path]
) -> None:
    agent, third = await desk.phone("127.0.0.3"), await desk.phone("127.0.0.4", hz=2100)
    leg = await desk.endpoint.originate(agent.uri, from_user="1", may_transfer=True)
    call = await agent.expect_call()
    call.answer()
    await leg.answered
    call.send_request("REFER", f"Refer-To: <{third.uri}>")
    await call.got_response("REFER", 202)
    new = await leg.transferred
    reached = await third.expect_call()
    reached.ring()
    await new.rang
    reached.answer()
    await new.answered
    assert await new.play([sounds["short"]])
    notify = await call.got(lambda m: "SIP/2.0 200" in m.body)
    assert notify.first.startswith("NOTIFY")
    call.hang_up()
    await leg.ended
    assert not new.ended.done()
    await new.hang_up()
    await reached.got_request("BYE")


async def test_transfer_to_nobody_ends_the_new_leg_alone(desk: Desk) -> None:
    agent, third = await desk.phone("127.0.0.3"), await desk.phone("127.0.0.4")
    leg = await desk.endpoint.originate(agent.uri, from_user="1", may_transfer=True)
    call = await agent.expect_call()
    call.answer()
    await leg.answered
    call.send_request("REFER", f"Refer-To: <{third.uri}>")
    new = await leg.transferred
    (await third.expect_call()).refuse(486)
    assert (await new.ended).cause is EndCause.BUSY
    assert not leg.ended.done()


async def test_invite_that_replaces_a_call_is_refused(desk: Desk) -> None:
    leg, call = await _answered(desk)
    tag = call.remote.rpartition("tag=")[2]
    mine = call.local.rpartition("tag=")[2]
    thief = await (await desk.phone()).dial(
        f"Replaces: {call.call_id};to-tag={tag};from-tag={mine}"
    )
    answer = await thief.got_response("INVITE")
    assert answer.code == 403
    assert (await desk.refusal()).refusal is Refusal.REPLACES
    assert not leg.ended.done()
    assert desk.calls.empty()


async def test_invite_that_replaces_nothing_is_refused(desk: Desk) -> None:
    thief = await (await desk.phone()).dial("Replaces: no@where;to-tag=1;from-tag=2")
    answer = await thief.got_response("INVITE")
    assert answer.code in (403, 481)
    refused = await desk.refusal()
    assert (refused.refusal, refused.sip_code) == (Refusal.REPLACES, answer.code)
    await _nothing_came(desk)


async def test_invite_that_makes_no_call_is_told_of(desk: Desk) -> None:
    phone = await desk.phone()
    call = await phone.dial(
        sdp="v=0\r\no=- 1 1 IN IP4 127.0.0.2\r\ns=-\r\nc=IN IP4 127.0.0.2\r\nt=0 0\r\nm=audio 4000 RTP/AVP 3\r\n"
    )
    assert (await call.got_response("INVITE")).code == 488
    assert (await desk.refusal()).refusal is Refusal.UNACCEPTABLE
    await _nothing_came(desk)


async def test_caller_without_a_free_leg_gets_486_and_is_told_of(desk: Desk) -> None:
    if desk.endpoint.is_tuned:
        pytest.skip("the tuned build has 1,000 legs: its limit is tried by the flood")
    phone = await desk.phone()
    for _ in range(desk.endpoint.legs_allowed):
        await phone.dial()
        await desk.call()
    call = await phone.dial()
    await call.got_response("INVITE", 486)
    refused = await desk.refusal()
    assert (refused.refusal, refused.sip_code) == (Refusal.NO_FREE_LEG, 486)


class _SilentNameServer(asyncio.DatagramProtocol):
    """Takes questions and answers none."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if b"slow" in data:
            self.asked.set()


async def test_name_that_nobody_resolves_does_not_stop_the_calls(
    monkeypatch: pytest.MonkeyPatch, sounds: dict[str, Path]
) -> None:
    """RFC 3261 section 18.2.2: the answer goes to Via's maddr, whoever wrote it."""
    loop = asyncio.get_running_loop()
    try:
        transport, server = await loop.create_datagram_endpoint(
            _SilentNameServer, local_addr=("127.0.0.53", 53)
        )
    except PermissionError:
        pytest.skip("only root may play a name server on port 53")
    monkeypatch.setattr(opening, "name_servers", lambda: ["127.0.0.53"])
    async with open_desk() as desk:
        leg, call = await _answered(desk)
        phone = desk.phones[0]
        via = f"Via: SIP/2.0/UDP {phone.host};branch=z9hG4bKm;maddr=slow.invalid"
        call.send_request("OPTIONS", via_line=via)
        began = loop.time()
        assert await leg.play([sounds["short"]])
        assert loop.time() - began < 4
        async with asyncio.timeout(60):
            await server.asked.wait()
    transport.close()


async def test_watcher_is_refused(desk: Desk) -> None:
    phone = await desk.phone()
    call = await phone.dial()
    leg = await desk.call()
    call.received.clear()
    call.remote = f"<sip:12345@127.0.0.1:{desk.sip.port}>"
    call.call_id += "x"
    phone.calls[call.call_id] = call
    call.send_request("SUBSCRIBE", "Event: presence", "Expires: 600")
    assert (await call.got_response("SUBSCRIBE")).code >= 400
    assert not leg.ended.done()


async def test_listener_that_fails_costs_one_call_and_no_more(desk: Desk) -> None:
    def fail(leg: Leg) -> None:
        raise ValueError("no room")

    desk.endpoint.on_call = fail
    phone = await desk.phone()
    await (await phone.dial()).got_response("INVITE", 500)
    desk.endpoint.on_call = desk.calls.put_nowait
    await phone.dial()
    assert await desk.call()
