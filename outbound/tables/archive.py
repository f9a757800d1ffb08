"""Orders and the calls that were placed for them."""

from sqlalchemy import select

from config.database import Database
from outbound.tables.store import attempts, contacts

MOST_CALLS = 200
"""An order has a handful of calls; more than that cannot be meant."""


async def calls_of_order(database: Database, order_id: str) -> tuple[str, ...]:
    """The ids of the calls that were placed for an order, the last one first."""
    of_order = select(attempts.c.call_id).join(
        contacts, contacts.c.id == attempts.c.contact_id
    )
    query = of_order.where(contacts.c.order_id == order_id)
    async with database.read() as connection:
        newest = query.order_by(attempts.c.at.desc()).limit(MOST_CALLS)
        return tuple(await connection.scalars(newest))


async def order_of_call(database: Database, call_id: str) -> str:
    """The order for which a call was placed; "" when it was for none."""
    query = select(contacts.c.order_id).join(
        attempts, contacts.c.id == attempts.c.contact_id
    )
    async with database.read() as connection:
        found = await connection.scalar(query.where(attempts.c.call_id == call_id))
        return found or ""
