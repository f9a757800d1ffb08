"""Campaigns as they are read back: lists, contacts, what came of each."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, Table, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from config.database import Database
from outbound.answer import Answer
from outbound.answer_detection import AnsweredBy, Verdict
from outbound.campaign import Campaign, CampaignState, CampaignUnknown
from outbound.contact import NO_TRY, Contact, ContactState, FollowUpOutcome
from outbound.evidence import Evidence
from outbound.results import (
    ANSWERS,
    REACHED,
    Asked,
    By,
    Counting,
    Result,
    asks_for_redo,
)
from outbound.reviews.review import Review
from outbound.reviews.store import reviews_of
from outbound.tables.store import (
    answer_of,
    answers,
    attempts,
    campaigns,
    contact_of,
    contacts,
    ending_of,
    mode_of,
    own_of,
)
from telephony.numbers import mask

PART = 200
"""Contacts read at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try; `outcome` is None while it runs, `evidence` of tries before it was kept.

    `verdict` is None when nothing told who was there.
    """

    call_id: str
    at: datetime
    ended_at: datetime | None
    outcome: FollowUpOutcome | None
    evidence: Evidence | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRecord:
    """A contact with his tries, his answers, and what persons set in their place.

    `counted` is what counts, by question: what only a person can have answered, and what a
    person set. `redo` (重办): he is not satisfied, or it is not solved.
    """

    contact: Contact
    attempts: tuple[Attempt, ...]
    answers: tuple[Answer, ...]
    reviews: tuple[Review, ...]
    counted: Mapping[str, str]
    redo: bool


async def all_campaigns(database: Database) -> list[Campaign]:
    """Every campaign, the newest first."""
    query = select(campaigns).order_by(
        campaigns.c.created_at.desc(), campaigns.c.name.desc()
    )
    async with database.read() as connection:
        rows = (await connection.execute(query)).all()
        return [await _campaign(connection, row) for row in rows]


async def campaign_of(database: Database, name: str) -> Campaign:
    """The campaign; `CampaignUnknown` when there is none."""
    async with database.read() as connection:
        return await _campaign(connection, await _row(connection, name))


async def contact_counts(database: Database) -> dict[ContactState, int]:
    """How many contacts of all campaigns are in each state."""
    async with database.read() as connection:
        return await _counts(connection)


async def contacts_page(
    database: Database,
    campaign: str,
    *,
    limit: int = 50,
    before_id: str = "",
    state: ContactState | None = None,
) -> list[ContactRecord]:
    """The newest contacts first; numbers of confidential ones are masked."""
    query = _page(campaign, before_id, state).limit(limit)
    async with database.read() as connection:
        await _row(connection, campaign)
        return await _records(connection, query)


def _page(campaign: str, before_id: str, state: ContactState | None) -> Select[Any]:
    key = tuple_(contacts.c.entered_at, contacts.c.id)
    query = select(contacts).where(contacts.c.campaign == campaign)
    if state:
        query = query.where(contacts.c.state == state.value)
    if before_id:
        bound = select(contacts.c.entered_at, contacts.c.id)
        bound = bound.where(contacts.c.id == before_id)
        query = query.where(key < bound.scalar_subquery())
    return query.order_by(contacts.c.entered_at.desc(), contacts.c.id.desc())


async def _records(
    connection: AsyncConnection, query: Select[Any]
) -> list[ContactRecord]:
    rows = (await connection.execute(query)).all()
    ids = [row.id for row in rows]
    tries = _grouped(await _of(connection, attempts, ids))
    given = _grouped(await _of(connection, answers, ids))
    heard = await reviews_of(connection, ids)
    return [
        _record(
            _shown(row),
            tuple(map(_attempt, tries[row.id])),
            given[row.id],
            tuple(heard.get(row.id, ())),
        )
        for row in rows
    ]


def _record(
    contact: Contact,
    attempts: tuple[Attempt, ...],
    given: Sequence[Row[Any]],
    reviews: tuple[Review, ...],
) -> ContactRecord:
    of_persons = {each.call_id for each in attempts if each.outcome in REACHED}
    counted = {row.question: row.answer for row in given if row.call_id in of_persons}
    counted |= {each.question: each.answer for each in reviews}
    return ContactRecord(
        contact=contact,
        attempts=attempts,
        answers=tuple(map(answer_of, given)),
        reviews=reviews,
        counted=counted,
        redo=asks_for_redo(counted),
    )


def _grouped(rows: Sequence[Row[Any]]) -> defaultdict[str, list[Row[Any]]]:
    by_contact: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        by_contact[row.contact_id].append(row)
    return by_contact


def _shown(row: Row[Any]) -> Contact:
    contact = contact_of(row)
    if not contact.confidential:
        return contact
    return replace(contact, number=mask(contact.number))


def _attempt(row: Row[Any]) -> Attempt:
    return Attempt(
        call_id=row.call_id,
        at=row.at,
        ended_at=row.ended_at,
        outcome=FollowUpOutcome(row.outcome) if row.outcome else None,
        evidence=_evidence(row),
        verdict=_verdict(row) if row.answered_by else None,
    )


def _verdict(row: Row[Any]) -> Verdict:
    return Verdict(
        answered_by=AnsweredBy(row.answered_by),
        at_seconds=row.detected_at_seconds,
        reason=row.detected_reason,
    )


def _evidence(row: Row[Any]) -> Evidence | None:
    if row.window is None:
        return None
    return Evidence(
        window=row.window,
        tries_before=row.tries_before,
        number_calls_that_day=row.number_calls_that_day,
        number_calls_in_30_days=row.number_calls_in_30_days,
        last_call_at=row.last_call_at,
    )


async def _of(
    connection: AsyncConnection, table: Table, ids: Sequence[str]
) -> Sequence[Row[Any]]:
    query = select(table).where(table.c.contact_id.in_(ids))
    return (await connection.execute(query.order_by(table.c.at))).all()


async def all_contacts(
    database: Database, campaign: str
) -> AsyncIterator[ContactRecord]:
    """Every contact of a campaign, the oldest first, read a part at a time."""
    after = ""
    query = select(contacts).where(contacts.c.campaign == campaign)
    query = query.order_by(contacts.c.id).limit(PART)
    async with database.read() as connection:
        await _row(connection, campaign)
        while part := await _records(connection, query.where(contacts.c.id > after)):
            for record in part:
                yield record
            after = part[-1].contact.id
            await asyncio.sleep(0)  # calls go on meanwhile


async def results_of(
    database: Database, campaign: str, by: By, zone: ZoneInfo
) -> list[Result]:
    """The results of a campaign; `CampaignUnknown` when there is none."""
    counting = Counting(by=by, zone=zone)
    async for record in all_contacts(database, campaign):
        counting.add(asked_of(record))
    return counting.results()


def asked_of(record: ContactRecord) -> Asked:
    """The contact as the rates count him: what a person set goes before what was said."""
    rang = [each for each in record.attempts if each.outcome not in NO_TRY]
    answers = record.counted
    reviewed = {each.question for each in record.reviews}
    return Asked(
        unit=record.contact.unit,
        last_try=rang[-1].at if rang else None,
        outcomes=_outcomes(rang, answers),
        answers=answers,
        reviewed=len(reviewed),
        withdrawn=record.contact.state is ContactState.WITHDRAWN,
        confirmed=any(answers.get(q) in ANSWERS.get(q, ()) for q in reviewed),
    )


def _outcomes(
    rang: Sequence[Attempt], answers: Mapping[str, str]
) -> frozenset[FollowUpOutcome]:
    """A talk is complete once all that the rates ask for is written down."""
    found = frozenset(each.outcome for each in rang if each.outcome)
    told = all(answers.get(name) in known for name, known in ANSWERS.items())
    is_whole = FollowUpOutcome.TALKED in found and told
    return found | {FollowUpOutcome.COMPLETED} if is_whole else found


async def _row(connection: AsyncConnection, name: str) -> Row[Any]:
    query = select(campaigns).where(campaigns.c.name == name)
    if row := (await connection.execute(query)).first():
        return row
    raise CampaignUnknown(
        f"There is no campaign {name!r}; `hotline campaigns list` shows them."
    )


async def _campaign(connection: AsyncConnection, row: Row[Any]) -> Campaign:
    return Campaign(
        name=row.name,
        state=CampaignState(row.state),
        mode=mode_of(row),
        own=own_of(row),
        created_at=row.created_at,
        changed_at=row.changed_at,
        contacts=await _counts(connection, row.name),
        ending=ending_of(row),
    )


async def _counts(
    connection: AsyncConnection, campaign: str = ""
) -> dict[ContactState, int]:
    query = select(contacts.c.state, func.count()).group_by(contacts.c.state)
    if campaign:
        query = query.where(contacts.c.campaign == campaign)
    counted = (await connection.execute(query)).all()
    by_state = {ContactState(state): count for state, count in counted}
    return {state: by_state.get(state, 0) for state in ContactState}
