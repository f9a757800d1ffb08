"""The table of pause reasons, in their order."""

from collections.abc import Callable, Sequence

from sqlalchemy import Column, Float, Integer, String, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.rule_changes.rows import Changed, NewChange
from acd.rule_changes.store import keep_line, rule_changes
from config.agent_settings import PauseReasonSection
from config.database import Database, metadata

pause_reasons = Table(
    "pause_reasons",
    metadata,
    Column("id", String, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("title", String, nullable=False),
    Column("max_seconds", Float, nullable=False),
)


async def seeded_reasons(
    database: Database, of_file: Sequence[PauseReasonSection]
) -> tuple[PauseReasonSection, ...]:
    """Those that are kept; those of the file until somebody changes them."""
    changed = select(rule_changes.c.id).where(rule_changes.c.kind == Changed.PAUSES)
    kept = select(pause_reasons).order_by(pause_reasons.c.place)
    async with database.read() as connection:
        if await connection.scalar(changed.limit(1)) is None:
            return tuple(of_file)
        rows = await connection.execute(kept)
        return tuple(
            PauseReasonSection(id=row.id, title=row.title, max_seconds=row.max_seconds)
            for row in rows
        )


async def keep_reasons(
    database: Database,
    reasons: Sequence[PauseReasonSection],
    line: NewChange,
    tell: Callable[[], None],
) -> None:
    """Write all of them and who changed them; nothing, when `tell` refuses."""
    async with database.begin() as connection:
        await _replace(connection, reasons)
        await keep_line(connection, line)
        tell()


async def _replace(
    connection: AsyncConnection, reasons: Sequence[PauseReasonSection]
) -> None:
    await connection.execute(delete(pause_reasons))
    rows = [each.model_dump() | {"place": n} for n, each in enumerate(reasons)]
    if rows:
        await connection.execute(insert(pause_reasons), rows)
