"""A worker process of the recogniser, seen from its parent."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Self

from telephony.speech.models import fault_of_model

LOAD_SECONDS: Final = 120.0
TAKING_SECONDS: Final = 1.0
"""A worker that takes no command for so long hangs."""
_LINE_BYTES: Final = 1 << 20
_ROOT: Final = Path(__file__).resolve().parents[2]


class RecognitionError(Exception):
    """Nothing can be recognised; the message tells what to do."""

    error_id = "recognition_failed"


class RecogniserDied(RecognitionError):
    """The worker died in the middle: this question is left to the keys."""

    error_id = "recogniser_died"


class RecogniserProcess:
    """One worker with its model loaded."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, model: Path) -> Self:
        """Start a worker and wait until its model is loaded; raises `RecognitionError`."""
        if fault := fault_of_model(model):
            raise RecognitionError(fault)
        path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "telephony.speech.vosk_worker", str(model)),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                env=os.environ | {"PYTHONPATH": path},
                limit=_LINE_BYTES,
                start_new_session=True,
            )
        except OSError as error:
            raise RecognitionError(
                f"no recogniser could be started: {error}"
            ) from error
        worker = cls(process)
        try:
            await worker._loaded(model)
        except BaseException:
            await worker.kill()
            raise
        return worker

    async def _loaded(self, model: Path) -> None:
        try:
            async with asyncio.timeout(LOAD_SECONDS):
                answer = await self._next() or {"fault": "the process ended"}
        except TimeoutError:
            raise RecognitionError(
                f"the model {model} was not loaded after {LOAD_SECONDS:g} s"
            ) from None
        if fault := answer.get("fault"):
            raise RecognitionError(
                f"the model {model} cannot be loaded: {fault}; unpack it anew"
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def tell(self, command: dict[str, Any]) -> bool:
        """Send a command; false when the worker is gone, or hangs: then it is ended."""
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps(command).encode() + b"\n")
            async with asyncio.timeout(TAKING_SECONDS):
                await self._process.stdin.drain()
        except TimeoutError:
            self.end()
            return False
        except (OSError, RuntimeError):
            return False
        return self._process.returncode is None

    async def messages(self) -> AsyncIterator[dict[str, Any]]:
        """What it says, until it ends."""
        while (message := await self._next()) is not None:
            yield message

    async def _next(self) -> dict[str, Any] | None:
        assert self._process.stdout
        try:
            line = await self._process.stdout.readline()
            message: dict[str, Any] | None = json.loads(line) if line else None
        except ValueError:
            return None
        return message

    def end(self) -> None:
        """End it, also when it hangs; `messages` ends then."""
        with suppress(ProcessLookupError):
            self._process.kill()

    async def kill(self) -> None:
        """End it at once, and wait until it is gone."""
        self.end()
        await self._process.communicate()
