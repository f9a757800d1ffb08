"""The ledger's debts in the database: every move in one transaction, by the pure rules."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.call_backs.archive import (
    CALLED_AGAIN,
    last_missed,
    settled_since,
    was_served,
)
from acd.ledger import debt as rules_of
from acd.ledger.archive import (
    LedgerCounts,
    debt_of,
    ledger_counts,
    row_of,
    select_debts,
)
from acd.ledger.debt import (
    ALL_KINDS,
    OPEN,
    AttemptOutcome,
    Debt,
    DebtKind,
    DebtMoveRefused,
    DebtRules,
    DebtState,
    DebtUnknown,
    owed_since,
)
from acd.ledger.store import call_back_attempts, call_backs, missed_calls
from config.database import Database

FOLDED_AT_ONCE = 500
PROMISED_STAGE = "call_back_promised"
_OWED_TO = select(
    select(call_backs.c.id)
    .where(
        call_backs.c.number == bindparam("number"),
        call_backs.c.state.in_(OPEN),
        call_backs.c.kind != DebtKind.SURVEY.value,
    )
    .exists()
)
"""Whether a number is owed a call; made once, for it is asked of everybody served."""


class DebtStore:
    """The `Ledger` on the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def fold(self, now: datetime) -> list[Debt]:
        """Turn missed calls without a debt into debts, one for each number."""
        folded: dict[str, None] = {}  # in order, each once
        async with self._database.read() as connection:
            if not await _loose(connection):
                return []
        async with self._database.begin() as connection:
            for missed in await _loose(connection):
                debt = await _debt_for(connection, missed, now)
                await _link(connection, missed.call_id, debt.id)
                folded[debt.id] = None
            return [await _get(connection, debt_id) for debt_id in folded]

    async def promise(self, debt: Debt, here_since: datetime) -> Debt:
        """Enter a promise; an open debt to the same number becomes it."""
        async with self._database.begin() as connection:
            debts = await _open_debts(connection, debt.number)
            open_debt = next(
                (d for d in debts if not rules_of.is_anothers(d, debt, here_since)),
                None,
            )
            if open_debt is None:
                await _entered(connection, debt)
                return await _get(connection, debt.id)
            await _saved(connection, rules_of.joined(debt, open_debt))
            return await _get(connection, open_debt.id)

    async def owe(self, debt: Debt) -> Debt:
        """Enter a debt of its own (a survey); told twice, it is there once."""
        async with self._database.begin() as connection:
            if await _found(connection, debt.id) is None:
                await _entered(connection, debt)
            return await _get(connection, debt.id)

    async def lease(self, debt_id: str, call_id: str, now: datetime) -> Debt | None:
        """Take the debt for one attempt before anything is dialled."""
        async with self._database.begin() as connection:
            debt = await _get(connection, debt_id)
            if not debt.is_open or debt.state is DebtState.DIALLING:
                return None
            if debt.kind is not DebtKind.SURVEY and await was_served(connection, debt):
                await _cancel(connection, debt, now)
                return None
            debt = await _saved(connection, rules_of.leased(debt, now))
            await _begin_attempt(connection, debt, call_id, now)
            return debt

    async def tried(
        self, debt_id: str, outcome: AttemptOutcome, now: datetime, rules: DebtRules
    ) -> Debt:
        """End the attempt that has the debt."""
        async with self._database.begin() as connection:
            return await _end_attempt(connection, debt_id, outcome, now, rules)

    async def close(
        self, debt_id: str, state: DebtState, reason: str, now: datetime
    ) -> Debt:
        """Close an open debt."""
        async with self._database.begin() as connection:
            debt = await _get(connection, debt_id)
            closed = rules_of.moved(debt, state, now, reason=reason)
            await _close_attempt(connection, debt, AttemptOutcome.CANCELLED, now)
            return await _saved(connection, closed)

    async def again(self, debt_id: str, now: datetime) -> Debt:
        """Let it be tried now."""
        async with self._database.begin() as connection:
            debt = await _get(connection, debt_id)
            await _refuse_second(connection, debt)
            return await _saved(connection, rules_of.asked_for_again(debt, now))

    async def served(
        self, number: str, here_since: datetime, now: datetime
    ) -> list[Debt]:
        """A call that came then has reached a person: cancel what it settles."""
        async with self._database.read() as connection:
            if not await connection.scalar(_OWED_TO, {"number": number}):
                return []  # as for nearly everybody: nothing is to be written
        async with self._database.begin() as connection:
            if await settled_since(connection, number, here_since):
                return []
            for debt in await _open_debts(connection, number):
                known_since = await last_missed(connection, debt)
                if debt.state is not DebtState.DIALLING and known_since < here_since:
                    return [await _cancel(connection, debt, now)]
            return []

    async def find(self, debt_id: str) -> Debt:
        """The debt with this id."""
        async with self._database.read() as connection:
            return await _get(connection, debt_id)

    async def due(
        self,
        now: datetime,
        states: Sequence[DebtState],
        limit: int,
        kinds: Sequence[DebtKind] = ALL_KINDS,
    ) -> list[Debt]:
        """Debts of these states and kinds that are due, the longest due first."""
        query = select_debts().where(
            call_backs.c.state.in_(states),
            call_backs.c.kind.in_(kinds),
            call_backs.c.due_at <= now,
        )
        query = query.order_by(call_backs.c.due_at, call_backs.c.id).limit(limit)
        return await self._debts(query)

    async def next_due(
        self, after: datetime, states: Sequence[DebtState]
    ) -> datetime | None:
        """When the next one becomes due after a moment."""
        query = select(func.min(call_backs.c.due_at)).where(
            call_backs.c.state.in_(states), call_backs.c.due_at > after
        )
        async with self._database.read() as connection:
            moment: datetime | None = await connection.scalar(query)
            return moment

    async def entered_before(self, moment: datetime, limit: int) -> list[Debt]:
        """Open debts older than that and not being dialled, the oldest first."""
        states = OPEN - {DebtState.DIALLING}
        query = select_debts().where(
            call_backs.c.state.in_(states), call_backs.c.entered_at <= moment
        )
        return await self._debts(query.order_by(call_backs.c.entered_at).limit(limit))

    async def recover(self, now: datetime, rules: DebtRules) -> list[Debt]:
        """End the attempts that an earlier life of the service left open."""
        query = select(call_backs.c.id).where(
            call_backs.c.state == DebtState.DIALLING.value
        )
        async with self._database.begin() as connection:
            return [
                await _end_attempt(
                    connection, debt_id, AttemptOutcome.SERVICE_KILLED, now, rules
                )
                for debt_id in list(await connection.scalars(query))
            ]

    async def counts(self) -> LedgerCounts:
        """How much is owed."""
        return await ledger_counts(self._database)

    async def _debts(self, query: Select[Any]) -> list[Debt]:
        async with self._database.read() as connection:
            return [debt_of(row) for row in await connection.execute(query)]


