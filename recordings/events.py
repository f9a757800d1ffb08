"""What happens to recordings, told over the bus."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStarted:
    """The citizen's leg is being written to disk from now on."""

    call_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingClosed:
    """A recording is stored and in the chain.

    Levels are RMS in dB of full scale; `right_dbfs` is None when nobody but the
    citizen took part. `silent` names the silent sides, "citizen" and "agent". `path`
    is relative to the recordings' directory.
    """

    call_id: str
    at: datetime
    seconds: float
    left_dbfs: float | None
    right_dbfs: float | None
    silent: tuple[str, ...]
    sha256: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFailed:
    """A call, or a part of it, goes on unrecorded; `reason` is for people."""

    call_id: str
    at: datetime
    reason: str
