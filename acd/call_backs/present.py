"""Who is on the line with us now, so that nobody is called while he calls, or is called."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from acd.events import CallArrived, CallBackBegun, CallEnded, FollowUpBegun
from config.bus import EventBus


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """The number of a citizen's call, and when the call came."""

    number: str = field(repr=False)
    since: datetime


class Present:
    """The numbers of the citizens' calls that are here now, heard from the bus.

    So are those whom we call otherwise: `placed` is how such a call begins.
    """

    def __init__(
        self, bus: EventBus, placed: type[CallBackBegun] | type[FollowUpBegun]
    ) -> None:
        self._here: dict[str, Here] = {}
        self._numbers: dict[str, str] = {}
        self._calls: Counter[str] = Counter()
        self._unsubscribe = [
            bus.subscribe(CallArrived, self._arrived),
            bus.subscribe(placed, self._count),
            bus.subscribe(CallEnded, self._ended),
        ]

    def has(self, number: str) -> bool:
        """Whether a call of this number is here."""
        return number in self._calls

    def find(self, call_id: str) -> Here | None:
        """A citizen's call; None when his number is withheld, or it is a call of ours."""
        return self._here.get(call_id)

    def close(self) -> None:
        """Hear no more."""
        while self._unsubscribe:
            self._unsubscribe.pop()()

    def _arrived(self, event: CallArrived) -> None:
        if event.caller:
            self._here[event.call_id] = Here(number=event.caller, since=event.at)
            self._count(event)

    def _count(self, event: CallArrived | CallBackBegun | FollowUpBegun) -> None:
        self._numbers[event.call_id] = event.caller
        self._calls[event.caller] += 1

    def _ended(self, event: CallEnded) -> None:
        self._here.pop(event.call_id, None)
        number = self._numbers.pop(event.call_id, None)
        if number is None:
            return
        self._calls[number] -= 1
        if not self._calls[number]:
            del self._calls[number]
