"""Places of numbers that hung up while they waited, kept for those who call again."""

from dataclasses import dataclass, replace
from datetime import datetime

MOST_KEPT = 20_000
"""So many places are kept; then the oldest is forgotten."""

Key = tuple[str, str]
"""A number, and the queue that it asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPlace:
    """The place of one who has waited since then, and may take it back until `until`."""

    call_id: str
    since: datetime
    until: datetime


class Redials:
    """One place at most for each number and queue; the better one wins."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._kept: dict[Key, KeptPlace] = {}
        self._most = most

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, key: Key, place: KeptPlace) -> None:
        """He hung up: his place waits for him a while."""
        known = self._kept.pop(key, None)
        if known and known.since < place.since:
            place = replace(known, until=place.until)
        self._kept[key] = place
        if len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]

    def take(self, key: Key, now: datetime) -> KeptPlace | None:
        """He calls again: his place, unless it was kept for too long."""
        place = self._kept.pop(key, None)
        return place if place and now < place.until else None

    def expire(self, key: Key, now: datetime) -> None:
        """Forget a place whose time is over."""
        place = self._kept.get(key)
        if place and place.until <= now:
            del self._kept[key]
