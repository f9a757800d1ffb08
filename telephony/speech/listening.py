"""One question that is listened to, and what was said, as the main process sees them."""

import asyncio
from dataclasses import dataclass
from typing import Any

from telephony.speech.recogniser_process import RecognitionError


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was said. Times are in the recording; None when nobody spoke.

    `text` is "" when somebody spoke and no word was known; beside words that are, one that is
    not known is `[unk]` in it. `confidence` is 0 to 1, of the known words.
    """

    text: str
    confidence: float
    began_seconds: float | None
    ended_seconds: float | None

    @property
    def silent(self) -> bool:
        """Whether nobody spoke."""
        return self.began_seconds is None


class Listening:
    """One question: `began` is done when somebody speaks, `heard` when he has spoken.

    Both end in `RecogniserDied` or `RecognitionError` when there will be no result; then
    keys are left.
    """

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.began: asyncio.Future[float] = loop.create_future()
        self.heard: asyncio.Future[Heard] = loop.create_future()

    @property
    def is_over(self) -> bool:
        """Whether the worker has nothing more to tell."""
        return self.heard.done()

    def close(self) -> None:
        """Nobody waits any more."""
        self.began.cancel()
        self.heard.cancel()

    def take(self, message: dict[str, Any]) -> None:
        """A message of the worker."""
        if "began" in message:
            settle(self.began, message["began"])
        elif "heard" in message:
            settle(self.heard, Heard(**message["heard"]))
            self.began.cancel()
        else:
            self.fail(
                RecognitionError(f"the recording cannot be read: {message['fault']}")
            )

    def fail(self, error: RecognitionError) -> None:
        """There will be no result."""
        for future in (self.began, self.heard):
            if not future.done():
                future.set_exception(error)
                future.exception()  # nobody needs to wait for both


def settle(future: asyncio.Future[Any], value: object) -> None:
    """Its result, unless it has one or is cancelled."""
    if not future.done():
        future.set_result(value)
