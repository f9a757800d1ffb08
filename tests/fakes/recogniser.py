"""A recogniser without ears: the test says what it hears, and when it dies."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from telephony.speech.recognition import Listening, RecogniserDied


class FakeRecogniser:
    """`asked` are the phrases of each question; `dead` ones hear nothing."""

    def __init__(self) -> None:
        self.dead = False
        self.asked: list[Sequence[str]] = []
        self._now: Listening | None = None

    @asynccontextmanager
    async def listen(
        self,
        recording: Path,
        phrases: Sequence[str],
        *,
        from_seconds: float | None = None,
        limit_seconds: float = 0,
        speaking_seconds: float = 0,
        closing_seconds: float | None = None,
    ) -> AsyncIterator[Listening]:
        """One question, until the block ends."""
        listening = self._now = Listening()
        self.asked.append(phrases)
        if self.dead:
            self.die()
        try:
            yield listening
        finally:
            self._now = None
            listening.began.cancel()
            listening.heard.cancel()

    def begins(self) -> None:
        """Somebody begins to speak."""
        if self._now:
            self._now.take({"began": 1.0})

    def hears(self, text: str, confidence: float = 1.0) -> None:
        """He has spoken."""
        if self._now:
            self.begins()
            self._now.take(
                {
                    "heard": {
                        "text": text,
                        "confidence": confidence,
                        "began_seconds": 1.0,
                        "ended_seconds": 2.0,
                    }
                }
            )

    def die(self) -> None:
        """The worker ends in the middle of a question."""
        if self._now:
            self._now.fail(RecogniserDied("the recogniser died while it listened"))
