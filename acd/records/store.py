"""Where calls, legs, flow steps and queue events are written.

Every statement may be repeated, and given in another order, with the same result:
rows are inserted once by their natural key, columns set by the earliest event that
speaks of them, and what adds up is computed anew from the rows.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    Executable,
    Float,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.events import Event
from acd.records.facts import Facts, Row, facts_of
from acd.records.rows import QueueEventRow
from acd.records.summary import Summary, columns, summary_of
from config.database import UtcTime, metadata

calls = Table(
    "calls",
    metadata,
    Column("id", String, primary_key=True),
    Column("caller", String),
    Column("called", String),
    Column("peer", String),
    Column("sip_call_id", String),
    Column("direction", String),
    Column("call_back_id", String),
    Column("arrived_at", UtcTime, nullable=False),
    Column("answered_at", UtcTime),
    Column("queue", String),
    Column("entered_at", UtcTime),
    Column("connected_at", UtcTime),
    Column("agent_id", String),
    Column("ended_at", UtcTime),
    Column("outcome", String),
    Column("cause", String),
    Column("ivr_seconds", Float),
    Column("wait_seconds", Float),
    Column("wait_from_answer_seconds", Float),
    Column("talk_seconds", Float),
    Column("disposition", String),
    Column("disposition_note", String),
    Column("disposed_at", UtcTime),
    Column("confidential_at", UtcTime),
    Column("flow", String),
    Column("flow_version", Integer),
    Index("ix_calls_arrived_at", "arrived_at", "id"),
    Index("ix_calls_caller", "caller", "arrived_at"),
    Index("ix_calls_outcome", "outcome", "arrived_at"),
    Index("ix_calls_agent_id", "agent_id", "arrived_at"),
    Index("ix_calls_queue", "queue", "arrived_at"),
    Index("ix_calls_queue_outcome", "queue", "outcome", "arrived_at"),
    Index("ix_calls_open", "id", sqlite_where=text("ended_at IS NULL")),
)

legs = Table(
    "legs",
    metadata,
    Column("id", String, primary_key=True),
    Column("call_id", String, nullable=False, index=True),
    Column("role", String),
    Column("agent_id", String),
    Column("opened_at", UtcTime, nullable=False),
    Column("answered_at", UtcTime),
    Column("closed_at", UtcTime),
    Column("cause", String),
    Column("sip_code", Integer),
    Column("shown", String),
    Index("ix_legs_open", "id", sqlite_where=text("closed_at IS NULL")),
)

ivr_steps = Table(
    "ivr_steps",
    metadata,
    Column("call_id", String, primary_key=True),
    Column("at", UtcTime, primary_key=True),
    Column("step", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("result", String, primary_key=True),
    Column("seconds", Float, nullable=False),
)

survey_answers = Table(
    "survey_answers",
    metadata,
    Column("call_id", String, primary_key=True),
    Column("step", String, primary_key=True),
    Column("at", UtcTime, primary_key=True),
    Column("answer", String, nullable=False),
    Column("asked_in", String, nullable=False),
    Index("ix_survey_answers_at", "at"),
    Index("ix_survey_answers_asked_in", "asked_in"),
)

messages = Table(
    "messages",
    metadata,
    Column("file", String, primary_key=True),
    Column("call_id", String, nullable=False, index=True),
    Column("step", String, nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
    Column("seconds", Float, nullable=False),
)

queue_events = Table(
    "queue_events",
    metadata,
    Column("call_id", String, primary_key=True),
    Column("at", UtcTime, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("agent_id", String, primary_key=True),
    Column("queue", String, primary_key=True),
    Column("offer_id", String),
    Column("position", Integer),
    Column("wait_seconds", Float),
    Column("ring_seconds", Float),
    Column("talk_seconds", Float),
    Column("detail", String),
    Index(
        "ix_queue_events_agent_id",
        "agent_id",
        "at",
        sqlite_where=text("agent_id != ''"),
    ),
)

talk_events = Table(
    "talk_events",
    metadata,
    Column("call_id", String, primary_key=True),
    Column("at", UtcTime, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("agent_id", String, primary_key=True),
    Column("who", String),
    Column("detail", String),
    Column("seconds", Float),
)


def _touch(table: Table, first: str, known: str) -> Executable:
    """Make the row; until `known` is set, `first` is the earliest moment heard of."""
    new = insert(table)
    return new.on_conflict_do_update(
        index_elements=[table.c.id],
        set_={first: new.excluded[first]},
        where=table.c[known].is_(None) & (new.excluded[first] < table.c[first]),
    )


def _set(table: Table, *names: str, moment: str = "") -> Executable:
    """Set columns that one kind of event alone may set."""
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    if moment:
        values[moment] = bindparam("at")
    return update(table).where(table.c.id == bindparam("key")).values(values)


def _set_earliest(table: Table, *names: str, moment: str) -> Executable:
    """Set a moment and its columns, unless an earlier one has set them."""
    column = table.c[moment]
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    values[moment] = bindparam("at")
    earlier = or_(column.is_(None), column > bindparam("at"))
    return update(table).where(table.c.id == bindparam("key"), earlier).values(values)


def _set_latest(table: Table, *names: str, moment: str) -> Executable:
    """Set a moment and its columns, unless a later one has set them."""
    column = table.c[moment]
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    values[moment] = bindparam("at")
    later = or_(column.is_(None), column < bindparam("at"))
    return update(table).where(table.c.id == bindparam("key"), later).values(values)


_TOUCH_CALL = _touch(calls, "arrived_at", "sip_call_id")
_ARRIVED = _set(
    calls,
    "caller",
    "called",
    "peer",
    "sip_call_id",
    "direction",
    "call_back_id",
    moment="arrived_at",
)
_ANSWERED = _set_earliest(calls, moment="answered_at")
_ENDED = _set_earliest(calls, "outcome", "cause", moment="ended_at")
_TOUCH_LEG = _touch(legs, "opened_at", "role")
_LEG_OPENED = _set(legs, "role", "agent_id", "shown", moment="opened_at")
_LEG_ANSWERED = _set_earliest(legs, moment="answered_at")
_LEG_CLOSED = _set_earliest(legs, "cause", "sip_code", moment="closed_at")
_STEP = insert(ivr_steps).on_conflict_do_nothing()
_SURVEY_ANSWER = insert(survey_answers).on_conflict_do_nothing()
_MESSAGE = insert(messages).on_conflict_do_nothing()
_QUEUE_EVENT = insert(queue_events).on_conflict_do_nothing()
_TALK_EVENT = insert(talk_events).on_conflict_do_nothing()
_DISPOSED = _set_latest(calls, "disposition", "disposition_note", moment="disposed_at")
_CONFIDENTIAL = _set_earliest(calls, moment="confidential_at")
_FLOW = _set(calls, "flow", "flow_version")
_SUMMARY = _set(calls, *Summary.__slots__)


async def write(connection: AsyncConnection, events: Iterable[Event]) -> None:
    """Add what the events tell of calls, inside the connection's transaction."""
    facts = facts_of(events)
    for statement, rows in _statements(facts):
        if rows:
            await connection.execute(statement, rows)
    if facts.touched:
        await _sum_up(connection, list(facts.touched))


