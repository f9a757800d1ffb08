"""Audio that the library writes while a call goes on reaches answer detection."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from outbound.answer_detection import AnsweredBy, Verdict
from outbound.hearing import Hearing
from outbound.overhearing import Overhearing
from telephony.events import EndCause
from telephony.speech.following import Following
from telephony.speech.recogniser_process import RecogniserDied
from tests.fakes.leg import FakeLeg
from tests.unit.outbound.test_answer_detection import Pcm, quiet, speech

pytestmark = pytest.mark.integration

BLOCK = 2048
"""Samples that the library writes at once."""


class SpeakingLeg(FakeLeg):
    """A leg that writes what the test says, as the library would."""

    file: Path | None = None

    def overhear(self, file: Path) -> None:
        self.file = file
        file.write_bytes(bytes(44))

    def stop_overhearing(self) -> None:
        self.file = None

    async def say(self, *parts: Pcm) -> None:
        """In blocks; what is written is there before the next comes."""
        samples = np.concatenate(parts)
        for at in range(0, len(samples), BLOCK):
            if self.file:
                with self.file.open("ab", buffering=0) as file:
                    file.write(samples[at : at + BLOCK].astype("<i2").tobytes())
            await asyncio.sleep(0)


@pytest.fixture
async def ears(tmp_path: Path) -> AsyncIterator[Overhearing]:
    async with Overhearing(tmp_path / "overheard", {}) as ears:
        yield ears


def heard_by(
    ears: Overhearing, announcement_seconds: float = 0
) -> tuple[SpeakingLeg, Hearing]:
    """A leg that is called, and what is made of it."""
    leg, hearing = SpeakingLeg(None), Hearing(announcement_seconds)
    hearing.opened(leg)
    ears.follow(leg, hearing, "ko")
    return leg, hearing


async def verdict_of(hearing: Hearing) -> Verdict:
    async with asyncio.timeout(60):
        while hearing.verdict is None:
            await asyncio.sleep(0.001)
    return hearing.verdict


async def test_machine_that_answers_is_heard_from_the_growing_file(
    ears: Overhearing,
) -> None:
    leg, hearing = heard_by(ears)
    leg.peer_answers()
    await leg.say(quiet(0.3), speech(8))
    found = await verdict_of(hearing)
    assert found.answered_by is AnsweredBy.MACHINE
    await hearing.nobody


async def test_network_is_heard_before_the_answer(ears: Overhearing) -> None:
    leg, hearing = heard_by(ears)
    leg.peer_rings()
    await leg.say(quiet(0.5), speech(4))
    await hearing.announced
    assert hearing.verdict
    assert hearing.verdict.answered_by is AnsweredBy.NETWORK_ANNOUNCEMENT
    assert not hearing.nobody.done()


async def test_voice_after_the_answer_is_told_from_the_melody_before_it(
    ears: Overhearing,
) -> None:
    leg, hearing = heard_by(ears, announcement_seconds=60)
    leg.peer_rings()
    await leg.say(quiet(0.5), speech(4))
    assert (await verdict_of(hearing)).answered_by is AnsweredBy.NETWORK_ANNOUNCEMENT
    leg.peer_answers()
    await asyncio.sleep(0)
    assert hearing.verdict is None
    await leg.say(quiet(0.8), speech(0.6), quiet(2))
    assert (await verdict_of(hearing)).answered_by is AnsweredBy.HUMAN
    assert not hearing.nobody.done()


class FakeRecogniser:
    """Tells what the test lets it read; each time anew from somewhere."""

    def __init__(self) -> None:
        self.following: list[tuple[float, Following]] = []

    @asynccontextmanager
    async def follow(
        self, recording: Path, phrases: Sequence[str], *, from_seconds: float = 0
    ) -> AsyncIterator[Following]:
        following = Following()
        self.following.append((from_seconds, following))
        try:
            yield following
        finally:
            following.close()

    async def begun(self, times: int) -> Following:
        async with asyncio.timeout(60):
            while len(self.following) < times:
                await asyncio.sleep(0.001)
        return self.following[-1][1]

    def reads(self, following: Following, text: str) -> None:
        words = text.split()
        sure = [1.0] * len(words)
        following.take({"words": words, "confidences": sure, "read_seconds": 100.0})


@pytest.fixture
async def reading_ears(
    tmp_path: Path,
) -> AsyncIterator[tuple[Overhearing, FakeRecogniser]]:
    recogniser = FakeRecogniser()
    async with Overhearing(tmp_path / "overheard", {"ko": recogniser}) as ears:
        yield ears, recogniser


async def test_words_are_read_from_the_answer_on_and_tell_a_machine_sooner(
    reading_ears: tuple[Overhearing, FakeRecogniser],
) -> None:
    ears, recogniser = reading_ears
    leg, hearing = heard_by(ears, announcement_seconds=60)
    leg.peer_rings()
    await leg.say(quiet(1))
    early = await recogniser.begun(1)
    leg.peer_answers()
    answered = await recogniser.begun(2)
    assert early.is_over
    assert [begin >= 1 for begin, _ in recogniser.following] == [False, True]
    await leg.say(quiet(0.5), speech(2))
    recogniser.reads(answered, "소리가 나 면 메시지를 남겨")
    found = await verdict_of(hearing)
    assert (found.answered_by, found.reason) == (
        AnsweredBy.MACHINE,
        "words: 소리가 나 면, 메시지를 남겨",
    )
    await hearing.nobody
    await leg.hang_up(EndCause.WE_HUNG_UP)
    async with asyncio.timeout(60):
        while not answered.is_over:
            await asyncio.sleep(0)


async def test_recogniser_that_dies_leaves_the_sound(
    reading_ears: tuple[Overhearing, FakeRecogniser],
    caplog: pytest.LogCaptureFixture,
) -> None:
    ears, recogniser = reading_ears
    leg, hearing = heard_by(ears)
    leg.peer_answers()
    await leg.say(quiet(0.3))
    (await recogniser.begun(1)).fail(RecogniserDied("it died"))
    await asyncio.sleep(0.01)
    await leg.say(speech(0.6), quiet(2))
    assert (await verdict_of(hearing)).answered_by is AnsweredBy.HUMAN
    assert "is heard without words" in caplog.text


async def test_nothing_of_a_voice_stays_on_disk(
    ears: Overhearing, tmp_path: Path
) -> None:
    leg, hearing = heard_by(ears)
    leg.peer_answers()
    await leg.say(quiet(0.3), speech(0.6), quiet(2))
    await verdict_of(hearing)
    assert list((tmp_path / "overheard").iterdir()) == []
    other, _ = heard_by(ears)
    await other.hang_up(EndCause.WE_HUNG_UP)
    await asyncio.sleep(0)
    assert list((tmp_path / "overheard").iterdir()) == []


async def test_what_a_killed_service_overheard_is_gone_with_the_next_start(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "overheard"
    folder.mkdir()
    (folder / "left.wav").write_bytes(b"a voice")
    async with Overhearing(folder, {}):
        assert list(folder.iterdir()) == []


async def test_file_that_cannot_be_read_leaves_the_call_alone(
    ears: Overhearing, caplog: pytest.LogCaptureFixture
) -> None:
    leg, hearing = heard_by(ears)
    leg.peer_answers()
    assert leg.file
    file = leg.file
    with file.open("ab", buffering=0) as writer:
        file.unlink()
        writer.write(bytes(4096))
    async with asyncio.timeout(60):
        while "is heard no more" not in caplog.text:
            await asyncio.sleep(0.001)
    assert not leg.ended.done()
    assert hearing.verdict is None
