"""A small service with an account for each role."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.accounts import add_accounts
from tests.fakes.console import SmallService, small_service


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SmallService]:
    """A small service."""
    async with small_service(tmp_path) as service:
        await add_accounts(service.view.accounts)
        yield service
