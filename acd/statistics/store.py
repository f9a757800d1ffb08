"""What statistics are made from, read from the records; and the log of exclusions."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    FromClause,
    Row,
    Select,
    String,
    Table,
    and_,
    case,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.events import AgentState
from acd.people.rows import AgentMove
from acd.people.store import (
    WAS_AGENT,
    agent_move,
    agent_states,
    overdue_pauses,
    people,
)
from acd.records.store import calls, queue_events, talk_events
from acd.statistics.agent_intervals import ANSWERED, OFFERED, OVERDUE, AgentMark
from acd.statistics.counted_call import ASKED_FOR_A_PERSON, CallFacts
from acd.statistics.edges import Span
from acd.statistics.exclusions import Exclusion, ExclusionReason, fitting
from acd.statistics.queue_intervals import Handling
from config.database import Database, UtcTime, metadata

ROWS = 250
"""So many rows at a time: the loop is never held for long."""

call_exclusions = Table(
    "call_exclusions",
    metadata,
    Column("call_id", String, primary_key=True),
    Column("at", UtcTime, primary_key=True),
    Column("excluded", Boolean, nullable=False),
    Column("reason", String, nullable=False),
    Column("name", String, nullable=False),
    Column("note", String, nullable=False),
)

MOVES_OF_AN_INSTANT = 12
"""The last instant before a span decides the state in which it begins."""

Counted = tuple[CallFacts, Handling]


async def counted_calls(
    database: Database, span: Span, now: datetime
) -> AsyncGenerator[list[Counted]]:
    """The calls that arrived in the span, some at a time.

    A wrap-up that is not over counts up to `now`.
    """
    arrived = calls.c.arrived_at >= span.since, calls.c.arrived_at < span.until
    async with database.read() as connection:
        extras = _Extras(
            wrap_ups=await _wrap_ups(connection, span, now),
            holds=await _holds(connection, *arrived),
            overflows=await _overflows(connection, *arrived),
        )
        async for rows in _parts(connection, _facts_query(*arrived)):
            yield [(_facts(row), extras.handling(row)) for row in rows]


async def asked(
    database: Database, span: Span
) -> AsyncGenerator[list[tuple[str, datetime]]]:
    """The queue and arrival of each call of the span that asked for a person."""
    arrived = calls.c.arrived_at >= span.since, calls.c.arrived_at < span.until
    query = select(calls.c.queue, calls.c.arrived_at).where(_asked(calls), *arrived)
    async with database.read() as connection:
        async for rows in _parts(connection, query):
            yield [(row.queue or "", row.arrived_at) for row in rows]


async def unanswered(database: Database, span: Span) -> AsyncGenerator[list[CallFacts]]:
    """The calls of the span that nobody answered, some at a time."""
    arrived = calls.c.arrived_at >= span.since, calls.c.arrived_at < span.until
    query = _facts_query(*arrived, calls.c.connected_at.is_(None))
    async with database.read() as connection:
        async for rows in _parts(connection, query):
            yield [_facts(row) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Extras:
    """What other tables tell of a span's calls, by call: seconds, and queues."""

    wrap_ups: dict[str, float]
    holds: dict[str, float]
    overflows: dict[str, set[str]]

    def handling(self, row: Row[Any]) -> Handling:
        return Handling(
            wait_seconds=row.wait_seconds,
            talk_seconds=row.talk_seconds,
            hold_seconds=self.holds.get(row.id, 0.0),
            wrap_up_seconds=self.wrap_ups.get(row.id, 0.0),
            overflowed_from=tuple(sorted(self.overflows.get(row.id, ()))),
        )


def _asked(table: FromClause) -> ColumnElement[bool]:
    wished = or_(
        table.c.entered_at.is_not(None), table.c.outcome.in_(ASKED_FOR_A_PERSON)
    )
    return and_(wished, table.c.direction.is_distinct_from("out"))


