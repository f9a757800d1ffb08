"""An archive that remembers what it was asked to record."""

import asyncio
from datetime import datetime
from pathlib import Path

from telephony.calls import Leg


class FakeCallRecording:
    """The roles of the legs that were added, in order, until it is closed."""

    def __init__(self, leg: Leg, archive: "FakeArchive") -> None:
        self._archive = archive
        self.legs = [("citizen", leg)]
        self.marks: list[str] = []
        self.left_out: list[Leg] = []
        self.closed = False

    def file_of(self, leg: Leg) -> Path | None:
        """The growing file of a leg; nothing is in it."""
        return Path(f"/{leg.id}.wav")

    def mark(self, kind: str, **facts: object) -> None:
        """Something happened now."""
        self.marks.append(kind)

    async def pause(self) -> None:
        """Silence from now on."""
        self.marks.append("paused")

    async def resume(self) -> None:
        """Voices again."""
        self.marks.append("resumed")

    async def leave_out(self, leg: Leg) -> None:
        """Silence for one leg."""
        self.left_out.append(leg)

    async def add(self, leg: Leg, *, role: str, name: str = "") -> None:
        """One more leg."""
        self.legs.append((role, leg))

    async def close(self) -> None:
        """The end, as slow as the archive is."""
        await asyncio.sleep(self._archive.close_seconds)
        self.closed = True


class FakeArchive:
    """Keeps the recordings by call."""

    def __init__(self) -> None:
        self.close_seconds = 0.0
        self.recordings: dict[str, FakeCallRecording] = {}

    async def open(
        self,
        call_id: str,
        *,
        leg: Leg,
        caller: str,
        called: str,
        started_at: datetime,
    ) -> FakeCallRecording:
        """Begin."""
        self.recordings[call_id] = FakeCallRecording(leg, self)
        return self.recordings[call_id]
