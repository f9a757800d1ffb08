"""Chromium, once for all tests of a run, and a console for each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.desk import Desk, desk_before, open_browser
from tests.fakes.accounts import add_accounts
from tests.fakes.console import small_service


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium."""
    async with open_browser() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def desk(browser: Browser, tmp_path: Path) -> AsyncIterator[Desk]:
    """A console with an account for each role, and a browser before it."""
    async with small_service(tmp_path) as service:
        await add_accounts(service.view.accounts)
        async with desk_before(service, browser) as desk:
            yield desk
