"""Answers that are to be transcribed, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update

from config.database import Database
from ivr_flows.sentences import LANGUAGES
from ivr_flows.understanding.answers import Answer, Question
from ivr_flows.understanding.meaning import understand
from outbound.answer import MAY_OPT_OUT, TranscriptState
from outbound.deliveries.store import ResultBook
from outbound.events import ResultCause
from outbound.tables.store import answers, contact_of, contacts

AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Untranscribed:
    """A clip that nobody has read yet; `language` is the contact's."""

    call_id: str
    question: str
    language: str
    at: datetime
    clip_start_seconds: float
    clip_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """What was read; without words the state says why."""

    state: TranscriptState
    text: str = field(default="", repr=False)
    confidence: float | None = None


class TranscriptStore:
    """The transcripts in the database; raises `DatabaseError`. The book tells of each."""

    def __init__(self, database: Database, book: ResultBook | None = None) -> None:
        self._database, self._book = database, book or ResultBook(database)

    async def reopen(self) -> None:
        """What had no model is tried again: there may be one now."""
        change = update(answers).where(
            answers.c.transcription == TranscriptState.NO_MODEL.value
        )
        async with self._database.begin() as connection:
            waiting = TranscriptState.WAITING.value
            await connection.execute(change.values(transcription=waiting))

    async def waiting(self) -> Sequence[Untranscribed]:
        """What is to be transcribed, the oldest first."""
        query = (
            select(answers, contacts.c.language)
            .join(contacts, contacts.c.id == answers.c.contact_id)
            .where(answers.c.transcription == TranscriptState.WAITING.value)
            .order_by(answers.c.at)
            .limit(AT_ONCE)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        names = Untranscribed.__slots__
        return [Untranscribed(**{n: getattr(row, n) for n in names}) for row in rows]

    async def settle(
        self, clip: Untranscribed, read: Transcript, now: datetime
    ) -> None:
        """Keep what came of a clip; words that were read are a new result.

        Where they sound like an opt-out a person hears the clip, and decides: a reading of
        free speech silences no number for good.
        """
        values = {"transcription": read.state.value, "transcript": read.text}
        sure = {} if read.confidence is None else {"confidence": read.confidence}
        if _wants_none(read, clip.language):
            values["answer"] = MAY_OPT_OUT
        change = update(answers).where(
            answers.c.call_id == clip.call_id, answers.c.question == clip.question
        )
        whose = select(contacts).join(answers, contacts.c.id == answers.c.contact_id)
        whose = whose.where(
            answers.c.call_id == clip.call_id, answers.c.question == clip.question
        )
        async with self._book.begin() as unit:
            await unit.connection.execute(change.values(values | sure))
            row = (await unit.connection.execute(whose)).first()
            if row and read.text:
                cause = ResultCause.TRANSCRIPT
                await unit.tell(contact_of(row), cause, now, clip.call_id)


def _wants_none(read: Transcript, language: str) -> bool:
    spoken = next((one for one in LANGUAGES if one == language), LANGUAGES[0])
    found = understand(
        read.text,
        Question.SATISFIED,  # the wish goes before any answer
        spoken,
        heard_confidence=read.confidence or 0,
    )
    return found.answer is Answer.OPT_OUT
