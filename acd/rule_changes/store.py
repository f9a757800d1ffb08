"""Every change of rules, kept for ever: lines are added, and the database refuses more."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, Integer, String, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.people import store as people
from acd.rule_changes.rows import Changed, NewChange, RuleChange
from config.agent_settings import AgentSection, WrittenProfile
from config.database import Database, UtcTime, metadata
from config.queue_settings import QueueSection

rule_changes = Table(
    "rule_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("changed_by", String, nullable=False),
    Column("peer", String, nullable=False),
    Column("old", JSON, nullable=False),
    Column("new", JSON, nullable=False),
    Index("ix_rule_changes_name", "name", "id"),
)

_ADD = insert(rule_changes)

Profiles = Mapping[str, tuple[WrittenProfile, WrittenProfile]]
"""By agent: what was, and what is."""

Also = Callable[[AsyncConnection, Profiles], Awaitable[None]]
"""Writes what belongs to a change in its transaction."""


async def keep_rules(
    database: Database, queue: QueueSection, line: NewChange, tell: Callable[[], None]
) -> None:
    """Write a queue's rules and who changed them; nothing, when `tell` refuses."""
    async with database.begin() as connection:
        await people.set_rules(connection, queue)
        await connection.execute(_ADD, _columns(line))
        tell()


async def keep_profiles(
    database: Database,
    profiles: Profiles,
    lines: Sequence[NewChange],
    also: Also,
    tell: Callable[[], None],
) -> None:
    """Write agents' profiles, who changed them, and what belongs to it.

    Nothing of it, when `also` or `tell` refuses.
    """
    async with database.begin() as connection:
        for agent_id, (_, new) in profiles.items():
            await people.set_profile(connection, agent_id, new)
        await connection.execute(_ADD, [_columns(line) for line in lines])
        await also(connection, profiles)
        tell()


async def nothing(_: AsyncConnection, __: Profiles) -> None:
    """Nothing else belongs to the change."""


async def keep_new_agent(
    database: Database,
    agent: AgentSection,
    line: NewChange,
    also: Also,
    tell: Callable[[], None],
) -> None:
    """Write a new agent, who added him, and what belongs to it, or nothing."""
    async with database.begin() as connection:
        await people.add_agent(connection, agent, line.at)
        await connection.execute(_ADD, _columns(line))
        await also(connection, {})
        tell()


async def keep_line(connection: AsyncConnection, line: NewChange) -> None:
    """Keep who changed what, in the transaction that changes it."""
    await connection.execute(_ADD, _columns(line))


async def keep_new_queue(
    database: Database, queue: QueueSection, line: NewChange, tell: Callable[[], None]
) -> None:
    """Write a new queue and who added it; nothing, when `tell` refuses."""
    async with database.begin() as connection:
        await people.add_queue(connection, queue)
        await connection.execute(_ADD, _columns(line))
        tell()


async def keep_removal(
    database: Database, line: NewChange, also: Also, tell: Callable[[], None]
) -> None:
    """Write that an agent or a queue is removed, who did it, and what belongs to it, or nothing."""
    table = people.queues if line.kind is Changed.QUEUE else people.people
    async with database.begin() as connection:
        await people.remove(connection, table, line.name, line.at)
        await connection.execute(_ADD, _columns(line))
        await also(connection, {})
        tell()


async def seeding(
    database: Database,
    agents: Sequence[AgentSection],
    queues: Sequence[QueueSection],
    at: datetime,
) -> list[NewChange]:
    """What would become other if all who are there were made like the file."""
    found = await people.differing(database, agents, queues)
    kept = {queue.name: queue for queue in await people.queue_rows(database)}
    async with database.read() as connection:
        changed = [
            (a.id, await people.as_kept(connection, a.id), people.as_written(a))
            for a in agents
            if a.id in found.agents
        ]
    lines = [_seeded(Changed.AGENT, *each, at=at) for each in changed]
    for queue in (q for q in queues if q.name in found.queues):
        old = people.written(kept[queue.name]) if queue.name in kept else {}
        new = people.written(queue)
        lines.append(_seeded(Changed.QUEUE, queue.name, old, new, at=at))
    return lines


def _seeded(
    kind: Changed, name: str, old: dict[str, Any], new: dict[str, Any], *, at: datetime
) -> NewChange:
    return NewChange(
        at=at, kind=kind, name=name, changed_by="seed", peer="", old=old, new=new
    )


async def keep_seeding(
    database: Database,
    agents: Sequence[AgentSection],
    queues: Sequence[QueueSection],
    lines: Sequence[NewChange],
) -> None:
    """Make those of whom the lines tell like the file, and keep the lines."""
    named = {(line.kind, line.name) for line in lines}
    async with database.begin() as connection:
        for agent in (a for a in agents if (Changed.AGENT, a.id) in named):
            await people.overwrite_agent(connection, agent)
        for queue in (q for q in queues if (Changed.QUEUE, q.name) in named):
            await people.set_rules(connection, queue)
        if lines:
            await connection.execute(_ADD, [_columns(line) for line in lines])


def _columns(line: NewChange) -> dict[str, Any]:
    return asdict(line) | {"kind": line.kind.value}


async def changes_page(
    database: Database, *, limit: int = 50, before_id: int | None = None, name: str = ""
) -> list[RuleChange]:
    """The newest changes first; of one queue or agent when `name` is given."""
    query = select(rule_changes).order_by(rule_changes.c.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(rule_changes.c.id < before_id)
    if name:
        query = query.where(rule_changes.c.name == name)
    async with database.read() as connection:
        rows = await connection.execute(query)
        return [_change(row._asdict()) for row in rows]


async def newest_change(
    database: Database, kind: Changed, name: str
) -> RuleChange | None:
    """The last change of one thing; None when it was never changed."""
    of_it = rule_changes.c.kind == kind.value, rule_changes.c.name == name
    query = select(rule_changes).where(*of_it).order_by(rule_changes.c.id.desc())
    async with database.read() as connection:
        row = (await connection.execute(query.limit(1))).one_or_none()
    return _change(row._asdict()) if row else None


def _change(row: dict[str, Any]) -> RuleChange:
    return RuleChange(**row | {"kind": Changed(row["kind"])})
