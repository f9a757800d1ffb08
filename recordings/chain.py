"""The chain: each recording's hash covers the one before it.

chain(n) = SHA-256(chain(n-1) LF sha256(n) LF call id LF facts(n)), all as UTF-8 text,
the facts as canonical JSON (sorted keys, no spaces). What may change later (deletion
after retention, legal hold) is no part of it, so the chain outlives the audio.
"""

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from recordings.entry import Recording

GENESIS = "0" * 64
OUTSIDE = {"sequence", "chain", "deleted_at", "legal_hold"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of the chain: how many entries, and the last one's hash."""

    sequence: int = 0
    chain: str = GENESIS


def link(previous: str, recording: Recording) -> str:
    """The chain hash of a recording that follows `previous`."""
    text = "\n".join((previous, recording.sha256, recording.call_id, facts(recording)))
    return hashlib.sha256(text.encode()).hexdigest()


def facts(recording: Recording) -> str:
    """What the chain vouches for, as canonical JSON."""
    values = {
        field.name: _plain(getattr(recording, field.name))
        for field in fields(recording)
        if field.name not in OUTSIDE
    }
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value
