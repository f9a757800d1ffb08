"""Calls over trunks that we did not write: SIPp registers, challenges, refuses, rings."""

import asyncio
import hashlib
import re
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from acd.placing import Answered, NotAnswered, PlacedCall, WhyNot
from telephony import trunk_watch
from telephony.events import Refusal
from tests.fakes.ports import free_port
from tests.sip.conftest import PEER, Desk, open_desk
from tests.sip.lines_out import count_of, lines_out, to, trunk
from tests.sip.phone import Message
from tests.sip.sipp import Sipp

pytestmark = pytest.mark.sip

StartSipp = Callable[..., Awaitable[Sipp]]
REGISTERS = {"username": "hotline", "register": True}


@pytest.fixture
def company(sipp: StartSipp) -> StartSipp:
    """Starts a company at 127.0.0.2 that keeps what it hears."""

    async def start(
        scenario: str, port: int, *options: object, calls: int = 100
    ) -> Sipp:
        started = await sipp(
            scenario, "-deadcall_wait", 0, "-trace_msg", *options,
            target="127.0.0.1:9", port=port, calls=calls,
        )  # fmt: skip
        await started.listens()
        return started

    return start


def why(placed: PlacedCall) -> WhyNot:
    """Why it was not answered."""
    assert isinstance(placed, NotAnswered)
    return placed.why


async def test_trunk_registers_with_digest_and_its_calls_are_let_through(
    desk: Desk, company: StartSipp
) -> None:
    """SIPp checks both digests, From and P-Asserted-Identity, and fails otherwise."""
    port = free_port(PEER)
    telecom = await company("trunk", port, calls=3)
    async with lines_out(desk, trunk(port, **REGISTERS)) as lines:
        await lines.until("telecom", up=True)
        assert lines.view("telecom").registered
        placed = await lines.placer.place(to())
        assert isinstance(placed, Answered), placed
        assert lines.view("telecom").lines_in_use == 1
        await placed.leg.hang_up()
        assert await telecom.finished() == 0


@pytest.mark.parametrize("scenario", ["trunk", "registrar_refuses"])
async def test_wrong_password_is_told_and_not_tried_in_a_storm(
    desk: Desk, company: StartSipp, tmp_path: Path, scenario: str
) -> None:
    """Whether the registrar says 403, or asks again."""
    port = free_port(PEER)
    await company(scenario, port)
    section = trunk(port, options_seconds=0, **REGISTERS)
    async with lines_out(desk, section, password="wrong") as lines:
        change = await lines.until("telecom", up=False)
        assert "look at username, password and realm" in change.reason
        assert "wrong" not in change.reason
        tries = await count_of(tmp_path, "REGISTER")
        assert tries <= 4, "the library asks anew when the nonce is new"
        await asyncio.sleep(1.5)
        assert await count_of(tmp_path, "REGISTER") == tries
        assert why(await lines.placer.place(to())) is WhyNot.NO_TRUNK
        assert await count_of(tmp_path, "INVITE") == 0


async def test_trunk_that_wants_a_password_for_a_call_and_gets_a_wrong_one(
    desk: Desk, company: StartSipp
) -> None:
    await company("trunk", port := free_port(PEER))
    await company("gateway", other := free_port(PEER))
    section = trunk(port, username="hotline", options_seconds=0)
    async with lines_out(
        desk, section, trunk(other, "spare", options_seconds=0), password="wrong"
    ) as lines:
        assert why(await lines.placer.place(to())) is WhyNot.REJECTED


async def test_challenge_of_a_proxy_is_answered(desk: Desk) -> None:
    """407, checked by a hand-made digest (RFC 2617 section 3.2.2)."""
    phone = await desk.phone()
    port = int(phone.host.rpartition(":")[2])
    section = trunk(port, username="hotline", options_seconds=0)
    async with lines_out(desk, section) as lines:
        placing = asyncio.create_task(lines.placer.place(to()), name="placing")
        call = await phone.expect_call()
        call.refuse(
            407,
            'Proxy-Authenticate: Digest realm="trunk.test", nonce="abc", qop="auth"',
        )
        second = await call.got(lambda m: bool(m.get("proxy-authorization")))
        assert _digest_is_right(second, "s3cret")
        placed = await placing
        assert isinstance(placed, Answered)


def _digest_is_right(message: Message, password: str) -> bool:
    header = message.get("proxy-authorization")
    said = dict(re.findall(r'(\w+)="?([^",]*)"?', header))

    def md5(*parts: str) -> str:
        return hashlib.md5(":".join(parts).encode()).hexdigest()

    secret = md5(said["username"], said["realm"], password)
    request = md5("INVITE", said["uri"])
    proof = md5(secret, said["nonce"], said["nc"], said["cnonce"], said["qop"], request)
    return proof == said["response"]