def _facts_query(*conditions: ColumnElement[bool]) -> Select[Any]:
    """The columns of `CallFacts` and `Handling`."""
    return select(
        calls.c.id,
        calls.c.caller,
        calls.c.arrived_at,
        calls.c.answered_at,
        calls.c.queue,
        calls.c.entered_at,
        calls.c.connected_at,
        calls.c.ended_at,
        calls.c.outcome,
        calls.c.wait_seconds,
        calls.c.talk_seconds,
        _called_again().label("called_again_at"),
        _excluded().label("excluded"),
        calls.c.direction.is_not_distinct_from("out").label("placed"),
    ).where(*conditions)


def _called_again() -> ColumnElement[datetime | None]:
    """The next call of the number of a call that nobody answered."""
    later = calls.alias("later")
    following = (
        select(later.c.arrived_at)
        .where(
            later.c.caller == calls.c.caller,
            later.c.arrived_at > calls.c.ended_at,
            _asked(later),
        )
        .order_by(later.c.arrived_at)
        .limit(1)
        .correlate(calls)
        .scalar_subquery()
    )
    unanswered = and_(calls.c.connected_at.is_(None), calls.c.caller != "")
    return case((unanswered, following))


def _excluded() -> ColumnElement[bool | None]:
    log = call_exclusions
    last = select(log.c.excluded).where(log.c.call_id == calls.c.id)
    return last.order_by(log.c.at.desc()).limit(1).correlate(calls).scalar_subquery()


def _facts(row: Row[Any]) -> CallFacts:
    return CallFacts(
        id=row.id,
        caller=row.caller or "",
        arrived_at=row.arrived_at,
        answered_at=row.answered_at,
        queue=row.queue or "",
        entered_at=row.entered_at,
        connected_at=row.connected_at,
        ended_at=row.ended_at,
        outcome=row.outcome,
        called_again_at=row.called_again_at,
        excluded=bool(row.excluded),
        placed=row.placed,
    )


async def _holds(
    connection: AsyncConnection, *arrived: ColumnElement[bool]
) -> dict[str, float]:
    """Seconds that citizens were on hold, by call; a hold counts once it is over."""
    story = calls.join(talk_events, talk_events.c.call_id == calls.c.id)
    query = (
        select(talk_events.c.call_id, func.sum(talk_events.c.seconds).label("held"))
        .select_from(story)
        .where(talk_events.c.kind == "UNHOLD", *arrived)
        .group_by(talk_events.c.call_id)
    )
    rows = await connection.execute(query)
    return {row.call_id: row.held for row in rows}


async def _overflows(
    connection: AsyncConnection, *arrived: ColumnElement[bool]
) -> dict[str, set[str]]:
    """The queues that rules or keys took calls out of, by call."""
    story = calls.join(queue_events, queue_events.c.call_id == calls.c.id)
    query = (
        select(queue_events.c.call_id, queue_events.c.queue)
        .select_from(story)
        .where(queue_events.c.kind == "OVERFLOW", *arrived)
    )
    queues: dict[str, set[str]] = {}
    async for rows in _parts(connection, query):
        for row in rows:
            queues.setdefault(row.call_id, set()).add(row.queue)
    return queues


async def _wrap_ups(
    connection: AsyncConnection, span: Span, now: datetime
) -> dict[str, float]:
    """Seconds of wrap-up after the calls of the span, by call."""
    seconds: dict[str, float] = {}
    last = await connection.scalar(
        select(func.max(func.coalesce(calls.c.ended_at, now))).where(
            calls.c.arrived_at >= span.since, calls.c.arrived_at < span.until
        )
    )
    if last is None:
        return seconds
    async for rows in _parts(connection, _wrap_up_query(span.since, last)):
        for row in rows:
            length = max(0.0, ((row.ended or now) - row.began).total_seconds())
            seconds[row.call_id] = seconds.get(row.call_id, 0.0) + length
    return seconds


