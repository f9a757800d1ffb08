"""The real endpoint on a free port, phones and SIPp callers around it."""

import asyncio
import contextlib
import random
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from config.settings import SipSection
from telephony.calls import Leg
from telephony.events import InvitationRefused
from telephony.pjsua.endpoint import PjsuaEndpoint
from tests.sip.phone import Phone
from tests.sip.sipp import Sipp
from tests.sip.tones import tone, write_wav

SIP_PORTS = range(21000, 21800)
RTP_PORTS = (40000, 43999)


def free_port() -> int:
    """A SIP port of our block on which nobody listens, by UDP or TCP.

    Drawn at random, so that two test runs at the same time do not meet.
    """
    for port in random.sample(SIP_PORTS, len(SIP_PORTS)):
        if _is_free(port, socket.SOCK_DGRAM) and _is_free(port, socket.SOCK_STREAM):
            return port
    raise RuntimeError("no SIP port of 21000-21799 is free")


def _is_free(port: int, kind: socket.SocketKind, address: str = "127.0.0.1") -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def free_peer_port(address: str = "127.0.0.2") -> int:
    """A port at which a SIPp of a test may be called."""
    ports = range(21800, 21900)
    for port in random.sample(ports, len(ports)):
        if is_free_for_peer(port, address):
            return port
    raise RuntimeError("no port of 21800-21899 is free")


def is_free_for_peer(port: int, address: str = "127.0.0.2") -> bool:
    """Whether nobody listens there, by UDP or TCP."""
    return _is_free(port, socket.SOCK_DGRAM, address) and _is_free(
        port, socket.SOCK_STREAM, address
    )


def sip_section(**changes: object) -> SipSection:
    """Settings for an endpoint on loopback; `changes` win."""
    values: dict[str, object] = {
        "port": free_port(),
        "rtp_ports": RTP_PORTS,
        "codecs": ("PCMA", "PCMU"),
    }
    return SipSection.model_validate(values | changes)


@dataclass
class Desk:
    """The real endpoint and what came to it."""

    endpoint: PjsuaEndpoint
    sip: SipSection
    calls: asyncio.Queue[Leg] = field(default_factory=asyncio.Queue)
    refused: asyncio.Queue[InvitationRefused] = field(default_factory=asyncio.Queue)
    phones: list[Phone] = field(default_factory=list)

    async def call(self, seconds: float = 3) -> Leg:
        """The next leg that comes in."""
        async with asyncio.timeout(seconds):
            return await self.calls.get()

    async def refusal(self, seconds: float = 3) -> InvitationRefused:
        """The next refusal that is told."""
        async with asyncio.timeout(seconds):
            return await self.refused.get()

    async def phone(self, address: str = "127.0.0.2", hz: float = 0) -> Phone:
        """A new phone; `hz` is the tone of calls that come to it."""
        phone = await Phone.open(("127.0.0.1", self.sip.port), address)
        phone.hz = hz
        self.phones.append(phone)
        return phone


@contextlib.asynccontextmanager
async def open_desk(**changes: object) -> AsyncIterator[Desk]:
    """A started endpoint with these settings."""
    sip = sip_section(**changes)
    endpoint = PjsuaEndpoint(sip)
    desk = Desk(endpoint, sip)
    endpoint.on_call = desk.calls.put_nowait
    endpoint.on_refused = desk.refused.put_nowait
    async with endpoint:
        try:
            yield desk
        finally:
            for phone in desk.phones:
                await phone.close()


async def build_is_tuned() -> bool:
    """Whether the loaded library is the tuned build; it must be opened to know."""
    async with open_desk() as desk:
        return desk.endpoint.is_tuned


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """The endpoint with the usual settings."""
    async with open_desk() as opened:
        yield opened


@pytest.fixture
async def endpoint(desk: Desk) -> PjsuaEndpoint:
    """The endpoint alone."""
    return desk.endpoint


@pytest.fixture
async def tuned_desk(desk: Desk) -> Desk:
    """The endpoint, if it is the tuned build."""
    if not desk.endpoint.is_tuned:
        pytest.skip(
            "needs the tuned PJSIP (make pjsip): the wheel has 4 legs and its asserts let a peer crash it"
        )
    return desk


@pytest.fixture
def sipp(tmp_path: Path) -> Iterator[Callable[..., Awaitable[Sipp]]]:
    """Starts SIPp with a scenario of `scenarios/` or one of its own."""
    if not shutil.which("sipp"):
        pytest.skip("needs SIPp: apt-get install sip-tester")
    started: list[Sipp] = []

    async def start(*args: object, **how: object) -> Sipp:
        process = await Sipp.start(*args, folder=tmp_path, **how)  # type: ignore[arg-type]
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()


@pytest.fixture(scope="session")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Prompts and music: tones that no phone of the tests sends."""
    folder = tmp_path_factory.mktemp("sounds")
    return {
        "short": write_wav(folder / "short.wav", tone(500, 0.2)),
        "low": write_wav(folder / "low.wav", tone(440, 0.6)),
        "high": write_wav(folder / "high.wav", tone(880, 0.6)),
        "long": write_wav(folder / "long.wav", tone(660, 30)),
        "music": write_wav(folder / "music.wav", tone(350, 2)),
    }