async def _loose(connection: AsyncConnection) -> Sequence[Row[Any]]:
    query = select(missed_calls).where(
        missed_calls.c.call_back_id.is_(None), missed_calls.c.caller != ""
    )
    query = query.order_by(missed_calls.c.missed_at).limit(FOLDED_AT_ONCE)
    return (await connection.execute(query)).all()


async def _debt_for(
    connection: AsyncConnection, missed: Row[Any], now: datetime
) -> Debt:
    """The debt that stands for a missed call: a promise given in it, an open or a new one."""
    if missed.stage == PROMISED_STAGE and (
        promised := await _promised_in(connection, missed.call_id)
    ):
        return promised
    if known := await _open_debts(connection, missed.caller):
        return known[0]
    if paid := await _paid_since(connection, missed.caller, missed.missed_at):
        return paid
    owed = owed_since(
        missed.missed_at,
        call_id=missed.call_id,
        number=missed.caller,
        called=missed.called,
        queue=missed.queue,
    )
    debt = await _entered(connection, owed)
    if await was_served(connection, debt):
        return await _cancel(connection, debt, now)
    return debt


async def _promised_in(connection: AsyncConnection, call_id: str) -> Debt | None:
    query = select_debts().where(call_backs.c.call_id == call_id)
    row = (await connection.execute(query)).first()
    return debt_of(row) if row else None


