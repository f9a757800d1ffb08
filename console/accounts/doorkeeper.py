"""Sends readers of live streams away when their session or token is taken from them."""

import asyncio
import logging

from config.database import DatabaseError
from console.accounts.account import Identity
from console.accounts.entrance import Entrance

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""What another process or the clock took away is seen after so long."""


class Doorkeeper:
    """Knows who may stay. However many read, the database is asked once for all."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance
        self._looking = asyncio.Lock()
        self._stay: frozenset[str] = frozenset()
        self._seen: asyncio.Event | None = None
        self._looked_at = -1.0

    async def until_out(self, identity: Identity) -> None:
        """Return as soon as his session or token opens nothing any more."""
        came = asyncio.get_running_loop().time()
        while True:
            news = self._entrance.news
            staying = await self._staying(news, came)
            if identity.entry and identity.entry not in staying:
                return
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await news.wait()
            except TimeoutError:
                continue

    async def _staying(self, news: asyncio.Event, came: float) -> frozenset[str]:
        """Who may, looked up after he came, and after the newest change."""
        async with self._looking:
            oldest = max(came, asyncio.get_running_loop().time() - LOOK_SECONDS)
            if news is not self._seen or self._looked_at < oldest:
                await self._look(news)
            return self._stay

    async def _look(self, news: asyncio.Event) -> None:
        began = asyncio.get_running_loop().time()
        try:
            self._stay = await self._entrance.entries()
        except DatabaseError as error:
            # Nobody can be logged out meanwhile either; the next look may go well.
            logger.warning("who may read live events is not looked up: %s", error)
        self._seen, self._looked_at = news, began
