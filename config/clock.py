"""One clock for everything that is decided or recorded.

It reads the wall once and then follows the loop's monotonic time, so a step of the
system's clock never shortens a wait, and virtual time in tests drives it too.
"""

import asyncio
from datetime import UTC, datetime, timedelta


class LoopClock:
    """Aware UTC time that never jumps: wall time at start plus the loop's time since."""

    def __init__(self, start: datetime | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._start = start or datetime.now(UTC)
        self._zero = self._loop.time()

    def now(self) -> datetime:
        """The time now, aware, in UTC."""
        return self._start + timedelta(seconds=self._loop.time() - self._zero)

    def loop_time(self, at: datetime) -> float:
        """The loop's time (seconds) of a moment, for `loop.call_at`."""
        return self._zero + (at - self._start).total_seconds()
