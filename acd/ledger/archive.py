"""Reading the ledger: missed calls with the state of their debts, and the debts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, or_, select, tuple_

from acd.ledger.debt import (
    OPEN,
    AttemptOutcome,
    Debt,
    DebtKind,
    DebtState,
    DebtUnknown,
)
from acd.ledger.store import call_back_attempts, call_backs, missed_calls
from acd.records.archive import confidential_ids
from acd.records.store import calls
from config.database import Database
from telephony.numbers import mask

NAMED_IN_AMBIGUITY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedCall:
    """An entry of the ledger. `stage` is the `Outcome` that made the call a missed one.

    `call_back_id` names the debt that stands for it, None while it has none yet, and
    for a withheld number.
    """

    id: str
    call_id: str
    caller: str
    called: str
    queue: str
    stage: str
    missed_at: datetime
    call_back_id: str | None
    state: DebtState


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt to call back; `outcome` is None while it runs."""

    attempt: int
    call_id: str
    at: datetime
    ended_at: datetime | None
    outcome: AttemptOutcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtRecord:
    """A debt with its attempts and the calls that it stands for, in order."""

    debt: Debt
    attempts: tuple[Attempt, ...]
    call_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtFilter:
    """Which debts to list; what is None or empty does not matter."""

    state: DebtState | None = None
    kind: DebtKind | None = None
    queue: str = ""
    number: str = ""


ALL_DEBTS = DebtFilter()

_debt_state: ColumnElement[str] = case(
    (call_backs.c.state.is_not(None), call_backs.c.state),
    (missed_calls.c.caller == "", DebtState.WITHHELD.value),
    else_=DebtState.OWED.value,
).label("state")


async def missed_calls_page(
    database: Database, *, limit: int = 50, before_id: str = "", state: str = ""
) -> list[MissedCall]:
    """The newest entries first, at most `limit`, older than entry `before_id`.

    The number of a confidential caller is masked.
    """
    query = _missed_calls(state)
    key = tuple_(missed_calls.c.missed_at, missed_calls.c.id)
    if before_id:
        older_than = select(missed_calls.c.missed_at, missed_calls.c.id)
        query = query.where(
            key < older_than.where(missed_calls.c.id == before_id).scalar_subquery()
        )
    query = query.order_by(missed_calls.c.missed_at.desc(), missed_calls.c.id.desc())
    async with database.read() as connection:
        rows = await connection.execute(query.limit(limit))
        entries = [_missed(row._asdict()) for row in rows]
    return await _discreet(database, entries)


async def _discreet(database: Database, entries: list[MissedCall]) -> list[MissedCall]:
    """Who asked to stay confidential is shown masked."""
    hidden = await confidential_ids(database, [entry.call_id for entry in entries])
    return [
        replace(entry, caller=mask(entry.caller)) if entry.call_id in hidden else entry
        for entry in entries
    ]


def _missed_calls(state: str) -> Select[Any]:
    debt = missed_calls.outerjoin(
        call_backs, missed_calls.c.call_back_id == call_backs.c.id
    )
    query = select(missed_calls, _debt_state).select_from(debt)
    return query.where(_debt_state == state) if state else query


def _missed(row: dict[str, Any]) -> MissedCall:
    return MissedCall(**row | {"state": DebtState(row["state"])})


async def debts_page(
    database: Database,
    *,
    limit: int = 50,
    before_id: str = "",
    only: DebtFilter = ALL_DEBTS,
) -> list[Debt]:
    """The newest debts first, at most `limit`, entered before debt `before_id`.

    The number of a confidential caller is masked.
    """
    key = tuple_(call_backs.c.entered_at, call_backs.c.id)
    query = select_debts().where(*_conditions(only))
    if before_id:
        bound = select(call_backs.c.entered_at, call_backs.c.id)
        query = query.where(
            key < bound.where(call_backs.c.id == before_id).scalar_subquery()
        )
    query = query.order_by(call_backs.c.entered_at.desc(), call_backs.c.id.desc())
    async with database.read() as connection:
        rows = await connection.execute(query.limit(limit))
        return [discreet(debt_of(row)) for row in rows]


def discreet(debt: Debt) -> Debt:
    """The debt as people may see it: a confidential caller's number is masked."""
    return replace(debt, number=mask(debt.number)) if debt.confidential else debt


def _conditions(only: DebtFilter) -> list[ColumnElement[bool]]:
    wanted = {
        "state": only.state,
        "kind": only.kind,
        "queue": only.queue,
        "number": only.number,
    }
    return [call_backs.c[name] == value for name, value in wanted.items() if value]


