"""Legal holds as values: who keeps a recording beyond its retention, and why."""

from dataclasses import dataclass
from datetime import datetime


class HoldRefused(Exception):
    """A recording cannot be held; the message says why."""

    error_id = "recording_gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldChange:
    """A hold was set (`held`) or released."""

    call_id: str
    at: datetime
    held: bool
    who: str
    reason: str
