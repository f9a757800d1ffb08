"""Databases of the newest schema, as copies of one that was migrated once."""

import asyncio
import atexit
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from config.database import Database


def migrated(file: Path) -> str:
    """The URL of the database there: if there is none, an empty one of the newest schema."""
    if not file.exists():
        shutil.copy(_template(), file)
    return f"sqlite+aiosqlite:///{file}"


@cache
def _template() -> Path:
    """Made once in a run, on a thread of its own: a test's loop may be running."""
    folder = Path(tempfile.mkdtemp(prefix="hotline-migrated-"))
    atexit.register(shutil.rmtree, folder)
    file = folder / "hotline.sqlite"
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _migrate(file)).result()
    return file


async def _migrate(file: Path) -> None:
    async with Database(f"sqlite+aiosqlite:///{file}"):
        pass
