"""`kill -9` in the midst of writing: nothing accepted is lost, nothing stays half open."""

import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from acd.records.recovery import Recovery, recover
from acd.records.writer import RecordWriter
from acd.statistics.edges import Span
from acd.statistics.report import count_calls, read_clock
from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database
from tests.integration.records.reading import all_rows

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]
Told = dict[str, set[str]]
LINES_BEFORE_KILL = (4, 9, 40, 75)


class BusyService:
    """The process that will be killed; it has opened its database and waits."""

    def __init__(self, directory: Path, name: str) -> None:
        module = "tests.integration.records.busy_service"
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, str(directory), name],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._heard().startswith("open")

    def killed_after(self, lines: int) -> Told:
        """Let it work, kill it after some lines; the calls that it told of."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        heard = [self._heard() for _ in range(lines)]
        self._process.kill()
        heard += self._process.stdout.readlines()
        assert self._process.wait() == -signal.SIGKILL
        self._process.stdin.close()
        self._process.stdout.close()
        return told_in(heard)

    def _heard(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()


def told_in(lines: list[str]) -> Told:
    """Which calls were begun, and which were over; a torn line says nothing."""
    told: Told = {"begun": set(), "over": set()}
    for line in lines:
        if line.endswith("\n"):
            what, call_id = line.split()
            told[what].add(call_id)
    return told


async def started_again(directory: Path) -> Recovery:
    """What the next start does, up to its first call."""
    url = f"sqlite+aiosqlite:///{directory / 'hotline.sqlite'}"
    journal = directory / "records.journal"
    async with (
        Database(url) as database,
        RecordWriter(database, EventBus(), journal, LoopClock()),
    ):
        return await recover(database, datetime.now(UTC))


def check_no_call_is_lost_or_open(directory: Path, told: Told) -> None:
    """Every call that was begun has one row with its end; those over, their outcome."""
    rows = all_rows(directory / "hotline.sqlite")
    outcomes = {row[0]: row[12] for row in rows["calls"]}
    ends = {row[0]: row[11] for row in rows["calls"]}
    assert told["begun"] <= set(outcomes)
    assert {outcomes[call_id] for call_id in told["over"]} <= {"answered"}
    assert None not in ends.values()
    assert None not in {row[6] for row in rows["legs"]}, "each leg is closed"
    cut_off = {call_id for call_id, outcome in outcomes.items() if outcome == "cut_off"}
    assert cut_off == {row[1] for row in rows["missed_calls"]}
    assert len(cut_off) <= 3 * len(LINES_BEFORE_KILL), "at most those that were running"


@pytest.mark.timeout(120)
async def test_killed_again_and_again_no_accepted_event_is_lost(tmp_path: Path) -> None:
    told: Told = {"begun": set(), "over": set()}
    for number, lines in enumerate(LINES_BEFORE_KILL):
        heard = BusyService(tmp_path, f"life{number}").killed_after(lines)
        for what, calls in heard.items():
            told[what] |= calls
        await started_again(tmp_path)
        check_no_call_is_lost_or_open(tmp_path, told)
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
