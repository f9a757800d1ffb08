"""A queue of waiting citizens: an order that is never inverted."""

import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from acd.events import CallAbandoned
from acd.queue_rules import QueueRules

Rank = tuple[int, int, datetime, int]


@dataclass(slots=True, kw_only=True)
class WaitingCall:
    """A citizen who waits, offered to an agent or not. `rank` orders: smallest first."""

    call_id: str
    queue: str
    rank: Rank
    entered_at: datetime
    offer_id: str = ""
    offers: int = 0

    def abandoned(self, now: datetime, position: int) -> CallAbandoned:
        """The event of the citizen hanging up at this position."""
        return CallAbandoned(
            at=now,
            call_id=self.call_id,
            queue=self.queue,
            position=position,
            wait_seconds=(now - self.entered_at).total_seconds(),
            while_ringing=bool(self.offer_id),
        )


@dataclass(slots=True)
class Queue:
    """The line of waiting calls, those being offered included."""

    rules: QueueRules
    line: list[WaitingCall] = field(default_factory=list)

    def add(self, call: WaitingCall) -> int:
        """Put the call at its rank; returns its position, 1 is next."""
        bisect.insort(self.line, call, key=lambda waiting: waiting.rank)
        return self.position(call)

    def remove(self, call: WaitingCall) -> None:
        """Take the call out of the line."""
        self.line.pop(self.position(call) - 1)

    def position(self, call: WaitingCall) -> int:
        """Where the call stands; 1 is next."""
        place = bisect.bisect_left(
            self.line, call.rank, key=lambda waiting: waiting.rank
        )
        return place + 1

    def not_offered(self) -> Iterator[WaitingCall]:
        """The calls that nobody is being rung for, in order."""
        return (call for call in self.line if not call.offer_id)
