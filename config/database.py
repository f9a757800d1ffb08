"""The database: one MetaData, one engine, units of work.

Modules named `store.py` or `archive.py` define their tables on `metadata` and talk to
the database through `Database.begin()` and `Database.read()`. Migrations are written
by hand, in `config/migrations/versions`.
"""

import asyncio
import logging
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiosqlite
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, DateTime, Dialect, MetaData, event, make_url
from sqlalchemy import exc as sql_errors
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator

from config.sqlite_visits import opened

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# The driver logs every statement with its values, phone numbers among them.
logging.getLogger("aiosqlite").setLevel(logging.INFO)

Visit = AsyncConnection
"""A transaction as those see it who pass it on to a store, and speak no SQL themselves."""

BUSY_SECONDS = 5.0
MIGRATIONS = Path(__file__).parent / "migrations"


class DatabaseError(Exception):
    """The database cannot be used; the message says why and what to do."""


class DatabaseUnavailable(DatabaseError):
    """It cannot be used now: locked, disk full or broken. The same may work later."""


class StatementRejected(DatabaseError):
    """What was to be written breaks the schema's rules; it will never work."""


class UtcTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC with microseconds so that it sorts as text."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Refuse a naive time; keep UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone cannot be kept")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Give back aware UTC."""
        return value.replace(tzinfo=UTC) if value else None


class Database:
    """The engine as an async context manager; entering it migrates to the newest schema.

    With `read_only` nothing is created, migrated or written, and a database that is
    missing or of another version is refused. `DatabaseError` says what to do.
    """

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        self.url = url
        self._read_only = read_only
        self._engine: AsyncEngine | None = None
        # SQLite lets waiting writers poll, in no order, on a connection each.
        self._writing = asyncio.Lock() if url.startswith("sqlite") else nullcontext()

    async def __aenter__(self) -> Self:
        _prepare_file(self.url, read_only=self._read_only)
        self._engine = create_async_engine(
            self.url,
            async_creator=self._connection,
            hide_parameters=True,  # they hold phone numbers, and errors are logged
        )
        event.listen(self._engine.sync_engine, "connect", _set_up_connection)
        event.listen(self._engine.sync_engine, "begin", _begin)
        event.listen(self._engine.sync_engine, "invalidate", _roll_back)
        try:
            await self._check_schema()
        except BaseException:
            await self._engine.dispose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._engine:
            await self._engine.dispose()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that may write: committed at the end, undone on an error.

        Writers of this process take turns. For one of another process it waits up to
        `BUSY_SECONDS` at its start, never later.
        """
        with _translated(self.url):
            async with self._writing, self._open().begin() as connection:
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """One consistent view for reading; it neither waits for writers nor stops them."""
        engine = self._open().execution_options(sqlite_begin="BEGIN")
        with _translated(self.url):
            async with engine.connect() as connection:
                yield connection

    async def _connection(self) -> aiosqlite.Connection:
        file = make_url(self.url).database or ":memory:"
        return await opened(file, busy_seconds=BUSY_SECONDS)

    def _open(self) -> AsyncEngine:
        assert self._engine is not None, "the database is used before it is entered"
        return self._engine

    async def _check_schema(self) -> None:
        unit = self.read if self._read_only else self.begin
        step = _require_head if self._read_only else _migrate
        async with unit() as connection:
            await connection.run_sync(step)


@contextmanager
def _translated(url: str) -> Iterator[None]:
    """Raise what the driver says as an error of this module."""
    try:
        yield
    except (
        sql_errors.IntegrityError,
        sql_errors.DataError,
        sql_errors.ProgrammingError,
        sql_errors.InterfaceError,
    ) as error:
        raise StatementRejected(f"the database refuses: {error.orig}") from error
    except (sql_errors.DBAPIError, sql_errors.TimeoutError) as error:
        reason = getattr(error, "orig", None) or "no connection is free"
        raise DatabaseUnavailable(
            f"The database {make_url(url).database} cannot be used: {reason}. "
            "Check that it is a hotline database, that its disk has free space, "
            "and that no other program holds it."
        ) from error
    except sql_errors.StatementError as error:
        raise StatementRejected(f"the database refuses: {error.orig}") from error


def _prepare_file(url: str, *, read_only: bool) -> None:
    """Make the file readable by its owner only; SQLite gives its WAL the same mode."""
    name = make_url(url).database
    if not url.startswith("sqlite") or not name or name == ":memory:":
        return
    file = Path(name)
    if read_only and not file.exists():
        raise DatabaseError(
            f"There is no database at {file} yet: it is made by the first `hotline run`. "
            "Check data_dir under [hotline], or url under [database], in hotline.toml."
        )
    if not file.exists():
        _create(file)


def _create(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise DatabaseError(
            f"The database {file} cannot be made: {error.strerror}. "
            "Give the service a data_dir that it can write."
        ) from error


def _set_up_connection(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer that begins by reading would fail at its first write when another one
    # was faster; asking for the write lock at once makes it wait instead.
    options = connection.get_execution_options()
    connection.exec_driver_sql(str(options.get("sqlite_begin", "BEGIN IMMEDIATE")))


def _roll_back(connection: Any, _record: Any, _error: BaseException | None) -> None:
    # A cancelled statement lets SQLite close only when its cursor is collected: until
    # then the write lock would be held, and nobody could write.
    with suppress(sqlite3.Error):
        connection.rollback()


def _alembic(migrations: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    return config


@cache
def _known(migrations: Path) -> tuple[str, ...]:
    """Every revision there is, the newest first; reading them takes a while."""
    scripts = ScriptDirectory.from_config(_alembic(migrations))
    return tuple(script.revision for script in scripts.walk_revisions())


def _migrate(connection: Connection) -> None:
    """Bring the schema to head inside the connection's one transaction."""
    if _current_revision(connection) == _known(MIGRATIONS)[0]:
        return
    config = _alembic(MIGRATIONS)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _require_head(connection: Connection) -> None:
    if _current_revision(connection) != _known(MIGRATIONS)[0]:
        raise DatabaseError(
            "The database is of an older version; `hotline run` brings it up to date."
        )


def _current_revision(connection: Connection) -> str | None:
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision and revision not in _known(MIGRATIONS):
        raise DatabaseError(
            f"The database is newer than this program (schema {revision}). "
            "Install the version that made it, or put a backup in its place."
        )
    return revision
