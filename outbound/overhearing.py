"""The audio of calls that we place, brought to answer detection while it comes.

A leg's voice is written by the library to a file of its own; the kernel tells when it
has grown, and a thread listens to what is new. No Python is in the audio's way, and
nothing of it stays: the file goes with the verdict. Where there is a recogniser for the
language, a process of its own reads the words of the same file.
"""

import asyncio
import logging
import shutil
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

from ivr_flows.sentences import Language
from ivr_flows.understanding.on_the_line import words_on_the_line
from outbound.answer_detection import AnswerDetector
from outbound.hearing import Heard, Hearing
from outbound.word_reader import Read, ReadsWords, WordReader
from telephony.calls import Leg
from telephony.speech.audio import TELEPHONE_RATE
from telephony.speech.file_growth import FileGrowth
from telephony.speech.growing_file import PLAIN_HEADER_BYTES, SAMPLE_BYTES, GrowingFile
from telephony.speech.levels import Pcm

logger = logging.getLogger(__name__)

BLOCK_SECONDS: Final = 0.256
"""The library writes so much at once: what is newer is not in the file yet."""
READ_SECONDS: Final = 2.0


class Ears(Protocol):
    """Whoever listens to the legs of a call that we place."""

    def follow(self, leg: Leg, hearing: Hearing, language: Language) -> None:
        """Listen to a leg from its first sound on, and tell `hearing` until it is over."""


class _Deaf:
    """Whoever answers is taken for a person."""

    def follow(self, leg: Leg, hearing: Hearing, language: Language) -> None:
        """Hear nothing."""


DEAF: Final = _Deaf()


class Overhearing:
    """Listens by files in `folder`, which it empties; an async context manager.

    In the languages of the `recognisers` words count, too. `OSError` when there can be
    no such folder.
    """

    def __init__(
        self, folder: Path, recognisers: Mapping[Language, ReadsWords]
    ) -> None:
        self._folder, self._recognisers = folder, recognisers
        self._growth = FileGrowth(folder)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(_emptied, self._folder)
        await self._stack.enter_async_context(self._growth)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    def follow(self, leg: Leg, hearing: Hearing, language: Language) -> None:
        """See `Ears`."""
        file = self._folder / f"{leg.id}.wav"
        recogniser = self._recognisers.get(language)
        detector = AnswerDetector(
            words=words_on_the_line(language) if recogniser else None
        )
        ear = _Ear(leg, hearing, file, self._growth, detector)
        if recogniser:
            ear.reader = WordReader(leg.id, recogniser, file, language, ear.has_read)


class _Ear:
    """Follows one leg. Only one thread at a time has its detector."""

    def __init__(
        self,
        leg: Leg,
        hearing: Hearing,
        file: Path,
        growth: FileGrowth,
        detector: AnswerDetector,
    ) -> None:
        self._leg, self._hearing = leg, hearing
        self._file, self._growth = file, growth
        self._loop = asyncio.get_running_loop()
        self._detector = detector
        self.reader: WordReader | None = None
        self._audio: GrowingFile | None = None
        self._samples, self._grew_at = 0, 0.0
        self._answer_at: int | None = None
        self._told_answer = False
        self._listening: asyncio.Future[Heard] | None = None
        self._more = self._closed = False
        growth.tell(file.name, self._grew)
        leg.overhear(file)
        leg.answered.add_done_callback(self._answered)
        leg.ended.add_done_callback(lambda _: self._close())

    def _grew(self) -> None:
        first = not self._samples
        try:
            size = self._file.stat().st_size - PLAIN_HEADER_BYTES
        except OSError as error:
            self._fail(error)
            return
        self._samples, self._grew_at = max(0, size) // SAMPLE_BYTES, self._loop.time()
        if first and self._samples:
            self._hearing.sounds(self._samples / TELEPHONE_RATE)
            self._read_words()
        self.has_read()

    def _read_words(self) -> None:
        """From the answer on, or from the beginning while there is none."""
        if self.reader and self._samples and not self._closed:
            answer_at = self._answer_at
            self.reader.begin(
                (answer_at or 0) / TELEPHONE_RATE,
                is_after_answer=answer_at is not None,
            )

    def has_read(self) -> None:
        """There is more to be listened to: sound, or words."""
        self._more = True
        self._listen()

    def _answered(self, answered: asyncio.Future[None]) -> None:
        """Its place in the audio: what is on disk, and what has come since."""
        if not answered.cancelled():
            since = min(self._loop.time() - self._grew_at, BLOCK_SECONDS)
            newer = round(since * TELEPHONE_RATE) if self._samples else 0
            self._answer_at = self._samples + newer
            self._read_words()

    def _listen(self) -> None:
        if self._more and not self._listening and not self._closed:
            self._more = False
            read = self.reader.taken() if self.reader else []
            self._listening = self._loop.run_in_executor(None, self._heard, read)
            self._listening.add_done_callback(self._tell)

    def _tell(self, listening: asyncio.Future[Heard]) -> None:
        self._listening = None
        if fault := listening.exception():
            self._fail(fault)
        elif not self._closed:
            self._hearing.take(listening.result())
        if self._closed or self._hearing.is_over:
            self._close()
        else:
            self._listen()

    def _fail(self, fault: BaseException) -> None:
        logger.error("leg %s is heard no more", self._leg.id, exc_info=fault)
        self._close()

    def _close(self) -> None:
        if not self._closed:
            self._closed = True
            self._leg.stop_overhearing()
            if self.reader:
                self.reader.end()
        if not self._listening:
            self._let_go()

    def _let_go(self) -> None:
        self._growth.forget(self._file.name)
        if self._audio:
            self._audio.close()
            self._audio = None
        self._file.unlink(missing_ok=True)

    # --- in a thread --------------------------------------------------------------

    def _heard(self, read: Sequence[Read]) -> Heard:
        """Listen to all that is new, and what was read of it."""
        if self._audio is None:
            self._audio = GrowingFile(self._file, from_seconds=0)
        while len(samples := self._audio.read(READ_SECONDS)):
            end = round(self._audio.position_seconds * TELEPHONE_RATE)
            self._feed(samples, end - len(samples))
        for each in read:
            if each.is_after_answer is self._told_answer:
                self._detector.read(each.reading)
        return Heard(
            verdict=self._detector.verdict,
            quiet_seconds=self._detector.quiet_seconds,
            answered=self._told_answer,
        )

    def _feed(self, samples: Pcm, begin: int) -> None:
        """What came before the answer, the answer, and what came after it."""
        answer_at = self._answer_at  # after the read: what follows it was not there
        if answer_at is not None and not self._told_answer:
            before = max(0, answer_at - begin)
            self._detector.feed(samples[:before])
            samples = samples[before:]
            if len(samples):
                self._detector.answered()
                self._told_answer = True
        self._detector.feed(samples)


def _emptied(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
