"""Prompts that are said by name: a file that need not exist for the fake endpoint."""

from collections.abc import Iterable
from pathlib import Path

from ivr_flows.prompts import PromptError
from ivr_flows.sentences import Language, Sentence


class FakePrompts:
    """`said` words become `/zh/greeting.wav` and the like; `broken` ones cannot be."""

    language: Language = "zh"

    def __init__(self) -> None:
        self.broken: set[str] = set()

    async def speech(self, sentences: Iterable[Sentence]) -> list[Path]:
        """A file for each sentence."""
        return [self._file(s.words, s.language) for s in sentences]

    async def queue_position(
        self, position: int, *, language: Language | None = None
    ) -> list[Path]:
        """A file named after the position."""
        return [self._file(f"position_{position}", language or "zh")]

    async def queue_wait(
        self, seconds: float, *, language: Language | None = None
    ) -> list[Path]:
        """A file named after the seconds."""
        return [self._file(f"wait_{seconds:.0f}", language or "zh")]

    async def tone(self) -> list[Path]:
        """The tone before a message."""
        return [self._file("tone", "zh")]

    def _file(self, words: str, language: Language) -> Path:
        if words in self.broken:
            raise PromptError(f"{words!r} cannot be said")
        return Path(f"/{language}/{words}.wav")
