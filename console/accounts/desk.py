"""Management of accounts and tokens: what an administrator does."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from ulid import ULID

from console.accounts import second_factor
from console.accounts.account import (
    ROLE_NAMES,
    Account,
    AccountError,
    AccountExists,
    AccountUnknown,
    ApiToken,
    LastAdministrator,
    PersonNotThere,
    Role,
)
from console.accounts.entrance import TOKEN_BEGINS
from console.accounts.passwords import Passwords, check_password
from console.accounts.second_factor import SecretSeal
from console.accounts.signing import hashed, new_id
from console.accounts.store import AccountStore
from console.words import N_

NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")


class NameRefused(AccountError):
    """The name cannot be an account's."""

    error_id = "account_name_refused"


class ScopeUnknown(AccountError):
    """A token's scope is neither a role nor an operation."""

    error_id = "scope_unknown"


class AccountDesk:
    """Adds and changes accounts; what changes one ends its sessions."""

    def __init__(
        self,
        store: AccountStore,
        passwords: Passwords,
        key: bytes,
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._passwords = store, passwords
        self._seal, self._now = SecretSeal(key), now

    async def accounts(self) -> list[Account]:
        """Every account, by name."""
        return await self._store.all()

    async def account(self, name: str) -> Account:
        """One account. `AccountUnknown`."""
        if found := await self._store.find(name):
            return found[0]
        raise AccountUnknown(f"There is no account {name!r}.")

    async def add(
        self, name: str, role: Role, password: str, person_id: str = ""
    ) -> Account:
        """A new account. `AccountError` says what cannot be."""
        if not NAME.fullmatch(name):
            raise NameRefused(
                N_(
                    "An account's name has 2 to 40 small letters, digits, dots, dashes "
                    "or underscores, and begins with a letter."
                )
            )
        check_password(password, name)
        await self._check_person(person_id)
        account = Account(
            name=name,
            role=role,
            person_id=person_id,
            second_factor=False,
            created_at=self._now(),
            disabled_at=None,
        )
        if not await self._store.add(account, await self._passwords.hashed(password)):
            raise AccountExists(f"There is an account {name!r} already.")
        return account

    async def set_role(self, name: str, role: Role) -> Account:
        """What he may do from now on."""
        if role is not Role.ADMINISTRATOR:
            await self._check_another(name)
        return await self._store.change(name, role=role.value)

    async def set_person(self, name: str, person_id: str) -> Account:
        """Who of the people table he is; "" for nobody."""
        await self._check_person(person_id)
        return await self._store.change(name, person_id=person_id)

    async def set_password(self, name: str, password: str) -> Account:
        """A new password."""
        check_password(password, name)
        kept = await self._passwords.hashed(password)
        return await self._store.change(name, password_hash=kept)

    async def disable(self, name: str) -> Account:
        """He cannot log in any more."""
        await self._check_another(name)
        return await self._store.change(name, disabled_at=self._now())

    async def enable(self, name: str) -> Account:
        """He can log in again."""
        await self._store.forget_failures(f"account:{name}")
        return await self._store.change(name, disabled_at=None)

    async def add_second_factor(self, name: str) -> str:
        """Ask him for a code from now on; the address for his authenticator."""
        secret = second_factor.new_secret()
        closed = self._seal.close(secret, name)
        await self._store.change(name, totp_sealed=closed, totp_last_step=0)
        return second_factor.address(secret, name)

    async def remove_second_factor(self, name: str) -> Account:
        """Ask for no code."""
        return await self._store.change(name, totp_sealed="")

    async def tokens(self) -> list[ApiToken]:
        """Every token, the newest first."""
        return await self._store.tokens()

    async def add_token(
        self,
        title: str,
        scopes: Sequence[str],
        created_by: str,
        known: Sequence[str],
        *,
        person_id: str = "",
        days: int | None = None,
    ) -> tuple[ApiToken, str]:
        """A program's access, and its secret, which nobody can read again.

        `known` are the operations that a scope may name.
        """
        for scope in scopes:
            if scope not in ROLE_NAMES and scope not in known:
                raise ScopeUnknown(f"{scope!r} is neither a role nor an operation.")
        await self._check_person(person_id)
        now, secret = self._now(), TOKEN_BEGINS + new_id()
        token = ApiToken(
            id=str(ULID()),
            title=title,
            scopes=tuple(sorted(set(scopes))),
            person_id=person_id,
            created_by=created_by,
            created_at=now,
            expires_at=now + timedelta(days=days) if days else None,
            revoked_at=None,
        )
        await self._store.add_token(token, hashed(secret))
        return token, secret

    async def revoke_token(self, token_id: str) -> ApiToken:
        """It opens nothing more. `AccountUnknown`."""
        return await self._store.revoke(token_id, self._now())

    async def _check_another(self, name: str) -> None:
        if await self._store.administrators() == {name}:
            raise LastAdministrator(
                f"{name!r} is the last administrator; make another one first."
            )

    async def _check_person(self, person_id: str) -> None:
        if person_id and not await self._store.has_person(person_id):
            raise PersonNotThere(
                f"Nobody in the people table has the id {person_id!r}."
            )
