"""A few worker processes that join recordings, started when they are needed."""

import asyncio
import json
import logging
import os
from asyncio.subprocess import Process
from dataclasses import asdict
from types import TracebackType
from typing import Any, Self

from config.worker_process import end_worker, start_worker
from recordings.joining import Joined, JoinFailed, JoinJob

logger = logging.getLogger(__name__)
JOIN_LIMIT_SECONDS = 1800.0


class JoinWorkers:
    """Joins recordings in at most `count` processes at once; async context manager."""

    def __init__(self, count: int) -> None:
        self._free = asyncio.Semaphore(count)
        self._idle: list[Process] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        while self._idle:
            await end_worker(self._idle.pop())

    async def join(self, job: JoinJob) -> Joined:
        """Join in a worker; raises `JoinFailed`, also when the worker dies."""
        async with self._free:
            process = self._living() or await _start()
            try:
                answer = await _ask(process, job)
            except BaseException:
                await end_worker(process)
                raise
            self._idle.append(process)
        return _joined(answer)

    def _living(self) -> Process | None:
        while self._idle:
            process = self._idle.pop()
            if process.returncode is None:
                return process
        return None


def worker_count() -> int:
    """Half of the processors: joining is ~1000 times faster than talking."""
    return max(1, (os.cpu_count() or 1) // 2)


async def _start() -> Process:
    try:
        return await start_worker("recordings.worker")
    except OSError as error:
        raise JoinFailed(f"no worker process could be started: {error}") from error


async def _ask(process: Process, job: JoinJob) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(JOIN_LIMIT_SECONDS):
            process.stdin.write(json.dumps(asdict(job)).encode() + b"\n")
            await process.stdin.drain()
            line = await process.stdout.readline()
    except (OSError, TimeoutError) as error:
        raise JoinFailed(f"the worker process did not answer: {error}") from error
    if not line:
        raise JoinFailed("the worker process died")
    answer: dict[str, Any] = json.loads(line)
    return answer


def _joined(answer: dict[str, Any]) -> Joined:
    if "error" in answer:
        raise JoinFailed(str(answer["error"]))
    return Joined(**answer | {"track_frames": tuple(answer["track_frames"])})
