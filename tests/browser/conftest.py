"""Chromium, once for all tests of a run, and a console for each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.desk import WAIT_MILLISECONDS, Desk, desk_before, open_browser
from tests.fakes.accounts import add_accounts
from tests.fakes.console import small_service

expect.set_options(timeout=WAIT_MILLISECONDS)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium."""
    async with open_browser() as browser:
        yield browser


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Where a console starts; nothing has happened there yet."""
    return tmp_path


@pytest_asyncio.fixture(loop_scope="session")
async def desk(browser: Browser, data_dir: Path) -> AsyncIterator[Desk]:
    """A console with an account for each role, and a browser before it."""
    async with small_service(data_dir) as service:
        await add_accounts(service.view.accounts)
        async with desk_before(service, browser) as desk:
            yield desk
