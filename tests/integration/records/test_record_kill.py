"""`kill -9` in the midst of writing: nothing accepted is lost, nothing stays half open."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from acd.statistics.edges import Span
from acd.statistics.report import count_calls, read_clock
from config.database import Database
from tests.integration.records.busy import (
    BusyService,
    Told,
    check_no_call_is_lost_or_open,
    started_again,
)
from tests.integration.records.reading import all_rows

pytestmark = pytest.mark.integration

LINES_BEFORE_KILL = (4, 9, 40, 75)


async def test_killed_again_and_again_no_accepted_event_is_lost(tmp_path: Path) -> None:
    told: Told = {"begun": set(), "over": set()}
    for number, lines in enumerate(LINES_BEFORE_KILL):
        heard = BusyService(tmp_path, f"life{number}").killed_after(lines)
        for what, calls in heard.items():
            told[what] |= calls
        await started_again(tmp_path)
        check_no_call_is_lost_or_open(tmp_path, told, lives=number + 1)
    assert len(told["over"]) > 20, "it was busy when it was killed"


async def test_killed_while_the_database_is_locked_the_journal_gives_all_back(
    tmp_path: Path,
) -> None:
    service = BusyService(tmp_path, "life")
    lock = sqlite3.connect(tmp_path / "hotline.sqlite", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    told = service.killed_after(30)
    lock.execute("ROLLBACK")
    lock.close()
    assert all_rows(tmp_path / "hotline.sqlite")["calls"] == []
    recovery = await started_again(tmp_path)
    check_no_call_is_lost_or_open(tmp_path, told)
    assert told["over"]
    assert not told["over"] & set(recovery.calls_cut_off)


async def test_second_start_finds_nothing_more_to_recover(tmp_path: Path) -> None:
    BusyService(tmp_path, "life").killed_after(6)
    assert (await started_again(tmp_path)).calls_cut_off
    rows = all_rows(tmp_path / "hotline.sqlite")
    again = await started_again(tmp_path)
    assert again.calls_cut_off == ()
    assert again.legs_closed == 0
    assert all_rows(tmp_path / "hotline.sqlite") == rows


async def test_statistics_after_a_kill_equal_the_sum_of_the_calls(
    tmp_path: Path,
) -> None:
    """They are made from the records, so what those get back, these have, too."""
    BusyService(tmp_path, "life").killed_after(40)
    await started_again(tmp_path)
    now = datetime.now(UTC)
    url = f"sqlite+aiosqlite:///{tmp_path / 'hotline.sqlite'}"
    async with Database(url) as database:
        day = Span(since=now - timedelta(hours=23), until=now)
        lines = (await count_calls(database, day, now)).intervals()
        clock = await read_clock(database, now)
    rows = all_rows(tmp_path / "hotline.sqlite")["calls"]
    for counts in (clock.counts, *(line.counts for line in lines)):
        assert counts.waiting == 0
    offered = sum(line.counts.offered for line in lines)
    answered = sum(line.counts.answered for line in lines)
    assert offered == clock.counts.offered == len(rows)
    assert answered == clock.counts.answered == sum(row[9] is not None for row in rows)
