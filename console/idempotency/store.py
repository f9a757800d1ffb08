"""Keys and answers in the database, so that a restart forgets none of them.

The column `key` has the key's hash.
"""

from datetime import datetime

import sqlalchemy as sa

from config.database import Database, UtcTime, metadata
from console.idempotency.keys import KEPT_FOR, Answer, Begun, Command

idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    sa.Column("caller", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("fingerprint", sa.String, nullable=False),
    sa.Column("begun_at", UtcTime, nullable=False, index=True),
    sa.Column("status", sa.Integer),
    sa.Column("media_type", sa.String),
    sa.Column("body", sa.LargeBinary),
)


class KeyStore:
    """Keeps each key for 24 hours from its first command."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, command: Command, now: datetime) -> Begun | None:
        """Note that the command begins: None, or what was noted under its key before."""
        table = idempotency_keys
        async with self._database.begin() as connection:
            await connection.execute(_expired(now))
            found = (
                await connection.execute(sa.select(table).where(_is(command)))
            ).one_or_none()
            if found is not None:
                return _begun(found, command)
            row = {
                "caller": command.caller,
                "key": command.key_hash,
                "fingerprint": command.fingerprint,
                "begun_at": now,
            }
            await connection.execute(sa.insert(table).values(row))
        return None

    async def keep(self, command: Command, answer: Answer) -> None:
        """Keep what the command was answered."""
        values = {
            "status": answer.status,
            "media_type": answer.media_type,
            "body": command.sealed(answer.body),
        }
        statement = sa.update(idempotency_keys).where(_is(command)).values(values)
        async with self._database.begin() as connection:
            await connection.execute(statement)

    async def forget(self, command: Command) -> None:
        """The command was not carried out: it may come again."""
        async with self._database.begin() as connection:
            await connection.execute(sa.delete(idempotency_keys).where(_is(command)))

    async def expire(self, now: datetime) -> None:
        """Remove what is older than it may be."""
        async with self._database.begin() as connection:
            await connection.execute(_expired(now))


def _is(command: Command) -> sa.ColumnElement[bool]:
    table = idempotency_keys
    return (table.c.caller == command.caller) & (table.c.key == command.key_hash)


def _expired(now: datetime) -> sa.Delete:
    table = idempotency_keys
    return sa.delete(table).where(table.c.begun_at < now - KEPT_FOR)


def _begun(row: sa.Row[tuple[object, ...]], command: Command) -> Begun:
    found = row._mapping
    if found["status"] is None:
        return Begun(fingerprint=found["fingerprint"], answer=None)
    answer = Answer(
        status=found["status"],
        media_type=found["media_type"],
        body=command.opened(found["body"]),
    )
    return Begun(fingerprint=found["fingerprint"], answer=answer)
