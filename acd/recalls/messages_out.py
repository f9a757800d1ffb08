"""The hook for short messages: a program of the city's is run for each person recalled."""

import asyncio
import json
import logging
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from acd.recalls.events import PersonRecalled
from config.bus import EventBus

logger = logging.getLogger(__name__)

LIMIT_SECONDS = 20.0
AT_ONCE = 4
TOLD = ("ringing", "called_off")
"""The standings that a message is for: come, and come no more."""


class MessageProgram:
    """Runs `program` with JSON on its standard input; an async context manager.

    `{"person_id", "number", "standing", "recall_id"}`: the words are the program's. It is
    run without a shell; one that fails or hangs is told in the log and holds up nobody.
    """

    def __init__(
        self,
        program: str,
        number_of: Callable[[str], Awaitable[str]],
        bus: EventBus,
        limit_seconds: float = LIMIT_SECONDS,
    ) -> None:
        self._program, self._number_of = program, number_of
        self._limit_seconds = limit_seconds
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._running: set[asyncio.Task[None]] = set()
        self._told: set[tuple[str, str, str]] = set()
        self._unsubscribe = bus.subscribe(PersonRecalled, self._recalled)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._unsubscribe()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _recalled(self, event: PersonRecalled) -> None:
        """Once for each person and standing: he is rung several times."""
        key = event.recall_id, event.person_id, event.standing
        if event.standing not in TOLD or key in self._told:
            return
        self._told.add(key)
        task = asyncio.create_task(self._send(event), name="message of a recall")
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _send(self, event: PersonRecalled) -> None:
        try:
            async with self._turns, asyncio.timeout(self._limit_seconds):
                status = await self._run(event)
        except TimeoutError:
            logger.warning("recall %s: the message program hangs", event.recall_id)
        except OSError as error:
            logger.warning("recall %s: no message: %s", event.recall_id, error.strerror)
        else:
            if status:
                logger.warning(
                    "recall %s: the message program ended with %s",
                    event.recall_id,
                    status,
                )

    async def _run(self, event: PersonRecalled) -> int:
        number = await self._number_of(event.person_id)
        told = {
            "person_id": event.person_id,
            "number": number,
            "standing": event.standing,
            "recall_id": event.recall_id,
        }
        process = await asyncio.create_subprocess_exec(self._program, stdin=PIPE)
        try:
            await process.communicate(json.dumps(told).encode() + b"\n")
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return process.returncode or 0
