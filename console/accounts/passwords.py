"""Passwords at rest: argon2id, hashed and compared in a thread, a few at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from console.accounts.account import AccountError, PasswordRefused
from console.words import N_

SHORTEST, LONGEST = 10, 200
FEWEST_KINDS = 4
MOST_WAITING = 16


class TooBusy(AccountError):
    """Many log in at once; each comparison costs memory and time."""

    error_id = "too_busy"


class Passwords:
    """Makes hashes and compares with them (RFC 9106: 3 passes over 64 MiB).

    One at a time, so that many tries cannot take the machine from the calls.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(
            time_cost=3, memory_cost=65536, parallelism=1
        )
        self._turn, self._waiting = asyncio.Lock(), 0
        self._nobodys = ""

    async def hashed(self, password: str) -> str:
        """What to keep of a password."""
        async with self._in_turn():
            return await asyncio.to_thread(self._hasher.hash, password)

    async def match(self, kept: str, password: str) -> bool:
        """Whether it is the password; "" kept takes as long, and never matches."""
        async with self._in_turn():
            return await asyncio.to_thread(self._match, kept, password)

    def _match(self, kept: str, password: str) -> bool:
        if not self._nobodys:
            self._nobodys = self._hasher.hash("the password of nobody")
        try:
            return self._hasher.verify(kept or self._nobodys, password) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False

    @asynccontextmanager
    async def _in_turn(self) -> AsyncIterator[None]:
        if self._waiting >= MOST_WAITING:
            raise TooBusy(N_("Many people log in now; try again in a moment."))
        self._waiting += 1
        try:
            async with self._turn:
                yield
        finally:
            self._waiting -= 1


def check_password(password: str, name: str) -> None:
    """Refuse what is guessed soon: `PasswordRefused` (NIST SP 800-63B, 3.1.1)."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordRefused(
            N_("A password has 10 to 200 characters; a few words are good.")
        )
    if len(set(password)) < FEWEST_KINDS or name.lower() in password.lower():
        raise PasswordRefused(
            N_(
                "The password is guessed at once: it holds the account's name, or the "
                "same few characters. Take a few words."
            )
        )
