"""The worker's side of `config.worker_client`: reads jobs, and writes what comes of them."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable

from config.database import DatabaseError
from config.worker_process import jobs_of_the_service


class JobRefused(Exception):
    """A job cannot be done; the message, for people, says what to do."""


def serve(answer: Callable[[str], Awaitable[bytes]]) -> None:
    """Answer each job of the standard input until it ends, and the process with it.

    A database that cannot be used, and a `JobRefused`, is told, and the process stays.
    """
    with asyncio.Runner() as runner:
        for job in jobs_of_the_service(sys.stdin):
            sys.stdout.buffer.write(runner.run(_told(answer, job)))
            sys.stdout.buffer.flush()


async def _told(answer: Callable[[str], Awaitable[bytes]], job: str) -> bytes:
    try:
        content = await answer(job)
    except (DatabaseError, JobRefused) as error:
        return _line({"error": str(error)})
    return _line({"length": len(content)}) + content


def _line(values: dict[str, object]) -> bytes:
    return json.dumps(values).encode() + b"\n"
