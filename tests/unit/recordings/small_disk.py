"""A real disk of four megabytes, and something that fills it."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

DISK_BYTES = 4_000_000


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(place)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"a small disk needs the right to mount: {mounted.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


class Ballast:
    """A file that fills a disk to the last block."""

    def __init__(self, disk: Path) -> None:
        self._file = disk / "ballast"

    def fill(self) -> None:
        """Take all the room there is."""
        with self._file.open("ab", buffering=0) as file:
            for size in (65536, 4096, 1):
                self._pour(file.fileno(), size)

    @staticmethod
    def _pour(descriptor: int, size: int) -> None:
        try:
            while os.write(descriptor, bytes(size)):
                pass
        except OSError:
            return

    def drop(self) -> None:
        """Give the room back."""
        self._file.unlink()
