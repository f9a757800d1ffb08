"""Processes beside the service for what would hold up its loop: how they start and end.

A worker is a module that is run with `python -m`. It reads a job a line from its
standard input and answers on its standard output.
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import NoReturn, TextIO

LINE_LIMIT_BYTES = 1 << 20
NICENESS = 5
HOUSE = str(Path(__file__).resolve().parents[1])


async def start_worker(module: str) -> Process:
    """A new worker; `OSError` when no process can be had."""
    path = os.pathsep.join(filter(None, [HOUSE, os.environ.get("PYTHONPATH", "")]))
    # A session of its own: Ctrl-C stops the service, which ends its workers.
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        stdin=PIPE,
        stdout=PIPE,
        env=os.environ | {"PYTHONPATH": path},
        limit=LINE_LIMIT_BYTES,
        start_new_session=True,
    )


async def end_worker(process: Process) -> None:
    """End it at once, whatever it does, and wait until it is gone."""
    if process.returncode is None:
        process.kill()
    await process.communicate()  # what it has said is read away


def jobs_of_the_service(lines: TextIO) -> Iterator[str]:
    """In the worker: each job, for as long as the service lives.

    The process ends at once, in the midst of a job too, when its input ends: it never
    outlives the service.
    """
    # Below the calls: audio on the wire must never wait for work of this kind.
    os.nice(NICENESS)
    # A service manager may tell all processes to stop: the service decides for us.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    waiting: SimpleQueue[str] = SimpleQueue()
    Thread(target=_receive, args=(lines, waiting), daemon=True).start()
    while True:
        yield waiting.get()


def _receive(lines: TextIO, waiting: SimpleQueue[str]) -> NoReturn:
    for line in lines:
        waiting.put(line)
    # The service is gone: whoever comes next asks for it again.
    os._exit(0)
