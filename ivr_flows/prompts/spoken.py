"""Synthesised sentences and composed sounds, made once and kept by their content."""

import asyncio
import hashlib
import logging
import shutil
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from ivr_flows.prompts.catalogue import PromptError
from ivr_flows.prompts.recorded import fault_of
from telephony.speech.synthesis import VERSION, Synthesiser, SynthesisError

logger = logging.getLogger(__name__)

PASSING_KEPT = 100


class SpokenFiles:
    """A folder of 8 kHz mono WAV files, each whole or not there; an async context manager.

    Who asks for a text that is being made waits for the same file. Passing files hold
    what one caller said or pressed: the newest hundred are kept while the service
    runs, none after it.
    """

    def __init__(self, folder: Path, synthesiser: Synthesiser) -> None:
        self._folder = folder.absolute()
        self._passing = self._folder / "passing"
        self._newest: deque[Path] = deque()
        self._synthesiser = synthesiser
        self._making: dict[Path, asyncio.Task[None]] = {}
        self._good: set[Path] = set()

    async def __aenter__(self) -> Self:
        try:
            await asyncio.to_thread(self._make_folders)
        except OSError as error:
            raise PromptError(f"{self._folder} cannot be used: {error}") from error
        await self._synthesiser.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        making = list(self._making.values())
        for task in making:
            task.cancel()
        await asyncio.gather(*making, return_exceptions=True)
        await self._synthesiser.__aexit__(kind, error, trace)
        await asyncio.to_thread(shutil.rmtree, self._passing, ignore_errors=True)

    async def file(self, text: str, voice: str, *, passing: bool) -> Path:
        """The file that says the text; raises `PromptError` with what to do."""
        digest = hashlib.sha256(f"{VERSION}\n{voice}\n{text}".encode()).hexdigest()
        folder = self._passing if passing else self._folder
        file = folder / f"{digest[:32]}.wav"
        if not self._is_there(file):
            await asyncio.shield(self._being_made(file, text, voice))
        return file

    async def composed(self, name: str, compose: Callable[[Path], None]) -> Path:
        """The file of that name, written by `compose` when it is not there yet."""
        file = self._folder / name
        if not self._is_there(file):
            try:
                await asyncio.to_thread(compose, file)
            except OSError as error:
                raise PromptError(f"{file} cannot be written: {error}") from error
        return file

    def _make_folders(self) -> None:
        shutil.rmtree(self._passing, ignore_errors=True)
        self._passing.mkdir(parents=True)
        for unfinished in self._folder.glob("*.part"):
            unfinished.unlink(missing_ok=True)

    def _is_there(self, file: Path) -> bool:
        """Whole and fit; a file is looked into once, then only seen to be there."""
        if not file.is_file():
            self._good.discard(file)
        elif file not in self._good and not fault_of(file):
            self._good.add(file)
        return file in self._good

    def _being_made(self, file: Path, text: str, voice: str) -> asyncio.Task[None]:
        if file not in self._making:
            task = asyncio.create_task(self._make(file, text, voice), name="speak")
            task.add_done_callback(lambda done: self._made(file, done))
            self._making[file] = task
        return self._making[file]

    def _made(self, file: Path, task: asyncio.Task[None]) -> None:
        """Also when nobody waits any more, so that no fault goes unseen."""
        del self._making[file]
        if not task.cancelled() and (fault := task.exception()):
            logger.info("a sentence could not be made: %s", fault)

    async def _make(self, file: Path, text: str, voice: str) -> None:
        try:
            await self._synthesiser.speak(text, file, voice=voice)
        except SynthesisError as error:
            raise PromptError(str(error)) from error
        if file.parent == self._passing:
            self._forget_the_oldest(file)
        else:
            self._good.add(file)

    def _forget_the_oldest(self, newest: Path) -> None:
        self._newest.append(newest)
        if len(self._newest) > PASSING_KEPT:
            self._newest.popleft().unlink(missing_ok=True)
