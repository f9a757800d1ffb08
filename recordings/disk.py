"""The disk under the recordings: is there room, and the alarm when there is not."""

import asyncio
import errno
import logging
import os
from dataclasses import dataclass
from pathlib import Path

logger = logging.getLogger(__name__)
MEGABYTE = 1_000_000
ALARM_SECONDS = 60.0
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def free_megabytes(folder: Path) -> float:
    """What an ordinary user may still write where `folder` is; raises `OSError`."""
    place = os.statvfs(folder)
    return place.f_bavail * place.f_frsize / MEGABYTE


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskRoom:
    """The room on a disk, in bytes; below `wanted` calls go on unrecorded."""

    free: float
    wanted: float


def room_of(folder: Path, wanted_megabytes: float) -> DiskRoom:
    """The room where `folder` is; none when it cannot be asked."""
    try:
        free = free_megabytes(folder)
    except OSError:
        free = 0
    return DiskRoom(free=free * MEGABYTE, wanted=wanted_megabytes * MEGABYTE)


class DiskAlarm:
    """Says that recordings fail, at most once a minute."""

    def __init__(self) -> None:
        self._silent_until = 0.0
        self._unsaid = 0

    def sound(self, call_id: str, reason: str) -> None:
        """Log the alarm, or count it when one was logged within the minute."""
        now = asyncio.get_running_loop().time()
        if now < self._silent_until:
            self._unsaid += 1
            return
        self._silent_until = now + ALARM_SECONDS
        logger.error(
            "RECORDING ALARM: call %s: %s (%s more since the last alarm)",
            call_id,
            reason,
            self._unsaid,
        )
        self._unsaid = 0
