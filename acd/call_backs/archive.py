"""Reading which debts a citizen has settled by calling again and being served."""

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.events import Outcome
from acd.ledger.debt import Debt, DebtState
from acd.ledger.store import call_backs, missed_calls
from acd.records.store import calls

CALLED_AGAIN = "called_again"
"""The reason of a debt that ended so."""


async def last_missed(connection: AsyncConnection, debt: Debt) -> datetime:
    """The last missed call that it stands for, or the promise."""
    query = select(func.max(missed_calls.c.missed_at)).where(
        missed_calls.c.call_back_id == debt.id
    )
    missed_at = await connection.scalar(query) or debt.entered_at
    return max(missed_at, debt.entered_at, debt.since)


async def was_served(connection: AsyncConnection, debt: Debt) -> bool:
    """Whether a later call of the number reached a person that settled no other debt.

    A person is an agent, or whom the flow put the call through to: that is known from
    the call's outcome.
    """
    moment = await last_missed(connection, debt)
    served = select(func.count()).where(
        calls.c.caller == debt.number,
        calls.c.arrived_at > moment,
        or_(calls.c.connected_at.is_not(None), calls.c.outcome == Outcome.ANSWERED),
        calls.c.direction == "in",
    )
    settled = await settled_since(connection, debt.number, moment)
    return (await connection.scalar(served) or 0) > settled


async def settled_since(
    connection: AsyncConnection, number: str, moment: datetime
) -> int:
    """How many debts to the number ended since then as he called again."""
    query = select(func.count()).where(
        call_backs.c.number == number,
        call_backs.c.state == DebtState.CANCELLED.value,
        call_backs.c.reason == CALLED_AGAIN,
        call_backs.c.changed_at > moment,
    )
    return await connection.scalar(query) or 0
