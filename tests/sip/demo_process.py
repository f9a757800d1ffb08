"""`hotline demo` as a process, as a user without a terminal starts it."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def demo(folder: Path, *words: str, **environment: str) -> AsyncIterator[Process]:
    """`hotline demo` in a folder, as a user without a terminal starts it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hotline", "demo", *words,
        cwd=folder, stdout=PIPE, stderr=STDOUT, process_group=0,
        env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "120"} | environment,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def said(process: Process, words: str) -> str:
    """Everything up to the line that holds these words."""
    assert process.stdout
    told = ""
    while words not in told:
        line = await process.stdout.readline()
        assert line, f"{words!r} was never said in: {told}"
        told += line.decode()
    return told


async def rest_of(process: Process) -> str:
    """Everything until the end."""
    assert process.stdout
    told = (await process.stdout.read()).decode()
    await process.wait()
    return told
