"""An archive that remembers what it was asked to record."""

from datetime import datetime

from telephony.calls import Leg


class FakeCallRecording:
    """The roles of the legs that were added, in order, until it is closed."""

    def __init__(self, leg: Leg) -> None:
        self.legs = [("citizen", leg)]
        self.marks: list[str] = []
        self.closed = False

    def mark(self, kind: str, **facts: object) -> None:
        """Something happened now."""
        self.marks.append(kind)

    async def add(self, leg: Leg, *, role: str, name: str = "") -> None:
        """One more leg."""
        self.legs.append((role, leg))

    async def close(self) -> None:
        """The end."""
        self.closed = True


class FakeArchive:
    """Keeps the recordings by call."""

    def __init__(self) -> None:
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
        self.recordings[call_id] = FakeCallRecording(leg)
        return self.recordings[call_id]
