"""Who is on the line with us now, so that nobody is called while he calls."""

from collections import Counter

from acd.events import CallArrived, CallEnded
from config.bus import EventBus


class Present:
    """The numbers of the citizens' calls that are here now, heard from the bus."""

    def __init__(self, bus: EventBus) -> None:
        self._numbers: dict[str, str] = {}
        self._calls: Counter[str] = Counter()
        self._unsubscribe = [
            bus.subscribe(CallArrived, self._arrived),
            bus.subscribe(CallEnded, self._ended),
        ]

    def has(self, number: str) -> bool:
        """Whether a call of this number is here."""
        return number in self._calls

    def number_of(self, call_id: str) -> str:
        """The number of a citizen's call; "" when it is withheld, or a call of ours."""
        return self._numbers.get(call_id, "")

    def close(self) -> None:
        """Hear no more."""
        while self._unsubscribe:
            self._unsubscribe.pop()()

    def _arrived(self, event: CallArrived) -> None:
        if event.caller:
            self._numbers[event.call_id] = event.caller
            self._calls[event.caller] += 1

    def _ended(self, event: CallEnded) -> None:
        number = self._numbers.pop(event.call_id, "")
        if not number:
            return
        self._calls[number] -= 1
        if not self._calls[number]:
            del self._calls[number]
