"""Withdraws whoever waits in a campaign that was ended, beside the calls."""

import asyncio
import logging
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

from config.clock import LoopClock
from config.database import DatabaseError
from outbound.endings.store import EndingStore

logger = logging.getLogger(__name__)

RETRY_SECONDS: Final = 5.0


class Withdrawal:
    """Withdraws all who wait, a part at a time; an async context manager.

    Entering begins with those whom an earlier life of the service left.
    """

    def __init__(self, store: EndingStore, clock: LoopClock) -> None:
        self._store, self._clock = store, clock
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="withdrawal")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        task, self._task = self._task, None
        if task:
            task.cancel()
            await asyncio.wait({task})

    def look(self) -> None:
        """A campaign may have ended."""
        self._wake.set()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            rest = await self._all_or_rest()
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._wake.wait()

    async def _all_or_rest(self) -> float | None:
        """Until nobody waits any more; else the seconds until it is tried again."""
        try:
            withdrawn = 1
            while withdrawn:
                withdrawn = await self._store.withdraw(self._clock.now())
        except DatabaseError as error:
            logger.warning("contacts are withdrawn later: %s", error)
            return RETRY_SECONDS
        return None
