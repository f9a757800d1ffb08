"""One run of the `hotline` program, started warm or cold, and how it ended."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[3]


class WarmStarter:
    """The process that programs are forked from; one for each test session."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "starter"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.sip.service.warm_starter", str(self.socket)],
            cwd=ROOT,
            env=environment() | {"OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def close(self) -> None:
        """Start nothing any more."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(60)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A way to order one program, as soon as the starter is ready."""
        while True:
            assert self._process.poll() is None, "the warm starter has died"
            try:
                return await asyncio.open_unix_connection(self.socket)
            except (FileNotFoundError, ConnectionRefusedError):
                await asyncio.sleep(0.05)


class Program:
    """A running `hotline` with all its output in a file."""

    def __init__(self, pid: int, ended: asyncio.Task[int]) -> None:
        self.pid = pid
        self._ended = ended

    @classmethod
    async def warm(
        cls,
        starter: WarmStarter,
        words: Sequence[str],
        log: Path,
        told: Path = Path(os.devnull),
    ) -> "Program":
        """Fork it from the starter; its standard input is the file `told`."""
        reader, writer = await starter.connect()
        order = {"words": list(words), "log": str(log), "told": str(told)}
        writer.write(json.dumps(order).encode() + b"\n")
        pid = int(await reader.readline())
        return cls(
            pid, asyncio.create_task(_told(reader, writer), name=f"end of {pid}")
        )

    @classmethod
    async def cold(cls, words: Sequence[str], log: Path) -> "Program":
        """Start it as an operator does."""
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "hotline", *words,
                cwd=ROOT, env=environment(), stdout=output, stderr=output,
            )  # fmt: skip
        ended = asyncio.create_task(process.wait(), name=f"end of {process.pid}")
        return cls(process.pid, ended)

    @property
    def status(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        return self._ended.result() if self._ended.done() else None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, if it still runs."""
        if self.status is None:
            with contextlib.suppress(ProcessLookupError):  # its end is not told yet
                os.kill(self.pid, number)

    async def end(self, seconds: float = 60) -> int:
        """Wait for its end; the exit status."""
        async with asyncio.timeout(seconds):
            return await asyncio.shield(self._ended)


def environment() -> dict[str, str]:
    """Ours, with room for wide tables and without settings of somebody else."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith("HOTLINE_")}
    return ours | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"}


async def _told(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
    try:
        return int(await reader.readline())
    finally:
        writer.close()
