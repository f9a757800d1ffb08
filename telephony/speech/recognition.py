"""Speech to words, while a citizen speaks: Vosk in processes of its own.

The audio is read from the leg's growing recording, never tapped: Python in the audio
path would delay every call. Each worker loads the model once and follows many calls.
"""

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from telephony.speech.following import Following
from telephony.speech.listening import Heard, Listening, settle
from telephony.speech.recogniser_process import (
    RecogniserDied,
    RecogniserProcess,
    RecognitionError,
)

logger = logging.getLogger(__name__)

__all__ = [
    "Following",
    "Heard",
    "Listening",
    "Recogniser",
    "RecogniserDied",
    "RecognitionError",
]

CLOSING_SECONDS: Final = 0.6
LIMIT_SECONDS: Final = 12.0
SPEAKING_SECONDS: Final = 12.0
FIRST_PAUSE_SECONDS: Final = 0.5
LONGEST_PAUSE_SECONDS: Final = 30.0
HEARTBEAT_SECONDS: Final = 5.0
BEATS_OF_SILENCE: Final = 3
"""A worker that says nothing for so many heartbeats hangs."""


class Recogniser:
    """Listens to many calls at once in `workers` processes; an async context manager.

    Starting waits until the model is loaded, and raises `RecognitionError` with advice
    when it cannot be. A worker that dies later, or hangs (no answer to a heartbeat),
    fails what it was listening to, and is replaced.
    """

    def __init__(
        self,
        model: Path,
        *,
        workers: int = 1,
        closing_seconds: float = CLOSING_SECONDS,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ) -> None:
        self._closing_seconds = closing_seconds
        self._slots = [
            _Slot(model, number, heartbeat_seconds) for number in range(workers)
        ]
        self._numbers = itertools.count(1)
        self._keepers: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        try:
            await self._start_all()
        except BaseException:
            await self._close()
            raise
        self._keepers = [
            asyncio.create_task(slot.keep(), name=f"keep {slot.name}")
            for slot in self._slots
        ]
        return self

    async def _start_all(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for slot in self._slots:
                    group.create_task(slot.start(), name=f"start {slot.name}")
        except ExceptionGroup as errors:  # all workers say the same of one model
            raise errors.exceptions[0] from None

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        closing = asyncio.create_task(self._close(), name="close the recogniser")
        try:
            await asyncio.shield(closing)
        finally:  # also when cancelled: no worker outlives it
            await asyncio.wait({closing})

    @property
    def workers(self) -> int:
        """How many workers there should be."""
        return len(self._slots)

    @property
    def process_ids(self) -> list[int]:
        """The workers that are alive."""
        return [slot.process.pid for slot in self._slots if slot.process]

    @asynccontextmanager
    async def listen(
        self,
        recording: Path,
        phrases: Sequence[str] | None,
        *,
        from_seconds: float | None = None,
        limit_seconds: float = LIMIT_SECONDS,
        speaking_seconds: float = SPEAKING_SECONDS,
        closing_seconds: float | None = None,
        complete: bool = False,
    ) -> AsyncIterator[Listening]:
        """Listen to a recording that grows for one of the phrases, and their words.

        With no phrase (empty) only speech is heard, and no words; with None any words
        are, which takes thirty times the work.

        Begins at its present end, or at `from_seconds`; ends when speech has ended or
        lasts `speaking_seconds`, after `limit_seconds` of audio, or with the block. A `complete` file is read to its end.
        """
        listening = Listening()
        slot, number = self._least_busy(), next(self._numbers)
        if slot is None:
            listening.fail(RecogniserDied("no recogniser is running"))
            yield listening
            return
        wanted = {
            "stream": number,
            "file": str(recording),
            "phrases": None if phrases is None else list(phrases),
            "from_seconds": from_seconds,
            "limit_seconds": limit_seconds,
            "speaking_seconds": speaking_seconds,
            "closing_seconds": closing_seconds or self._closing_seconds,
            "complete": complete,
        }
        async with slot.follow(number, listening, wanted):
            yield listening

    @asynccontextmanager
    async def follow(
        self, recording: Path, phrases: Sequence[str], *, from_seconds: float = 0
    ) -> AsyncIterator[Following]:
        """Read which of the phrases, and their words, are said while a recording grows.

        From `from_seconds` on, until the block ends.
        """
        following = Following()
        slot, number = self._least_busy(), next(self._numbers)
        if slot is None:
            following.fail(RecogniserDied("no recogniser is running"))
            yield following
            return
        wanted = {
            "stream": number,
            "follow": True,
            "file": str(recording),
            "phrases": list(phrases),
            "from_seconds": from_seconds,
        }
        async with slot.follow(number, following, wanted):
            yield following

    async def missing_words(self, phrases: Iterable[str]) -> tuple[str, ...]:
        """The words that the model does not know: phrases with them are never heard."""
        slot = self._least_busy()
        if slot is None or slot.process is None:
            raise RecogniserDied("no recogniser is running")
        number = next(self._numbers)
        return await slot.missing(number, list(phrases))

    def _least_busy(self) -> "_Slot | None":
        alive = [slot for slot in self._slots if slot.process]
        return min(alive, key=lambda slot: slot.load, default=None)

    async def _close(self) -> None:
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        self._keepers = []
        for slot in self._slots:
            await slot.stop()


class _Slot:
    """The place of one worker, whoever works there now."""

    def __init__(self, model: Path, number: int, heartbeat_seconds: float) -> None:
        self.name = f"recogniser {number}"
        self.process: RecogniserProcess | None = None
        self._ended: RecogniserProcess | None = None
        self._model, self._heartbeat_seconds = model, heartbeat_seconds
        self._spoke = asyncio.Event()
        self._followed: dict[int, Listening | Following] = {}
        self._asked: dict[int, asyncio.Future[tuple[str, ...]]] = {}

    @property
    def load(self) -> int:
        """How many calls are being listened to."""
        return len(self._followed)

    async def start(self) -> None:
        """A worker with its model loaded; raises `RecognitionError`."""
        self.process = await RecogniserProcess.start(self._model)

    async def keep(self) -> None:
        """Pass on what the worker says; replace it when it dies, for ever.

        One that died without a word is replaced after a pause that grows.
        """
        pause = FIRST_PAUSE_SECONDS
        while True:
            if await self._served():
                pause = FIRST_PAUSE_SECONDS
            else:
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            try:
                await self.start()
                logger.info("%s is running again", self.name)
            except RecognitionError:
                logger.exception("%s cannot be replaced yet", self.name)

    async def _served(self) -> bool:
        """Until the worker ends; whether it has said anything."""
        spoke = False
        if process := self.process:
            async with asyncio.TaskGroup() as tasks:
                beat = self._beat(process)
                beating = tasks.create_task(beat, name=f"heartbeat {self.name}")
                async for message in process.messages():
                    self._spoke.set()
                    self._take(message)
                    spoke = True
                beating.cancel()
            logger.warning("%s has died and is replaced", self.name)
            await self._end()
        return spoke

    async def _beat(self, process: RecogniserProcess) -> None:
        """Ask now and then whether it lives, and end it when it hangs."""
        patience = self._heartbeat_seconds * BEATS_OF_SILENCE
        while True:
            await asyncio.sleep(self._heartbeat_seconds)
            self._spoke.clear()
            await process.tell({"alive": True})
            try:
                async with asyncio.timeout(patience):
                    await self._spoke.wait()
            except TimeoutError:
                logger.warning("%s hangs and is ended", self.name)
                process.end()
                return

    @asynccontextmanager
    async def follow(
        self, number: int, listening: Listening | Following, wanted: dict[str, Any]
    ) -> AsyncIterator[None]:
        """Let the worker listen until the block ends."""
        self._followed[number] = listening
        try:
            if not await self._told(wanted):
                listening.fail(RecogniserDied("the recogniser has died"))
            yield
        finally:
            if self._followed.pop(number, None) and not listening.is_over:
                await self._told({"stream": number})
            listening.close()

    async def missing(self, number: int, phrases: list[str]) -> tuple[str, ...]:
        """Ask the worker's model."""
        answer = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        try:
            if not await self._told({"ask": number, "phrases": phrases}):
                raise RecogniserDied("the recogniser has died")
            return tuple(await answer)
        finally:
            del self._asked[number]

    async def stop(self) -> None:
        """End the worker; what it was listening to fails."""
        await self._end()

    async def _told(self, command: dict[str, Any]) -> bool:
        return self.process is not None and await self.process.tell(command)

    def _take(self, message: dict[str, Any]) -> None:
        if (asked := self._asked.get(message.get("ask", 0))) is not None:
            settle(asked, message["missing"])
        elif listening := self._followed.get(message.get("stream", 0)):
            listening.take(message)
        elif "unknown" in message:
            words = " ".join(message["unknown"])
            logger.warning("the speech model does not know these words: %s", words)

    async def _end(self) -> None:
        if self.process:
            self._ended, self.process = self.process, None
        error = RecogniserDied("the recogniser died while it listened")
        for listening in self._followed.values():
            listening.fail(error)
        for asked in self._asked.values():
            if not asked.done():
                asked.set_exception(error)
        if self._ended:  # perhaps once more: the first time may have been cut off
            await self._ended.kill()
