"""Failures of accounts and peers, counted at every door that asks for a secret."""

from collections.abc import Callable
from datetime import datetime

from console.accounts.account import AccountError
from console.accounts.lock_out import ACCOUNT, FORGOTTEN, PEER
from console.accounts.store import AccountStore


class LockedOut(AccountError):
    """Too many failures; the message says when tries count again."""

    error_id = "locked_out"

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(
            f"Too many failures to log in; try again in {wait_seconds} seconds."
        )
        self.wait_seconds = wait_seconds


class Locks:
    """Refuses tries while there are too many failures."""

    def __init__(self, store: AccountStore, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    async def check(self, name: str, peer: str) -> None:
        """`LockedOut` while no try of the account or the peer counts."""
        now = self._now()
        for key in (f"account:{name}", f"peer:{peer}"):
            failures = await self._store.failures(key)
            if failures and failures.locked(now):
                assert failures.locked_until is not None, "it is locked"
                wait = (failures.locked_until - now).total_seconds()
                raise LockedOut(max(1, round(wait)))

    async def failed(self, name: str, peer: str) -> bool:
        """One more failure; whether no try counts from now on."""
        now = self._now()
        of_account = await self._store.note_failure(f"account:{name}", now, ACCOUNT)
        of_peer = await self._store.note_failure(f"peer:{peer}", now, PEER)
        await self._store.forget_failures(before=now - 2 * FORGOTTEN)
        return of_account.locked(now) or of_peer.locked(now)

    async def forgive(self, name: str) -> None:
        """The account has shown its secret: its failures count no more."""
        await self._store.forget_failures(f"account:{name}")
