"""Reads recorded answers after their calls, in a recogniser of its own without a grammar.

What waits stands in the database, so a service that is killed reads it later.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from config.bus import EventBus
from config.clock import LoopClock
from config.database import DatabaseError
from outbound.answer import TranscriptState
from outbound.transcripts.store import (
    AT_ONCE,
    Transcript,
    TranscriptStore,
    Untranscribed,
)
from recordings.archive import Archive
from recordings.citizen_voice import VoiceMissing, citizen_voice
from recordings.events import RecordingClosed, RecordingFailed
from telephony.speech.recognition import Recogniser, RecognitionError

logger = logging.getLogger(__name__)

RETRY_SECONDS: Final = 30.0
GIVEN_UP_AFTER: Final = timedelta(hours=1)
"""A recording that is not there by then will not come."""
PATIENCE_SECONDS: Final = 20.0
"""Reading takes half the time of the speech; so much more than four times it is too long."""

OpenRecogniser = Callable[[str], Recogniser | None]
"""A recogniser for a language, not started yet; None when there is no model."""


class Transcriber:
    """Transcribes what waits whenever a recording is stored; an async context manager."""

    def __init__(
        self,
        store: TranscriptStore,
        archive: Archive,
        recogniser_of: OpenRecogniser,
        bus: EventBus,
        clock: LoopClock,
        folder: Path,
    ) -> None:
        self._store, self._archive = store, archive
        self._recogniser_of = recogniser_of
        self._bus, self._clock, self._folder = bus, clock, folder
        self._wake = asyncio.Event()
        self._unsubscribe: list[Callable[[], None]] = []
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._store.reopen()
        for kind in (RecordingClosed, RecordingFailed):
            self._unsubscribe.append(
                self._bus.subscribe(kind, lambda _: self._wake.set())
            )
        self._task = asyncio.create_task(self._run(), name="transcriber")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        while self._unsubscribe:
            self._unsubscribe.pop()()
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            rest = await self._rounded()
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._wake.wait()

    async def _rounded(self) -> float | None:
        """Read the oldest that wait; returns the seconds until the next ones are read.

        None: when a recording is stored.
        """
        try:
            waiting = await self._store.waiting()
            await self._read_ready(waiting)
            is_backlog = len(waiting) == AT_ONCE
            if is_backlog and await self._store.waiting() != waiting:
                return 0
        except DatabaseError as error:
            logger.warning("answers are transcribed later: %s", error)
            return RETRY_SECONDS
        except Exception:  # the next recording may go well
            logger.exception("answers could not be transcribed")
            return RETRY_SECONDS
        return None

    async def _read_ready(self, waiting: Iterable[Untranscribed]) -> None:
        ready = [
            (clip, file) for clip in waiting if (file := await self._recorded(clip))
        ]
        ready.sort(key=_language)
        for language, clips in groupby(ready, _language):
            await self._read_all(language, clips)

    async def _recorded(self, clip: Untranscribed) -> Path | None:
        """The recording, once it is stored; what has none is settled."""
        recording = await self._archive.find(clip.call_id)
        file = self._archive.file_of(recording) if recording else None
        if file:
            return file
        pending = recording is None or recording.closed_at is None
        if pending and self._clock.now() - clip.at < GIVEN_UP_AFTER:
            return None
        await self._settle(clip, Transcript(state=TranscriptState.NO_RECORDING))
        return None

    async def _read_all(
        self, language: str, clips: Iterable[tuple[Untranscribed, Path]]
    ) -> None:
        recogniser = self._recogniser_of(language)
        if recogniser is None:
            for clip, _ in clips:
                no_model = Transcript(state=TranscriptState.NO_MODEL)
                await self._settle(clip, no_model)
            logger.warning("recorded answers in %s stay unread: no model", language)
            return
        try:
            async with recogniser:
                for clip, file in clips:
                    read = await self._read(recogniser, clip, file)
                    await self._settle(clip, read)
        except RecognitionError as error:
            logger.warning("recorded answers in %s stay unread: %s", language, error)

    async def _settle(self, clip: Untranscribed, read: Transcript) -> None:
        await self._store.settle(clip, read, self._clock.now())

    async def _read(
        self, recogniser: Recogniser, clip: Untranscribed, file: Path
    ) -> Transcript:
        voice = self._folder / f"{clip.call_id}-{clip.question}.wav"
        try:
            await asyncio.to_thread(
                citizen_voice, file, clip.clip_start_seconds, clip.clip_seconds, voice
            )
            return await _words(recogniser, voice, clip.clip_seconds)
        except (VoiceMissing, RecognitionError, TimeoutError, OSError) as error:
            logger.warning("call %s: not transcribed: %s", clip.call_id, error)
            return Transcript(state=TranscriptState.FAILED)
        finally:
            await asyncio.to_thread(voice.unlink, missing_ok=True)


def _language(ready: tuple[Untranscribed, Path]) -> str:
    return ready[0].language


async def _words(recogniser: Recogniser, voice: Path, seconds: float) -> Transcript:
    """The whole clip in one piece: pauses end nothing."""
    whole = seconds + 1
    listen = recogniser.listen(
        voice,
        None,
        from_seconds=0,
        limit_seconds=whole,
        speaking_seconds=whole,
        closing_seconds=whole,
        complete=True,
    )
    async with asyncio.timeout(PATIENCE_SECONDS + 4 * whole), listen as listening:
        heard = await listening.heard
    return Transcript(
        state=TranscriptState.DONE, text=heard.text, confidence=heard.confidence
    )
