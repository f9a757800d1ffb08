"""Links that log somebody in once, for a person who sits at this very machine.

They are kept in memory by their hash: a restart forgets them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from secrets import token_urlsafe
from urllib.parse import urlsplit

from console.accounts.signing import hashed

MOST_LINKS = 100
SECRET_BYTES = 18
"""Short enough for a line of a terminal, and hopeless to guess."""
FORWARDED = frozenset({"forwarded", "x-forwarded-for", "x-real-ip"})
"""What proxies add: who comes through one sits elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogInLink:
    """A link as its maker gets it: where it leads on this host, and until when."""

    path: str
    expires_at: datetime


class LogInLinks:
    """The links that were made and not used yet."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._links: dict[str, tuple[str, datetime]] = {}

    def make(self, account: str, valid: timedelta) -> LogInLink:
        """A link for an account; the oldest goes when there are too many."""
        secret, expires_at = token_urlsafe(SECRET_BYTES), self._now() + valid
        self._links[hashed(secret)] = (account, expires_at)
        while len(self._links) > MOST_LINKS:
            del self._links[next(iter(self._links))]
        return LogInLink(path=f"/log-in/link?key={secret}", expires_at=expires_at)

    def use(self, secret: str) -> str:
        """Use a link up; the account's name, "" when it opens nothing (any more)."""
        account, expires_at = self._links.pop(hashed(secret), ("", self._now()))
        return account if self._now() < expires_at else ""


def sits_here(peer: str, headers: Mapping[str, str]) -> bool:
    """Whether a browser runs on this machine, and speaks with us directly."""
    through_a_proxy = FORWARDED & {name.lower() for name in headers}
    host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    return not through_a_proxy and _is_loopback(peer) and _is_loopback(host)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
