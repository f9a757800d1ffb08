"""Moments at which the engine wants to be woken, each under a name."""

import heapq
from collections.abc import Iterator
from datetime import datetime, timedelta

Name = tuple[str, str]
"""What is to be done, and the id of whom or what it is about."""


SOONEST = timedelta(milliseconds=1)
"""How long an alarm that has just rung is silent at least."""


class Alarms:
    """Named alarms, earliest first; setting a name again moves its alarm.

    Each rings once in one moment: however short a rule makes it, `ring` comes to an end,
    and whoever goes from one alarm to the next gets on in time.
    """

    def __init__(self, now: datetime) -> None:
        self._now, self._rung = now, set[Name]()
        self._heap: list[tuple[datetime, int, Name]] = []
        self._current: dict[Name, tuple[int, datetime]] = {}
        self._count = 0

    def set(self, name: Name, due: datetime) -> None:
        """Ring `name` at `due`, and no longer when it was set to before."""
        if due <= self._now and name in self._rung:
            due = self._now + SOONEST
        self._count += 1
        self._current[name] = self._count, due
        heapq.heappush(self._heap, (due, self._count, name))

    def cancel(self, name: Name) -> None:
        """Never ring `name`; nothing happens when it is not set."""
        self._current.pop(name, None)

    def due(self, name: Name) -> datetime | None:
        """When `name` rings; None when it is not set."""
        return self._current[name][1] if name in self._current else None

    def next_due(self) -> datetime | None:
        """When the next alarm rings."""
        while self._heap and not self._is_current(self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def ring(self, now: datetime) -> Iterator[Name]:
        """Take the names whose moment has come, in order; it is `now` from here on."""
        if now != self._now:
            self._now, self._rung = now, set()
        while (due := self.next_due()) is not None and due <= now:
            name = heapq.heappop(self._heap)[2]
            del self._current[name]
            self._rung.add(name)
            yield name

    def _is_current(self, entry: tuple[datetime, int, Name]) -> bool:
        return self._current.get(entry[2]) == (entry[1], entry[0])
