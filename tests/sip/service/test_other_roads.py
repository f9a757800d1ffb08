"""Calls that come by IPv6, by TCP, and by TLS with encrypted audio."""

import asyncio
from asyncio.subprocess import DEVNULL
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.fakes.ports import free_port
from tests.sip.phone import PhoneCall
from tests.sip.service.acts import (
    AGENT_HZ,
    answered_by,
    assert_recordings_prove,
    channels,
    hears,
)
from tests.sip.service.baresip import Baresip
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.service.test_baresip_agent import BARESIP_HZ, baresip
from tests.sip.sipp import Sipp

__all__ = ["baresip"]

pytestmark = pytest.mark.sip

StartSipp = Callable[..., Awaitable[Sipp]]
AT_ONCE = "steps:\n  person:\n    do: enqueue\n  goodbye:\n    do: hang_up\n"


@pytest.fixture
def at_once(tmp_path: Path) -> str:
    """Settings of a flow that leads to a person without a word."""
    (tmp_path / "at-once.yaml").write_text(AT_ONCE, encoding="utf-8")
    return f'[ivr]\nflow = "at-once"\nflows_dir = "{tmp_path}"\n'


async def is_served(hotline: HotlineProcess, talk: PhoneCall) -> None:
    """The agent hangs up; the call is on record, and so is its audio."""
    talk.hang_up()
    story = await hotline.call_that_ended()
    assert story["outcome"] == "answered"
    await channels(hotline, story["id"])
    await assert_recordings_prove(hotline)


@pytest.mark.parametrize(
    ("sip", "options"),
    [
        ('address = "::"', {"address": "::1", "host": "[::1]"}),
        ("", {"transport": "t1"}),
    ],
    ids=["IPv6", "TCP"],
)
async def test_call_by_another_road_is_served(
    start_hotline: StartHotline,
    phone: OpenPhone,
    sipp: StartSipp,
    at_once: str,
    sip: str,
    options: dict[str, str],
) -> None:
    """SIPp echoes, so the agent's own tone tells that both directions are open."""
    softphone = await phone(hz=AGENT_HZ)
    hotline = await start_hotline(agent(softphone), sip=sip, extra=at_once)
    if "tuned build" not in hotline.log:
        pytest.skip("needs the tuned PJSIP (make pjsip)")
    caller = await sipp(
        "waits", "-rtp_echo", "-t", options.get("transport", "u1"), port=free_port(),
        target=f"{options.get('host', '127.0.0.1')}:{hotline.sip_port}",
        address=options.get("address", "127.0.0.2"),
    )  # fmt: skip
    talk = await answered_by(softphone, hotline)
    await hears(talk, AGENT_HZ)
    await is_served(hotline, talk)
    assert await caller.finished() == 0


async def test_call_by_tls_is_served_and_its_audio_is_encrypted(
    start_hotline: StartHotline,
    phone: OpenPhone,
    baresip: Callable[..., Awaitable[Baresip]],
    at_once: str,
    tmp_path: Path,
) -> None:
    tls_port, desk = free_port(), await phone(hz=AGENT_HZ)
    sip = f'{await certificate(tmp_path)}\ntls_port = {tls_port}\nsrtp = "optional"'
    citizen = await baresip("PCMA/8000/1", ";mediaenc=srtp-mand")
    hotline = await start_hotline(agent(desk), sip=sip, extra=at_once)
    citizen.dial(f"sip:12345@127.0.0.1:{tls_port};transport=tls")
    talk = await answered_by(desk, hotline)
    await hears(talk, BARESIP_HZ)
    await is_served(hotline, talk)
    await citizen.hears(AGENT_HZ)
    assert "SRTP is Enabled" in citizen.said


async def certificate(folder: Path) -> str:
    """A certificate that we signed ourselves, as settings."""
    key, chain = folder / "key.pem", folder / "certificate.pem"
    made = await asyncio.create_subprocess_exec(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        "-subj", "/CN=127.0.0.1", "-keyout", key, "-out", chain, stderr=DEVNULL,
    )  # fmt: skip
    assert await made.wait() == 0
    return (
        'transports = ["udp", "tcp", "tls"]\n'
        f'tls_certificate = "{chain}"\ntls_private_key = "{key}"'
    )
