"""Reviews in the database, and the answers that count: the newest review goes first."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    Row,
    Select,
    String,
    Table,
    and_,
    func,
    insert,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from ulid import ULID

from config.database import Database, UtcTime, metadata
from outbound.answer import MAY_OPT_OUT, Answer, GivenBy, TranscriptState
from outbound.contact import FollowUpOutcome
from outbound.events import ToldAnswer
from outbound.results import REACHED
from outbound.reviews.review import (
    CONTRADICTIONS,
    NO_ANSWER,
    ClipUnknown,
    DoubtfulAnswer,
    Review,
    clip_name,
    doubts_of,
)
from outbound.tables.store import answer_of, answers, attempts, contacts

reviews = Table(
    "follow_up_reviews",
    metadata,
    Column("id", String, primary_key=True),
    Column("call_id", String, nullable=False),
    Column("question", String, nullable=False),
    Column("contact_id", String, nullable=False),
    Column("answer", String, nullable=False),
    Column("reviewed_by", String, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_follow_up_reviews_contact_id", "contact_id"),
    Index("ix_follow_up_reviews_call_id_question", "call_id", "question"),
)


async def counted_answers(
    connection: AsyncConnection, contact_id: str
) -> tuple[ToldAnswer, ...]:
    """What a contact answered, with what a person set in its place.

    A try that ended with nobody has no answers, whatever a machine sounded like.
    """
    reached = attempts.c.call_id, attempts.c.outcome.in_(list(REACHED))
    tries = select(reached[0]).where(attempts.c.contact_id == contact_id, reached[1])
    of_persons = set(await connection.scalars(tries))
    set_ = {
        (row.call_id, row.question): row.answer
        for row in await _rows(connection, reviews, contact_id)
    }
    by_question = {
        row.question: row
        for row in await _rows(connection, answers, contact_id)
        if row.call_id in of_persons or (row.call_id, row.question) in set_
    }
    return tuple(
        ToldAnswer(
            question=row.question,
            answer=set_.get((row.call_id, row.question), row.answer),
            given_by=answer_of(row).given_by,
            confidence=row.confidence,
            reviewed=(row.call_id, row.question) in set_,
        )
        for row in by_question.values()
    )


async def _rows(
    connection: AsyncConnection, table: Table, contact_id: str
) -> Sequence[Row[Any]]:
    order = (table.c.at, table.c.id) if "id" in table.c else (table.c.at,)
    query = select(table).where(table.c.contact_id == contact_id)
    return (await connection.execute(query.order_by(*order))).all()


async def words_of(connection: AsyncConnection, contact_id: str) -> dict[str, str]:
    """What a contact said in words of his own and was read, by question."""
    query = select(answers.c.question, answers.c.transcript).where(
        answers.c.contact_id == contact_id,
        answers.c.transcription == TranscriptState.DONE.value,
    )
    rows = await connection.execute(query.order_by(answers.c.at))
    return {row.question: row.transcript for row in rows if row.transcript}


async def reviews_of(
    connection: AsyncConnection, contact_ids: Sequence[str]
) -> dict[str, list[Review]]:
    """All reviews of contacts, each one's in their order."""
    query = select(reviews).where(reviews.c.contact_id.in_(contact_ids))
    found: defaultdict[str, list[Review]] = defaultdict(list)
    for row in await connection.execute(query.order_by(reviews.c.at, reviews.c.id)):
        found[row.contact_id].append(_review(row))
    return found


async def contact_and_answer(
    connection: AsyncConnection, call_id: str, question: str
) -> tuple[str, Answer]:
    """Whose answer a clip is, and what it was first; `ClipUnknown`."""
    query = select(answers).where(
        answers.c.call_id == call_id, answers.c.question == question
    )
    row = (await connection.execute(query)).first()
    if row is None:
        name = clip_name(call_id, question)
        raise ClipUnknown(
            f"There is no clip {name}; `hotline campaigns review list` shows them."
        )
    return row.contact_id, answer_of(row)


async def answered_by(
    connection: AsyncConnection, call_id: str, review: Review, known: Collection[str]
) -> str:
    """The contact whose answer a review sets; `ClipUnknown` when there is none.

    Where an agent spoke with him, an answer to a `known` question is there from now on.
    """
    try:
        contact_id, _ = await contact_and_answer(connection, call_id, review.question)
    except ClipUnknown:
        contact_id = await _spoken_with(connection, call_id)
        if not contact_id or review.question not in known:
            raise
        await _enter_spoken(connection, call_id, contact_id, review)
    return contact_id


