"""`hotline demo` from curtain to verdict."""

import asyncio
import logging
import os
import signal
import time
from pathlib import Path

from rich.console import Console

from config.database import DatabaseError
from config.logging import FORMAT
from config.settings import Settings
from hotline.demo.audit import audit, check_variety
from hotline.demo.board import Board
from hotline.demo.company import Interrupted
from hotline.demo.folder import DemoError, DemoFolder, demo_folder
from hotline.demo.found import find
from hotline.demo.out_audit import audit_outside
from hotline.demo.reports import Word
from hotline.demo.screen import shown
from hotline.demo.shift import shift_manager
from hotline.demo.stage import Stage, opened_stage
from hotline.demo.summary import print_summary
from hotline.demo.verdict import Verdict

FOLDER = Path("demo-data")
GOOD, BAD, INTERRUPTED = 0, 1, 130


def play(seconds: float | None) -> int:
    """Run the demo here; returns the exit status, 0 only when every promise was kept.

    Calls are made for so many seconds, None: until Ctrl-C. Everything is kept in
    `demo-data/` in the current directory.
    """
    console = Console(highlight=False)
    _forget_own_settings()
    try:
        with demo_folder(FOLDER) as folder:
            _log_to(folder)
            return asyncio.run(_play(folder, seconds, console))
    except DemoError as error:
        console.print(f"hotline demo: {error}", style="red", markup=False)
        return BAD
    except (Interrupted, KeyboardInterrupt, asyncio.CancelledError):
        console.print("hotline demo: ended at once, nothing was checked")
        return INTERRUPTED


def _forget_own_settings() -> None:
    """`HOTLINE_…` would win over the demo's settings, and lead it to a user's data."""
    for name in list(os.environ):
        if name.startswith("HOTLINE_"):
            del os.environ[name]


def _log_to(folder: DemoFolder) -> None:
    """Our own log would spoil the picture."""
    logging.basicConfig(
        filename=folder.log("demo"), level="WARNING", format=FORMAT, force=True
    )


async def _play(folder: DemoFolder, seconds: float | None, console: Console) -> int:
    board = Board(seconds=seconds)
    async with shown(board, console):
        settings = await _perform(folder, board, _stop_signals())
        verdict = await _judge(settings, board)
    print_summary(console, verdict, board, folder)
    return GOOD if verdict.good else BAD


def _stop_signals() -> asyncio.Event:
    """Set by the first signal; a second one ends everything at once."""
    stop, loop, demo = (
        asyncio.Event(),
        asyncio.get_running_loop(),
        asyncio.current_task(),
    )
    assert demo is not None

    def came() -> None:
        if stop.is_set():
            demo.cancel()
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, came)
    return stop


async def _perform(folder: DemoFolder, board: Board, stop: asyncio.Event) -> Settings:
    async with opened_stage(folder, board, stop) as stage:
        with shift_manager(stage.settings, board) as manager:
            agents = [agent.id for agent in stage.settings.agents]
            work = manager.work(agents, stage.first_left)
            working = asyncio.create_task(work, name="shift manager")
            try:
                await _calls(stage, board, stop)
                await stage.end_calls(board)
            finally:
                await _end(working, board)
        await stage.close(board)
        board.processes = stage.company.size, stage.company.ended_well
        return stage.settings


async def _calls(stage: Stage, board: Board, stop: asyncio.Event) -> None:
    """Let citizens call until time is up, somebody stops us, or something breaks."""
    board.began_at, board.phase = time.monotonic(), "citizens call"
    stage.citizens.order(Word.BEGIN)
    ends = [
        asyncio.create_task(event.wait(), name="end of the calls")
        for event in (stop, stage.company.trouble)
    ]
    await asyncio.wait(ends, timeout=board.seconds, return_when=asyncio.FIRST_COMPLETED)
    for end in ends:
        end.cancel()


async def _end(working: asyncio.Task[None], board: Board) -> None:
    working.cancel()
    await asyncio.wait({working})
    if not working.cancelled() and (fault := working.exception()):
        board.troubles.append(f"the shift manager failed: {fault!r}")


async def _judge(settings: Settings, board: Board) -> Verdict:
    verdict = Verdict(differences=list(board.troubles))
    if not board.witness.citizens:
        verdict.differs("no call was made")

    def listening(number: int, total: int) -> None:
        board.phase = f"listening to the recordings; {number} of {total}"

    try:
        found = await find(settings, listening)
        audit(board.witness, found, verdict)
        audit_outside(board.rung, found, verdict)
        if not board.troubles:
            check_variety(board.witness, found, verdict)
    except DatabaseError as error:
        verdict.differs(str(error))
    verdict.count("processes that ended well", *board.processes)
    return verdict
