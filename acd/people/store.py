"""People, queues and the log of agents' states in the database.

Files seed them at the first start; afterwards the database is the truth.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    String,
    Table,
    and_,
    bindparam,
    exists,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.events import AgentState, AgentStateChanged, Event, PauseOverdue
from acd.people.rows import AgentMove, AgentRow, Seeded, in_order
from config.agent_settings import AgentSection, WrittenProfile
from config.database import Database, UtcTime, metadata
from config.queue_settings import (
    SHORTEST_ANNOUNCE_SECONDS,
    SHORTEST_RING_SECONDS,
    QueueSection,
)

queues = Table(
    "queues",
    metadata,
    Column("name", String, primary_key=True),
    Column("rules", JSON, nullable=False),
    Column("removed_at", UtcTime),
)

people = Table(
    "people",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("contact", String, nullable=False),
    Column("queues", JSON, nullable=False),
    Column("skills", JSON, nullable=False),
    Column("penalties", JSON, nullable=False, server_default="{}"),
    Column("weight", Float, nullable=False, server_default="1"),
    Column("order", Integer, nullable=False, server_default="0"),
    Column("auto_answer", Boolean, nullable=False),
    Column("show_number", String, nullable=False),
    Column("state", String, nullable=False),
    Column("state_reason", String, nullable=False),
    Column("state_since", UtcTime, nullable=False),
    Column("removed_at", UtcTime),
    Column("posts", JSON, nullable=False, server_default='["phones"]'),
    Column("qualifications", JSON, nullable=False, server_default="[]"),
    Column("leave", JSON, nullable=False, server_default="[]"),
    Column("recall_number", String, nullable=False, server_default=""),
    Column("home_minutes", Integer),
    Column("home_km", Float),
    Column("week_hours", Float),
    Column("prefers", JSON, nullable=False, server_default="[]"),
    Column("avoids", JSON, nullable=False, server_default="[]"),
)
"""One table is the truth for everybody; who has the phones post and a contact is an
agent. `recall_number` is sealed (`acd.people.seal`)."""

agent_states = Table(
    "agent_states",
    metadata,
    Column("agent_id", String, primary_key=True),
    Column("at", UtcTime, primary_key=True),
    Column("old", String, primary_key=True),
    Column("new", String, primary_key=True),
    Column("reason", String, nullable=False),
    Column("call_id", String, nullable=False),
    Index("ix_agent_states_at", "at"),
)

overdue_pauses = Table(
    "overdue_pauses",
    metadata,
    Column("agent_id", String, primary_key=True),
    Column("at", UtcTime, primary_key=True),
    Column("reason", String, nullable=False),
    Column("limit_seconds", Float, nullable=False),
)

_AGENT_COLUMNS = [people.c[field.name] for field in fields(AgentRow)]
_FILE_COLUMNS = frozenset(people.c.keys()) & frozenset(AgentSection.model_fields)
_HAS_PHONES = text("'phones' IN (SELECT value FROM json_each(people.posts))")
_NO_PHONES = text("'phones' NOT IN (SELECT value FROM json_each(people.posts))")
_TAKES_PHONES = (
    update(people)
    .where(people.c.id == bindparam("key"), _NO_PHONES)
    .values(posts=text("json_insert(posts, '$[#]', 'phones')"))
)
IS_AGENT = and_(people.c.contact != "", _HAS_PHONES)
"""Whether somebody of the table is an agent."""
WAS_AGENT = or_(
    people.c.contact != "", exists().where(agent_states.c.agent_id == people.c.id)
)
"""Whether somebody is or may have been one, so that the records tell of him."""
_MOVE = insert(agent_states).on_conflict_do_nothing()
_OVERDUE = insert(overdue_pauses).on_conflict_do_nothing()
_STATE = (
    update(people)
    .where(people.c.id == bindparam("key"))
    .values(
        state=bindparam("state"),
        state_reason=bindparam("state_reason"),
        state_since=bindparam("state_since"),
    )
)
_LAST_MOVES = text(
    """
    SELECT move.agent_id, move.at, move.old, move.new, move.reason, move.call_id
    FROM json_each(:agent_ids) AS wanted JOIN agent_states AS move
    ON move.rowid IN (
        SELECT rowid FROM agent_states WHERE agent_id = wanted.value
        ORDER BY at DESC LIMIT 12)
    """
).columns(*agent_states.columns)
"""The last moves of some agents: more than one instant can hold, for the last instant
decides the state. One statement, for a busy hotline has thirty agents in a group."""


async def write(connection: AsyncConnection, events: Iterable[Event]) -> None:
    """Log the agents' moves and too long pauses; the last move of each is his state."""
    told = list(events)
    if overdue := [event for event in told if isinstance(event, PauseOverdue)]:
        await connection.execute(_OVERDUE, [asdict(pause) for pause in overdue])
    moves = [event for event in told if isinstance(event, AgentStateChanged)]
    if not moves:
        return
    await connection.execute(_MOVE, [_log_row(move) for move in moves])
    last = await _last_moves(connection, {move.agent_id for move in moves})
    await connection.execute(_STATE, [_state_row(move) for move in last])


