"""A running hotline with phones around it."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sip.conftest import sipp
from tests.sip.phone import Phone
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.service.program import WarmStarter

__all__ = ["sipp"]

AGENTS_NAME = "王小明"
SIPP_CALLER = "13800138000"

StartHotline = Callable[..., Awaitable[HotlineProcess]]
OpenPhone = Callable[..., Awaitable[Phone]]


def agent(phone: Phone | str, agent_id: str = "1001", **more: Any) -> dict[str, Any]:
    """An agent who is ready and sits at this phone, or at this SIP URI."""
    return {
        "id": agent_id,
        "name": AGENTS_NAME,
        "contact": phone if isinstance(phone, str) else phone.uri,
        "queues": ["general"],
        "state": "ready",
    } | more


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmStarter]:
    """What services and commands are started from."""
    starter = WarmStarter(tmp_path_factory.mktemp("starter"))
    yield starter
    starter.close()


@pytest.fixture
def phones() -> list[Phone]:
    """All phones of a test."""
    return []


@pytest.fixture
async def start_hotline(
    tmp_path: Path, starter: WarmStarter, phones: list[Phone]
) -> AsyncIterator[StartHotline]:
    """Starts the service with these agents; afterwards it is ended, and its log read."""
    started: list[HotlineProcess] = []

    async def start(*agents: dict[str, Any], **more: Any) -> HotlineProcess:
        hotline = HotlineProcess(tmp_path, starter, list(agents), **more)
        started.append(hotline)
        await hotline.start()
        return hotline

    yield start
    for hotline in started:
        await hotline.stop()
        hotline.assert_log_is_sound(secrets_of(phones))


def secrets_of(phones: list[Phone]) -> set[str]:
    """What no log may tell: numbers that called, and names."""
    callers = {
        number
        for phone in phones
        for call in phone.calls.values()
        for number in re.findall(r"sip:\+?(\d{8,})@", call.local)
    }
    return {number[-8:] for number in callers | {SIPP_CALLER}} | {AGENTS_NAME}


@pytest.fixture
async def phone(phones: list[Phone]) -> AsyncIterator[OpenPhone]:
    """Opens phones; their calls fall silent after the test."""

    async def open_phone(address: str = "127.0.0.3", hz: float = 0) -> Phone:
        phone = await Phone.open(("127.0.0.1", 1), address)
        phone.hz = hz
        phones.append(phone)
        return phone

    yield open_phone
    for phone in phones:
        await phone.close()
    await asyncio.sleep(0)
