"""The mark of a test call: a SIP header that only who has the key can make.

The hotline answers such a call as any other, and counts and records it as none. So
nobody else may be able to mark his.
"""

import hashlib
import hmac
import re
import secrets
from datetime import datetime

HEADER = "X-Hotline-Test-Call"
LIFE_SECONDS = 60
"""A mark is good for so long; the clocks of two machines may differ by as much."""
_FORM = re.compile(
    r"(?P<signed>(?P<at>\d{1,12})\.[0-9a-f]{32})\.(?P<proof>[0-9a-f]{64})"
)


def make_mark(key: bytes, now: datetime) -> str:
    """The header's value for one call that is placed now."""
    signed = f"{int(now.timestamp())}.{secrets.token_hex(16)}"
    return f"{signed}.{_proof(key, signed)}"


class Marks:
    """Tells true marks from others; each counts once."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._seen: dict[str, int] = {}

    def take(self, mark: str, now: datetime) -> bool:
        """Whether a call with this mark is a test call; false for the same mark again."""
        found = _FORM.fullmatch(mark)
        if not found or not hmac.compare_digest(
            found["proof"], _proof(self._key, found["signed"])
        ):
            return False
        moment, at = int(now.timestamp()), int(found["at"])
        self._forget(moment)
        if abs(moment - at) > LIFE_SECONDS or found["signed"] in self._seen:
            return False
        self._seen[found["signed"]] = at
        return True

    def _forget(self, moment: int) -> None:
        old = [mark for mark, at in self._seen.items() if moment - at > LIFE_SECONDS]
        for mark in old:
            del self._seen[mark]


def _proof(key: bytes, signed: str) -> str:
    return hmac.new(key, signed.encode(), hashlib.sha256).hexdigest()
