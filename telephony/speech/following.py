"""Words that are read while somebody speaks on, as the main process sees them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from telephony.speech.recogniser_process import RecognitionError


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The words of the utterance that goes on, or has just ended.

    `confidences` are those of its words (0 to 1), and are there once it has ended. All
    of the recording was read up to `read_seconds`.
    """

    words: tuple[str, ...]
    confidences: tuple[float, ...]
    read_seconds: float


class Following:
    """One recording whose readings come as it grows.

    They end in `RecogniserDied` or `RecognitionError` when there will be no more.
    """

    def __init__(self) -> None:
        self._told: asyncio.Queue[Reading | RecognitionError] = asyncio.Queue()
        self.is_over = False

    async def readings(self) -> AsyncIterator[Reading]:
        """Each of them, a few a second."""
        while isinstance(told := await self._told.get(), Reading):
            yield told
        raise told

    def take(self, message: dict[str, Any]) -> None:
        """A message of the worker."""
        if fault := message.get("fault"):
            self.fail(RecognitionError(f"the recording cannot be read: {fault}"))
        else:
            self._told.put_nowait(reading_of(message))

    def fail(self, error: RecognitionError) -> None:
        """There will be no more of them."""
        self.is_over = True
        self._told.put_nowait(error)

    def close(self) -> None:
        """Nobody waits any more."""
        self.is_over = True


def reading_of(message: dict[str, Any]) -> Reading:
    """As the worker tells it."""
    return Reading(
        words=tuple(message["words"]),
        confidences=tuple(message["confidences"]),
        read_seconds=message["read_seconds"],
    )
