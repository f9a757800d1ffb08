"""A house whose events go out, and a broker; the publisher comes back soon."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from console import mqtt
from tests.fakes.mosquitto import Broker
from tests.fakes.publishing import House


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A house of its own for each test."""
    house = House()
    yield house
    house.distributor.close()


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    """A broker of its own for each test."""
    async with Broker(tmp_path) as broker:
        yield broker


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Come back soon after a loss; the pauses as such are not what is tested."""
    monkeypatch.setattr(mqtt, "FIRST_RETRY_SECONDS", 0.05)
    monkeypatch.setattr(mqtt, "LONGEST_RETRY_SECONDS", 0.2)