def _log_row(move: AgentStateChanged) -> dict[str, Any]:
    return {
        "agent_id": move.agent_id,
        "at": move.at,
        "old": move.old.value,
        "new": move.new.value,
        "reason": move.reason,
        "call_id": move.call_id,
    }


def _state_row(move: AgentMove) -> dict[str, Any]:
    return {
        "key": move.agent_id,
        "state": move.new.value,
        "state_reason": move.reason,
        "state_since": move.at,
    }


async def _last_moves(
    connection: AsyncConnection, agent_ids: Iterable[str]
) -> list[AgentMove]:
    wanted = {"agent_ids": json.dumps(sorted(agent_ids))}
    moves: dict[str, list[AgentMove]] = {}
    for row in await connection.execute(_LAST_MOVES, wanted):
        move = agent_move(row._asdict())
        moves.setdefault(move.agent_id, []).append(move)
    return [in_order(known)[-1] for known in moves.values()]


async def seed(
    database: Database,
    agent_sections: Sequence[AgentSection],
    queue_sections: Sequence[QueueSection],
    now: datetime,
) -> Seeded:
    """Add the agents and queues that are not there yet; never change one that is.

    To be awaited after `recover`, which takes everybody whom it finds on duty for one
    who was so before the start.
    """
    async with database.begin() as connection:
        known_queues = set(await connection.scalars(select(queues.c.name)))
        known_agents = set(await connection.scalars(select(people.c.id)))
        new_queues = [q for q in queue_sections if q.name not in known_queues]
        new_agents = [a for a in agent_sections if a.id not in known_agents]
        for queue in new_queues:
            await connection.execute(insert(queues).values(_queue_values(queue)))
        for agent in new_agents:
            await connection.execute(insert(people).values(_agent_values(agent, now)))
            if agent.state == "ready":
                await connection.execute(_MOVE, [_log_row(_first_move(agent, now))])
    return Seeded(
        queues=tuple(queue.name for queue in new_queues),
        agents=tuple(agent.id for agent in new_agents),
    )


async def differing(
    database: Database,
    agent_sections: Sequence[AgentSection],
    queue_sections: Sequence[QueueSection],
) -> Seeded:
    """The agents and queues that are in both, and not alike; states do not count.

    Who was removed is not alike.
    """
    async with database.read() as connection:
        rows = [row._asdict() for row in await connection.execute(select(people))]
        known = set(await connection.scalars(select(queues.c.name)))
    by_id = {row["id"]: row for row in rows}
    by_name = {queue.name: queue for queue in await queue_rows(database)}
    return Seeded(
        agents=tuple(
            a.id for a in agent_sections if _unlike(_of_file(a), by_id.get(a.id))
        ),
        queues=tuple(
            q.name
            for q in queue_sections
            if q.name in known and q != by_name.get(q.name)
        ),
    )


async def set_rules(connection: AsyncConnection, queue: QueueSection) -> None:
    """Give a queue that is there its rules anew."""
    line = update(queues).where(queues.c.name == queue.name)
    await connection.execute(line.values(_queue_values(queue)))


async def add_queue(connection: AsyncConnection, queue: QueueSection) -> None:
    """Add a queue, or take one back that was removed."""
    values = _queue_values(queue)
    line = insert(queues).values(values)
    await connection.execute(line.on_conflict_do_update(set_=values))


async def set_profile(
    connection: AsyncConnection, agent_id: str, profile: WrittenProfile
) -> None:
    """Give an agent who is there his contact, queues, skills and the like anew."""
    chosen = update(people).where(people.c.id == agent_id)
    await connection.execute(chosen.values(profile.model_dump(mode="json")))


async def add_agent(
    connection: AsyncConnection, agent: AgentSection, now: datetime
) -> None:
    """Add an agent, logged out, or take one back who was removed.

    Somebody who is no agent yet becomes one, and keeps his name unless he is given one.
    """
    values = _agent_values(agent, now) | {"removed_at": None}
    line = insert(people).values(values)
    changed = values if agent.name else {n: v for n, v in values.items() if n != "name"}
    await connection.execute(line.on_conflict_do_update(set_=changed))
    await connection.execute(_TAKES_PHONES, {"key": agent.id})


