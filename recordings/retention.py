"""Retention: audio goes when its time is over; the entry and its place in the chain stay.

Legal hold keeps it. Shortest retention by law of the field: see `recordings.proof`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from config.clock import LoopClock
from config.database import DatabaseError
from recordings.archive import Archive
from recordings.entry import Recording

logger = logging.getLogger(__name__)
BATCH = 50
"""Nobody else writes while the files of so many are deleted."""
DAY_SECONDS = 86_400.0


async def run_retention(
    archive: Archive,
    *,
    retention_days: int,
    clock: LoopClock,
    also: Callable[[datetime], Awaitable[object]],
) -> None:
    """Delete what is too old, now and once a day; runs until it is cancelled.

    `also` deletes what is kept for as long elsewhere, at the same moments.
    """
    while True:
        try:
            await expire(archive, retention_days=retention_days, now=clock.now())
            await also(clock.now())
        except DatabaseError:
            # What is left today goes tomorrow.
            logger.exception("old recordings could not be deleted")
        await asyncio.sleep(DAY_SECONDS)


async def expire(archive: Archive, *, retention_days: int, now: datetime) -> int:
    """Delete the audio of calls older than `retention_days`; returns how many.

    First the file goes, then the entry says so, in one transaction with the choice; after
    a kill in between the next run says it. A file that resists is logged and tried again by the next run. Raises
    `DatabaseError`.
    """
    oldest, after, count = now - timedelta(days=retention_days), None, 0

    async def delete_audio(found: Sequence[Recording]) -> list[str]:
        return await asyncio.to_thread(_delete, archive.root, found)

    while True:
        part = await archive.store.expire(oldest, after, BATCH, delete_audio, now)
        for call_id in part.gone:
            logger.info("recording of call %s deleted after its retention", call_id)
        count += len(part.gone)
        if part.last is None:
            return count
        after = part.last


def _delete(root: Path, entries: Sequence[Recording]) -> list[str]:
    gone = []
    for entry in entries:
        file = root / entry.path
        try:
            file.unlink(missing_ok=True)
        except OSError:
            logger.exception("recording of call %s is not deleted", entry.call_id)
            continue
        gone.append(entry.call_id)
        _drop_empty(file.parent, root)
    return gone


def _drop_empty(folder: Path, root: Path) -> None:
    # The day, its month, its year: each goes with the last file in it.
    with suppress(OSError):
        while folder != root:
            folder.rmdir()
            folder = folder.parent
