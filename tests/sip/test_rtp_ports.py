"""Which ports our audio has: none so soon again that another call's peer still sends to it."""

import re
import socket
from contextlib import ExitStack, suppress

import pytest

from telephony.pjsua.endpoint import PjsuaEndpoint
from tests.sip.conftest import build_is_tuned, open_desk
from tests.sip.lines_out import lines_out, trunk
from tests.sip.phone import Phone

pytestmark = pytest.mark.sip

FIRST, LAST = 21000, 21599
IN_THE_WAY = 150


@pytest.fixture(autouse=True)
async def _only_the_tuned_build() -> None:
    """PJSIP as published, and so the wheel, counts for each account alone."""
    if not await build_is_tuned():
        pytest.skip("needs the tuned PJSIP: make pjsip")


async def _port_of_a_call(endpoint: PjsuaEndpoint, phone: Phone, trunk: str) -> int:
    """The RTP port that we offer in a call that is refused."""
    target = f"sip:13800138000@{phone.host}"
    leg = await endpoint.originate(target, from_user="053112345", trunk=trunk)
    call = await phone.expect_call()
    call.refuse(486)
    await leg.ended
    port = re.search(r"^m=audio (\d+)", call.received[0].body, re.M)
    assert port
    return int(port[1])


async def test_port_of_an_ended_call_rests_whichever_trunk_calls_next() -> None:
    async with open_desk() as desk:
        phone = await desk.phone()
        port = int(phone.host.rpartition(":")[2])
        names = ("telecom", "spare", "")
        trunks = [trunk(port, name, options_seconds=0) for name in names if name]
        async with lines_out(desk, *trunks):
            taken = [
                await _port_of_a_call(desk.endpoint, phone, name)
                for _ in range(5)
                for name in names
            ]
    assert len(set(taken)) == len(taken), taken


async def test_port_is_found_however_many_are_in_its_way() -> None:
    with ExitStack() as others:
        for port in range(FIRST, FIRST + 2 * IN_THE_WAY, 2):
            other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            with suppress(OSError):  # somebody else is as much in the way
                others.enter_context(other).bind(("127.0.0.1", port))
        async with open_desk(rtp_ports=(FIRST, LAST)) as desk:
            phone = await desk.phone()
            found = await _port_of_a_call(desk.endpoint, phone, "")
    assert FIRST + 2 * IN_THE_WAY <= found <= LAST
