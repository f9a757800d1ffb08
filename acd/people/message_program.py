"""The hook for short messages: a program of the city's is run for a person to be told."""

import asyncio
import json
import logging
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Self

logger = logging.getLogger(__name__)

LIMIT_SECONDS = 20.0
AT_ONCE = 4

NumberOf = Callable[[str], Awaitable[str]]
"""Opens the number of a person, by his id; "" when there is none."""


class MessageProgram:
    """Runs `program` with JSON on its standard input; an async context manager.

    The person's id and number stand beside what he is told: the words are the program's.
    It is run without a shell; one that fails or hangs is told in the log and holds up
    nobody.
    """

    def __init__(
        self, program: str, number_of: NumberOf, limit_seconds: float = LIMIT_SECONDS
    ) -> None:
        self._program, self._number_of = program, number_of
        self._limit_seconds = limit_seconds
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._running: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def tell(self, person_id: str, told: Mapping[str, str], about: str) -> None:
        """Begin it for a person; `about` is for the log."""
        task = asyncio.create_task(
            self._send(person_id, told, about), name=f"message: {about}"
        )
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _send(self, person_id: str, told: Mapping[str, str], about: str) -> None:
        try:
            async with self._turns, asyncio.timeout(self._limit_seconds):
                status = await self._run(person_id, told)
        except TimeoutError:
            logger.warning("%s: the message program hangs", about)
        except OSError as error:
            logger.warning("%s: no message: %s", about, error.strerror)
        else:
            if status:
                logger.warning("%s: the message program ended with %s", about, status)

    async def _run(self, person_id: str, told: Mapping[str, str]) -> int:
        number = await self._number_of(person_id)
        line = {"person_id": person_id, "number": number, **told}
        process = await asyncio.create_subprocess_exec(self._program, stdin=PIPE)
        try:
            await process.communicate(json.dumps(line).encode() + b"\n")
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return process.returncode or 0
