"""When tries to log in are too many: pure, with time; kept by the store."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FORGOTTEN = timedelta(hours=1)
LONGEST = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """So many failures are free; then the lock doubles with each further one."""

    free: int
    first: timedelta


ACCOUNT = Bound(free=5, first=timedelta(minutes=1))
PEER = Bound(free=20, first=timedelta(minutes=1))
"""Many people may sit behind one address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """The failures of one account or peer."""

    count: int
    last_at: datetime
    locked_until: datetime | None = None

    def locked(self, now: datetime) -> bool:
        """Whether no try counts now, right or wrong."""
        return self.locked_until is not None and now < self.locked_until


def failed(before: Failures | None, now: datetime, bound: Bound) -> Failures:
    """What is known after one more failure; old ones are forgotten."""
    if before is None or now - before.last_at >= FORGOTTEN:
        return Failures(count=1, last_at=now)
    count = before.count + 1
    over = count - bound.free
    if over < 0:
        return Failures(count=count, last_at=now)
    lock = min(bound.first * 2 ** min(over, 10), LONGEST)
    return Failures(count=count, last_at=now, locked_until=now + lock)
