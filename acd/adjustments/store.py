"""Rounds and proposals in the database: kept as they were made, and what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    Date,
    Index,
    Integer,
    Row,
    String,
    Table,
    and_,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from ulid import ULID

from acd.adjustments.decision import DecisionState, Proposal, ProposalUnknown
from acd.adjustments.effect import Measured
from acd.adjustments.loans.kept import KeptLoan
from acd.adjustments.loans.store import loans_of
from acd.adjustments.round import Round
from acd.staffing.adjustment import AHEAD_CELLS, Proposed
from acd.staffing.moves import Move, MoveKind
from acd.staffing.roster import CELLS
from config.database import Database, UtcTime, metadata

rounds = Table(
    "staffing_rounds",
    metadata,
    Column("id", String, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("day", Date, nullable=False),
    Column("cell", Integer, nullable=False),
    Column("content", String, nullable=False),
    Column("measured", String),
    Index("ix_staffing_rounds_day", "day", "cell"),
)

proposals = Table(
    "staffing_proposals",
    metadata,
    Column("id", String, primary_key=True),
    Column("round_id", String, nullable=False),
    Column("place", Integer, nullable=False),
    Column("content", String, nullable=False),
    Column("state", String, nullable=False),
    Column("decided_by", String, nullable=False),
    Column("decided_at", UtcTime),
    Index("ix_staffing_proposals_round_id", "round_id", "place"),
    Index("ix_staffing_proposals_state", "state"),
)

ROUND = TypeAdapter(Round)
PROPOSED = TypeAdapter(Proposed)
MEASURED = TypeAdapter(tuple[Measured, ...])
_DAY = timedelta(days=1)
GOING_ON = timedelta(hours=2)
"""So long after a round quarters of its hour may still be over soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRound:
    """A round with its proposals as they stand; `measured` are the quarters that are over."""

    id: str
    round: Round
    proposals: tuple[Proposal, ...]
    measured: tuple[Measured, ...] = ()


async def keep_round(database: Database, made: Round) -> KeptRound:
    """Write a round; what was open of rounds before expires."""
    round_id = str(ULID())
    new = tuple(
        Proposal(id=f"{round_id}-{place}", round_id=round_id, proposed=proposed)
        for place, proposed in enumerate(made.proposed, 1)
    )
    async with database.begin() as connection:
        await connection.execute(
            update(proposals)
            .where(proposals.c.state == DecisionState.OPEN.value)
            .values(state=DecisionState.EXPIRED.value, decided_at=made.at)
        )
        await connection.execute(insert(rounds).values(_round_row(round_id, made)))
        if new:
            await connection.execute(insert(proposals), list(map(_row, new)))
    return KeptRound(id=round_id, round=made, proposals=new)


def _round_row(round_id: str, made: Round) -> dict[str, Any]:
    content = ROUND.dump_json(replace(made, proposed=())).decode()
    return {
        "id": round_id,
        "at": made.at,
        "day": made.day,
        "cell": made.cell,
        "content": content,
    }


def _row(proposal: Proposal) -> dict[str, Any]:
    _, _, place = proposal.id.rpartition("-")
    return {
        "id": proposal.id,
        "round_id": proposal.round_id,
        "place": int(place),
        "content": PROPOSED.dump_json(proposal.proposed).decode(),
        "state": proposal.state.value,
        "decided_by": proposal.decided_by,
    }


async def proposal_of(connection: AsyncConnection, proposal_id: str) -> Proposal:
    """A proposal inside a transaction; `ProposalUnknown`."""
    query = select(proposals).where(proposals.c.id == proposal_id)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise ProposalUnknown(
            f"There is no proposal {proposal_id!r}; `hotline staffing show` lists them."
        )
    return _proposal(row)


async def proposal(database: Database, proposal_id: str) -> Proposal:
    """A proposal by itself; `ProposalUnknown`."""
    async with database.read() as connection:
        return await proposal_of(connection, proposal_id)


async def proposals_of(database: Database, ids: Sequence[str]) -> list[Proposal]:
    """Several proposals in the order of their ids here; `ProposalUnknown`."""
    async with database.read() as connection:
        return [await proposal_of(connection, one) for one in ids]


async def add_decided(connection: AsyncConnection, decided: Proposal) -> Proposal:
    """Add a move that is decided already to its round; returns it with its id."""
    query = select(func.max(proposals.c.place)).where(
        proposals.c.round_id == decided.round_id
    )
    place = ((await connection.execute(query)).scalar_one() or 0) + 1
    kept = replace(decided, id=f"{decided.round_id}-{place}")
    row = _row(kept) | {"decided_at": kept.decided_at}
    await connection.execute(insert(proposals).values(row))
    return kept


async def decide(connection: AsyncConnection, decided: Proposal) -> None:
    """Write what was decided, inside a transaction."""
    await connection.execute(
        update(proposals)
        .where(proposals.c.id == decided.id)
        .values(
            state=decided.state.value,
            decided_by=decided.decided_by,
            decided_at=decided.decided_at,
        )
    )


async def last_round(database: Database) -> KeptRound | None:
    """The newest round with its proposals; None before the first."""
    query = select(rounds).order_by(rounds.c.at.desc(), rounds.c.id.desc()).limit(1)
    async with database.read() as connection:
        row = (await connection.execute(query)).one_or_none()
        return await _kept(connection, row) if row else None


