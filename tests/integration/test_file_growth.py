"""Files that grow: the kernel tells of each write, by name."""

import asyncio
from pathlib import Path

import pytest

from telephony.speech.file_growth import FileGrowth

pytestmark = pytest.mark.integration


async def test_each_write_is_told_to_whoever_follows_that_file(tmp_path: Path) -> None:
    told: asyncio.Queue[str] = asyncio.Queue()
    async with FileGrowth(tmp_path) as growth:
        for name in ("one", "two"):
            growth.tell(name, lambda name=name: told.put_nowait(name))
        with (tmp_path / "one").open("wb", buffering=0) as file:
            file.write(b"first")
            assert await told.get() == "one"
            file.write(b"second")
            assert await told.get() == "one"
        growth.forget("one")
        (tmp_path / "one").write_bytes(b"unheard")
        (tmp_path / "two").write_bytes(b"heard")
        assert await told.get() == "two"


async def test_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        async with FileGrowth(tmp_path / "nowhere"):
            pass
