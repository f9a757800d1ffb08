"""The closed orders of one citizen, by his number."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from config.database import Database
from outbound.contact import ContactState
from outbound.tables.store import contacts


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizensOrder:
    """A closed order that a campaign asks about. `unit` is who dealt with it."""

    order_id: str
    campaign: str
    unit: str
    closed_at: datetime
    state: ContactState


async def orders_of(
    database: Database, number: str, *, limit: int
) -> list[CitizensOrder]:
    """His orders, the one closed last first."""
    c = contacts.c
    query = select(c.order_id, c.campaign, c.unit, c.closed_at, c.state)
    his = query.where(c.number == number).order_by(c.closed_at.desc(), c.id)
    async with database.read() as connection:
        rows = (await connection.execute(his.limit(limit))).mappings()
        return [
            CitizensOrder(**{**row, "state": ContactState(row["state"])})
            for row in rows
        ]
