"""Loans in the database, beside the proposals that they were."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    Index,
    Row,
    String,
    Table,
    and_,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.adjustments.decision import LoanEnd
from acd.adjustments.loans.kept import Answers, KeptLoan
from acd.staffing.loan import Loan
from config.database import Database, UtcTime, metadata

loans = Table(
    "staffing_loans",
    metadata,
    Column("proposal_id", String, primary_key=True),
    Column("person_id", String, nullable=False),
    Column("loan", String, nullable=False),
    Column("before", String, nullable=False),
    Column("meanwhile", String, nullable=False),
    Column("began_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("end", String, nullable=False),
    Index("ix_staffing_loans_ended_at", "ended_at"),
)

LOAN = TypeAdapter(Loan)
ANSWERS = TypeAdapter(Answers)


async def keep_loan(connection: AsyncConnection, kept: KeptLoan) -> None:
    """Write a loan that begins, inside a transaction."""
    row = {
        "proposal_id": kept.proposal_id,
        "person_id": kept.loan.person_id,
        "loan": LOAN.dump_json(kept.loan).decode(),
        "before": ANSWERS.dump_json(kept.before).decode(),
        "meanwhile": ANSWERS.dump_json(kept.meanwhile).decode(),
        "began_at": kept.began_at,
        "end": "",
    }
    await connection.execute(insert(loans).values(row))


async def end_loan(
    connection: AsyncConnection, proposal_id: str, end: LoanEnd, at: datetime
) -> None:
    """Write how a loan ended, inside a transaction."""
    line = update(loans).where(
        loans.c.proposal_id == proposal_id, loans.c.ended_at.is_(None)
    )
    await connection.execute(line.values(ended_at=at, end=end.value))


async def open_loans(database: Database) -> list[KeptLoan]:
    """Everybody who is lent, in the order in which they were."""
    query = select(loans).where(loans.c.ended_at.is_(None)).order_by(loans.c.began_at)
    async with database.read() as connection:
        return [_kept(row) for row in await connection.execute(query)]


async def loans_between(
    database: Database, since: datetime, until: datetime
) -> list[KeptLoan]:
    """Who was lent at any time from a moment on, before another one, and who is now, in
    order: what these answer now is not what they answer of their own."""
    then = and_(loans.c.began_at < until, loans.c.ended_at > since)
    query = select(loans).where(or_(then, loans.c.ended_at.is_(None)))
    async with database.read() as connection:
        rows = await connection.execute(query.order_by(loans.c.began_at))
        return [_kept(row) for row in rows]


async def loans_of(
    connection: AsyncConnection, proposal_ids: Sequence[str]
) -> dict[str, KeptLoan]:
    """The loans that these proposals became, by proposal."""
    query = select(loans).where(loans.c.proposal_id.in_(proposal_ids))
    found = await connection.execute(query)
    return {row.proposal_id: _kept(row) for row in found}


def _kept(row: Row[Any]) -> KeptLoan:
    return KeptLoan(
        proposal_id=row.proposal_id,
        loan=LOAN.validate_json(row.loan),
        before=ANSWERS.validate_json(row.before),
        meanwhile=ANSWERS.validate_json(row.meanwhile),
        began_at=row.began_at,
        ended_at=row.ended_at,
        end=LoanEnd(row.end) if row.end else None,
    )
