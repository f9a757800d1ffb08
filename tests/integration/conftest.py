"""A small service in this process and a client of its API; files may have their own."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.fakes.console import SmallService, small_service


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SmallService]:
    async with small_service(tmp_path) as service:
        yield service


@pytest.fixture
async def client(service: SmallService) -> AsyncIterator[httpx.AsyncClient]:
    async with service.client() as client:
        yield client