async def last_accepted(database: Database, since: datetime) -> KeptRound | None:
    """The newest round since a moment of which something that it proposed was accepted."""
    accepted = select(proposals.c.round_id).where(
        proposals.c.state == DecisionState.ACCEPTED.value,
        proposals.c.decided_at >= since,
    )
    query = select(rounds).where(rounds.c.at >= since, rounds.c.id.in_(accepted))
    async with database.read() as connection:
        for row in await connection.execute(query.order_by(rounds.c.at.desc())):
            kept = await _kept(connection, row)
            if any(map(_was_followed, kept.proposals)):
                return kept
    return None


def _was_followed(proposal: Proposal) -> bool:
    """Whether the round proposed it, and somebody accepted."""
    is_own = proposal.proposed.move.kind is not MoveKind.BY_HAND
    return is_own and proposal.state is DecisionState.ACCEPTED


async def rounds_of(database: Database, day: date) -> list[Round]:
    """The rounds of a day of the city in their order, without what they proposed."""
    query = select(rounds.c.content).where(rounds.c.day == day)
    async with database.read() as connection:
        found = await connection.scalars(query.order_by(rounds.c.at, rounds.c.id))
        return [ROUND.validate_json(content) for content in found]


async def round_of(database: Database, proposal_id: str) -> KeptRound:
    """The round that a proposal belongs to; `ProposalUnknown`."""
    async with database.read() as connection:
        proposal = await proposal_of(connection, proposal_id)
        query = select(rounds).where(rounds.c.id == proposal.round_id)
        return await _kept(connection, (await connection.execute(query)).one())


async def decided_since(database: Database, since: datetime) -> list[Proposal]:
    """What was accepted or taken back since a moment."""
    states = DecisionState.ACCEPTED.value, DecisionState.UNDONE.value
    query = select(proposals).where(
        proposals.c.state.in_(states), proposals.c.decided_at >= since
    )
    async with database.read() as connection:
        return [_proposal(row) for row in await connection.execute(query)]


async def decided_on(database: Database, day: date) -> list[Proposal]:
    """What somebody has decided of the proposals of a day of the city, in order."""
    own = select(rounds.c.id).where(rounds.c.day == day)
    query = select(proposals).where(
        proposals.c.round_id.in_(own), proposals.c.decided_by != ""
    )
    query = query.order_by(proposals.c.decided_at, proposals.c.id)
    async with database.read() as connection:
        return [_proposal(row) for row in await connection.execute(query)]


async def add_words(database: Database, round_id: str, words: Sequence[str]) -> None:
    """A round tells more: what became of it at once."""
    own = rounds.c.id == round_id
    async with database.begin() as connection:
        query = select(rounds.c.content).where(own)
        made = ROUND.validate_json((await connection.execute(query)).scalar_one())
        told = replace(made, words=(*made.words, *words))
        content = ROUND.dump_json(told).decode()
        await connection.execute(update(rounds).where(own).values(content=content))


async def declined_in_hour(database: Database, day: date, cell: int) -> list[Move]:
    """What was declined of the rounds whose hour goes on in a cell of a day."""
    since = cell - AHEAD_CELLS
    today = and_(rounds.c.day == day, rounds.c.cell.between(since + 1, cell))
    yesterday = and_(rounds.c.day == day - _DAY, rounds.c.cell > since + CELLS)
    query = select(proposals).where(
        proposals.c.state == DecisionState.DECLINED.value,
        proposals.c.round_id.in_(select(rounds.c.id).where(or_(today, yesterday))),
    )
    async with database.read() as connection:
        found = await connection.execute(query)
        return [_proposal(row).proposed.move for row in found]


async def unmeasured(database: Database, before: datetime) -> list[KeptRound]:
    """Rounds of before a moment of whose hour not all may be measured, the oldest first."""
    going_on = rounds.c.at >= before - GOING_ON
    query = select(rounds).where(
        or_(rounds.c.measured.is_(None), going_on), rounds.c.at < before
    )
    async with database.read() as connection:
        rows = (await connection.execute(query.order_by(rounds.c.at).limit(400))).all()
        return [await _kept(connection, row) for row in rows]


async def keep_measured(
    database: Database, round_id: str, measured: Sequence[Measured]
) -> None:
    """Write what became of the quarters after a round."""
    content = MEASURED.dump_json(tuple(measured)).decode()
    async with database.begin() as connection:
        await connection.execute(
            update(rounds).where(rounds.c.id == round_id).values(measured=content)
        )


async def _kept(connection: AsyncConnection, row: Row[Any]) -> KeptRound:
    query = select(proposals).where(proposals.c.round_id == row.id)
    found = await connection.execute(query.order_by(proposals.c.place))
    own = await _with_loans(connection, list(map(_proposal, found)))
    made = ROUND.validate_json(row.content)
    return KeptRound(
        id=row.id,
        round=replace(made, proposed=tuple(p.proposed for p in own)),
        proposals=own,
        measured=MEASURED.validate_json(row.measured) if row.measured else (),
    )


async def _with_loans(
    connection: AsyncConnection, found: list[Proposal]
) -> tuple[Proposal, ...]:
    """The same with what became of those that were loans."""
    loans = await loans_of(connection, [p.id for p in found if p.proposed.move.loan])
    return tuple(_with_loan(p, loans[p.id]) if p.id in loans else p for p in found)


def _with_loan(proposal: Proposal, kept: KeptLoan) -> Proposal:
    return replace(proposal, loan_ended_at=kept.ended_at, loan_end=kept.end)


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(
        id=row.id,
        round_id=row.round_id,
        proposed=PROPOSED.validate_json(row.content),
        state=DecisionState(row.state),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
