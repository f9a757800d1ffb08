"""The daily task, in virtual time."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from config.clock import LoopClock
from config.database import DatabaseUnavailable
from recordings import retention
from recordings.archive import Archive

START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.looptime
async def test_old_audio_is_looked_for_at_start_and_every_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[datetime] = []

    async def expire(_: Archive, *, retention_days: int, now: datetime) -> int:
        asked.append(now)
        if len(asked) == 2:
            raise DatabaseUnavailable("locked")
        return retention_days

    others: list[datetime] = []

    async def expire_others(now: datetime) -> None:
        others.append(now)

    monkeypatch.setattr(retention, "expire", expire)
    archive = cast(Archive, object())
    clock = LoopClock(START)
    task = asyncio.create_task(
        retention.run_retention(
            archive, retention_days=730, clock=clock, also=expire_others
        ),
        name="retention",
    )
    await asyncio.sleep(3.5 * 86_400)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    days = [round((now - START) / timedelta(days=1)) for now in asked]
    assert days == [0, 1, 2, 3]
    assert others == [asked[0], *asked[2:]]
    assert task.cancelled()
