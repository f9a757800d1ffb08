"""What the console signs with its key: session cookies, and the tokens against CSRF."""

import hashlib
import hmac
import secrets

ID_BYTES = 32


class Signer:
    """Signs with one key of 32 bytes; each purpose has a key of its own."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def cookie(self, session_id: str) -> str:
        """The cookie of a session."""
        return f"{session_id}.{self._sign('session', session_id)}"

    def session_id(self, cookie: str) -> str:
        """The session's id of a cookie that we signed; else ""."""
        session_id, _, signature = cookie.rpartition(".")
        right = self._sign("session", session_id)
        return session_id if _same(signature, right) else ""

    def csrf(self, session_id: str) -> str:
        """What a session's unsafe requests must carry beside the cookie."""
        return self._sign("csrf", session_id)

    def _sign(self, purpose: str, text: str) -> str:
        message = f"{purpose}:{text}".encode()
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()


def new_id() -> str:
    """A secret that nobody guesses."""
    return secrets.token_urlsafe(ID_BYTES)


def hashed(secret: str) -> str:
    """A long random secret as it is kept: whoever reads it cannot use it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
