"""A recording as it is kept: one row of the archive."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """What became of a recording.

    `pending`: its mono files wait to be joined. `failed`: there is no audio.
    `truncated`: a part is missing or shorter than its leg lasted.
    """

    PENDING = "pending"
    CLOSED = "closed"
    TRUNCATED = "truncated"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """The facts of a recording; `sequence` and `chain` are set once it is stored.

    `path` is relative to the recordings' directory and "" when there is no audio.
    Levels are RMS dBFS, None for a side that was never there. `marks` tell the legs
    and what happened, with `at_seconds`; `deleted_at` is when retention took the audio.
    """

    call_id: str
    state: State
    started_at: datetime
    closed_at: datetime | None = None
    reason: str = ""
    path: str = ""
    bytes: int = 0
    seconds: float = 0.0
    left_dbfs: float | None = None
    right_dbfs: float | None = None
    citizen_silent: bool = False
    agent_silent: bool = False
    third_party: bool = False
    marks: tuple[dict[str, Any], ...] = ()
    sha256: str = ""
    sequence: int | None = None
    chain: str = ""
    deleted_at: datetime | None = None
    legal_hold: bool = False

    @property
    def silent(self) -> tuple[str, ...]:
        """The sides on which nothing can be heard."""
        sides = (("citizen", self.citizen_silent), ("agent", self.agent_silent))
        return tuple(name for name, silent in sides if silent)
