"""Old recordings, messages, notes and answers to commands go, daily, as long as the service runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from acd.notes.store import expire_notes
from acd.records.message_retention import expire_messages
from config.clock import LoopClock
from config.settings import Settings
from console.idempotency.store import KeyStore
from hotline.records import Records
from recordings.retention import run_retention


@asynccontextmanager
async def keeping_no_longer(
    settings: Settings, records: Records, clock: LoopClock
) -> AsyncIterator[None]:
    """Inside it what is older than `retention_days` is removed."""
    days = settings.recordings.retention_days
    folder = settings.hotline.data_dir / "messages"

    async def others(now: datetime) -> None:
        await expire_messages(records.database, folder, retention_days=days, now=now)
        await expire_notes(records.database, now - timedelta(days=days))
        await KeyStore(records.database).expire(now)

    task = asyncio.create_task(
        run_retention(records.archive, retention_days=days, clock=clock, also=others),
        name="retention",
    )
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})
