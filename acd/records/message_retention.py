"""Spoken messages that have files of their own go when recordings of that day go."""

import asyncio
import logging
from datetime import datetime, timedelta
from pathlib import Path

from acd.records.archive import forget_messages, messages_before
from config.database import Database

logger = logging.getLogger(__name__)
BATCH = 200


async def expire_messages(
    database: Database, folder: Path, *, retention_days: int, now: datetime
) -> int:
    """Delete messages older than `retention_days`; returns how many.

    First the file goes, then its row; a file that resists is logged, and both are tried
    again by the next run. Raises `DatabaseError`.
    """
    oldest, count = now - timedelta(days=retention_days), 0
    while found := await messages_before(database, oldest, BATCH):
        files = [message.file for message in found]
        gone = await asyncio.to_thread(_delete, folder, files)
        if gone:
            await forget_messages(database, gone)
        count += len(gone)
        if len(gone) < len(files):
            break
    return count


def _delete(folder: Path, files: list[str]) -> list[str]:
    gone = []
    for name in files:
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError:
            logger.exception("a spoken message is not deleted")
            continue
        gone.append(name)
    return gone
