"""Campaigns that are ended for good, in the database, and whoever waited in them.

The end is written first: from then on nobody of the campaign is leased. Those who waited
are withdrawn after that, a part at a time, each told to the order system as every result.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from config.database import Database
from outbound.campaign import CampaignEnded, CampaignState, CampaignUnknown, Ending
from outbound.contact import ContactState, withdrawn
from outbound.deliveries.store import ResultBook
from outbound.events import ResultCause
from outbound.tables.store import campaigns, contact_of, contacts

AT_ONCE = 50
"""So many contacts are withdrawn in one transaction: calls are written meanwhile."""


async def change_campaign(database: Database, name: str, **values: Any) -> None:
    """Write columns of a campaign that is not ended: what is ended stays as it was.

    `CampaignUnknown`, `CampaignEnded`.
    """
    async with database.begin() as connection:
        change = update(campaigns).where(
            campaigns.c.name == name, campaigns.c.state != CampaignState.ENDED.value
        )
        if not (await connection.execute(change.values(values))).rowcount:
            await refuse_ended(connection, name)
            raise CampaignUnknown(f"there is no campaign {name!r}")


async def refuse_ended(connection: AsyncConnection, name: str) -> None:
    """`CampaignEnded` when it is."""
    if await is_ended(connection, name):
        raise CampaignEnded(
            f"campaign {name!r} was ended for good; make another one for what is to come"
        )


async def is_ended(connection: AsyncConnection, name: str) -> bool:
    """Whether the campaign was ended for good."""
    query = select(campaigns.c.state).where(campaigns.c.name == name)
    return bool(await connection.scalar(query) == CampaignState.ENDED.value)


class EndingStore:
    """Ends campaigns; each change is durable when its coroutine returns.

    Raises `DatabaseError` when it cannot be written; then nothing has changed.
    """

    def __init__(self, database: Database, book: ResultBook) -> None:
        self._database, self._book = database, book

    async def end(self, campaign: str, ending: Ending) -> None:
        """Nobody of it is called from now on; `CampaignUnknown`, `CampaignEnded`."""
        await change_campaign(
            self._database,
            campaign,
            state=CampaignState.ENDED.value,
            changed_at=ending.at,
            ended_by=ending.by,
            end_reason=ending.reason,
        )

    async def withdraw(self, now: datetime) -> int:
        """Withdraw some who still wait in campaigns that ended; how many, 0: nobody does."""
        over = select(campaigns.c.name).where(
            campaigns.c.state == CampaignState.ENDED.value
        )
        query = select(contacts).where(
            contacts.c.state == ContactState.WAITING.value,
            contacts.c.campaign.in_(over),
        )
        async with self._book.begin() as unit:
            rows = (await unit.connection.execute(query.limit(AT_ONCE))).all()
            for row in rows:
                contact = withdrawn(contact_of(row), now)
                change = update(contacts).where(contacts.c.id == contact.id)
                await unit.connection.execute(change.values(asdict(contact)))
                await unit.tell(contact, ResultCause.CLOSED, now)
        return len(rows)
