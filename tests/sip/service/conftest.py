"""A running hotline with phones around it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.sip.phone import Phone
from tests.sip.service.hotline_process import HotlineProcess

StartHotline = Callable[..., Awaitable[HotlineProcess]]


def agent(phone: Phone, agent_id: str = "1001", **more: Any) -> dict[str, Any]:
    """An agent who is ready and sits at this phone."""
    return {
        "id": agent_id,
        "contact": phone.uri,
        "queues": ["general"],
        "state": "ready",
    } | more


@pytest.fixture
async def start_hotline(tmp_path: Path) -> AsyncIterator[StartHotline]:
    """Starts the service with these agents; it is ended after the test."""
    started: list[HotlineProcess] = []

    async def start(*agents: dict[str, Any], **more: Any) -> HotlineProcess:
        hotline = HotlineProcess(tmp_path, list(agents), **more)
        started.append(hotline)
        await hotline.start()
        return hotline

    yield start
    for hotline in started:
        await hotline.stop()


@pytest.fixture
async def phone() -> AsyncIterator[Callable[..., Awaitable[Phone]]]:
    """Opens phones; their calls fall silent after the test."""
    opened: list[Phone] = []

    async def open_phone(address: str = "127.0.0.3", hz: float = 0) -> Phone:
        phone = await Phone.open(("127.0.0.1", 1), address)
        phone.hz = hz
        opened.append(phone)
        return phone

    yield open_phone
    for phone in opened:
        await phone.close()
