"""The audit trail's table: lines are added, and the database refuses more."""

from dataclasses import asdict

from sqlalchemy import Column, Index, Integer, String, Table, insert, select

from config.database import Database, UtcTime, metadata
from console.audit.line import AuditLine, NewLine

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("who", String, nullable=False),
    Column("way", String, nullable=False),
    Column("peer", String, nullable=False),
    Column("operation", String, nullable=False),
    Column("object", String, nullable=False),
    Column("result", String, nullable=False),
    Index("ix_audit_who", "who", "id"),
)


async def keep(database: Database, line: NewLine) -> None:
    """Add a line."""
    async with database.begin() as connection:
        await connection.execute(insert(audit).values(asdict(line)))


async def page(
    database: Database,
    *,
    limit: int = 50,
    before_id: int | None = None,
    who: str = "",
    operation: str = "",
) -> list[AuditLine]:
    """The newest lines first; of one account or token, or one operation, when asked."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(audit.c.id < before_id)
    if who:
        query = query.where(audit.c.who == who)
    if operation:
        query = query.where(audit.c.operation == operation)
    async with database.read() as connection:
        rows = await connection.execute(query)
        return [AuditLine(**row._asdict()) for row in rows]
