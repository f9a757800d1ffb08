"""What a forecast is made from: near a holiday last year's days are read, too."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from acd.adjustments.reading import Wish, read_counts
from acd.records.writer import write_events
from acd.staffing.day_history import DayHistory
from acd.statistics.queue_intervals import ALL
from config.calendar import Calendar
from config.database import Database
from tests.fakes import call_events as told

pytestmark = pytest.mark.integration
CITY = ZoneInfo("Asia/Shanghai")
CALLED = ("2025-09-22", "2025-10-01", "2025-10-09", "2026-09-21", "2026-09-30")


async def history(directory: Path, day: str, days: int = 30) -> DayHistory:
    """Of all queues, before a day; a citizen called at nine on each of `CALLED`."""
    async with Database(
        f"sqlite+aiosqlite:///{directory / 'calls.sqlite'}"
    ) as database:
        for number, at in enumerate(map(date.fromisoformat, CALLED)):
            start = datetime(at.year, at.month, at.day, 1, tzinfo=UTC)
            await write_events(database, told.answered_call(f"{number}", start=start))
        wanted = date.fromisoformat(day)
        wish = Wish(
            day=wanted,
            at=datetime(wanted.year, wanted.month, wanted.day, 4, tzinfo=UTC),
            history_days=days,
            zone=CITY,
            calendar=Calendar(),
        )
        return (await read_counts(database, wish)).counts[ALL].history


def called(found: DayHistory) -> list[str]:
    """The days with a call at nine."""
    assert list(found.days) == sorted(set(found.days)), "in order, none twice"
    return [
        str(d) for d, row in zip(found.days, found.counts, strict=True) if row[36] == 1
    ]


async def test_before_a_holiday_the_days_around_last_years_are_read(
    tmp_path: Path,
) -> None:
    found = await history(tmp_path, "2026-10-01")
    assert called(found) == list(CALLED)


async def test_history_that_reaches_back_a_year_is_read_once(tmp_path: Path) -> None:
    found = await history(tmp_path, "2026-10-01", days=380)
    assert called(found) == list(CALLED)


async def test_far_from_a_holiday_nothing_of_last_year_is_read(tmp_path: Path) -> None:
    found = await history(tmp_path, "2026-07-15", days=30)
    assert called(found) == []
