"""Recorded answers are read after their calls, by a real model where there is one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile

from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database
from outbound.answer import Answer, GivenBy, TranscriptState
from outbound.archive import contacts_page
from outbound.deliveries.store import ResultBook
from outbound.do_not_call.store import entries_page
from outbound.reviews.desk import ReviewDesk
from outbound.reviews.review import Doubt
from outbound.reviews.store import doubtful_answers
from outbound.store import CampaignStore
from outbound.transcripts.store import AT_ONCE, Transcript, TranscriptStore
from outbound.transcripts.transcriber import Transcriber
from recordings.entry import Recording, State
from recordings.events import RecordingClosed
from telephony.speech.recognition import Recogniser
from tests import korean
from tests.integration.records.test_campaign_store import ORDER, enter

pytestmark = pytest.mark.integration

CALL = "call"
QUIET_SECONDS = 2.0
Keep = Callable[..., Awaitable[None]]


class Shelf:
    """The archive as the transcriber sees it: one call's recording, or none yet."""

    def __init__(self, file: Path) -> None:
        self.file, self.stored = file, True

    async def find(self, call_id: str) -> Recording | None:
        """The recording of the call, once it is stored."""
        now = datetime.now(UTC)
        if not self.stored:
            return None
        return Recording(
            call_id=call_id, state=State.CLOSED, started_at=now, closed_at=now
        )

    def file_of(self, recording: Recording) -> Path | None:
        """Where its audio lies."""
        return self.file if self.file.exists() else None


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """The citizen is quiet, then speaks; the agent's side is noise."""
    said = korean.spoken("안녕하세요 감사합니다")
    quiet = korean.quiet(QUIET_SECONDS)
    citizen = np.concatenate([quiet, said, quiet])
    agent = np.random.default_rng(1).integers(-9000, 9000, len(citizen))
    file = tmp_path / "call.flac"
    both = np.stack([citizen, agent.astype(np.int16)], axis=1)
    soundfile.write(file, both, 8000, subtype="PCM_16")
    return Shelf(file)


def recorded(at: datetime) -> Answer:
    """Why he is not satisfied, in his own words."""
    return Answer(
        question="why",
        answer="recorded",
        given_by=GivenBy.VOICE,
        confidence=1,
        at=at,
        clip_start_seconds=QUIET_SECONDS - 1,
        clip_seconds=6,
        transcription=TranscriptState.WAITING,
    )


@pytest.fixture
async def keep(database: Database) -> Keep:
    """Enters a recorded answer of a Korean citizen."""

    async def entered(*, ago: timedelta = timedelta()) -> None:
        store = CampaignStore(database)
        contact = await enter(store, order=replace(ORDER, language="ko"))
        await store.answered(contact.id, CALL, recorded(datetime.now(UTC) - ago))

    return entered


@asynccontextmanager
async def transcriber(
    database: Database, shelf: Shelf, bus: EventBus, model: Path | None
) -> AsyncIterator[None]:
    """It runs, with this model for every language."""

    def recogniser_of(language: str) -> Recogniser | None:
        assert language == "ko"
        return Recogniser(model) if model else None

    running = Transcriber(
        TranscriptStore(database),
        shelf,  # type: ignore[arg-type]
        recogniser_of,
        bus,
        LoopClock(),
        shelf.file.parent / "transcribing",
    )
    async with running:
        yield


async def answer_of(database: Database) -> Answer:
    """The answer as it is kept now."""
    (record,) = await contacts_page(database, "a")
    (answer,) = record.answers
    return answer


async def settled(database: Database, state: TranscriptState) -> Answer:
    """The answer, once it stands so."""
    async with asyncio.timeout(60):
        while (answer := await answer_of(database)).transcription is not state:
            await asyncio.sleep(0.02)
    return answer


async def test_recorded_answer_is_read_from_the_citizens_side(
    database: Database, shelf: Shelf, keep: Keep
) -> None:
    await keep()
    async with transcriber(database, shelf, EventBus(), korean.model()):
        answer = await settled(database, TranscriptState.DONE)
    assert answer.transcript, "the model hears words"
    assert 0 < answer.confidence <= 1
    assert answer.answer == "recorded"
    assert list((shelf.file.parent / "transcribing").iterdir()) == []


