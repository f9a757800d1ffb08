"""What a key stands for, and how a command that came with it has gone so far.

Of a key only its hash is kept, and the answer sealed with the key itself: there may be
a secret in it, or a citizen's number, and whoever reads the database has no key.
"""

import hashlib
import os
from dataclasses import dataclass
from datetime import timedelta

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEPT_FOR = timedelta(hours=24)
NONCE_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command that a caller sent with a key; `fingerprint` tells it from any other."""

    caller: str
    key: str
    fingerprint: str

    @property
    def key_hash(self) -> str:
        """As which the key is kept."""
        return hashlib.sha256(f"key:{self.key}".encode()).hexdigest()

    def sealed(self, body: bytes) -> bytes:
        """A body that only who knows the key can read."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, body, self.caller.encode())

    def opened(self, sealed: bytes) -> bytes:
        """The body again."""
        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        return self._cipher.decrypt(nonce, rest, self.caller.encode())

    @property
    def _cipher(self) -> AESGCM:
        return AESGCM(hashlib.sha256(f"answer:{self.key}".encode()).digest())


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the command was answered."""

    status: int
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What was kept under the key before; `answer` is None when none is known."""

    fingerprint: str
    answer: Answer | None


def fingerprint_of(method: str, target: bytes, body: bytes) -> str:
    """Differs when method, path, query or body differ."""
    parts = (method.encode(), target, body)
    digests = b"".join(hashlib.sha256(part).digest() for part in parts)
    return hashlib.sha256(digests).hexdigest()
