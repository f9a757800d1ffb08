"""The clock as calls happen: it hears the bus, and starts from the records."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from acd import events as e
from acd.statistics.connect_clock import ClockReading, ConnectClock
from acd.statistics.counted_call import CallFacts, Rates, rates_of
from acd.statistics.edges import interval_of
from acd.statistics.queue_intervals import Counts, counts_of
from acd.statistics.redials import Redials
from config.bus import EventBus


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalReading:
    """The calls that arrived from `start` on."""

    start: datetime
    counts: Counts
    rates: Rates


class LiveStatistics:
    """The last 24 hours, kept in memory from events; `zone` is the city's.

    It remembers the calls that are here, and the unanswered ones of five minutes; of
    all others only counts by the minute.
    """

    def __init__(
        self, bus: EventBus, now: Callable[[], datetime], zone: ZoneInfo
    ) -> None:
        self.now, self.zone = now, zone
        self._clock = ConnectClock(now())
        self._redials = Redials()
        self._calls: dict[str, CallFacts] = {}
        bus.subscribe(e.CallArrived, self._arrived)
        bus.subscribe(e.CallBackBegun, self._placed)
        bus.subscribe(e.FollowUpBegun, self._placed)
        bus.subscribe(e.RecallBegun, self._recalled)
        bus.subscribe(e.CallAnswered, self._answered)
        bus.subscribe(e.CallerEntered, self._entered)
        bus.subscribe(e.NeighbourAsked, self._sent_on)
        bus.subscribe(e.CallConnected, self._connected)
        bus.subscribe(e.CallEnded, self._ended)

    def today(self) -> date:
        """The day of the city's calendar."""
        return self.now().astimezone(self.zone).date()

    def read(self) -> ClockReading:
        """What the clock shows now."""
        return self._clock.read(self.now())

    def interval(self) -> IntervalReading:
        """The quarter of an hour that is not over yet."""
        now = self.now()
        start = interval_of(now)
        counts = self._clock.counted_since(start, now)
        return IntervalReading(
            start=start, counts=counts_of(counts), rates=rates_of(counts)
        )

    def warm_up(self, calls: Iterable[CallFacts]) -> None:
        """Count calls that the records know to have ended."""
        for call in calls:
            self._clock.change(None, call, self.now())
            self._redials.remember(call)

    def exclude(self, call: CallFacts, excluded: bool) -> None:
        """Leave a call that has ended out of the adjusted rate, or count it in again.

        `call` is as the records have it, before they learn of this.
        """
        self._clock.change(*self._redials.exclude(call, excluded), self.now())

    def _arrived(self, event: e.CallArrived) -> None:
        call = CallFacts(id=event.call_id, caller=event.caller, arrived_at=event.at)
        self._calls[call.id] = call
        self._redials.arrives(call)

    def _placed(self, event: e.CallBackBegun | e.FollowUpBegun) -> None:
        self._calls[event.call_id] = CallFacts(
            id=event.call_id, caller=event.caller, arrived_at=event.at, placed=True
        )

    def _recalled(self, event: e.RecallBegun) -> None:
        self._calls[event.call_id] = CallFacts(
            id=event.call_id, caller="", arrived_at=event.at, placed=True
        )

    def _answered(self, event: e.CallAnswered) -> None:
        call = self._call(event)
        self._change(call, answered_at=call.answered_at or event.at)

    def _entered(self, event: e.CallerEntered) -> None:
        call = self._call(event)
        self._change(call, queue=event.queue, entered_at=call.entered_at or event.at)

    def _sent_on(self, event: e.NeighbourAsked) -> None:
        """Whom a neighbour was to serve asked for a person of this queue."""
        self._change(self._call(event), queue=event.queue)

    def _connected(self, event: e.CallConnected) -> None:
        call = self._call(event)
        self._change(call, connected_at=call.connected_at or event.at)

    def _ended(self, event: e.CallEnded) -> None:
        call = self._call(event)
        ended = self._change(call, ended_at=event.at, outcome=event.outcome.value)
        del self._calls[call.id]
        self._redials.leaves(call.id)
        self._redials.remember(ended)

    def _call(self, event: e.CallEvent) -> CallFacts:
        unknown = CallFacts(id=event.call_id, caller="", arrived_at=event.at)
        return self._calls.get(event.call_id, unknown)

    def _change(self, old: CallFacts, **changes: Any) -> CallFacts:
        new = self._calls[old.id] = replace(old, **changes)
        now = self.now()
        self._clock.change(old, new, now)
        if new.asked_for_a_person and not old.asked_for_a_person:
            for before, after in self._redials.asks(new):
                self._clock.change(before, after, now)
        return new
