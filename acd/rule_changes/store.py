"""Every change of rules, kept for ever: lines are added, and the database refuses more."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, Integer, String, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.rule_changes.rows import Author, Changed, NewRules, RuleChange
from config.database import Database, UtcTime, metadata

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


async def add_change(
    connection: AsyncConnection, at: datetime, change: NewRules, author: Author
) -> None:
    """Add a line, in the transaction that makes the change."""
    line = insert(rule_changes).values(
        at=at,
        kind=change.kind.value,
        name=change.name,
        changed_by=author.name,
        peer=author.peer,
        old=change.old,
        new=change.new,
    )
    await connection.execute(line)


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


def _change(row: dict[str, Any]) -> RuleChange:
    return RuleChange(**row | {"kind": Changed(row["kind"])})
