"""Campaigns as they are read back: lists, contacts, what came of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from config.database import Database
from outbound.campaign import Campaign, CampaignState, CampaignUnknown
from outbound.contact import Contact, ContactState, FollowUpOutcome
from outbound.store import attempts, campaigns, contact_of, contacts
from telephony.numbers import mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try; `outcome` is None while it runs."""

    call_id: str
    at: datetime
    ended_at: datetime | None
    outcome: FollowUpOutcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRecord:
    """A contact with his tries, in their order."""

    contact: Contact
    attempts: tuple[Attempt, ...]


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
        rows = (await connection.execute(query)).all()
        tries = await _attempts(connection, [row.id for row in rows])
    return [_record(row, tries) for row in rows]


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


def _record(row: Row[Any], tries: Sequence[Row[Any]]) -> ContactRecord:
    contact = contact_of(row)
    if contact.confidential:
        contact = replace(contact, number=mask(contact.number))
    own = (_attempt(each) for each in tries if each.contact_id == contact.id)
    return ContactRecord(contact=contact, attempts=tuple(own))


def _attempt(row: Row[Any]) -> Attempt:
    return Attempt(
        call_id=row.call_id,
        at=row.at,
        ended_at=row.ended_at,
        outcome=FollowUpOutcome(row.outcome) if row.outcome else None,
    )


async def _attempts(
    connection: AsyncConnection, ids: Sequence[str]
) -> Sequence[Row[Any]]:
    query = select(attempts).where(attempts.c.contact_id.in_(ids))
    return (await connection.execute(query.order_by(attempts.c.at))).all()


async def _row(connection: AsyncConnection, name: str) -> Row[Any]:
    query = select(campaigns).where(campaigns.c.name == name)
    if row := (await connection.execute(query)).first():
        return row
    raise CampaignUnknown(
        f"There is no campaign {name!r}; `hotline campaigns list` shows them."
    )


async def _campaign(connection: AsyncConnection, row: Row[Any]) -> Campaign:
    query = select(contacts.c.state, func.count()).where(
        contacts.c.campaign == row.name
    )
    counted = (await connection.execute(query.group_by(contacts.c.state))).all()
    by_state = {ContactState(state): count for state, count in counted}
    return Campaign(
        name=row.name,
        state=CampaignState(row.state),
        created_at=row.created_at,
        changed_at=row.changed_at,
        contacts={state: by_state.get(state, 0) for state in ContactState},
    )
