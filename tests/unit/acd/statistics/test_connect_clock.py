"""The rolling 24 hours: what is in them, what has left them, and how it goes on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from acd.events import Outcome
from acd.statistics.connect_clock import ClockReading, ConnectClock
from acd.statistics.counted_call import CallFacts, Measure

START = datetime(2026, 7, 20, 1, 0, tzinfo=UTC)
DAY = timedelta(hours=24)
MINUTE = timedelta(minutes=1)


class Watched:
    """A clock that is told of calls of half a minute each."""

    def __init__(self) -> None:
        self.now = START
        self.clock = ConnectClock(START)
        self.calls = 0

    def call(
        self, *, answered: bool, queue: str = "general", **facts: Any
    ) -> CallFacts:
        """A call comes now, and ends."""
        self.calls += 1
        end = self.now + timedelta(seconds=30)
        call = CallFacts(
            id=f"C{self.calls}",
            caller=f"+86138{self.calls:08}",
            arrived_at=self.now,
            answered_at=self.now,
            queue=queue,
            entered_at=self.now,
            connected_at=self.now + timedelta(seconds=9) if answered else None,
            ended_at=end,
            outcome=Outcome.ANSWERED if answered else Outcome.ABANDONED_IN_QUEUE,
            **facts,
        )
        self.clock.change(None, call, end)
        return call

    def calls_each_minute(self, minutes: int, *, answered: int, lost: int) -> None:
        """So many calls at the beginning of each minute."""
        for _ in range(minutes):
            for number in range(answered + lost):
                self.call(answered=number < answered)
            self.now += timedelta(minutes=1)

    def calls_until(self, end: datetime, *, answered: int, lost: int) -> None:
        """So many calls at the beginning of each minute up to then."""
        minutes = (end - self.now) // MINUTE
        self.calls_each_minute(minutes, answered=answered, lost=lost)

    def read(self, after: timedelta = timedelta(0)) -> ClockReading:
        """What it shows, some time later."""
        self.now += after
        return self.clock.read(self.now)


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_clock_without_calls_has_no_rate_and_foretells_nothing(
    watched: Watched,
) -> None:
    shown = watched.read()
    assert shown.rates.connect.rate is None
    assert shown.counts.offered == 0
    assert shown.forecast.expected is None
    assert (shown.queues, shown.target) == ((), 0.95)


def test_call_stays_for_24_hours_and_then_leaves(watched: Watched) -> None:
    watched.call(answered=True)
    assert watched.read(DAY - timedelta(minutes=1)).counts.answered == 1
    shown = watched.read(timedelta(minutes=1))
    assert shown.counts.answered == 0
    assert shown.rates.connect.rate is None


def test_each_queue_has_a_rate_of_its_own(watched: Watched) -> None:
    watched.call(answered=True)
    watched.call(answered=False, queue="tax")
    shown = watched.read(timedelta(minutes=1))
    rates = {queue.queue: queue.rates.connect.rate for queue in shown.queues}
    assert rates == {"general": 1.0, "tax": 0.0}
    assert shown.rates.connect.rate == 0.5


def test_call_that_counts_otherwise_moves(watched: Watched) -> None:
    old = watched.call(answered=True)
    watched.clock.change(old, None, watched.now)
    assert watched.read().counts.offered == 0


def test_change_of_a_call_that_has_left_the_window_changes_nothing(
    watched: Watched,
) -> None:
    old = watched.call(answered=True)
    watched.read(DAY + timedelta(minutes=1))
    watched.clock.change(old, None, watched.now)
    assert watched.read().counts.offered == 0


def test_window_begins_at_the_minute_of_yesterday_that_follows(
    watched: Watched,
) -> None:
    shown = watched.read(timedelta(seconds=20))
    assert shown.since == START - DAY + timedelta(minutes=1)
    assert shown.at - shown.since < DAY


def test_breach_and_recovery_of_a_whole_day(watched: Watched) -> None:
    watched.calls_each_minute(1200, answered=5, lost=0)
    assert not watched.read().forecast.below_target
    watched.calls_each_minute(60, answered=1, lost=4)
    warned = watched.read().forecast
    assert not warned.below_target
    assert warned.expected
    watched.calls_until(warned.expected - MINUTE, answered=1, lost=4)
    assert not watched.read().forecast.below_target
    watched.calls_each_minute(1, answered=1, lost=4)
    assert watched.read().forecast.below_target
    watched.calls_each_minute(30, answered=1, lost=4)
    watched.calls_each_minute(60, answered=10, lost=0)
    recovery = watched.read().forecast
    assert recovery.below_target
    assert recovery.expected
    watched.calls_until(recovery.expected - MINUTE, answered=10, lost=0)
    assert watched.read().forecast.below_target
    watched.calls_each_minute(1, answered=10, lost=0)
    assert not watched.read().forecast.below_target


def test_memory_is_bounded_by_minutes_not_by_calls(watched: Watched) -> None:
    for _ in range(3):
        watched.calls_each_minute(2, answered=5, lost=5)
        watched.now += DAY
    windows = watched.clock._windows
    assert watched.read().counts.offered == 0
    assert all(not window.minutes for window in windows.values())


def test_calls_from_a_moment_on_are_counted_by_their_arrival() -> None:
    watched = Watched()
    watched.calls_each_minute(5, answered=2, lost=1)
    counts = watched.clock.counted_since(START + 3 * MINUTE, watched.now)
    assert (counts[Measure.OFFERED], counts[Measure.ANSWERED]) == (6, 4)
    assert not watched.clock.counted_since(watched.now, watched.now)
