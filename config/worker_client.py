"""The service's side of a worker process that answers one long question at a time.

A job is a line; the answer begins with a line of JSON that tells the `length` in bytes
of what follows, or in `error` why there is nothing.
"""

import asyncio
import json
import logging
from asyncio.subprocess import Process
from types import TracebackType
from typing import Any, Self

from config.worker_process import end_worker, start_worker

logger = logging.getLogger(__name__)


class WorkerError(Exception):
    """The worker did not answer."""


class WorkerLate(WorkerError):
    """It took too long, and was ended."""


class WorkerDied(WorkerError):
    """It ended in the midst of the job."""


class WorkerMissing(WorkerError):
    """No process could be started; the message is the system's."""


class WorkerRefused(WorkerError):
    """It lives, and told why there is no answer."""


class WorkerClient:
    """One worker of a module; an async context manager.

    It starts with the first job, stays for the next ones, is replaced when it dies or is
    late, and ends with the block.
    """

    def __init__(self, module: str, limit_seconds: float) -> None:
        self._module, self._limit_seconds = module, limit_seconds
        self._turn = asyncio.Lock()
        self._process: Process | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._end()

    @property
    def process_id(self) -> int | None:
        """The worker's process, while there is one."""
        process = self._living()
        return process.pid if process else None

    async def ask(self, job: bytes) -> bytes:
        """The answer to a job, which is one line; raises `WorkerError`."""
        async with self._turn:
            process = await self._running()
            try:
                return await self._in_time(process, job)
            except WorkerRefused:
                raise
            except BaseException:
                await self._end()
                raise

    async def _in_time(self, process: Process, job: bytes) -> bytes:
        try:
            async with asyncio.timeout(self._limit_seconds):
                return await _asked(process, job)
        except TimeoutError:
            logger.warning(
                "%s took longer than %g s", self._module, self._limit_seconds
            )
            raise WorkerLate from None
        except (OSError, EOFError):
            logger.warning("%s ended in the midst of a job", self._module)
            raise WorkerDied from None

    async def _running(self) -> Process:
        process = self._living()
        if process is None:
            try:
                process = self._process = await start_worker(self._module)
            except OSError as error:
                raise WorkerMissing(error.strerror) from error
        return process

    def _living(self) -> Process | None:
        process = self._process
        return process if process and process.returncode is None else None

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process:
            await end_worker(process)


async def _asked(process: Process, job: bytes) -> bytes:
    assert process.stdin and process.stdout
    process.stdin.write(job + b"\n")
    await process.stdin.drain()
    line = await process.stdout.readline()
    if not line:
        raise EOFError
    answer: dict[str, Any] = json.loads(line)
    if "error" in answer:
        raise WorkerRefused(answer["error"])
    return await process.stdout.readexactly(answer["length"])