def _statements(facts: Facts) -> list[tuple[Executable, list[Row]]]:
    touched = [{"id": key, "arrived_at": at} for key, at in facts.touched.items()]
    legs_touched = [
        {"id": row["key"], "call_id": row["call_id"], "opened_at": row["at"]}
        for row in facts.legs_touched.values()
    ]
    return [
        (_TOUCH_CALL, touched),
        (_ARRIVED, facts.arrived),
        (_ANSWERED, facts.answered),
        (_ENDED, facts.ended),
        (_TOUCH_LEG, legs_touched),
        (_LEG_OPENED, facts.legs_opened),
        (_LEG_ANSWERED, facts.legs_answered),
        (_LEG_CLOSED, facts.legs_closed),
        (_STEP, facts.steps),
        (_SURVEY_ANSWER, facts.survey_answers),
        (_MESSAGE, facts.messages),
        (_QUEUE_EVENT, facts.queue_events),
        (_TALK_EVENT, facts.talk_events),
        (_DISPOSED, facts.disposed),
        (_CONFIDENTIAL, facts.confidential),
        (_FLOW, facts.flows),
    ]


async def _sum_up(connection: AsyncConnection, call_ids: Sequence[str]) -> None:
    stories = await _stories(connection, call_ids)
    own = calls.c.answered_at, calls.c.ended_at, calls.c.outcome
    query = select(calls.c.id, *own).where(calls.c.id.in_(call_ids))
    sums = [
        {"key": row.id} | columns(summary_of(stories.get(row.id, []), *row[1:]))
        for row in await connection.execute(query)
    ]
    await connection.execute(_SUMMARY, sums)


async def _stories(
    connection: AsyncConnection, call_ids: Sequence[str]
) -> dict[str, list[QueueEventRow]]:
    stories: dict[str, list[QueueEventRow]] = {}
    query = select(queue_events).where(queue_events.c.call_id.in_(call_ids))
    for row in await connection.execute(query):
        event = QueueEventRow(**row._asdict())
        stories.setdefault(event.call_id, []).append(event)
    return stories
