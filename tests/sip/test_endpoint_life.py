"""The endpoint starts, stops and says what is in the way."""

import asyncio
import socket
import threading
from pathlib import Path

import pytest

from config.settings import SipSection
from telephony.calls import TelephonyError
from telephony.events import EndCause
from telephony.pjsua.endpoint import PjsuaEndpoint
from tests.sip.conftest import Desk, build_is_tuned, free_port, sip_section

pytestmark = pytest.mark.sip

LONG_BEFORE_SIP_GIVES_UP = 15
"""A request that nobody answers is repeated for 32 seconds (RFC 3261 section 17.1)."""


def _telephony_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "pjsip"]


def _refuses_port(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


async def test_started_endpoint_knows_how_many_legs_it_has(desk: Desk) -> None:
    assert desk.endpoint.legs_allowed >= 4
    assert desk.endpoint.is_tuned == (desk.endpoint.legs_allowed >= 1000)
    assert desk.endpoint.legs_in_use == 0


async def test_endpoint_can_be_started_again_after_its_end() -> None:
    sip = sip_section()
    for _ in range(3):
        async with PjsuaEndpoint(sip):
            assert _refuses_port(sip.port)
        assert not _refuses_port(sip.port)


async def test_stop_twice(desk: Desk) -> None:
    await desk.endpoint.stop()
    await desk.endpoint.stop()
    assert _telephony_threads() == []


async def test_start_twice_is_one_start(desk: Desk) -> None:
    await desk.endpoint.start()
    assert len(_telephony_threads()) == 1


@pytest.mark.parametrize("pause", [0.0, 0.001, 0.01, 0.03])
async def test_cancel_start(pause: float) -> None:
    sip = sip_section()
    endpoint = PjsuaEndpoint(sip)
    starting = asyncio.create_task(endpoint.start())
    await asyncio.sleep(pause)
    starting.cancel()
    await asyncio.wait({starting})
    if not starting.cancelled():  # it was faster
        await endpoint.stop()
    assert _telephony_threads() == []
    assert not _refuses_port(sip.port)


async def test_cancel_stop(desk: Desk) -> None:
    phone = await desk.phone()
    call = await phone.dial()
    await (await desk.call()).answer()
    await call.got_response("INVITE", 200)
    stopping = asyncio.create_task(desk.endpoint.stop())
    await asyncio.sleep(0)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    await desk.endpoint.stop()
    assert _telephony_threads() == []
    assert not _refuses_port(desk.sip.port)


async def test_stop_ends_every_leg_at_once(desk: Desk) -> None:
    phone = await desk.phone()
    answered, ringing = await phone.dial(), await phone.dial()
    legs = [await desk.call(), await desk.call()]
    await legs[0].answer()
    await answered.got_response("INVITE", 200)
    async with asyncio.timeout(LONG_BEFORE_SIP_GIVES_UP):
        await desk.endpoint.stop()
    causes = [(await leg.ended).cause for leg in legs]
    assert causes == [EndCause.ENDPOINT_STOPPED] * 2
    assert (await answered.got_request("BYE")).get("reason")
    await ringing.got_response("INVITE", 503)


async def test_stop_is_bounded_when_a_peer_is_gone(desk: Desk) -> None:
    leg = await desk.endpoint.originate("sip:1@127.0.0.3:21999", from_user="1")
    async with asyncio.timeout(LONG_BEFORE_SIP_GIVES_UP):
        await desk.endpoint.stop()
    assert (await leg.ended).cause is EndCause.ENDPOINT_STOPPED


async def test_whoever_waits_is_told_when_the_endpoint_stops(
    desk: Desk, sounds: dict[str, Path]
) -> None:
    phone = await desk.phone()
    await phone.dial()
    leg = await desk.call()
    await leg.answer()
    playing = asyncio.create_task(leg.play([sounds["long"]]))
    await asyncio.sleep(0.1)
    await desk.endpoint.stop()
    with pytest.raises(Exception, match="endpoint_stopped"):
        await playing
    with pytest.raises(TelephonyError, match="not started"):
        await desk.endpoint.originate("sip:1@127.0.0.3", from_user="1")


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
async def test_port_in_use_is_named_with_what_to_do(kind: socket.SocketKind) -> None:
    sip = sip_section()
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", sip.port))
        if kind is socket.SOCK_STREAM:
            taken.listen()
        with pytest.raises(
            TelephonyError, match=rf"127\.0\.0\.1 port {sip.port}.*stop"
        ):
            await PjsuaEndpoint(sip).start()
    assert _telephony_threads() == []
    async with PjsuaEndpoint(sip):
        pass


async def test_second_endpoint_of_a_process_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telephony.pjsua.exchange.WAIT_FOR_OTHER_SECONDS", 0.1)
    with pytest.raises(TelephonyError, match="already"):
        await PjsuaEndpoint(sip_section()).start()
    phone = await desk.phone()
    await phone.dial()
    assert await desk.call()


async def test_codecs_that_nobody_knows_are_named() -> None:
    with pytest.raises(TelephonyError, match="G999"):
        await PjsuaEndpoint(sip_section(codecs=("G999",))).start()


async def test_missing_certificate_is_named(tmp_path: Path) -> None:
    tuned = await build_is_tuned()
    sip = _tls(tmp_path / "none.pem", tmp_path / "none.key")
    with pytest.raises(TelephonyError, match=r"none\.pem" if tuned else "make pjsip"):
        await PjsuaEndpoint(sip).start()


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "::1"])
async def test_small_build_stays_on_ipv4_loopback(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tuned build plays the small one: the limit is what tells them apart."""
    monkeypatch.setattr("telephony.pjsua.opening.TUNED_LEGS", 10_000)
    with pytest.raises(TelephonyError, match=r"make pjsip.*127\.0\.0\.1"):
        await PjsuaEndpoint(sip_section(address=address)).start()


async def test_small_build_offers_no_tls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telephony.pjsua.opening.TUNED_LEGS", 10_000)
    with pytest.raises(TelephonyError, match="make pjsip"):
        await PjsuaEndpoint(_tls(tmp_path / "c.pem", tmp_path / "k.pem")).start()


def _tls(certificate: Path, key: Path) -> SipSection:
    return sip_section(
        transports=("udp", "tls"),
        tls_port=free_port(),
        tls_certificate=certificate,
        tls_private_key=key,
    )


async def test_endpoint_says_whether_it_is_open() -> None:
    endpoint = PjsuaEndpoint(sip_section())
    assert not endpoint.is_open
    async with endpoint:
        assert endpoint.is_open
    assert not endpoint.is_open