async def remove(
    connection: AsyncConnection, table: Table, name: str, now: datetime
) -> None:
    """The person or queue counts no more; the row stays for the records.

    A person's recall number does not.
    """
    key = next(iter(table.primary_key))
    wiped = {"recall_number": ""} if table is people else {}
    chosen = update(table).where(key == name)
    await connection.execute(chosen.values(removed_at=now, **wiped))


async def as_kept(connection: AsyncConnection, agent_id: str) -> dict[str, Any]:
    """What the database holds of an agent, in the words of the file; {} when removed."""
    query = select(people).where(people.c.id == agent_id)
    row = (await connection.execute(query)).one()._asdict()
    own = {name: row[name] for name in row if name in _FILE_COLUMNS - {"state"}}
    return {} if row["removed_at"] else own


async def overwrite_agent(connection: AsyncConnection, agent: AgentSection) -> None:
    """Make an agent who is there like the file; his state stays."""
    chosen = update(people).where(people.c.id == agent.id)
    await connection.execute(chosen.values(_of_file(agent)))
    await connection.execute(_TAKES_PHONES, {"key": agent.id})


def _unlike(wanted: dict[str, Any], row: dict[str, Any] | None) -> bool:
    return row is not None and any(row[name] != wanted[name] for name in wanted)


def _of_file(agent: AgentSection) -> dict[str, Any]:
    names = set(_FILE_COLUMNS - {"state"})
    return agent.model_dump(mode="json", include=names) | {"removed_at": None}


def _first_move(agent: AgentSection, now: datetime) -> AgentStateChanged:
    return AgentStateChanged(
        at=now,
        agent_id=agent.id,
        old=AgentState.LOGGED_OUT,
        new=AgentState(agent.state),
        reason="seeded",
    )


def _queue_values(queue: QueueSection) -> dict[str, Any]:
    return {"name": queue.name, "rules": written(queue), "removed_at": None}


def _agent_values(agent: AgentSection, now: datetime) -> dict[str, Any]:
    values = agent.model_dump(mode="json", include=set(_FILE_COLUMNS))
    return values | {"state_reason": "", "state_since": now}


def written(queue: QueueSection) -> dict[str, Any]:
    """A queue without its name, as JSON."""
    return queue.model_dump(mode="json", exclude={"name"})


def as_written(agent: AgentSection) -> dict[str, Any]:
    """An agent as JSON, without the state that he begins with."""
    return {n: v for n, v in _of_file(agent).items() if n != "removed_at"}


async def agent_rows(
    database: Database, *, with_removed: bool = False
) -> list[AgentRow]:
    """All agents, by id; those who were removed, or were agents, only when asked for."""
    query = select(*_AGENT_COLUMNS).order_by(people.c.id)
    if with_removed:
        query = query.where(WAS_AGENT)
    else:
        query = query.where(IS_AGENT, people.c.removed_at.is_(None))
    async with database.read() as connection:
        rows = await connection.execute(query)
        return [_agent(row._asdict()) for row in rows]


async def queue_rows(database: Database) -> list[QueueSection]:
    """All queues that were not removed, in the order in which they were added."""
    async with database.read() as connection:
        there = queues.c.removed_at.is_(None)
        rows = await connection.execute(select(queues).where(there))
        return [_queue(row.name, row.rules) for row in rows]


def _queue(name: str, rules: dict[str, Any]) -> QueueSection:
    """A queue as it counts now: what was allowed before is brought within bounds."""
    mended = dict(rules)
    for rule, least in (
        ("announce_position_seconds", SHORTEST_ANNOUNCE_SECONDS),
        ("ring_seconds", SHORTEST_RING_SECONDS),
    ):
        if 0 < mended.get(rule, 0) < least:
            mended[rule] = least
    return QueueSection(**mended, name=name)


async def agent_state_log(
    database: Database, agent_id: str, since: datetime
) -> list[AgentMove]:
    """The agent's moves from `since` on, oldest first."""
    query = select(agent_states).where(
        agent_states.c.agent_id == agent_id, agent_states.c.at >= since
    )
    async with database.read() as connection:
        rows = await connection.execute(query)
        return in_order([agent_move(row._asdict()) for row in rows])


def _agent(row: dict[str, Any]) -> AgentRow:
    state, names = AgentState(row["state"]), tuple(row["queues"])
    return AgentRow(**row | {"state": state, "queues": names})


def agent_move(row: dict[str, Any]) -> AgentMove:
    """A row of the state log as a value."""
    old, new = AgentState(row["old"]), AgentState(row["new"])
    return AgentMove(**row | {"old": old, "new": new})
