"""Files of a folder that grow, told by the kernel (inotify(7)) and not by looking again.

One watch serves all files of the folder, so that many calls cost one descriptor.
"""

import asyncio
import ctypes
import os
import struct
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_MODIFIED: Final = 0x2
_EVENT: Final = struct.Struct("iIII")
_READ_BYTES: Final = 1 << 16


class FileGrowth:
    """Tells on the loop that a file of `folder` was written to; a context manager.

    Entering raises `OSError` when the kernel gives no watch.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told: dict[str, Callable[[], None]] = {}
        self._fd: int | None = None

    async def __aenter__(self) -> Self:
        fd = _called("inotify_init1", os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            _called("inotify_add_watch", fd, os.fsencode(self._folder), _MODIFIED)
        except OSError:
            os.close(fd)
            raise
        self._fd = fd
        asyncio.get_running_loop().add_reader(fd, self._read)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        fd, self._fd = self._fd, None
        if fd is not None:
            asyncio.get_running_loop().remove_reader(fd)
            os.close(fd)

    def tell(self, name: str, told: Callable[[], None]) -> None:
        """Call `told` after each write to the file of this name, until `forget`."""
        self._told[name] = told

    def forget(self, name: str) -> None:
        """Tell of this file no more."""
        self._told.pop(name, None)

    def _read(self) -> None:
        assert self._fd is not None
        for name in _names(os.read(self._fd, _READ_BYTES)):
            if told := self._told.get(name):
                told()


def _names(data: bytes) -> set[str]:
    found, place = set(), 0
    while place < len(data):
        *_, length = _EVENT.unpack_from(data, place)
        place += _EVENT.size
        found.add(os.fsdecode(data[place : place + length].rstrip(b"\0")))
        place += length
    return found


def _called(name: str, *args: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    result = int(getattr(libc, name)(*args))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result
