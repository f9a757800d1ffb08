"""Live events for readers outside, and how each of them is kept supplied.

A reader is no more than a place in the history, and what is written to him waits for
him to take it. So the slowest costs as little as the fastest: when more has happened
than is kept he is told so and dropped.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from typing import Self

from ulid import ULID

from config.bus import EventBus
from console.event_history import KEPT_MOST, EventHistory, Sees
from console.sight import EVERYTHING

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15.0
RETRY_MILLISECONDS = 1000
READERS_MOST = 500


class TooManyReaders(Exception):
    """As many readers as may be are there already."""

    error_id = "too_many_readers"


class LiveEvents:
    """Hears the bus inside the `with` block and supplies readers."""

    def __init__(
        self,
        bus: EventBus,
        *,
        kept_most: int = KEPT_MOST,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ) -> None:
        self._bus, self._heartbeat_seconds = bus, heartbeat_seconds
        self._history = EventHistory(str(ULID()), kept_most)
        self._news = asyncio.Event()
        self._unsubscribe: Callable[[], None] | None = None
        self._is_open = True
        self.readers = 0
        self.dropped = 0

    def __enter__(self) -> Self:
        self._unsubscribe = self._bus.subscribe(object, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        if self._unsubscribe:
            self._unsubscribe()
        self._unsubscribe = None
        self.close()

    def close(self) -> None:
        """Let every reader go, because the service ends."""
        self._is_open = False
        self._wake()

    async def read(
        self, sees: Sees, last_id: str | None = None
    ) -> AsyncGenerator[bytes, None]:
        """Server-sent events that he sees, from now on or after an id, until closed.

        A quiet time is filled with heartbeats, which carry the newest id.
        """
        self.readers += 1
        try:
            async for text in self._texts(sees, last_id):
                yield text
        finally:
            self.readers -= 1

    def check_room(self) -> None:
        """Raise `TooManyReaders` when one more is one too many."""
        if self.readers >= READERS_MOST:
            raise TooManyReaders(
                f"{READERS_MOST} readers of live events are there already; close some, "
                "or let programs share one."
            )

    async def _texts(
        self, sees: Sees, last_id: str | None
    ) -> AsyncGenerator[bytes, None]:
        history, start = self._history, self._history.start(last_id)
        yield b"retry: %d\n\n" % RETRY_MILLISECONDS
        if start.gap:
            yield history.gap(start, last_id or "")
        number = start.number
        while self._is_open:
            if number < history.before_first:
                yield self._drop(number)
                return
            if number == history.last:
                if await self._quiet():
                    yield b": heartbeat\nid: %s\n\n" % history.id_of(number).encode()
                continue
            part = history.part(number, sees)
            number = part.number
            yield part.text

    async def _quiet(self) -> bool:
        """Wait for an event; True when none comes before the next heartbeat."""
        try:
            async with asyncio.timeout(self._heartbeat_seconds):
                await self._news.wait()
        except TimeoutError:
            return True
        return False

    def note_drop(self) -> None:
        """A reader was too slow for us."""
        self.dropped += 1
        logger.warning("a reader of live events is too slow and is dropped")

    def _drop(self, number: int) -> bytes:
        self.note_drop()
        missed = self._history.before_first - number
        told = {"reason": "too_slow", "missed": missed}
        return self._history.message("dropped", told, number)

    def _hear(self, event: object) -> None:
        if type(event) in EVERYTHING:
            self._history.add(event)
            self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
