"""One demo for all tests that look at it in a browser."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.conftest import browser
from tests.sip.demo_pages.stage import OpenDemo, open_demo

__all__ = ["browser"]


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def demo(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[OpenDemo]:
    """The running demo, once, with a browser at each of its links."""
    async with open_demo(tmp_path_factory.mktemp("demo"), browser) as demo:
        yield demo