async def _open_debts(connection: AsyncConnection, number: str) -> list[Debt]:
    """The oldest first; more than one only when several promises were made at once."""
    query = select_debts().where(
        call_backs.c.number == number,
        call_backs.c.state.in_(OPEN),
        call_backs.c.kind != DebtKind.SURVEY.value,
    )
    query = query.order_by(call_backs.c.entered_at, call_backs.c.id)
    return [debt_of(row) for row in await connection.execute(query)]


async def _paid_since(
    connection: AsyncConnection, number: str, moment: datetime
) -> Debt | None:
    """The debt in whose call-back he was reached after that."""
    attempt = call_back_attempts.c
    reached = (
        attempt.call_back_id == call_backs.c.id,
        attempt.outcome == AttemptOutcome.ANSWERED.value,
        attempt.ended_at > moment,
    )
    query = select_debts().where(
        call_backs.c.number == number,
        call_backs.c.state == DebtState.DONE.value,
        call_backs.c.kind != DebtKind.SURVEY.value,
        select(attempt.call_id).where(*reached).correlate(call_backs).exists(),
    )
    row = (await connection.execute(query.limit(1))).first()
    return debt_of(row) if row else None


async def _refuse_second(connection: AsyncConnection, debt: Debt) -> None:
    """A number that is owed a call already is not owed another one."""
    if debt.is_open or debt.kind is DebtKind.SURVEY:
        return
    if others := await _open_debts(connection, debt.number):
        raise DebtMoveRefused(
            f"call-back {others[0].id} stands for the number of {debt.id} already: take that one"
        )


async def _cancel(connection: AsyncConnection, debt: Debt, now: datetime) -> Debt:
    cancelled = rules_of.moved(debt, DebtState.CANCELLED, now, reason=CALLED_AGAIN)
    return await _saved(connection, cancelled)


async def _found(connection: AsyncConnection, debt_id: str) -> Debt | None:
    query = select_debts().where(call_backs.c.id == debt_id)
    row = (await connection.execute(query)).first()
    return debt_of(row) if row else None


async def _get(connection: AsyncConnection, debt_id: str) -> Debt:
    if debt := await _found(connection, debt_id):
        return debt
    raise DebtUnknown(f"there is no call-back {debt_id!r}")


async def _entered(connection: AsyncConnection, debt: Debt) -> Debt:
    await connection.execute(insert(call_backs), [row_of(debt)])
    return debt


async def _saved(connection: AsyncConnection, debt: Debt) -> Debt:
    change = update(call_backs).where(call_backs.c.id == debt.id)
    await connection.execute(change.values(row_of(debt)))
    return debt


async def _link(connection: AsyncConnection, call_id: str, debt_id: str) -> None:
    change = update(missed_calls).where(missed_calls.c.call_id == call_id)
    await connection.execute(change.values(call_back_id=debt_id))


async def _begin_attempt(
    connection: AsyncConnection, debt: Debt, call_id: str, now: datetime
) -> None:
    row = {
        "call_back_id": debt.id,
        "attempt": debt.attempts,
        "call_id": call_id,
        "at": now,
    }
    await connection.execute(insert(call_back_attempts), [row])


async def _end_attempt(
    connection: AsyncConnection,
    debt_id: str,
    outcome: AttemptOutcome,
    now: datetime,
    rules: DebtRules,
) -> Debt:
    debt = await _get(connection, debt_id)
    if debt.state is not DebtState.DIALLING:
        return await _put_off(connection, debt, outcome, now, rules)
    await _close_attempt(connection, debt, outcome, now)
    return await _saved(connection, rules_of.tried(debt, outcome, now, rules))


async def _close_attempt(
    connection: AsyncConnection, debt: Debt, outcome: AttemptOutcome, now: datetime
) -> None:
    """The one that runs, if any."""
    change = update(call_back_attempts).where(
        call_back_attempts.c.call_back_id == debt.id,
        call_back_attempts.c.outcome.is_(None),
    )
    await connection.execute(change.values(outcome=outcome.value, ended_at=now))


async def _put_off(
    connection: AsyncConnection,
    debt: Debt,
    outcome: AttemptOutcome,
    now: datetime,
    rules: DebtRules,
) -> Debt:
    if not debt.is_open:
        return debt
    return await _saved(connection, rules_of.not_dialled(debt, outcome, now, rules))
