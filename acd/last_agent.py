"""The agent whom a caller spoke with before; looked for without ever holding him up."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Self

from acd.distributor import Link
from acd.records.archive import last_agent_of
from config.clock import LoopClock
from config.database import Database, DatabaseError

logger = logging.getLogger(__name__)

LONGEST_SECONDS = 0.1
MOST_AT_ONCE = 20

LastAgentOf = Callable[[str, str], Awaitable[str]]
"""Caller and queue in, the agent's id out; "" when there is none."""


async def nobody(caller: str, queue: str) -> str:
    """Where no records are kept, nobody is remembered."""
    return ""


class LastAgents:
    """Asks the records; an async context manager that ends when its questions have.

    A caller waits `LONGEST_SECONDS` at most. The question itself goes on to its end,
    for a driver that is cancelled loses its connection; while `MOST_AT_ONCE` are under
    way, no more are asked.
    """

    def __init__(self, database: Database, link: Link, clock: LoopClock) -> None:
        self._database, self._link, self._clock = database, link, clock
        self._asked: set[asyncio.Task[str]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._asked:
            await asyncio.wait(self._asked)

    async def of(self, caller: str, queue: str) -> str:
        """Whom this number spoke with within the queue's `last_agent_hours`.

        "" when the queue does not want to know, the number is withheld, it was nobody,
        or the records do not say so in time.
        """
        rules = self._link.rules_of(queue)
        if not caller or not rules.last_agent_seconds:
            return ""
        if len(self._asked) >= MOST_AT_ONCE:
            return ""
        asked = self._ask(caller, timedelta(hours=rules.last_agent_hours))
        done, _ = await asyncio.wait({asked}, timeout=LONGEST_SECONDS)
        return asked.result() if done else ""

    def _ask(self, caller: str, span: timedelta) -> asyncio.Task[str]:
        task = asyncio.create_task(self._look(caller, span), name="last agent")
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)
        return task

    async def _look(self, caller: str, span: timedelta) -> str:
        try:
            return await last_agent_of(self._database, caller, self._clock.now() - span)
        except DatabaseError as error:
            logger.warning("the records do not tell who spoke last: %s", error)
            return ""
