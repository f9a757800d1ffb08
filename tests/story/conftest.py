"""What stories of campaigns stand on: a database that is ready, and answers at once."""

import asyncio
import shutil
from pathlib import Path

import pytest

from config.database import Database
from tests.fakes.sqlite import answers_at_once


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the newest schema, made once."""
    file = tmp_path_factory.mktemp("campaigns") / "hotline.sqlite"

    async def make() -> None:
        async with Database(f"sqlite+aiosqlite:///{file}"):
            pass

    asyncio.run(make())
    return file


@pytest.fixture
def database_url(
    migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A database of the test's own."""
    answers_at_once(monkeypatch)
    file = tmp_path / "hotline.sqlite"
    for part in migrated.parent.iterdir():
        shutil.copy(part, tmp_path / part.name)
    return f"sqlite+aiosqlite:///{file}"