def _wrap_up_query(since: datetime, until: datetime) -> Select[Any]:
    """Wrap-ups that began between two moments, with their ends."""
    after = agent_states.alias("after")
    end = (
        select(func.min(after.c.at, type_=UtcTime))
        .where(
            after.c.agent_id == agent_states.c.agent_id,
            after.c.at >= agent_states.c.at,
            after.c.old == AgentState.WRAP_UP,
        )
        .correlate(agent_states)
        .scalar_subquery()
    )
    return select(
        agent_states.c.call_id, agent_states.c.at.label("began"), end.label("ended")
    ).where(
        agent_states.c.new == AgentState.WRAP_UP,
        agent_states.c.call_id != "",
        agent_states.c.at >= since,
        agent_states.c.at <= until,
    )


async def _parts(
    connection: AsyncConnection, query: Select[Any]
) -> AsyncGenerator[Sequence[Row[Any]]]:
    result = await connection.stream(query)
    async for rows in result.partitions(ROWS):
        yield rows


async def agent_ids(database: Database) -> list[str]:
    """All who are or were agents, by id."""
    query = select(people.c.id).where(WAS_AGENT).order_by(people.c.id)
    async with database.read() as connection:
        return list(await connection.scalars(query))


async def agent_story(
    database: Database, agent_id: str, span: Span
) -> tuple[list[AgentMove], list[AgentMark]]:
    """An agent's moves in the span with the last ones before it, and his marks."""
    mine = agent_states.c.agent_id == agent_id
    before = (
        select(agent_states)
        .where(mine, agent_states.c.at <= span.since)
        .order_by(agent_states.c.at.desc())
        .limit(MOVES_OF_AN_INSTANT)
    )
    within = select(agent_states).where(
        mine, agent_states.c.at > span.since, agent_states.c.at < span.until
    )
    async with database.read() as connection:
        moves = [
            agent_move(row._asdict())
            for query in (before, within)
            for row in await connection.execute(query)
        ]
        rows = await connection.execute(_offers_query(agent_id, span))
        marks = [AgentMark(at=row.at, what=_what(row.kind, row.detail)) for row in rows]
        overdue = await connection.scalars(_overdue_query(agent_id, span))
        marks += [AgentMark(at=at, what=OVERDUE) for at in overdue]
    return moves, marks


def _overdue_query(agent_id: str, span: Span) -> Select[Any]:
    pauses = overdue_pauses.c
    return select(pauses.at).where(
        pauses.agent_id == agent_id, pauses.at >= span.since, pauses.at < span.until
    )


def _offers_query(agent_id: str, span: Span) -> Select[Any]:
    events = queue_events.c
    return select(events.at, events.kind, events.detail).where(
        events.agent_id == agent_id,
        events.agent_id != "",  # so that the index, which lacks those, is taken
        events.at >= span.since,
        events.at < span.until,
        events.kind.in_(("OFFER", "CONNECT", "RINGNOANSWER")),
    )


def _what(kind: str, detail: str | None) -> str:
    return {"OFFER": OFFERED, "CONNECT": ANSWERED}.get(kind) or detail or ""


async def note_exclusion(database: Database, line: Exclusion) -> CallFacts:
    """Add a line to the log of exclusions; returns the call as it was before.

    `ExclusionError` when the line does not fit the call.
    """
    values = {name: getattr(line, name) for name in Exclusion.__slots__}
    async with database.begin() as connection:
        query = _facts_query(calls.c.id == line.call_id)
        row = (await connection.execute(query)).first()
        call = fitting(line, _facts(row) if row else None)
        await connection.execute(insert(call_exclusions).values(values))
    return call


async def exclusion_log(
    database: Database, *, limit: int, before: datetime | None = None
) -> list[Exclusion]:
    """The log's lines, the newest first, all or those before a moment."""
    newest = call_exclusions.c.at.desc(), call_exclusions.c.call_id.desc()
    query = select(call_exclusions).order_by(*newest).limit(limit)
    if before is not None:
        query = query.where(call_exclusions.c.at < before)
    async with database.read() as connection:
        return [_line(row._asdict()) for row in await connection.execute(query)]


def _line(row: dict[str, Any]) -> Exclusion:
    return Exclusion(**row | {"reason": ExclusionReason(row["reason"])})
