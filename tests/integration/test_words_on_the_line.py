"""Words tell who answers: a real recogniser reads a growing file, as fast as it can.

The file grows only once what is in it has been read, so that words are never late: how late
they are on a machine that does other things is not what is asked here.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from benchmarks.answering.script import KOREAN
from benchmarks.answering.speaking import Voice, spoken
from ivr_flows.sentences import Language
from outbound.answer_detection import AnsweredBy, Verdict
from outbound.hearing import Hearing
from outbound.overhearing import Overhearing
from outbound.word_reader import ReadsWords
from telephony.events import EndCause
from telephony.speech.following import Following, Reading
from telephony.speech.levels import Pcm
from telephony.speech.recognition import Recogniser
from tests import korean
from tests.integration.test_overhearing import SpeakingLeg

pytestmark = pytest.mark.integration

VOICE = Voice(name=f"{KOREAN}+f2", speed=150)
NO_SUCH_NUMBER = "지금 거신 번호는 없는 번호입니다"
LEAVE_A_MESSAGE = "삐 소리가 나면 메시지를 남겨 주세요"
RATE, PART = 8000, 1600


class Watched(Following):
    """Tells how much of the recording was read and passed on."""

    read_seconds = 0.0

    def __init__(self, passed_on: Following) -> None:
        super().__init__()
        self._passed_on = passed_on

    async def readings(self) -> AsyncIterator[Reading]:
        async for reading in self._passed_on.readings():
            yield reading
            self.read_seconds = reading.read_seconds


class WatchedRecogniser:
    """The real one; `following` is what it follows now."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self.following: Watched | None = None

    @asynccontextmanager
    async def follow(
        self, recording: Path, phrases: Sequence[str], *, from_seconds: float = 0
    ) -> AsyncIterator[Following]:
        wanted = self._recogniser.follow(recording, phrases, from_seconds=from_seconds)
        async with wanted as following:
            self.following = Watched(following)
            yield self.following

    async def has_read(self, seconds: float) -> None:
        async with asyncio.timeout(60):
            while self.following is None or self.following.read_seconds < seconds:
                await asyncio.sleep(0.002)


@pytest.fixture
async def recogniser() -> AsyncIterator[WatchedRecogniser]:
    async with Recogniser(korean.model(), workers=1) as running:
        yield WatchedRecogniser(running)


def said(sentence: str) -> Pcm:
    """Three times, with pauses; on a line with faint noise."""
    once = np.round(spoken(sentence, VOICE) * 32767).astype(np.int16)
    parts = [korean.quiet(0.4), *[once, korean.quiet(0.7)] * 3, korean.quiet(3)]
    return np.concatenate(parts)


async def is_listened_to() -> None:
    """What has come, sound and words: there is one thread, and it takes turns."""
    for _ in range(2):
        await asyncio.get_running_loop().run_in_executor(None, lambda: None)
        await asyncio.sleep(0)


async def verdict_on(
    hearing: Hearing,
    leg: SpeakingLeg,
    sound: Pcm,
    recogniser: WatchedRecogniser | None,
) -> Verdict | None:
    """What is found, part by part of what is said."""
    for at in range(0, len(sound), PART):
        await leg.say(sound[at : at + PART])
        if recogniser:
            await recogniser.has_read(min(at + PART, len(sound)) / RATE)
        await is_listened_to()
        if hearing.verdict:
            return hearing.verdict
    return None


@asynccontextmanager
async def heard_on_the_line(
    folder: Path, reading: Mapping[Language, ReadsWords]
) -> AsyncIterator[tuple[Hearing, SpeakingLeg]]:
    """A leg that is called, and what is made of it."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        asyncio.get_running_loop().set_default_executor(thread)
        async with Overhearing(folder / "overheard", reading) as ears:
            leg, hearing = SpeakingLeg(None), Hearing(60)
            hearing.opened(leg)
            ears.follow(leg, hearing, "ko")
            yield hearing, leg
            await leg.hang_up(EndCause.WE_HUNG_UP)


async def test_voicemail_that_pauses_like_a_person_is_told_by_its_words(
    recogniser: WatchedRecogniser, tmp_path: Path
) -> None:
    async with heard_on_the_line(tmp_path, {"ko": recogniser}) as (hearing, leg):
        leg.peer_answers()
        found = await verdict_on(hearing, leg, said(LEAVE_A_MESSAGE), recogniser)
    assert found
    assert found.answered_by is AnsweredBy.MACHINE
    assert found.reason.startswith("words: ")
    assert "소리가 나 면" in found.reason


async def test_the_same_voicemail_is_a_person_to_whom_hears_no_words(
    tmp_path: Path,
) -> None:
    async with heard_on_the_line(tmp_path, {}) as (hearing, leg):
        leg.peer_answers()
        found = await verdict_on(hearing, leg, said(LEAVE_A_MESSAGE), None)
    assert found
    assert found.answered_by is AnsweredBy.HUMAN


async def test_network_that_speaks_before_an_answer_is_told_by_words_and_by_sound(
    recogniser: WatchedRecogniser, tmp_path: Path
) -> None:
    for ear in (recogniser, None):
        reading: dict[Language, ReadsWords] = {"ko": ear} if ear else {}
        async with heard_on_the_line(tmp_path, reading) as (hearing, leg):
            leg.peer_rings()
            found = await verdict_on(hearing, leg, said(NO_SUCH_NUMBER), ear)
        assert found
        assert found.answered_by is AnsweredBy.NETWORK_ANNOUNCEMENT
