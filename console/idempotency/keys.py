"""What a key stands for, and how a command that came with it has gone so far."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command that a caller sent with a key; `fingerprint` tells it from any other."""

    caller: str
    key: str
    fingerprint: str


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
