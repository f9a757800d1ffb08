"""One floor for all tests that look at real calls in a browser."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.conftest import browser
from tests.sip.service.console.floor import Floor, open_floor
from tests.sip.service.program import WarmStarter

__all__ = ["browser"]


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def floor(
    browser: Browser, starter: WarmStarter, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Floor]:
    """The running hotline, once; each test leaves it as it found it: nobody logged in."""
    folder = tmp_path_factory.mktemp("floor")
    async with open_floor(folder, starter, browser) as floor:
        yield floor