async def debt_record(database: Database, part: str) -> DebtRecord:
    """The one debt whose id is, begins or ends with `part`; `DebtUnknown` otherwise.

    The number of a confidential caller is masked.
    """
    async with database.read() as connection:
        found = list(await connection.execute(_named(part)))
        debt = discreet(debt_of(_only(part, found)))
        attempts = await connection.execute(_attempts_of(debt.id))
        paid = select(missed_calls.c.call_id).where(
            missed_calls.c.call_back_id == debt.id
        )
        call_ids = await connection.scalars(paid.order_by(missed_calls.c.missed_at))
        return DebtRecord(
            debt=debt,
            attempts=tuple(_attempt(row) for row in attempts),
            call_ids=tuple(call_ids),
        )


def _named(part: str) -> Select[Any]:
    """A whole id wins over parts of others."""
    whole = call_backs.c.id == part.upper()
    parts = or_(
        call_backs.c.id.startswith(part.upper(), autoescape=True),
        call_backs.c.id.endswith(part.upper(), autoescape=True),
        call_backs.c.id == part,
    )
    query = select_debts().where(parts).order_by(whole.desc(), call_backs.c.id)
    return query.limit(NAMED_IN_AMBIGUITY)


def _only(part: str, found: list[Row[Any]]) -> Row[Any]:
    if not found:
        raise DebtUnknown(
            f"No call-back's id begins or ends with {part!r}; `hotline call-backs list` shows them."
        )
    if len(found) > 1 and part.upper() != found[0].id:
        named = ", ".join(row.id for row in found)
        raise DebtUnknown(
            f"Several call-backs fit {part!r}: {named}. Give more characters of the id."
        )
    return found[0]


def _attempts_of(debt_id: str) -> Select[Any]:
    query = select(call_back_attempts).where(
        call_back_attempts.c.call_back_id == debt_id
    )
    return query.order_by(call_back_attempts.c.attempt)


def _attempt(row: Row[Any]) -> Attempt:
    return Attempt(
        attempt=row.attempt,
        call_id=row.call_id,
        at=row.at,
        ended_at=row.ended_at,
        outcome=row.outcome and AttemptOutcome(row.outcome),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCounts:
    """How much is owed now; `oldest_at` is when the oldest open debt was entered.

    `promised` are the promises that wait to be kept, by queue.
    """

    by_state: Mapping[DebtState, int]
    oldest_at: datetime | None
    promised: Mapping[str, int] = field(default_factory=dict)


async def ledger_counts(database: Database) -> LedgerCounts:
    """Count the debts by state."""
    query = select(call_backs.c.state, func.count()).group_by(call_backs.c.state)
    oldest = select(func.min(call_backs.c.entered_at)).where(
        call_backs.c.state.in_(OPEN)
    )
    waiting = call_backs.c.state == DebtState.PROMISED.value
    promised = select(call_backs.c.queue, func.count().label("debts")).where(waiting)
    async with database.read() as connection:
        rows = (await connection.execute(query)).all()
        counts = {DebtState(state): number for state, number in rows}
        by_queue = await connection.execute(promised.group_by(call_backs.c.queue))
        return LedgerCounts(
            by_state={state: counts.get(state, 0) for state in DebtState},
            oldest_at=await connection.scalar(oldest),
            promised={row.queue: row.debts for row in by_queue},
        )


def select_debts() -> Select[Any]:
    """All debts, for `debt_of`; to be narrowed by conditions on `call_backs`."""
    return select(call_backs, _is_confidential().label("confidential"))


def _is_confidential() -> ColumnElement[bool]:
    """Whether the citizen asked for it in any call that the debt has to do with."""
    made = calls.c.confidential_at.is_not(None)
    return or_(
        _any(calls.c.id == call_backs.c.call_id, made),
        _any(
            missed_calls.c.call_back_id == call_backs.c.id,
            missed_calls.c.call_id == calls.c.id,
            made,
        ),
        _any(
            call_back_attempts.c.call_back_id == call_backs.c.id,
            call_back_attempts.c.call_id == calls.c.id,
            made,
        ),
    )


def _any(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(calls.c.id).where(*conditions).correlate(call_backs).exists()


async def open_debts(database: Database, queue: str) -> int:
    """How many debts to callers of a queue are open."""
    query = select(func.count()).where(
        call_backs.c.queue == queue, call_backs.c.state.in_(OPEN)
    )
    async with database.read() as connection:
        return await connection.scalar(query) or 0


def debt_of(row: Row[Any]) -> Debt:
    """A row of `select_debts` as a value."""
    values = row._asdict()
    typed = {
        "kind": DebtKind(row.kind),
        "state": DebtState(row.state),
        "skills": tuple((name, level) for name, level in row.skills),
        "confidential": bool(row.confidential),
    }
    return Debt(**values | typed)


def row_of(debt: Debt) -> dict[str, Any]:
    """What is kept of it; that it is confidential is known from its calls."""
    values = asdict(debt)
    del values["confidential"]
    return values
