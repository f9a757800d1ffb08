"""The words of one leg's growing file, as a recogniser's process reads them."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ivr_flows.sentences import Language
from ivr_flows.understanding.on_the_line import words_on_the_line
from telephony.speech.following import Following, Reading
from telephony.speech.recogniser_process import RecognitionError

logger = logging.getLogger(__name__)


class ReadsWords(Protocol):
    """A recogniser that follows recordings; see `telephony.speech.recognition`."""

    def follow(
        self, recording: Path, phrases: Sequence[str], *, from_seconds: float = 0
    ) -> AbstractAsyncContextManager[Following]:
        """Read which of the phrases are said while a recording grows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was read, before the answer or after it; None: there will be no more."""

    reading: Reading | None
    is_after_answer: bool


class WordReader:
    """Reads until the answer, and anew from there.

    `on_words` is told when there are words, or will be none; `taken` gives all.
    """

    def __init__(
        self,
        leg_id: str,
        recogniser: ReadsWords,
        file: Path,
        language: Language,
        on_words: Callable[[], None],
    ) -> None:
        self._leg_id, self._recogniser, self._file = leg_id, recogniser, file
        self._phrases = words_on_the_line(language).grammar()
        self._on_words = on_words
        self._read: list[Read] = []
        self._task: asyncio.Task[None] | None = None

    def begin(self, from_seconds: float, *, is_after_answer: bool) -> None:
        """Read from there on, and no more from where it was."""
        self.end()
        self._task = asyncio.create_task(
            self._follow(from_seconds, is_after_answer),
            name=f"words of leg {self._leg_id}",
        )

    def taken(self) -> list[Read]:
        """What was read since the last time."""
        read, self._read = self._read, []
        return read

    def end(self) -> None:
        """Read no more."""
        if self._task:
            self._task.cancel()
            self._task = None

    async def _follow(self, from_seconds: float, is_after_answer: bool) -> None:
        follow = self._recogniser.follow(
            self._file, self._phrases, from_seconds=from_seconds
        )
        try:
            async with follow as following:
                async for reading in following.readings():
                    self._keep(reading, is_after_answer)
        except RecognitionError as error:
            logger.warning("leg %s is heard without words: %s", self._leg_id, error)
            self._keep(None, is_after_answer)

    def _keep(self, reading: Reading | None, is_after_answer: bool) -> None:
        self._read.append(Read(reading=reading, is_after_answer=is_after_answer))
        if reading is None or reading.words:
            self._on_words()