async def _spoken_with(connection: AsyncConnection, call_id: str) -> str:
    query = select(attempts.c.contact_id).where(
        attempts.c.call_id == call_id,
        attempts.c.outcome == FollowUpOutcome.TALKED.value,
    )
    return await connection.scalar(query) or ""


async def _enter_spoken(
    connection: AsyncConnection, call_id: str, contact_id: str, review: Review
) -> None:
    """No question has a clip of its own in a talk."""
    spoken = Answer(
        question=review.question,
        answer=review.answer,
        given_by=GivenBy.AGENT,
        confidence=1,
        at=review.at,
        clip_start_seconds=0,
        clip_seconds=0,
    )
    ids = {"call_id": call_id, "contact_id": contact_id}
    await connection.execute(insert(answers), [asdict(spoken) | ids])


async def enter(
    connection: AsyncConnection, call_id: str, contact_id: str, review: Review
) -> None:
    """Keep what a person set, beside all that was said before."""
    ids = {"id": str(ULID()), "call_id": call_id, "contact_id": contact_id}
    await connection.execute(insert(reviews), [asdict(review) | ids])


async def doubtful_answers(
    database: Database,
    *,
    below: float,
    campaign: str = "",
    limit: int = 50,
    before: str = "",
) -> list[DoubtfulAnswer]:
    """Answers that no person heard yet and that are doubtful, the newest first.

    `before` is the clip to go on after.
    """
    query = _unheard(below)
    if campaign:
        query = query.where(contacts.c.campaign == campaign)
    if before:
        call_id, _, question = before.partition(":")
        key = tuple_(answers.c.call_id, answers.c.question)
        query = query.where(key < tuple_(call_id, question))
    order = (answers.c.call_id.desc(), answers.c.question.desc())
    async with database.read() as connection:
        rows = (await connection.execute(query.order_by(*order).limit(limit))).all()
        return await _doubtful(connection, rows, below)


def _unheard(below: float) -> Select[Any]:
    heard = select(reviews.c.id).where(
        reviews.c.call_id == answers.c.call_id,
        reviews.c.question == answers.c.question,
    )
    doubtful = or_(
        answers.c.answer.in_((NO_ANSWER, MAY_OPT_OUT)),
        and_(answers.c.confidence < below, answers.c.transcription.is_(None)),
        *(_contradiction(*pair) for pair in CONTRADICTIONS),
    )
    query = select(answers, contacts.c.campaign, contacts.c.order_id)
    query = query.join(contacts, contacts.c.id == answers.c.contact_id)
    return query.where(~heard.exists(), doubtful)


def _contradiction(one: str, said: str, other: str, told: str) -> Any:
    twin = answers.alias()

    def beside(question: str, answer: str) -> Any:
        found = select(func.count()).where(
            twin.c.call_id == answers.c.call_id,
            twin.c.question == question,
            twin.c.answer == answer,
        )
        return found.scalar_subquery() > 0

    asked = answers.c.question.in_((one, other))
    return and_(asked, beside(one, said), beside(other, told))


async def _doubtful(
    connection: AsyncConnection, rows: Sequence[Row[Any]], below: float
) -> list[DoubtfulAnswer]:
    calls = await _by_call(connection, {row.call_id for row in rows})
    doubts = {call_id: doubts_of(given, below) for call_id, given in calls.items()}
    return [
        DoubtfulAnswer(
            clip=clip_name(row.call_id, row.question),
            campaign=row.campaign,
            order_id=row.order_id,
            call_id=row.call_id,
            answer=answer_of(row),
            doubts=doubts[row.call_id][row.question],
        )
        for row in rows
    ]


async def _by_call(
    connection: AsyncConnection, call_ids: Iterable[str]
) -> dict[str, list[Answer]]:
    query = select(answers).where(answers.c.call_id.in_(list(call_ids)))
    found: defaultdict[str, list[Answer]] = defaultdict(list)
    for row in await connection.execute(query):
        found[row.call_id].append(answer_of(row))
    return found


def _review(row: Row[Any]) -> Review:
    return Review(
        question=row.question,
        answer=row.answer,
        reviewed_by=row.reviewed_by,
        at=row.at,
    )