async def test_caller_number_outside_the_list_is_refused_before_any_packet(
    desk: Desk, company: StartSipp, tmp_path: Path
) -> None:
    port = free_port(PEER)
    await company("gateway", port)
    async with lines_out(desk, trunk(port)) as lines:
        await lines.until("telecom", up=True)
        refused = await lines.placer.place(to(caller_number="13800138000"))
        assert why(refused) is WhyNot.NOT_ALLOWED
        await asyncio.sleep(0.3)
        assert await count_of(tmp_path, "INVITE") == 0


async def test_call_that_one_trunk_refuses_with_503_goes_over_the_next(
    desk: Desk, company: StartSipp, tmp_path: Path
) -> None:
    port = free_port(PEER)
    await company("gateway_full", port)
    await company("gateway", other := free_port(PEER))
    sections = trunk(port, options_seconds=0), trunk(other, "spare", options_seconds=0)
    async with lines_out(desk, *sections) as lines:
        placed = await lines.placer.place(to())
        assert isinstance(placed, Answered)
        assert placed.trunk == "spare"
        assert lines.view("telecom").lines_in_use == 0
        assert await count_of(tmp_path, "INVITE") == 2
        await placed.leg.hang_up()


async def test_person_who_is_busy_is_not_called_over_another_trunk(
    desk: Desk, company: StartSipp, tmp_path: Path
) -> None:
    port = free_port(PEER)
    await company("gateway_busy", port)
    await company("gateway", other := free_port(PEER))
    sections = trunk(port, options_seconds=0), trunk(other, "spare", options_seconds=0)
    async with lines_out(desk, *sections) as lines:
        assert why(await lines.placer.place(to())) is WhyNot.BUSY
        await asyncio.sleep(0.3)
        assert await count_of(tmp_path, "INVITE") == 1


async def test_phone_that_nobody_answers_is_cancelled_in_time(
    desk: Desk, company: StartSipp
) -> None:
    """SIPp fails unless CANCEL comes."""
    port = free_port(PEER)
    telecom = await company("gateway_rings", port, calls=1)
    async with lines_out(desk, trunk(port, options_seconds=0)) as lines:
        placed = await lines.placer.place(to(ring_seconds=1))
        assert why(placed) is WhyNot.NO_ANSWER
        assert await telecom.finished() == 0


async def test_trunk_that_stops_answering_goes_down_and_calls_go_elsewhere(
    desk: Desk, company: StartSipp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trunk_watch, "ANSWER_SECONDS", 3.0)
    monkeypatch.setattr(trunk_watch, "ASK_DOWN_SECONDS", 1.0)
    telecom = await company("gateway", port := free_port(PEER))
    await company("gateway", other := free_port(PEER))
    sections = trunk(port, options_seconds=5), trunk(other, "spare", options_seconds=0)
    async with lines_out(desk, *sections) as lines:
        await lines.until("telecom", up=True)
        telecom.signal(signal.SIGSTOP)
        change = await lines.until("telecom", up=False)
        assert change.reason == "it does not answer OPTIONS"
        placed = await lines.placer.place(to())
        assert isinstance(placed, Answered)
        assert placed.trunk == "spare"
        await placed.leg.hang_up()
        telecom.signal(signal.SIGCONT)
        await lines.until("telecom", up=True)
        again = await lines.placer.place(to())
        assert isinstance(again, Answered)
        assert again.trunk == "telecom"
        await again.leg.hang_up()


async def test_trunk_that_dies_between_two_questions_costs_a_call_four_seconds(
    desk: Desk, company: StartSipp
) -> None:
    telecom = await company("gateway", port := free_port(PEER))
    await company("gateway", other := free_port(PEER))
    async with lines_out(desk, trunk(port), trunk(other, "spare")) as lines:
        await lines.until("telecom", up=True)
        telecom.signal(signal.SIGSTOP)
        placed = await lines.placer.place(to())
        assert isinstance(placed, Answered)
        assert placed.trunk == "spare"
        await placed.leg.hang_up()


async def test_trunk_speaks_tcp(desk: Desk, company: StartSipp) -> None:
    port = free_port(PEER)
    telecom = await company("trunk", port, "-t", "t1", calls=3)
    section = trunk(port, transport="tcp", **REGISTERS)
    async with lines_out(desk, section) as lines:
        await lines.until("telecom", up=True)
        placed = await lines.placer.place(to())
        assert isinstance(placed, Answered), placed
        await placed.leg.hang_up()
        assert await telecom.finished() == 0


