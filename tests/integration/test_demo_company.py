"""The demo's processes: what they say is heard, and no end of theirs goes unseen."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hotline.demo.board import Board
from hotline.demo.company import Company, Interrupted
from hotline.demo.folder import DemoError, demo_folder
from hotline.demo.processes import Child, started
from hotline.demo.reports import Message, Opened, Word

pytestmark = pytest.mark.integration

REPORTS = 'print(\'{"kind": "Opened", "legs_allowed": 4}\', flush=True)'
OBEYS = f"import sys; {REPORTS}; sys.exit(0 if 'finish' in sys.stdin.readline() else 3)"
STAYS = "import time; time.sleep(60)"


class Office:
    """A company, its board, and all that was reported."""

    def __init__(self, company: Company, board: Board, stop: asyncio.Event) -> None:
        self.company, self.board, self.stop = company, board, stop
        self.heard: list[Message] = []

    async def employ(self, code: str) -> Child:
        """Start a process that runs this."""
        return await self.company.employ(
            "helper", "-c", code, hear=lambda child, message: self.heard.append(message)
        )


@asynccontextmanager
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """A company at work."""
    board, stop = Board(seconds=None), asyncio.Event()
    with demo_folder(tmp_path / "demo") as folder:
        async with Company(folder, board, stop) as company:
            yield Office(company, board, stop)


async def test_process_reports_obeys_and_ends_well(tmp_path: Path) -> None:
    async with office(tmp_path) as helpers:
        child = await helpers.employ(OBEYS)
        child.order(Word.FINISH)
        assert await helpers.company.until_gone(child, 10)
        assert helpers.heard == [Opened(legs_allowed=4)]
        assert (helpers.company.size, helpers.company.ended_well) == (1, 1)
        assert not helpers.company.trouble.is_set()


async def test_process_that_ends_without_leave_is_a_trouble(tmp_path: Path) -> None:
    async with office(tmp_path) as helpers:
        await helpers.employ(
            "import sys; sys.stderr.write('my last words'); sys.exit()"
        )
        async with asyncio.timeout(60):
            await helpers.company.trouble.wait()
        (trouble,) = helpers.board.troubles
        assert "the process of the helper ended (0)" in trouble
        assert "my last words" in trouble
        assert helpers.company.ended_well == 0


async def test_process_that_fails_when_it_may_end_is_a_trouble(tmp_path: Path) -> None:
    async with office(tmp_path) as helpers:
        child = await helpers.employ(OBEYS)
        child.order(Word.LEAVE)
        assert await helpers.company.until_gone(child, 10, in_trouble=True)
        assert "ended (3)" in helpers.board.troubles[0]


async def test_killed_process_is_a_trouble_that_ends_every_wait(tmp_path: Path) -> None:
    async with office(tmp_path) as helpers:
        victim, other = await helpers.employ(STAYS), await helpers.employ(STAYS)
        victim.signal(signal.SIGKILL)
        began = time.monotonic()
        assert not await helpers.company.until_gone(other, 30)
        assert time.monotonic() - began < 10
        assert "killed by signal 9" in helpers.board.troubles[0]


async def test_start_ends_with_the_words_of_the_process_that_failed(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as helpers:
        child = await helpers.employ("raise SystemExit('no espeak-ng here')")
        with pytest.raises(DemoError, match="no espeak-ng here"):
            await helpers.company.unless_trouble(child.opened)


async def test_start_is_interrupted_at_once(tmp_path: Path) -> None:
    async with office(tmp_path) as helpers:
        child = await helpers.employ(STAYS)
        asyncio.get_running_loop().call_later(0.1, helpers.stop.set)
        with pytest.raises(Interrupted):
            await helpers.company.unless_trouble(child.opened)


async def test_nobody_is_left_behind_when_the_demo_fails(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="the demo failed"):
        async with office(tmp_path) as helpers:
            child = await helpers.employ(STAYS)
            raise RuntimeError("the demo failed")
    assert not child.runs


async def test_line_that_is_no_report_is_passed_over(tmp_path: Path) -> None:
    async with office(tmp_path) as helpers:
        child = await helpers.employ(f"print('noise'); {REPORTS}")
        assert await helpers.company.until_gone(child, 10)
        assert helpers.heard == [Opened(legs_allowed=4)]


async def test_process_ends_with_the_demo_even_when_that_is_killed(
    tmp_path: Path,
) -> None:
    code = (
        "import asyncio, sys; from pathlib import Path\n"
        "from hotline.demo.processes import started\n"
        "async def demo():\n"
        f"    async with started('x', Path({str(tmp_path / 'log')!r}), '-c', {STAYS!r},"
        " reports=False) as child:\n"
        "        print(child.pid, flush=True); await asyncio.sleep(60)\n"
        "asyncio.run(demo())"
    )
    async with started("demo", tmp_path / "demo.log", "-c", code, reports=True) as demo:
        stdout = demo._process.stdout
        assert stdout
        pid = int(await stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        demo.signal(signal.SIGKILL)
        async with asyncio.timeout(60):
            while _runs(pid):
                await asyncio.sleep(0.05)
    assert sys.platform == "linux"


def _runs(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
