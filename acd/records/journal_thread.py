"""The journal in a thread of its own: a disk may be slow, full or hung, calls may not.

A line is with the kernel as soon as the thread has the processor, usually within a
tenth of a millisecond of the event.
"""

import asyncio
import queue
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread

from acd.records.journal import Journal

RETRY_SECONDS = 1.0
SETTLE_SECONDS = 10.0
CLOSE_SECONDS = 2.0
SLOW_LINES = 5_000
"""So many lines that wait for the disk are a fault to be told."""

Work = Callable[[], object]


class JournalThread:
    """Orders for a `Journal`, carried out one after the other; none of them blocks.

    Only `open`, `lines` and the awaitables touch the disk before they return.
    """

    def __init__(self, path: Path) -> None:
        self._journal = Journal(path)
        self._orders: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._thread: Thread | None = None
        self._refused = False

    @property
    def unsaved(self) -> int:
        """How many lines the kernel has not got yet."""
        return self._orders.qsize() + self._journal.unsaved

    @property
    def failing(self) -> bool:
        """Whether the disk refuses lines, or is much too slow."""
        refused = self._refused and self._journal.unsaved > 0
        return refused or self.unsaved > SLOW_LINES

    def open(self) -> None:
        """Open or make the files; `JournalInUse` when another process has them."""
        self._journal.open()
        # A daemon: a hung disk must not keep the process from ending.
        self._thread = Thread(target=self._work, name="record-journal", daemon=True)
        self._thread.start()

    def lines(self) -> Iterator[bytes]:
        """All lines that the files hold now."""
        return self._journal.lines()

    def append(self, line: bytes) -> None:
        """Save a line; what the disk refuses is tried again until it is dropped."""
        self._orders.put(partial(self._append, line))

    def turn(self) -> None:
        """Begin a group of all lines so far."""
        self._orders.put(self._journal.turn)

    def drop(self) -> None:
        """Forget the group: its events are committed."""
        self._orders.put(self._journal.drop)

    def clear(self) -> None:
        """Forget all lines so far."""
        self._orders.put(self._journal.clear)

    def set_aside(self, line: bytes) -> None:
        """Keep a line that no table takes, for a person."""
        self._orders.put(partial(self._journal.set_aside, line))

    async def settled(self, seconds: float = SETTLE_SECONDS) -> None:
        """Wait until all orders so far are carried out, for so long at most."""
        done: Future[None] = Future()
        self._orders.put(partial(_tell, done))
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await asyncio.wrap_future(done)

    async def close(self) -> None:
        """Carry out what is left, for `CLOSE_SECONDS` at most. Twice does nothing."""
        if self._thread is None:
            return
        thread, self._thread = self._thread, None
        self._orders.put(None)
        await asyncio.to_thread(thread.join, CLOSE_SECONDS)

    def _append(self, line: bytes) -> None:
        self._refused = not self._journal.append(line)

    def _work(self) -> None:
        while (order := self._next_order()) is not None:
            try:
                order()
            except OSError:
                self._refused = True
        self._journal.close()

    def _next_order(self) -> Work | None:
        while True:
            try:
                return self._orders.get(timeout=self._patience())
            except queue.Empty:
                self._refused = not self._journal.retry()

    def _patience(self) -> float | None:
        return RETRY_SECONDS if self._journal.unsaved else None


def _tell(done: Future[None]) -> None:
    if done.set_running_or_notify_cancel():  # nobody waits any more for a cancelled one
        done.set_result(None)
