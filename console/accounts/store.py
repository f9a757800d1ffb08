"""What is kept of accounts: themselves, their sessions and tokens, failures to log in."""

import asyncio
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    Select,
    String,
    Table,
    UniqueConstraint,
    delete,
    exists,
    func,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.people.store import people
from config.database import Database, UtcTime, metadata
from console.accounts.account import Account, AccountUnknown, ApiToken, Role
from console.accounts.lock_out import Bound, Failures, failed

accounts = Table(
    "accounts",
    metadata,
    Column("name", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("person_id", String, nullable=False),
    Column("password_hash", String, nullable=False),
    Column("totp_sealed", String, nullable=False, server_default=""),
    Column("totp_last_step", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcTime, nullable=False),
    Column("disabled_at", UtcTime),
)

sessions = Table(
    "console_sessions",
    metadata,
    Column("id_hash", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("began_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("code_wanted", Boolean, nullable=False),
    Index("ix_console_sessions_account", "account"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", String, primary_key=True),
    Column("secret_hash", String, nullable=False),
    Column("title", String, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("person_id", String, nullable=False),
    Column("created_by", String, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("revoked_at", UtcTime),
    UniqueConstraint("secret_hash"),
)

log_in_failures = Table(
    "log_in_failures",
    metadata,
    Column("key", String, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    Column("locked_until", UtcTime),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What an account is checked with."""

    password_hash: str
    totp_sealed: str
    totp_last_step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSession:
    """A session and the account that it belongs to."""

    account: Account
    began_at: datetime
    seen_at: datetime
    code_wanted: bool


class AccountStore:
    """Reads and writes all of it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._news = asyncio.Event()

    @property
    def news(self) -> asyncio.Event:
        """Is set when the next session or token is taken away by this process."""
        return self._news

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    # Accounts

    async def all(self) -> list[Account]:
        """Every account, by name."""
        async with self._database.read() as connection:
            rows = await connection.execute(_all_accounts().order_by(accounts.c.name))
            return [_account(row._asdict()) for row in rows]

    async def find(self, name: str) -> tuple[Account, Secrets] | None:
        """An account and what it is checked with."""
        query = _all_accounts().where(accounts.c.name == name)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return (_account(row._asdict()), _secrets(row._asdict())) if row else None

    async def add(self, account: Account, password_hash: str) -> bool:
        """Add an account; false when the name is taken."""
        line = insert(accounts).values(
            name=account.name,
            role=account.role.value,
            person_id=account.person_id,
            password_hash=password_hash,
            created_at=account.created_at,
        )
        async with self._database.begin() as connection:
            made = await connection.execute(line.on_conflict_do_nothing())
            return made.rowcount == 1

    async def change(self, name: str, *, but: str = "", **values: Any) -> Account:
        """Set some of an account's columns; its sessions end `but` one. `AccountUnknown`."""
        others = (sessions.c.account == name, sessions.c.id_hash != but)
        async with self._database.begin() as connection:
            await _set(connection, name, values)
            await connection.execute(delete(sessions).where(*others))
            query = _all_accounts().where(accounts.c.name == name)
            changed = _account((await connection.execute(query)).one()._asdict())
        self._tell()
        return changed

    async def use_step(self, name: str, step: int) -> bool:
        """Use a step of the second factor up; false when another log-in did."""
        fresh = (accounts.c.name == name, accounts.c.totp_last_step < step)
        line = update(accounts).where(*fresh).values(totp_last_step=step)
        async with self._database.begin() as connection:
            return (await connection.execute(line)).rowcount == 1

    async def administrators(self) -> set[str]:
        """The accounts that can manage accounts."""
        query = select(accounts.c.name).where(
            accounts.c.role == Role.ADMINISTRATOR.value,
            accounts.c.disabled_at.is_(None),
            _works_here(accounts.c.person_id),
        )
        async with self._database.read() as connection:
            return set(await connection.scalars(query))

    async def has_person(self, person_id: str) -> bool:
        """Whether the people table has somebody."""
        there = (people.c.id == person_id, people.c.removed_at.is_(None))
        async with self._database.read() as connection:
            return bool(await connection.scalar(select(exists().where(*there))))

    # Sessions

    async def begin_session(
        self, id_hash: str, account: str, now: datetime, *, code_wanted: bool
    ) -> None:
        """Keep a new session."""
        line = insert(sessions).values(
            id_hash=id_hash,
            account=account,
            began_at=now,
            seen_at=now,
            code_wanted=code_wanted,
        )
        async with self._database.begin() as connection:
            await connection.execute(line)

    async def session(self, id_hash: str) -> KeptSession | None:
        """A session of an account that is not disabled, and whose person works here."""
        both = sessions.join(accounts, accounts.c.name == sessions.c.account)
        works_here = _works_here(accounts.c.person_id).label("works_here")
        query = select(sessions, accounts, works_here).select_from(both)
        query = query.where(
            sessions.c.id_hash == id_hash,
            accounts.c.disabled_at.is_(None),
            _works_here(accounts.c.person_id),
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        if row is None:
            return None
        return KeptSession(
            account=_account(dict(row)),
            began_at=row["began_at"],
            seen_at=row["seen_at"],
            code_wanted=row["code_wanted"],
        )

    async def seen(self, id_hash: str, now: datetime) -> None:
        """A session is used."""
        line = update(sessions).where(sessions.c.id_hash == id_hash)
        async with self._database.begin() as connection:
            await connection.execute(line.values(seen_at=now))

    async def end_session(self, id_hash: str) -> None:
        """A session is no more."""
        async with self._database.begin() as connection:
            await connection.execute(
                delete(sessions).where(sessions.c.id_hash == id_hash)
            )
        self._tell()

    async def forget_sessions(self, seen_before: datetime) -> None:
        """Sessions that were not used for long are no more."""
        async with self._database.begin() as connection:
            await connection.execute(
                delete(sessions).where(sessions.c.seen_at < seen_before)
            )

    async def entries(
        self, now: datetime, *, seen_after: datetime, began_after: datetime
    ) -> frozenset[str]:
        """The hashes of all sessions and tokens that open something."""
        both = sessions.join(accounts, accounts.c.name == sessions.c.account)
        in_use = select(sessions.c.id_hash).select_from(both)
        in_use = in_use.where(
            sessions.c.seen_at >= seen_after,
            sessions.c.began_at >= began_after,
            sessions.c.code_wanted.is_(False),
            accounts.c.disabled_at.is_(None),
            _works_here(accounts.c.person_id),
        )
        good = select(api_tokens.c.secret_hash).where(
            api_tokens.c.revoked_at.is_(None),
            or_(api_tokens.c.expires_at.is_(None), api_tokens.c.expires_at >= now),
            _works_here(api_tokens.c.person_id),
        )
        async with self._database.read() as connection:
            return frozenset(await connection.scalars(union_all(in_use, good)))

    # Tokens

    async def add_token(self, token: ApiToken, secret_hash: str) -> None:
        """Keep a new token."""
        values = asdict(token) | {"scopes": list(token.scopes)}
        async with self._database.begin() as connection:
            await connection.execute(
                insert(api_tokens).values(values | {"secret_hash": secret_hash})
            )

    async def tokens(self) -> list[ApiToken]:
        """Every token, the newest first."""
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(api_tokens).order_by(api_tokens.c.id.desc())
            )
            return [_token(row._asdict()) for row in rows]

    async def token_of(self, secret_hash: str) -> ApiToken | None:
        """The token with a secret, unless its person works here no more."""
        query = select(api_tokens).where(
            api_tokens.c.secret_hash == secret_hash,
            _works_here(api_tokens.c.person_id),
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return _token(row._asdict()) if row else None

    async def revoke(self, token_id: str, now: datetime) -> ApiToken:
        """A token opens nothing more. `AccountUnknown`."""
        line = update(api_tokens).where(api_tokens.c.id == token_id)
        first = func.coalesce(api_tokens.c.revoked_at, now)
        async with self._database.begin() as connection:
            await connection.execute(line.values(revoked_at=first))
            query = select(api_tokens).where(api_tokens.c.id == token_id)
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise AccountUnknown(f"There is no token {token_id!r}.")
        self._tell()
        return _token(row._asdict())

    # Failures

    async def failures(self, key: str) -> Failures | None:
        """What is known of an account's or peer's failures."""
        async with self._database.read() as connection:
            return await _failures(connection, key)

    async def note_failure(self, key: str, now: datetime, bound: Bound) -> Failures:
        """One more failure; what is known then."""
        async with self._database.begin() as connection:
            after = failed(await _failures(connection, key), now, bound)
            values = asdict(after)
            line = insert(log_in_failures).values(key=key, **values)
            await connection.execute(line.on_conflict_do_update(set_=values))
        return after

    async def forget_failures(self, *keys: str, before: datetime | None = None) -> None:
        """Who logged in has no failures; nor has anybody whose last one is long ago."""
        which: list[ColumnElement[bool]] = [log_in_failures.c.key.in_(keys)]
        if before is not None:
            which.append(log_in_failures.c.last_at < before)
        async with self._database.begin() as connection:
            await connection.execute(delete(log_in_failures).where(or_(*which)))


def _works_here(person_id: Column[Any]) -> ColumnElement[bool]:
    """Whether the people table still has the person; also true when none is named."""
    there = (people.c.id == person_id, people.c.removed_at.is_(None))
    return or_(person_id == "", exists().where(*there))


def _all_accounts() -> Select[Any]:
    works_here = _works_here(accounts.c.person_id).label("works_here")
    return select(accounts, works_here)


async def _set(connection: AsyncConnection, name: str, values: dict[str, Any]) -> None:
    line = update(accounts).where(accounts.c.name == name).values(values)
    if (await connection.execute(line)).rowcount != 1:
        raise AccountUnknown(f"There is no account {name!r}.")


async def _failures(connection: AsyncConnection, key: str) -> Failures | None:
    query = select(log_in_failures).where(log_in_failures.c.key == key)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    return Failures(**{n: v for n, v in row._asdict().items() if n != "key"})


def _account(row: dict[str, Any]) -> Account:
    return Account(
        name=row["name"],
        role=Role(row["role"]),
        person_id=row["person_id"],
        second_factor=bool(row["totp_sealed"]),
        created_at=row["created_at"],
        disabled_at=row["disabled_at"],
        works_here=row["works_here"],
    )


def _secrets(row: dict[str, Any]) -> Secrets:
    return Secrets(
        password_hash=row["password_hash"],
        totp_sealed=row["totp_sealed"],
        totp_last_step=row["totp_last_step"],
    )


def _token(row: dict[str, Any]) -> ApiToken:
    return ApiToken(
        id=row["id"],
        title=row["title"],
        scopes=tuple(row["scopes"]),
        person_id=row["person_id"],
        created_by=row["created_by"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
    )
