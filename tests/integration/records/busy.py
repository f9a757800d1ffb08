"""A service that is busy until it is killed, and what its records must hold then."""

import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from acd.records.recovery import Recovery, recover
from acd.records.writer import RecordWriter
from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database
from tests.integration.records.reading import all_rows

ROOT = Path(__file__).parents[3]
Told = dict[str, set[str]]


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

    def begin(self) -> None:
        """Let it work."""
        assert self._process.stdin
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def heard(self, lines: int) -> list[str]:
        """The next lines that it says."""
        return [self._heard() for _ in range(lines)]

    def killed_after(self, lines: int) -> Told:
        """Let it work, kill it after some lines; the calls that it told of."""
        self.begin()
        return self.killed(self.heard(lines))

    def killed(self, heard: list[str]) -> Told:
        """Kill it; the calls that it told of in these lines and the last ones."""
        assert self._process.stdin and self._process.stdout
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


def check_no_call_is_lost_or_open(
    directory: Path, told: Told, *, lives: int = 1
) -> None:
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
    assert len(cut_off) <= 3 * lives, "at most those that were running"
