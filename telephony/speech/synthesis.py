"""Text to speech: sentences as 8 kHz mono WAV files, made in a process of its own."""

import asyncio
import json
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

logger = logging.getLogger(__name__)

VERSION = 1
"""Raised when the same text and voice give another sound: caches are made anew."""

LIMIT_SECONDS = 20.0
_ENDED = "its process ended"
# espeak-ng 1.51 turns characters into pinyin and then `sit/cmn` spells the pinyin in
# English ("hao three"); the sister voice reads it as Mandarin.
_READS_CHARACTERS = {"sit/cmn": "sit/cmn-latn-pinyin"}
_ROOT = Path(__file__).resolve().parents[2]
_WORKER = ("-m", "telephony.speech.espeak_worker")


class SynthesisError(Exception):
    """The sentence could not be spoken; the message tells what to do."""


class Synthesiser:
    """Speaks one sentence at a time in a worker process; an async context manager.

    The worker starts with the first sentence, is replaced when it dies or takes longer
    than the limit (a sentence that it dies of is tried once more), and ends with the
    block.
    """

    def __init__(
        self,
        *,
        limit_seconds: float = LIMIT_SECONDS,
        worker: tuple[str, ...] = _WORKER,
    ) -> None:
        self._limit_seconds = limit_seconds
        self._command = (sys.executable, *worker)
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stop()

    @property
    def process_id(self) -> int | None:
        """The worker's process, while there is one."""
        return self._process.pid if self._process else None

    async def speak(self, text: str, file: Path, *, voice: str) -> None:
        """Write `text`, spoken by espeak-ng's `voice` at 200 words a minute.

        `file` is an absolute path. It is 8 kHz mono 16-bit WAV at -20 dBFS, and is
        there whole or not at all. Raises `SynthesisError`.
        """
        voice = _READS_CHARACTERS.get(voice, voice)
        wanted = {"text": text, "voice": voice, "file": str(file)}
        async with self._turn:
            fault = await self._asked(wanted)
            if fault == _ENDED:
                fault = await self._asked(wanted)
        if fault:
            raise SynthesisError(_advice(fault))

    async def _asked(self, wanted: dict[str, str]) -> str | None:
        done = False
        try:
            async with asyncio.timeout(self._limit_seconds):
                answer = await self._exchange(wanted)
            done = True
        except TimeoutError:
            return f"it took longer than {self._limit_seconds:g} s"
        except (OSError, ValueError):
            return _ENDED
        finally:
            if not done:
                await self._stop()
        return answer

    async def _exchange(self, wanted: dict[str, str]) -> str | None:
        process = await self._running()
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps(wanted).encode() + b"\n")
        await process.stdin.drain()
        answer: dict[str, str | None] = json.loads(await process.stdout.readline())
        return answer["fault"]

    async def _running(self) -> Process:
        """The worker, started when there is none; Ctrl-C on a terminal spares it, so
        that callers hear their sentences while the service drains."""
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=_ROOT,
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                start_new_session=True,
            )
        return self._process

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


def _advice(fault: str) -> str:
    if "has no voice" in fault:
        return f"{fault.removeprefix('LookupError: ')} Set speech.synthesis_voice to one of 'espeak-ng --voices' (column File)"
    if "eSpeak" in fault or "libespeak" in fault:
        return "espeak-ng is not installed: apt install espeak-ng"
    if "pyttsx3" in fault:
        return f"{fault}: pip install pyttsx3"
    return f"speech synthesis failed: {fault}"
