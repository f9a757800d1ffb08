"""A second factor that somebody sets up himself: it counts once a code has proved it.

Nothing is kept meanwhile. The secret travels sealed, for this account and a few minutes,
with the form that asks for the code.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.accounts.account import (
    Account,
    CodeRefused,
    Identity,
    NoAccount,
    SecondFactorThere,
)
from console.accounts.second_factor import SecretSeal, address, new_secret, step_of
from console.accounts.store import AccountStore
from console.words import N_

PENDING_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What an authenticator reads, its `secret` as text, and both sealed as `pending`."""

    address: str
    secret: str
    pending: str


class Enrolling:
    """Sets second factors up for those who ask for their own."""

    def __init__(
        self, store: AccountStore, key: bytes, now: Callable[[], datetime]
    ) -> None:
        self._store, self._seal, self._now = store, SecretSeal(key), now

    async def account(self, identity: Identity) -> Account:
        """The account of who asks. `NoAccount`."""
        found = await self._store.find(identity.account) if identity.account else None
        if found is None:
            raise NoAccount(N_("Only who logs in with an account has a second factor."))
        return found[0]

    async def begin(self, identity: Identity) -> Enrolment:
        """A new secret for his authenticator. `SecondFactorThere`, `NoAccount`."""
        account = await self.account(identity)
        _check_none(account)
        kept = f"{new_secret()} {int(self._now().timestamp())}"
        return self.again(identity, self._seal.close(kept, _place(account.name)))

    def again(self, identity: Identity, pending: str) -> Enrolment:
        """What was begun. `CodeRefused` when it is too old, or was not begun here."""
        secret = self._secret(identity.account, pending)
        read = address(secret, identity.account)
        return Enrolment(address=read, secret=secret, pending=pending)

    async def confirm(self, identity: Identity, pending: str, code: str) -> Account:
        """Ask him for a code from now on; his other sessions end.

        `CodeRefused`, `SecondFactorThere`, `NoAccount`.
        """
        account = await self.account(identity)
        _check_none(account)
        step = step_of(self._secret(account.name, pending), code, self._now(), 0)
        if step is None:
            raise CodeRefused(N_("This is not the code that the authenticator shows."))
        closed = self._seal.close(self._secret(account.name, pending), account.name)
        return await self._store.change(
            account.name, but=identity.entry, totp_sealed=closed, totp_last_step=step
        )

    def _secret(self, name: str, pending: str) -> str:
        secret, _, began = self._seal.open(pending, _place(name)).partition(" ")
        oldest = (self._now() - PENDING_FOR).timestamp()
        if not secret or int(began) < oldest:
            raise CodeRefused(N_("This took too long; begin again."))
        return secret


def _place(name: str) -> str:
    return f"{name}:pending"


def _check_none(account: Account) -> None:
    if account.second_factor:
        raise SecondFactorThere(
            N_("A code is asked for already; an administrator can take it away.")
        )
