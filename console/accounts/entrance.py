"""The way in: log in with password and code, go on with a cookie or token, log out."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NoReturn

from console.accounts.account import (
    ROLE_NAMES,
    Account,
    AccountError,
    AccountUnknown,
    Identity,
    Role,
    Way,
)
from console.accounts.locks import Locks
from console.accounts.log_in_links import LogInLink, LogInLinks
from console.accounts.passwords import LONGEST, Passwords
from console.accounts.second_factor import SecretSeal, step_of
from console.accounts.signing import Signer, hashed, new_id
from console.accounts.store import AccountStore, KeptSession, Secrets
from console.audit.trail import AuditTrail
from console.words import N_

TOKEN_BEGINS = "hl_"
CODE_TIME = timedelta(minutes=5)
SEEN_EVERY = timedelta(minutes=1)
LONGEST_NAME = 40


class LogInRefused(AccountError):
    """Name, password or code is wrong; it does not say which."""

    error_id = "log_in_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a session lasts: unused, and at most."""

    idle: timedelta = timedelta(minutes=60)
    whole: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A new session's cookie; with `code_wanted` it opens nothing but the code's page."""

    cookie: str
    account: Account
    code_wanted: bool


class Entrance:
    """Lets people and programs in. Each log-in makes a new session with a new id."""

    def __init__(
        self,
        store: AccountStore,
        passwords: Passwords,
        trail: AuditTrail,
        key: bytes,
        now: Callable[[], datetime],
        limits: Limits | None = None,
    ) -> None:
        self._store, self._passwords, self._trail = store, passwords, trail
        self._signer, self._seal = Signer(key), SecretSeal(key)
        self._now, self._limits = now, limits or Limits()
        self._links, self._locks = LogInLinks(now), Locks(store, now)

    async def log_in(self, name: str, password: str, peer: str) -> Opened:
        """A session for the right password. `LogInRefused`, `LockedOut`, `TooBusy`."""
        name = name.strip().lower()[:LONGEST_NAME]
        await self._locks.check(name, peer)
        found = await self._store.find(name)
        able = found is not None and await self._may_enter(found[0])
        kept = found[1].password_hash if found and able else ""
        right = await self._passwords.match(kept, password[: LONGEST + 1])
        if not (found and right):
            await self._failed(name, peer, "refused")
        account, _ = found
        if account.second_factor:
            return await self._open(account, code_wanted=True)
        return await self._let_in(account, peer)

    async def give_code(self, cookie: str, code: str, peer: str) -> Opened:
        """A whole session for the right code, with a new id. `LogInRefused`, `LockedOut`."""
        id_hash = hashed(self._signer.session_id(cookie))
        session = await self._store.session(id_hash)
        if session is None or not session.code_wanted or self._code_late(session):
            raise LogInRefused(N_("Log in again: the password was given too long ago."))
        account = session.account
        await self._locks.check(account.name, peer)
        if not await self._code_is_right(account.name, code):
            await self._failed(account.name, peer, "code_refused")
        await self._store.end_session(id_hash)
        return await self._let_in(account, peer)

    async def make_link(self, name: str, valid: timedelta) -> LogInLink:
        """A link that logs an account in once. `AccountUnknown`."""
        if await self._store.find(name) is None:
            raise AccountUnknown(f"There is no account {name!r}.")
        return self._links.make(name, valid)

    async def follow_link(self, secret: str, peer: str) -> Opened:
        """A session for a link of ours, which is used up by it. `LogInRefused`."""
        found = await self._store.find(self._links.use(secret))
        if found is None or not await self._may_enter(found[0]):
            words = N_("This link was used already, or its time is over.")
            raise LogInRefused(words)
        account, _ = found
        if account.second_factor:
            return await self._open(account, code_wanted=True)
        return await self._let_in(account, peer)

    async def by_cookie(self, cookie: str) -> Identity | None:
        """Whose cookie it is; None when his session is over."""
        session_id = self._signer.session_id(cookie)
        if not session_id:
            return None
        session = await self._store.session(hashed(session_id))
        if session is None or session.code_wanted or self._is_over(session):
            return None
        if self._now() - session.seen_at >= SEEN_EVERY:
            await self._store.seen(hashed(session_id), self._now())
        csrf = self._signer.csrf(session_id)
        return replace(_identity(session.account), csrf=csrf, entry=hashed(session_id))

    async def by_token(self, secret: str) -> Identity | None:
        """Whose API token it is; None when it opens nothing (any more)."""
        if not secret.startswith(TOKEN_BEGINS):
            return None
        token = await self._store.token_of(hashed(secret))
        now = self._now()
        if token is None or token.revoked_at or (token.expires_at or now) < now:
            return None
        roles = frozenset(Role(scope) for scope in token.scopes if scope in ROLE_NAMES)
        return Identity(
            name=f"token:{token.id}",
            way=Way.TOKEN,
            roles=roles,
            operations=frozenset(token.scopes) - ROLE_NAMES,
            person_id=token.person_id,
            entry=hashed(secret),
        )

    async def entries(self) -> frozenset[str]:
        """By what every session and token is known that opens something now."""
        now = self._now()
        return await self._store.entries(
            now,
            seen_after=now - self._limits.idle,
            began_after=now - self._limits.whole,
        )

    @property
    def news(self) -> asyncio.Event:
        """Is set when the next session or token may have been taken away."""
        return self._store.news

    async def log_out(self, cookie: str, identity: Identity, peer: str) -> None:
        """End the session."""
        await self._store.end_session(hashed(self._signer.session_id(cookie)))
        await self._trail.note(
            identity, peer=peer, operation="log_out", result="logged_out"
        )

    async def _let_in(self, account: Account, peer: str) -> Opened:
        now = self._now()
        await self._locks.forgive(account.name)
        await self._store.forget_sessions(now - self._limits.whole)
        opened = await self._open(account, code_wanted=False)
        who = _identity(account)
        await self._trail.note(who, peer=peer, operation="log_in", result="logged_in")
        return opened

    async def _may_enter(self, account: Account) -> bool:
        """Not when it is disabled, nor when its person works here no more."""
        person = account.person_id
        works_here = not person or await self._store.has_person(person)
        return works_here and account.disabled_at is None

    async def _open(self, account: Account, *, code_wanted: bool) -> Opened:
        session_id = new_id()
        await self._store.begin_session(
            hashed(session_id), account.name, self._now(), code_wanted=code_wanted
        )
        return Opened(
            cookie=self._signer.cookie(session_id),
            account=account,
            code_wanted=code_wanted,
        )

    async def _code_is_right(self, name: str, code: str) -> bool:
        found = await self._store.find(name)
        if found is None or not (secret := self._secret(name, found[1])):
            return False
        step = step_of(secret, code, self._now(), found[1].totp_last_step)
        return step is not None and await self._store.use_step(name, step)

    def _secret(self, name: str, kept: Secrets) -> str:
        return self._seal.open(kept.totp_sealed, name)

    async def _failed(self, name: str, peer: str, result: str) -> NoReturn:
        """Count it, tell the audit trail, and refuse."""
        locked = await self._locks.failed(name, peer)
        words = "locked_out" if locked else result
        await self._trail.note(
            None, peer=peer, operation="log_in", result=words, name=name
        )
        raise LogInRefused(N_("Name, password or code is wrong."))

    def _code_late(self, session: KeptSession) -> bool:
        return self._now() - session.began_at > CODE_TIME

    def _is_over(self, session: KeptSession) -> bool:
        now = self._now()
        idle = now - session.seen_at > self._limits.idle
        return idle or now - session.began_at > self._limits.whole


def _identity(account: Account) -> Identity:
    return Identity(
        name=account.name,
        way=Way.SESSION,
        roles=frozenset({account.role}),
        person_id=account.person_id,
    )
