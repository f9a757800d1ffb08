"""Writes what has happened into the database, in groups, off the call path.

An event is first a line of the journal, then part of a group; when its group is
committed the line is dropped. A database that is locked or full delays the records,
and never the calls.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from acd.events import Event
from acd.ledger import store as ledger
from acd.people import store as people
from acd.records import store as records
from acd.records.alarm import Alarm
from acd.records.codec import KINDS, UnreadableLine, decode, encode
from acd.records.journal_thread import JournalThread
from acd.routing_records import store as routing_records
from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database, DatabaseUnavailable

logger = logging.getLogger(__name__)

GROUP_SECONDS = 0.25
GROUP_EVENTS = 200
FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 0.25, 10.0
START_SECONDS = 30.0
STOP_SECONDS = 10.0
MOST_PENDING = 200_000
"""More uncommitted events than this are kept by the journal alone."""
MOMENT_SECONDS = 0.05
"""So long a call waits until its arrival is kept, before it is answered."""


async def write_events(database: Database, events: Sequence[Event]) -> None:
    """Add what the events tell to the records, all or nothing; telling twice is no harm.

    Raises `DatabaseUnavailable`, or `StatementRejected` when one of them never fits.
    """
    async with database.begin() as connection:
        await records.write(connection, events)
        await ledger.write(connection, events)
        await people.write(connection, events)
        await routing_records.write(connection, events)


class RecordWriter:
    """Hears the bus and writes, from `async with` to its end.

    Entering replays what the journal holds of an earlier life. Nothing is raised into
    a publisher. Leaving writes what is left, for at most `STOP_SECONDS`; the rest
    stays in the journal for the next start.
    """

    def __init__(
        self, database: Database, bus: EventBus, journal_path: Path, clock: LoopClock
    ) -> None:
        self._database, self._bus, self._clock = database, bus, clock
        self._journal = JournalThread(journal_path)
        self._pending: deque[Event] = deque()
        self._some, self._many = asyncio.Event(), asyncio.Event()
        self._stop = asyncio.Event()
        self._overflowed = False
        self._alarm = Alarm()
        self._lost = 0
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] | None = None

    @property
    def pending(self) -> int:
        """How many events are not committed yet."""
        return len(self._pending)

    @property
    def lag_seconds(self) -> float:
        """How long the oldest of them has waited; more than a few seconds is a fault."""
        if not self._pending:
            return 0.0
        return max(0.0, (self._clock.now() - self._pending[0].at).total_seconds())

    @property
    def unsaved(self) -> int:
        """How many events only memory holds, because the disk is slow or full."""
        return self._journal.unsaved

    @property
    def lost(self) -> int:
        """How many events neither memory, nor disk, nor database could take."""
        return self._lost

    async def __aenter__(self) -> Self:
        self._journal.open()
        try:
            await self._replay()
        except BaseException:
            await self._journal.close()
            raise
        self._unsubscribe = self._bus.subscribe(Event, self._take)
        self._task = asyncio.create_task(self._run(), name="record-writer")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._unsubscribe:
            self._unsubscribe()
            self._unsubscribe = None
        try:
            await self._finish()
        finally:
            await self._journal.close()
        if self._pending:
            logger.error(
                "%s events are not in the database: the next start reads them from the journal, but for %s that the disk refused",
                self.pending,
                self.unsaved,
            )

    async def journalled(self) -> None:
        """Wait until the kernel has all events so far, for a moment at most.

        What it has outlives a killed process; a slow disk holds up no call for longer.
        """
        await self._journal.settled(MOMENT_SECONDS)

    async def _finish(self) -> None:
        if self._task is None:
            return
        task, self._task = self._task, None
        for signal in (self._stop, self._some, self._many):
            signal.set()
        try:
            await asyncio.wait({task}, timeout=STOP_SECONDS)
        finally:
            task.cancel()
        await asyncio.wait({task})

    def _take(self, event: Event) -> None:
        if type(event).__name__ not in KINDS:
            return
        crowded = len(self._pending) >= MOST_PENDING
        if self._journal.failing:
            self._alarm.sound("the journal cannot be written: free disk space")
            if crowded:
                self._lose()
                return
        if self._journal.unsaved < MOST_PENDING:
            self._journal.append(encode(event))
        if crowded:
            self._overflowed = True
        else:
            self._pending.append(event)
        self._some.set()
        if len(self._pending) >= GROUP_EVENTS:
            self._many.set()

    def _lose(self) -> None:
        self._lost += 1
        self._alarm.sound(
            "%s events are lost: neither the database nor the journal can be written",
            self._lost,
        )

    async def _run(self) -> None:
        while self._pending or not self._stop.is_set():
            await self._group_due()
            await self._write_group()

    async def _group_due(self) -> None:
        await self._some.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(GROUP_SECONDS):
                await self._many.wait()
        if not self._stop.is_set():
            self._some.clear()
            self._many.clear()

    async def _write_group(self) -> None:
        left, overflowed = len(self._pending), self._overflowed
        self._overflowed = False
        self._journal.turn()
        while left:
            chunk = list(islice(self._pending, min(left, GROUP_EVENTS)))
            await self._write(chunk)
            for _ in chunk:
                self._pending.popleft()
            left -= len(chunk)
        if overflowed:
            await self._read_back()
        if not self._overflowed:
            self._journal.drop()
        self._alarm.clear("the records are written again")

    async def _read_back(self) -> None:
        """Write what memory could not hold; again later if some of it is not on disk."""
        await self._journal.settled()
        self._overflowed |= self._journal.failing
        await self._write_all(self._decoded(self._journal.lines()))

    async def _write_all(self, events: Iterator[Event]) -> None:
        while chunk := list(islice(events, GROUP_EVENTS)):
            await self._write(chunk)

    async def _write(self, events: Sequence[Event]) -> None:
        """Write until it is done; what never fits is set aside, alone."""
        delay = FIRST_RETRY_SECONDS
        while True:
            try:
                return await write_events(self._database, events)
            except DatabaseUnavailable as error:
                self._alarm.sound("records wait in the journal: %s", error)
            except Exception:
                logger.exception("some event of a group does not fit the records")
                return await self._write_singly(events)
            await self._rest(delay)
            delay = min(2 * delay, LONGEST_RETRY_SECONDS)

    async def _write_singly(self, events: Sequence[Event]) -> None:
        if len(events) == 1:
            self._journal.set_aside(encode(events[0]))
            return
        for event in events:
            await self._write([event])

    async def _rest(self, seconds: float) -> None:
        if self._stop.is_set():
            await asyncio.sleep(FIRST_RETRY_SECONDS)
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stop.wait()

    async def _replay(self) -> None:
        lines = self._decoded(self._journal.lines())
        events = sorted(lines, key=lambda event: event.at)
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._write_all(iter(events))
        except TimeoutError:
            raise DatabaseUnavailable(
                "The database could not be written at the start. "
                "Free disk space, or stop the program that locks it."
            ) from None
        self._journal.clear()
        if events:
            logger.info("the journal gave back %s events", len(events))

    def _decoded(self, lines: Iterator[bytes]) -> Iterator[Event]:
        for line in lines:
            try:
                yield decode(line)
            except UnreadableLine:
                logger.warning("a torn or unknown line of the journal is set aside")
                self._journal.set_aside(line)