async def test_trunk_by_tcp_that_nobody_serves_is_down(desk: Desk) -> None:
    section = trunk(free_port(PEER), transport="tcp", register=True, username="hotline")
    async with lines_out(desk, section) as lines:
        change = await lines.until("telecom", up=False)
        assert change.reason


async def test_proxy_takes_the_calls_of_a_domain_that_has_no_address(
    desk: Desk, company: StartSipp, tmp_path: Path
) -> None:
    port = free_port(PEER)
    await company("gateway", port)
    section = trunk(0, host="ims.invalid", proxy=f"127.0.0.2:{port}")
    async with lines_out(desk, section) as lines:
        await lines.until("telecom", up=True)
        placed = await lines.placer.place(to())
        assert isinstance(placed, Answered)
        await placed.leg.hang_up()
    (log,) = tmp_path.glob("*_messages.log")
    text = log.read_text("utf-8")
    assert "INVITE sip:13812345678@ims.invalid SIP/2.0" in text
    assert f"Route: <sip:127.0.0.2:{port};transport=udp;lr>" in text


async def test_trunk_with_a_name_gets_no_route_that_it_did_not_ask_for(
    desk: Desk, sipp: StartSipp, tmp_path: Path
) -> None:
    port = free_port()
    company = await sipp(
        "gateway", "-deadcall_wait", 0, "-trace_msg",
        target="127.0.0.1:9", port=port, calls=100, address="127.0.0.1",
    )  # fmt: skip
    await company.listens()
    async with lines_out(desk, trunk(port, host="localhost")) as lines:
        await lines.until("telecom", up=True)
        placed = await lines.placer.place(to())
        assert isinstance(placed, Answered)
        await placed.leg.hang_up()
    (log,) = tmp_path.glob("*_messages.log")
    text = log.read_text("utf-8")
    assert f"INVITE sip:13812345678@localhost:{port} SIP/2.0" in text
    assert "Route:" not in text


async def test_trunk_whose_address_changes_is_called_at_the_new_one(
    desk: Desk, company: StartSipp
) -> None:
    """As when its name leads to another machine after a failure."""
    before, after = trunk(free_port(PEER)), trunk(port := free_port(PEER))
    await company("gateway", port)
    secret = SecretStr("")
    await desk.endpoint.open_trunk(before, secret)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await desk.endpoint.ask_trunk("telecom")
    await desk.endpoint.open_trunk(after, secret)
    async with asyncio.timeout(60):
        assert await desk.endpoint.ask_trunk("telecom") == 200
        leg = await desk.endpoint.originate(
            f"sip:110@127.0.0.2:{port}", from_user="053112345", trunk="telecom"
        )
        await leg.answered
    await leg.hang_up()


async def test_lines_and_pace_hold_under_a_burst(
    tuned_desk: Desk, company: StartSipp, tmp_path: Path
) -> None:
    port = free_port(PEER)
    await company("gateway", port)
    section = trunk(port, options_seconds=0, lines=6, kept_lines=0, calls_per_second=10)
    async with lines_out(tuned_desk, section) as lines:
        loop, began = asyncio.get_running_loop(), list[float]()
        answers = await asyncio.gather(
            *(
                lines.placer.place(
                    to(f"+86138123456{n:02}"),
                    on_leg=lambda _: began.append(loop.time()),
                )
                for n in range(30)
            )
        )
        taken = [answer for answer in answers if isinstance(answer, Answered)]
        assert len(taken) == len(began) == 6
        assert began[-1] - began[0] > 5 * 0.1 - 0.01
        refused = {why(answer) for answer in answers if answer not in taken}
        assert refused == {WhyNot.LINES_IN_USE}
        assert await count_of(tmp_path, "INVITE") == 6
        for answer in taken:
            await answer.leg.hang_up()
        assert lines.view("telecom").lines_in_use == 0


@pytest.mark.parametrize("trusted", [True, False])
async def test_trunks_own_calls_are_taken_without_a_word_in_trusted_peers(
    trusted: bool,
) -> None:
    async with open_desk(trusted_peers=("127.0.0.9/32",)) as desk:
        phone = await desk.phone()
        port = int(phone.host.rpartition(":")[2])
        section = trunk(port, options_seconds=0, trusted=trusted)
        async with lines_out(desk, section):
            await asyncio.sleep(0.2)
            await phone.dial()
            if trusted:
                leg = await desk.call()
                await leg.reject(486)
            else:
                refused = await desk.refusal()
                assert refused.refusal is Refusal.UNTRUSTED_PEER
