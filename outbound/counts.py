"""How many contacts and deliveries are in each state, counted anew after each change."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from acd.events import FollowUpBegun
from config.bus import EventBus
from config.database import Database, DatabaseError
from outbound.archive import contact_counts
from outbound.contact import ContactState
from outbound.deliveries.delivery import DeliveryState
from outbound.deliveries.events import DeliveryTried
from outbound.deliveries.store import delivery_counts
from outbound.events import FollowUpResult

logger = logging.getLogger(__name__)

SETTLE_SECONDS = 1.0
"""So long the changes that come together are counted together."""


class FollowUpCounts:
    """Counts of the database, kept for whoever may not wait; an async context manager."""

    def __init__(self, database: Database, bus: EventBus) -> None:
        self._database, self._bus = database, bus
        self.contacts: Mapping[ContactState, int] = dict.fromkeys(ContactState, 0)
        self.deliveries: Mapping[DeliveryState, int] = dict.fromkeys(DeliveryState, 0)
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: list[Callable[[], None]] = []

    async def __aenter__(self) -> Self:
        self._unsubscribe = [
            self._bus.subscribe(kind, lambda _: self.look())
            for kind in (FollowUpBegun, FollowUpResult, DeliveryTried)
        ]
        await self._count()
        self._task = asyncio.create_task(self._run(), name="follow-up counts")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        while self._unsubscribe:
            self._unsubscribe.pop()()
        task, self._task = self._task, None
        if task:
            task.cancel()
            await asyncio.wait({task})

    def look(self) -> None:
        """Something has changed."""
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(SETTLE_SECONDS)
            self._wake.clear()
            await self._count()

    async def _count(self) -> None:
        try:
            self.contacts = await contact_counts(self._database)
            self.deliveries = await delivery_counts(self._database)
        except DatabaseError as error:
            logger.warning("contacts and deliveries cannot be counted: %s", error)
