"""Reading the records of calls: pages, one call with its story, and finding by id."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    delete,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.people.store import agent_states
from acd.records.rows import (
    AgentTalk,
    CallRecord,
    CallRow,
    LegRow,
    MessageRow,
    QueueEventRow,
    StepRow,
    SurveyRow,
    TalkEventRow,
)
from acd.records.store import (
    calls,
    ivr_steps,
    legs,
    messages,
    queue_events,
    survey_answers,
    talk_events,
)
from acd.records.summary import TALK_KINDS, in_order, talked
from config.database import Database
from telephony.numbers import mask

R = TypeVar("R")
NAMED_IN_AMBIGUITY = 5
NEWEST = 100_000
NEWEST_ENDS = 1_000
"""The last end is among those of the newest calls; looking at all would take long."""
LAST_CHARACTER = "\U0010ffff"


class CallNotFound(Exception):
    """No call has this id, or several do; the message tells which and what to do."""

    error_id = "call_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilter:
    """Which calls to list; what is empty or None does not matter.

    `since` is included, `until` is not; both are moments of arrival, aware. `ids` are
    the calls among which to look, None for all.
    """

    caller: str = ""
    agent: str = ""
    queue: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None
    ids: tuple[str, ...] | None = None


ALL_CALLS = CallFilter()


async def calls_page(
    database: Database,
    *,
    limit: int = 50,
    before_id: str = "",
    only: CallFilter = ALL_CALLS,
) -> list[CallRow]:
    """The newest calls first, at most `limit`, that arrived before call `before_id`.

    The number of a confidential caller is masked.
    """
    query = calls_query(limit, before_id, only)
    async with database.read() as connection:
        return [_discreet(row) for row in await _rows(connection, query, CallRow)]


def calls_query(limit: int, before_id: str, only: CallFilter) -> Select[Any]:
    """What finds them by an index, also among a million calls."""
    key = tuple_(calls.c.arrived_at, calls.c.id)
    query = select(calls).where(*_conditions(only))
    if before_id:
        bound = select(calls.c.arrived_at, calls.c.id).where(calls.c.id == before_id)
        query = query.where(key < bound.scalar_subquery())
    return query.order_by(calls.c.arrived_at.desc(), calls.c.id.desc()).limit(limit)


def _discreet(row: CallRow) -> CallRow:
    if row.confidential_at is None or not row.caller:
        return row
    return replace(row, caller=mask(row.caller))


def _conditions(only: CallFilter) -> Iterator[ColumnElement[bool]]:
    equal = {
        "caller": only.caller,
        "agent_id": only.agent,
        "queue": only.queue,
        "outcome": only.outcome,
    }
    for name, value in equal.items():
        if value:
            yield _column(name, only) == value
    if only.since:
        yield calls.c.arrived_at >= only.since
    if only.until:
        yield calls.c.arrived_at < only.until
    if only.ids is not None:
        yield calls.c.id.in_(only.ids)


def _column(name: str, only: CallFilter) -> ColumnElement[str]:
    """A number has few calls: SQLite must look for it, and not for a whole queue."""
    column = calls.c[name]
    return func.coalesce(column, "") if only.caller and name != "caller" else column


async def call(database: Database, call_id: str) -> CallRecord:
    """The call with its whole story; `CallNotFound` when there is none."""
    async with database.read() as connection:
        query = select(calls).where(calls.c.id == call_id)
        found = await _rows(connection, query, CallRow)
        if not found:
            raise CallNotFound(f"no call has the id {call_id}")
        events = await _story(connection, queue_events, call_id, QueueEventRow)
        steps = await _story(connection, ivr_steps, call_id, StepRow)
        call_legs = await _story(connection, legs, call_id, LegRow)
        survey = await _answers(connection, call_id)
        talk = await _story(connection, talk_events, call_id, TalkEventRow)
        spoken = await _story(connection, messages, call_id, MessageRow)
    return CallRecord(
        call=_discreet(found[0]),
        legs=tuple(sorted(call_legs, key=lambda leg: (leg.opened_at, leg.id))),
        steps=tuple(sorted(steps, key=lambda step: step.at)),
        queue_events=tuple(in_order(events)),
        survey=tuple(sorted(survey, key=lambda answer: answer.at)),
        talk_events=tuple(sorted(talk, key=lambda event: event.at)),
        messages=tuple(sorted(spoken, key=lambda message: message.at)),
    )


async def talks_in(database: Database, call_id: str) -> list[AgentTalk]:
    """The agents who spoke in a call, each once, the last one last."""
    async with database.read() as connection:
        story = await _story(connection, queue_events, call_id, QueueEventRow)
    talks = [e for e in talked(in_order(story)) if e.kind in TALK_KINDS]
    last = {event.agent_id: event.at for event in talks}
    marks = [AgentTalk(agent_id=agent, at=at) for agent, at in last.items()]
    return sorted(marks, key=lambda talk: talk.at)


async def last_agent_of(database: Database, caller: str, since: datetime) -> str:
    """The agent whom this number spoke with in its latest talk; "" when with nobody.

    Only calls that arrived from `since` on count.
    """
    talked = (calls.c.caller == caller, calls.c.arrived_at >= since)
    query = select(calls.c.agent_id).where(*talked, calls.c.connected_at.is_not(None))
    async with database.read() as connection:
        latest = query.order_by(calls.c.arrived_at.desc()).limit(1)
        return await connection.scalar(latest) or ""


async def kept_row(database: Database, call_id: str) -> CallRow | None:
    """A call's row as it is kept, a confidential number whole; None when there is none."""
    query = select(calls).where(calls.c.id == call_id)
    async with database.read() as connection:
        return next(iter(await _rows(connection, query, CallRow)), None)


