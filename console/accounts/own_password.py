"""A password that somebody changes himself: he shows the old one first."""

from console.accounts.account import (
    Account,
    AccountError,
    Identity,
    NoAccount,
    PasswordRefused,
)
from console.accounts.locks import Locks
from console.accounts.passwords import LONGEST, Passwords, check_password
from console.accounts.store import AccountStore, Secrets
from console.words import N_


class PasswordWrong(AccountError):
    """The password that was shown is not the account's."""

    error_id = "password_wrong"


class OwnPassword:
    """Changes passwords of those who ask for their own; a wrong old one is a failure to log in."""

    def __init__(self, store: AccountStore, passwords: Passwords, locks: Locks) -> None:
        self._store, self._passwords, self._locks = store, passwords, locks

    async def change(
        self, identity: Identity, old: str, new: str, peer: str
    ) -> Account:
        """Another password from now on; his other sessions end.

        `PasswordWrong`, `LockedOut`, `PasswordRefused`, `NoAccount`, `TooBusy`.
        """
        account, secrets = await self._found(identity)
        await self._locks.check(account.name, peer)
        if not await self._passwords.match(secrets.password_hash, old[: LONGEST + 1]):
            await self._locks.failed(account.name, peer)
            raise PasswordWrong(N_("The old password is wrong."))
        await self._locks.forgive(account.name)
        if new == old:
            raise PasswordRefused(N_("The new password is the old one."))
        check_password(new, account.name)
        kept = await self._passwords.hashed(new)
        return await self._store.change(
            account.name, but=identity.entry, password_hash=kept
        )

    async def _found(self, identity: Identity) -> tuple[Account, Secrets]:
        found = await self._store.find(identity.account) if identity.account else None
        if found is None:
            raise NoAccount(N_("Only who logs in with an account has a password."))
        return found
