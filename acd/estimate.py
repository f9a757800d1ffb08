"""How long a caller will probably wait, when that can be said at all.

A queue in which somebody always waits moves on by one place in the mean time between
two answers; position times that mean is the estimate. Only the time between two answers
in which the later caller waited all the while tells how fast agents work: the others
tell how seldom citizens call. It is told from `LEAST` such times in the last
`RECENT` on, and only while their mean is certain enough.
"""

import math
from collections import deque
from datetime import datetime, timedelta

LEAST, MOST = 10, 50
RECENT = timedelta(minutes=30)
LARGEST_ERROR = 0.4
"""The largest standard error of the mean, as a part of the mean."""


class Pace:
    """The latest times between two answers of a queue."""

    def __init__(self) -> None:
        self._times: deque[tuple[datetime, float]] = deque(maxlen=MOST)
        self._last: datetime | None = None

    def answered(self, now: datetime, joined_at: datetime) -> None:
        """A caller who joined then was answered."""
        if self._last is not None and joined_at <= self._last:
            self._times.append((now, (now - self._last).total_seconds()))
        self._last = now

    def wait_seconds(
        self, position: int, now: datetime, head_since: datetime
    ) -> float | None:
        """How long he who stands there will probably wait; None when nobody knows.

        `head_since` is when the first of the line joined it.
        """
        times = [seconds for at, seconds in self._times if now - at <= RECENT]
        if len(times) < LEAST or self._last is None:
            return None
        mean = sum(times) / len(times)
        if _standard_error(times, mean) > LARGEST_ERROR * mean:
            return None
        running = (now - max(self._last, head_since)).total_seconds()
        if running > mean:
            mean = (mean * len(times) + running) / (len(times) + 1)
        return position * mean


def _standard_error(times: list[float], mean: float) -> float:
    # By hand: the exact sums of `statistics` take a tenth of a millisecond.
    variance = sum((seconds - mean) ** 2 for seconds in times) / len(times)
    return math.sqrt(variance / len(times))
