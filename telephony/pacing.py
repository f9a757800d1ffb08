"""How fast calls may follow each other. Pure: the clock is passed in."""

from datetime import datetime, timedelta


class Pace:
    """A token bucket that holds one token: calls follow each other evenly.

    So in no second more than `per_second` calls begin, also after a quiet hour. (A
    bucket that saves tokens would let a burst of twice as many through.)
    """

    def __init__(self, per_second: float) -> None:
        self._gap = timedelta(seconds=1 / per_second)
        self._next: datetime | None = None

    def ready_at(self, now: datetime) -> datetime:
        """When the next call may begin: `now`, or later."""
        return max(now, self._next) if self._next else now

    def take(self, now: datetime) -> None:
        """A call begins now."""
        self._next = now + self._gap
