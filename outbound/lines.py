"""How many follow-up calls may be placed now: inbound comes first."""

from dataclasses import dataclass

from acd import events as e
from config.bus import EventBus


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What goes on: citizens who wait for a person, follow-up calls, free legs."""

    waiting: int
    under_way: int
    free_legs: int


def lines_free(lines: int, kept_legs: int, load: Load) -> int:
    """How many more follow-up calls may be placed, of `lines` at most.

    Each citizen who waits takes one of the lines away, and `kept_legs` legs are left
    to citizens and agents.
    """
    by_lines = lines - load.waiting - load.under_way
    return max(0, min(by_lines, load.free_legs - kept_legs))


class Waiting:
    """The citizens' calls that wait for a person now, heard from the bus."""

    def __init__(self, bus: EventBus) -> None:
        self._here: set[str] = set()
        self._calls: set[str] = set()
        self._unsubscribe = [
            bus.subscribe(e.CallArrived, self._arrived),
            bus.subscribe(e.CallerEntered, self._waits),
            bus.subscribe(e.CallRequeued, self._waits),
            bus.subscribe(e.CallConnected, self._served),
            bus.subscribe(e.CallEnded, self._ended),
        ]

    @property
    def count(self) -> int:
        """How many wait; call-backs in a queue have nobody on the line and do not count."""
        return len(self._calls)

    def close(self) -> None:
        """Hear no more."""
        while self._unsubscribe:
            self._unsubscribe.pop()()

    def _arrived(self, event: e.CallArrived) -> None:
        self._here.add(event.call_id)

    def _waits(self, event: e.CallerEntered | e.CallRequeued) -> None:
        if event.call_id in self._here:
            self._calls.add(event.call_id)

    def _served(self, event: e.CallConnected) -> None:
        self._calls.discard(event.call_id)

    def _ended(self, event: e.CallEnded) -> None:
        self._here.discard(event.call_id)
        self._calls.discard(event.call_id)