async def test_without_a_model_it_stays_unread_until_there_is_one(
    database: Database, shelf: Shelf, keep: Keep
) -> None:
    await keep()
    async with transcriber(database, shelf, EventBus(), None):
        answer = await settled(database, TranscriptState.NO_MODEL)
    assert (answer.transcript, answer.confidence) == ("", 1)
    async with transcriber(database, shelf, EventBus(), korean.model()):
        await settled(database, TranscriptState.DONE)


async def test_backlog_is_read_to_its_end_without_a_new_call(
    database: Database, shelf: Shelf
) -> None:
    store = CampaignStore(database)
    contact = await enter(store, order=replace(ORDER, language="ko"))
    for nth in range(AT_ONCE + 1):
        answer = recorded(datetime.now(UTC) + timedelta(seconds=nth))
        await store.answered(contact.id, f"call-{nth}", answer)
    async with transcriber(database, shelf, EventBus(), None):
        async with asyncio.timeout(60):
            while await TranscriptStore(database).waiting():
                await asyncio.sleep(0.02)


async def test_answer_is_read_once_its_recording_is_stored(
    database: Database, shelf: Shelf, keep: Keep
) -> None:
    await keep()
    bus, shelf.stored = EventBus(), False
    async with transcriber(database, shelf, bus, None):
        await asyncio.sleep(0)
        assert (await answer_of(database)).transcription is TranscriptState.WAITING
        shelf.stored = True
        bus.publish(
            RecordingClosed(
                call_id=CALL,
                at=datetime.now(UTC),
                seconds=1,
                left_dbfs=None,
                right_dbfs=None,
                silent=(),
                sha256="",
                path="",
            )
        )
        await settled(database, TranscriptState.NO_MODEL)


async def test_recording_that_never_comes_is_told(
    database: Database, shelf: Shelf, keep: Keep
) -> None:
    shelf.stored = False
    await keep(ago=timedelta(hours=2))
    async with transcriber(database, shelf, EventBus(), None):
        await settled(database, TranscriptState.NO_RECORDING)


async def test_recording_that_cannot_be_read_is_told(
    database: Database, shelf: Shelf, keep: Keep
) -> None:
    shelf.file.write_bytes(b"no sound")
    await keep()
    async with transcriber(database, shelf, EventBus(), korean.model()):
        await settled(database, TranscriptState.FAILED)


async def read_as(database: Database, text: str, confidence: float) -> None:
    """His own words were read so."""
    store = TranscriptStore(database)
    (clip,) = await store.waiting()
    read = Transcript(state=TranscriptState.DONE, text=text, confidence=confidence)
    await store.settle(clip, read, datetime.now(UTC))


@pytest.mark.parametrize(
    ("text", "confidence", "heard"),
    [
        ("다시는 전화하지 마세요", 0.9, True),
        ("다시는 전화하지 마세요", 0.3, False),
        ("길이 아직 안 고쳐졌어요", 0.9, False),
        ("직원이 전화 하지 말라고 했어요", 0.9, False),
    ],
)
async def test_words_of_his_own_that_sound_like_an_opt_out_are_heard_by_a_person(
    database: Database, keep: Keep, text: str, confidence: float, heard: bool
) -> None:
    await keep()
    await read_as(database, text, confidence)
    assert await entries_page(database) == [], "a reading silences nobody"
    doubtful = await doubtful_answers(database, below=0.75)
    assert [each.doubts for each in doubtful] == ([(Doubt.OPT_OUT,)] if heard else [])


async def test_person_who_hears_an_opt_out_puts_the_number_on_the_list(
    database: Database, keep: Keep
) -> None:
    await keep()
    await read_as(database, "다시는 전화하지 마세요", 0.9)
    desk = ReviewDesk(database, ResultBook(database), LoopClock(), dict)
    await desk.set(CALL, "why", "opted_out", "王")
    (listed,) = await entries_page(database)
    assert listed.number == ORDER.number
    assert await doubtful_answers(database, below=0.75) == []
