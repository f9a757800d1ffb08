"""Reading how people behaved on a day: the rows of its calls, counted."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select

from acd.ledger.store import call_back_attempts
from acd.people.store import people
from acd.records.store import calls, ivr_steps, queue_events, talk_events
from acd.staffing.recorded_behaviour import Happened, Kind, Times
from acd.statistics.edges import Span
from config.database import Database


async def happened(
    database: Database, span: Span, told_after: float | None
) -> Happened:
    """What happened in the citizens' calls that arrived in the span.

    Who waits for `told_after` seconds hears of the key for a call-back; None: nobody does.
    """
    queue, talk, steps = queue_events.c, talk_events.c, ivr_steps.c
    consulted = _of_calls(select(func.count()), talk_events, span).where(
        talk.kind == "CONSULT", talk.who.in_(select(people.c.id))
    )
    async with database.read() as connection:

        async def counted(query: Select[Any]) -> dict[Kind, Times]:
            return {
                (kind, detail or ""): Times(count=count, seconds=seconds or 0.0)
                for kind, detail, count, seconds in await connection.execute(query)
            }

        return Happened(
            queue=await counted(
                _grouped(queue_events, queue.detail, queue.ring_seconds, span)
            ),
            talk=await counted(_grouped(talk_events, talk.detail, talk.seconds, span)),
            steps=await counted(_grouped(ivr_steps, steps.result, steps.seconds, span)),
            attempts={
                row.outcome: row.attempts
                for row in await connection.execute(_attempts(span))
            },
            colleagues=await connection.scalar(consulted) or 0,
            told_of_call_backs=(
                0
                if told_after is None
                else await connection.scalar(_waited(told_after, span)) or 0
            ),
        )


def _grouped(
    table: Table, detail: ColumnElement[Any], seconds: ColumnElement[Any], span: Span
) -> Select[Any]:
    kind = table.c.kind
    query = select(kind, detail, func.count(), func.sum(seconds))
    return _of_calls(query, table, span).group_by(kind, detail)


def _of_calls(query: Select[Any], table: Table, span: Span) -> Select[Any]:
    joined = query.select_from(table.join(calls, calls.c.id == table.c.call_id))
    return _in_span(joined, span)


def _waited(seconds: float, span: Span) -> Select[Any]:
    waited = select(func.count()).where(calls.c.wait_seconds >= seconds)
    return _in_span(waited, span)


def _in_span(query: Select[Any], span: Span) -> Select[Any]:
    return query.where(
        calls.c.arrived_at >= span.since,
        calls.c.arrived_at < span.until,
        calls.c.direction == "in",
    )


def _attempts(span: Span) -> Select[Any]:
    attempt = call_back_attempts.c
    query = select(attempt.outcome, func.count().label("attempts")).where(
        attempt.at >= span.since,
        attempt.at < span.until,
        attempt.outcome.is_not(None),
    )
    return query.group_by(attempt.outcome)
