"""Waiting calls in an order that is never inverted."""

import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from acd.asking import Ask
from acd.events import (
    CallAbandoned,
    CallBackPromised,
    CallOverflowed,
    WaitEstimated,
)
from acd.messages import CallerEnters, is_question
from acd.queue_rules import EMERGENCY, OverflowReason, QueueRules

Rank = tuple[bool, bool, int, datetime, int]
"""Not an emergency, not at the head, priority downward, since when, number of entry."""


@dataclass(slots=True, kw_only=True)
class WaitingCall:
    """A citizen who waits, offered to agents or not. `rank` orders: smallest first.

    `wish` is how he entered. `since` gives his place and what is asked of agents,
    `entered_at` begins the wait that is told, `joined_at` that in this queue.
    `offer_ids` are the offers that ring for him now. `held_for` is the agent whom he
    spoke with before, while only that one is asked. `told` is the first wait that he
    was told, and when. `has_old_place` says that he took back one that he had before.
    `offers` and `decisions` count on when he waits again.
    """

    wish: CallerEnters
    queue: str
    rank: Rank
    since: datetime
    entered_at: datetime
    joined_at: datetime
    ask: Ask
    held_for: str = ""
    told: tuple[float, datetime] | None = None
    been_in: list[str] = field(default_factory=list)
    has_old_place: bool = False
    offers: int = 0
    decisions: int = 0
    offer_ids: list[str] = field(default_factory=list)

    @property
    def call_id(self) -> str:
        """Which call it is."""
        return self.wish.call_id

    @property
    def is_call_back(self) -> bool:
        """Whether it waits in the stead of a citizen who is not on the line."""
        return bool(self.wish.call_back_id)

    @property
    def is_question(self) -> bool:
        """Whether it asks an agent about a citizen, and is no citizen itself."""
        return is_question(self.wish.call_id)

    @property
    def may_be_sent_on(self) -> bool:
        """Whether rules may take the call out of its queue, or not let it in."""
        wish = self.wish
        return not (self.is_call_back or wish.only_agent or wish.placed)

    @property
    def goes_first(self) -> bool:
        """Whether it is before all others, so that a long line is nothing to it."""
        return self.wish.at_head or self.wish.priority >= EMERGENCY

    def take_priority(self, priority: int) -> None:
        """It is of this priority now; whoever calls this takes it out of its line."""
        self.wish = replace(self.wish, priority=priority)
        _, not_at_head, _, since, number = self.rank
        self.rank = priority < EMERGENCY, not_at_head, -priority, since, number

    def seconds_in_queue(self, now: datetime) -> float:
        """For how long it waits in its present queue."""
        return (now - self.joined_at).total_seconds()

    def waited_seconds(self, now: datetime) -> float:
        """For how long he has his place."""
        return (now - self.since).total_seconds()

    def urgency(self, rules: QueueRules, now: datetime) -> tuple[float | datetime, ...]:
        """His order among the calls of all queues: smallest first."""
        no_emergency, not_at_head, _, since, number = self.rank
        priority = rules.priority + self.wish.priority
        aged = self.waited_seconds(now) * rules.weight
        return no_emergency, not_at_head, -priority, -aged, since, number

    def estimated(self, now: datetime, *, connected: bool) -> Iterator[WaitEstimated]:
        """The event of a told wait that is over; none when nothing was told."""
        if self.told:
            seconds, at = self.told
            yield WaitEstimated(
                at=now,
                call_id=self.call_id,
                queue=self.queue,
                told_seconds=seconds,
                actual_seconds=(now - at).total_seconds(),
                connected=connected,
            )

    def promised(self, now: datetime, position: int) -> CallBackPromised:
        """The event of a call-back taking his place."""
        return CallBackPromised(
            at=now,
            call_id=self.call_id,
            queue=self.queue,
            position=position,
            wait_seconds=(now - self.entered_at).total_seconds(),
        )

    def overflowed(
        self, now: datetime, *, to: str, reason: OverflowReason
    ) -> CallOverflowed:
        """The event of leaving its queue for another one or, "", for its flow."""
        return CallOverflowed(
            at=now,
            call_id=self.call_id,
            queue=self.queue,
            to=to,
            reason=reason,
            wait_seconds=(now - self.entered_at).total_seconds(),
        )

    def abandoned(self, now: datetime, position: int) -> CallAbandoned:
        """The event of the citizen hanging up at this position."""
        return CallAbandoned(
            at=now,
            call_id=self.call_id,
            queue=self.queue,
            position=position,
            wait_seconds=(now - self.entered_at).total_seconds(),
            while_ringing=bool(self.offer_ids),
        )


def rank_of(*, at_head: bool, priority: int, since: datetime, number: int) -> Rank:
    """Where a call stands in its queue."""
    return priority < EMERGENCY, not at_head, -priority, since, number


class Line:
    """Calls by rank."""

    def __init__(self) -> None:
        self._calls: list[WaitingCall] = []

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[WaitingCall]:
        return iter(self._calls)

    @property
    def head(self) -> WaitingCall:
        """The first call; there must be one."""
        return self._calls[0]

    def add(self, call: WaitingCall) -> None:
        """Put the call at its rank."""
        bisect.insort(self._calls, call, key=_rank)

    def remove(self, call: WaitingCall) -> None:
        """Take the call out."""
        del self._calls[self._place(call)]

    def position(self, call: WaitingCall) -> int:
        """Where the call stands; 1 is next."""
        return self._place(call) + 1

    def _place(self, call: WaitingCall) -> int:
        return bisect.bisect_left(self._calls, call.rank, key=_rank)


def _rank(call: WaitingCall) -> Rank:
    return call.rank