async def find_call_id(database: Database, part: str) -> str:
    """The id of the one call whose id is, begins or ends with `part`.

    Endings are looked for among the `NEWEST` calls first, for they are what people
    have before them. `CallNotFound` when there is none, or when several have it.
    """
    async with database.read() as connection:
        for query in (_whole(part), _beginning(part), _ending(part, NEWEST)):
            if ids := await _few(connection, query):
                return _only(part, ids)
        return _only(part, await _few(connection, _ending(part, None)))


async def _few(connection: AsyncConnection, query: Select[tuple[str]]) -> list[str]:
    return list(await connection.scalars(query.limit(NAMED_IN_AMBIGUITY + 1)))


def _whole(part: str) -> Select[tuple[str]]:
    return select(calls.c.id).where(calls.c.id.in_({part, part.upper()}))


def _beginning(part: str) -> Select[tuple[str]]:
    ranges = [
        and_(calls.c.id >= typed, calls.c.id < typed + LAST_CHARACTER)
        for typed in {part, part.upper()}
    ]
    return select(calls.c.id).where(or_(*ranges)).order_by(calls.c.id.desc())


def _ending(part: str, newest: int | None) -> Select[tuple[str]]:
    ids = select(calls.c.id).order_by(calls.c.arrived_at.desc(), calls.c.id.desc())
    among = ids.limit(newest).subquery()
    return select(among.c.id).where(among.c.id.endswith(part, autoescape=True))


def _only(part: str, ids: list[str]) -> str:
    if not ids:
        raise CallNotFound(
            f"No call's id begins or ends with {part!r}; `hotline calls list` shows them."
        )
    if len(ids) > 1:
        raise CallNotFound(_ambiguous(part, ids))
    return ids[0]


def _ambiguous(part: str, ids: list[str]) -> str:
    named = ", ".join(ids[:NAMED_IN_AMBIGUITY])
    more = " and more" if len(ids) > NAMED_IN_AMBIGUITY else ""
    return f"Several calls fit {part!r}: {named}{more}. Give more characters of the id."


async def _story(
    connection: AsyncConnection, table: Table, call_id: str, kind: type[R]
) -> list[R]:
    query = select(table).where(table.c.call_id == call_id)
    return await _rows(connection, query, kind)


async def _answers(connection: AsyncConnection, call_id: str) -> list[SurveyRow]:
    """Those that rate the call, and those that were given in it."""
    answers = survey_answers.c
    query = select(survey_answers).where(
        or_(answers.call_id == call_id, answers.asked_in == call_id)
    )
    return await _rows(connection, query, SurveyRow)


async def _rows(
    connection: AsyncConnection, query: Select[Any], kind: type[R]
) -> list[R]:
    return [kind(**row._asdict()) for row in await connection.execute(query)]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOpen:
    """What an earlier life of the service did not finish.

    `last_moment` is the last one that the records know of, None when they are empty.
    """

    calls: tuple[CallRow, ...]
    legs: tuple[LegRow, ...]
    last_moment: datetime | None


async def left_open(database: Database) -> LeftOpen:
    """Calls and legs without an end."""
    async with database.read() as connection:
        open_calls = select(calls).where(calls.c.ended_at.is_(None))
        open_legs = select(legs).where(legs.c.closed_at.is_(None))
        return LeftOpen(
            calls=tuple(await _rows(connection, open_calls, CallRow)),
            legs=tuple(await _rows(connection, open_legs, LegRow)),
            last_moment=await _last_moment(connection),
        )


async def _last_moment(connection: AsyncConnection) -> datetime | None:
    newest = select(calls.c.ended_at).order_by(calls.c.arrived_at.desc())
    ends = newest.limit(NEWEST_ENDS).subquery()
    moments = [
        await connection.scalar(select(func.max(column)))
        for column in (calls.c.arrived_at, ends.c.ended_at, agent_states.c.at)
    ]
    return max((moment for moment in moments if moment), default=None)


async def confidential_ids(database: Database, call_ids: Collection[str]) -> set[str]:
    """Those of the calls whose callers asked to stay confidential."""
    query = select(calls.c.id).where(
        calls.c.id.in_(call_ids), calls.c.confidential_at.is_not(None)
    )
    async with database.read() as connection:
        return set(await connection.scalars(query))


async def known_ids(database: Database, call_ids: Collection[str]) -> set[str]:
    """Those of the ids that have a call's row."""
    query = select(calls.c.id).where(calls.c.id.in_(call_ids))
    async with database.read() as connection:
        return set(await connection.scalars(query))


async def messages_before(
    database: Database, moment: datetime, limit: int
) -> list[MessageRow]:
    """Spoken messages older than that, the oldest first."""
    query = select(messages).where(messages.c.at < moment)
    async with database.read() as connection:
        oldest = query.order_by(messages.c.at).limit(limit)
        return await _rows(connection, oldest, MessageRow)


async def forget_messages(database: Database, files: Collection[str]) -> None:
    """Take the rows of messages away whose files are gone."""
    async with database.begin() as connection:
        await connection.execute(delete(messages).where(messages.c.file.in_(files)))
