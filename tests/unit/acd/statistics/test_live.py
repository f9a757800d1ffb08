"""Counting live and counting what the records keep come to the same."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from acd import events as e
from acd.statistics.connect_clock import ClockReading, ConnectClock
from acd.statistics.counted_call import REDIAL, CallFacts
from acd.statistics.live import LiveStatistics
from config.bus import EventBus
from tests.fakes import call_events as told
from tests.unit.acd.statistics.days import START, MadeCall, events_of, made_calls


class Told:
    """A bus, statistics that hear it, and the time of the last event."""

    def __init__(self) -> None:
        self.bus, self.now = EventBus(), START
        self.live = LiveStatistics(
            self.bus, lambda: self.now, ZoneInfo("Asia/Shanghai")
        )

    def tell(self, events: Iterable[e.Event]) -> None:
        """Publish them as they happen."""
        for event in events:
            self.now = max(self.now, event.at)
            self.bus.publish(event)


def facts_of(calls: list[MadeCall]) -> list[CallFacts]:
    """The calls as their records hold them in the end, redials seen all at once."""
    facts = [_facts(call) for call in calls]
    return [replace(call, called_again_at=_next(call, facts)) for call in facts]


def _facts(call: MadeCall) -> CallFacts:
    arrived = START + timedelta(seconds=call.arrives)
    entered = arrived + timedelta(seconds=call.ivr)
    left = entered + timedelta(seconds=call.wait) if call.queue else entered
    talked = call.talk >= 0
    return CallFacts(
        id=call.id,
        caller=call.caller,
        arrived_at=arrived,
        answered_at=None if call.outcome is e.Outcome.BLOCKED else arrived,
        queue=call.queue,
        entered_at=entered if call.queue else None,
        connected_at=left if talked else None,
        ended_at=left + timedelta(seconds=call.talk) if talked else left,
        outcome=call.outcome.value,
    )


def _next(call: CallFacts, facts: list[CallFacts]) -> datetime | None:
    assert call.ended_at is not None
    later = [
        other.arrived_at
        for other in facts
        if other.caller == call.caller
        and other.asked_for_a_person
        and other.arrived_at > call.ended_at
    ]
    return min(later, default=None)


def counted(facts: Iterable[CallFacts], now: datetime) -> ClockReading:
    """The clock, told of calls when all is over."""
    clock = ConnectClock(now)
    for call in facts:
        clock.change(None, call, now)
    return clock.read(now)


@settings(max_examples=20, deadline=None)
@given(made_calls(hours=0.5))
def test_live_counting_equals_counting_afterwards(calls: list[MadeCall]) -> None:
    told = Told()
    told.tell(events_of(calls))
    assert told.live.read() == counted(facts_of(calls), told.now)


@settings(max_examples=20, deadline=None)
@given(made_calls(hours=0.5), st.data())
def test_excluded_calls_are_left_out_whenever_they_are_named(
    calls: list[MadeCall], data: st.DataObject
) -> None:
    facts = {call.id: call for call in facts_of(calls)}
    excluded = (
        set(data.draw(st.lists(st.sampled_from(sorted(facts)), unique=True)))
        if facts
        else set()
    )
    told, late = Told(), data.draw(st.booleans())
    for event in events_of(calls):
        told.tell([event])
        if isinstance(event, e.CallEnded) and event.call_id in excluded and not late:
            told.live.exclude(replace(facts[event.call_id], called_again_at=None), True)
    if late:
        for call_id in sorted(excluded):
            told.live.exclude(facts[call_id], True)
    whole = [replace(c, excluded=c.id in excluded) for c in facts.values()]
    assert told.live.read() == counted(whole, told.now)


@settings(max_examples=20, deadline=None)
@given(made_calls(hours=0.2), st.integers(0, 12))
def test_service_that_starts_again_goes_on_counting(
    calls: list[MadeCall], known: int
) -> None:
    """Those that ended before the start come from the records, the others are told."""
    before, after = calls[:known], calls[known:]
    start = max(
        [call.ended_at for call in facts_of(before) if call.ended_at], default=START
    )
    later = [
        replace(call, arrives=call.arrives + (start - START).total_seconds() + 1)
        for call in after
    ]
    told = Told()
    told.now = start
    told.live.warm_up(facts_of(before))
    told.tell(events_of(later))
    assert told.live.read() == counted(facts_of(before + later), told.now)


def test_calls_that_are_over_are_forgotten() -> None:
    service = Told()
    for number in range(50):
        service.tell(told.abandoned_call(f"A{number}", start=START + number * REDIAL))
    assert not service.live._calls
    redials = service.live._redials
    assert len(redials._by_end) <= 2
    assert len(redials._by_number) == 1
    assert not redials._before
    assert len(redials._by_id) <= 2


def test_call_whose_arrival_was_not_heard_counts_from_what_was() -> None:
    service = Told()
    service.tell(told.answered_call("A")[2:])
    assert service.live.read().counts.answered == 1


def test_caller_who_waits_is_in_no_rate_yet() -> None:
    service = Told()
    service.tell([told.arrived("A"), told.entered("A", START)])
    shown = service.live.read()
    assert (shown.counts.waiting, shown.rates.connect.whole) == (1, 0)


def test_redial_that_is_still_in_the_menu_after_five_minutes_folds_the_first_call() -> (
    None
):
    service = Told()
    service.tell(told.abandoned_call("A"))
    service.tell([told.arrived("B", told.after(60))])
    service.tell(told.blocked_call("C", start=told.after(1000)))  # forgets what is old
    assert service.live.read().counts.redialled == 0
    service.tell([told.entered("B", told.after(1001))])
    assert service.live.read().counts.redialled == 1


def test_quarter_of_an_hour_that_goes_on_forgets_those_before() -> None:
    one = Told()
    for minute in (14, 15, 16):
        arrived_at = START + timedelta(minutes=minute)
        one.tell(told.abandoned_call(f"c{minute}", start=arrived_at))
    reading = one.live.interval()
    assert reading.start == START + timedelta(minutes=15)
    assert (reading.counts.offered, reading.rates.connect.whole) == (2, 1)
    assert reading.counts.redialled == 1
