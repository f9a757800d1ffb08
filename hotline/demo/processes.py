"""The demo's processes: started, listened to, watched, and ended in good time."""

import asyncio
import logging
import os
import shutil
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from hotline.demo.folder import ROOT
from hotline.demo.reports import Message, Order, Word, from_line, to_line

logger = logging.getLogger(__name__)

KILL_SECONDS = 5.0
LAST_LINES = 8
IF_PARENT_LIVES = '[ "$PPID" = "$0" ] && exec "$@"'


class Child:
    """One process of the demo. Its end is a fault unless `may_end` was called before."""

    def __init__(self, name: str, process: Process, log: Path) -> None:
        self.name, self.log = name, log
        self.opened: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        """The legs that the SIP library of a phone process allows."""
        self.ended_well: bool | None = None
        self._process = process
        self._may_end = False

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.returncode is None

    def open(self, legs_allowed: int) -> None:
        """It has told how many legs its SIP library allows."""
        if not self.opened.done():
            self.opened.set_result(legs_allowed)

    def may_end(self) -> None:
        """From now on it may end, with status 0."""
        self._may_end = True

    async def end(self) -> str:
        """Wait for its end; returns what was wrong with it, "" when all was well."""
        status = await self._process.wait()
        self.ended_well = self._may_end and status == 0
        if self.ended_well:
            return ""
        how = f"was killed by signal {-status}" if status < 0 else f"ended ({status})"
        return f"the process of the {self.name} {how}; {_last_words(self.log)}"

    def tell(self, message: Message) -> None:
        """Send a line; one that has ended hears nothing."""
        pipe = self._process.stdin
        if pipe and self.runs and not pipe.is_closing():
            pipe.write(to_line(message))

    def order(self, word: Word) -> None:
        """Tell it what to do."""
        self.tell(Order(word=word))

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        with suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def listen(self, hear: Callable[[Message], None]) -> None:
        """Pass every report on, until it closes its output."""
        assert self._process.stdout is not None, "a phone process reports"
        async for line in self._process.stdout:
            try:
                hear(from_line(line))
            except ValueError:
                logger.warning("the %s wrote what is no report", self.name)

    async def close(self) -> None:
        """Kill it if it still runs."""
        if self.runs:
            self.signal(signal.SIGKILL)
        with suppress(TimeoutError):
            async with asyncio.timeout(KILL_SECONDS):
                await self._process.wait()


@asynccontextmanager
async def started(
    name: str, log: Path, *words: str, reports: bool
) -> AsyncIterator[Child]:
    """`python WORDS` beside us, its errors in a log; killed at the end of the block.

    It is no part of the terminal's foreground: Ctrl-C reaches the demo alone, which ends
    the others in order. The end of the demo, however it comes, ends it too.
    """
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *_tied_to(os.getpid()),
            sys.executable,
            *words,
            cwd=ROOT,
            stdin=PIPE if reports else DEVNULL,
            stdout=PIPE if reports else errors,
            stderr=errors,
            process_group=0,
        )
    child = Child(name, process, log)
    try:
        yield child
    finally:
        await child.close()


def _tied_to(parent: int) -> tuple[str, ...]:
    """util-linux' `setpriv` lets the kernel end the child when the parent is killed.

    A parent killed before the kernel knew of the tie is no parent any more: the shell
    sees it and does not begin.
    """
    setpriv = shutil.which("setpriv")
    begin = ("sh", "-c", IF_PARENT_LIVES, str(parent))
    return (setpriv, "--pdeathsig", "TERM", "--", *begin) if setpriv else ()


def _last_words(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    said = "\n    ".join(lines[-LAST_LINES:])
    return f"its log, {log}, ends with:\n    {said}" if said else f"{log} is empty"
