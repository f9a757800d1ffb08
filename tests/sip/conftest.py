"""The real endpoint on a free port, phones and SIPp callers around it."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from config.settings import SipSection
from telephony.calls import Leg
from telephony.events import InvitationRefused
from telephony.pjsua.endpoint import PjsuaEndpoint
from tests.fakes.ports import free_port, own
from tests.sip.phone import Phone
from tests.sip.sipp import Sipp
from tests.sip.tones import tone, write_wav

PEER = "127.0.0.2"
"""Where a SIPp of a test may be called."""
PROMPT_SECONDS = 1.5
"""Long enough to be heard beside other work."""


def rtp_ports() -> tuple[int, int]:
    """Those of our endpoints: phones that another run leaves behind send to others."""
    first = own("rtp", 32000, 36000, 40000)
    return first, first + 3999


def sip_section(**changes: object) -> SipSection:
    """Settings for an endpoint on loopback; `changes` win."""
    values: dict[str, object] = {
        "port": free_port(),
        "rtp_ports": rtp_ports(),
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

    async def call(self, seconds: float = 60) -> Leg:
        """The next leg that comes in."""
        async with asyncio.timeout(seconds):
            return await self.calls.get()

    async def refusal(self, seconds: float = 60) -> InvitationRefused:
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
async def sipp(tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Sipp]]]:
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
        await process.end()


@pytest.fixture(scope="session")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Prompts and music: tones that no phone of the tests sends."""
    folder = tmp_path_factory.mktemp("sounds")
    return {
        "short": write_wav(folder / "short.wav", tone(500, 0.2)),
        "low": write_wav(folder / "low.wav", tone(440, PROMPT_SECONDS)),
        "high": write_wav(folder / "high.wav", tone(880, PROMPT_SECONDS)),
        "long": write_wav(folder / "long.wav", tone(660, 30)),
        "music": write_wav(folder / "music.wav", tone(350, 2)),
    }
