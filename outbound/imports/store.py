"""Campaigns made and contacts entered, in the database; and what would be new."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from ulid import ULID

from config.database import Database
from outbound.campaign import CampaignExists, CampaignState, Imported
from outbound.contact import ContactState, NewContact
from outbound.endings.store import refuse_ended
from outbound.mode import CampaignMode
from outbound.own_rules import OwnRules
from outbound.tables.store import campaigns, contacts, own_values

AT_ONCE = 200
"""So many orders are looked for in one query: its values are written on the loop."""


async def create_campaign(
    database: Database, name: str, mode: CampaignMode, now: datetime
) -> None:
    """Make a campaign, paused; `CampaignExists` when there is one of this name."""
    async with database.begin() as connection:
        if not await _enter_campaign(connection, name, mode, now):
            raise CampaignExists(f"there is a campaign {name!r} already")


async def enter_contacts(
    connection: AsyncConnection,
    campaign: str,
    given: Sequence[NewContact],
    now: datetime,
) -> Imported:
    """Enter contacts; a campaign that is new begins paused.

    An order that the campaign has, or that comes twice, stays as it was first.
    `CampaignEnded`.
    """
    await refuse_ended(connection, campaign)
    await _enter_campaign(connection, campaign, CampaignMode(), now)
    known = await _known(connection, campaign, [each.order_id for each in given])
    fresh = {each.order_id: each for each in reversed(given)}
    rows = [
        _new_row(campaign, each, now)
        for order_id, each in reversed(fresh.items())
        if order_id not in known
    ]
    if rows:
        await connection.execute(insert(contacts), rows)
    return Imported(new=len(rows), known=len(given) - len(rows))


async def would_enter(
    database: Database, campaign: str, order_ids: Sequence[str]
) -> Imported:
    """What would come of contacts with these orders, if they were entered now.

    `CampaignEnded`.
    """
    fresh = list(dict.fromkeys(order_ids))
    known: set[str] = set()
    async with database.read() as connection:
        await refuse_ended(connection, campaign)
        for at in range(0, len(fresh), AT_ONCE):
            known |= await _known(connection, campaign, fresh[at : at + AT_ONCE])
    new = len(fresh) - len(known)
    return Imported(new=new, known=len(order_ids) - new)


async def _enter_campaign(
    connection: AsyncConnection, name: str, mode: CampaignMode, now: datetime
) -> bool:
    """Whether it is new."""
    row = asdict(mode) | own_values(OwnRules())
    row |= {
        "name": name,
        "mode": mode.mode.value,
        "state": CampaignState.PAUSED.value,
        "created_at": now,
        "changed_at": now,
    }
    entry = sqlite.insert(campaigns).on_conflict_do_nothing().values(row)
    return bool((await connection.execute(entry)).rowcount)


async def _known(
    connection: AsyncConnection, campaign: str, order_ids: Collection[str]
) -> set[str]:
    query = select(contacts.c.order_id).where(
        contacts.c.campaign == campaign, contacts.c.order_id.in_(order_ids)
    )
    return set(await connection.scalars(query))


def _new_row(campaign: str, given: NewContact, now: datetime) -> dict[str, Any]:
    return asdict(given) | {
        "id": str(ULID()),
        "campaign": campaign,
        "state": ContactState.WAITING.value,
        "entered_at": now,
        "changed_at": now,
        "due_at": now,
        "tries": 0,
        "reason": "",
    }
