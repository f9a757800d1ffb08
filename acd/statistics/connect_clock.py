"""The GB/T 33358 clock: what the last 24 hours come to, at any moment (呼叫接通率).

Pure: it is told what calls count as, minute by minute of their arrival, and the time.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from acd.statistics.breach import TARGET, Forecast, Minute, foresee
from acd.statistics.counted_call import (
    CallFacts,
    Measure,
    Rates,
    decided,
    measures_of,
    rates_of,
)
from acd.statistics.queue_intervals import ALL, Counts, counts_of

WINDOW_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueClock:
    """The last 24 hours of a queue; "" for calls that entered none, "all" for all."""

    queue: str
    counts: Counts
    rates: Rates


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReading:
    """The rolling 24 hours from `since` to `at`, all calls and each queue's.

    `target` is what the norm asks of `rates.connect`.
    """

    at: datetime
    since: datetime
    target: float
    counts: Counts
    rates: Rates
    forecast: Forecast
    queues: tuple[QueueClock, ...]


class _Window:
    """Counts by minute of arrival, and their sum."""

    def __init__(self) -> None:
        self.minutes: dict[int, Counter[Measure]] = {}
        self.total: Counter[Measure] = Counter()

    def change(self, minute: int, change: Counter[Measure]) -> None:
        counts = self.minutes.setdefault(minute, Counter())
        counts.update(change)
        self.total.update(change)

    def forget_before(self, first: int) -> None:
        for minute in [minute for minute in self.minutes if minute < first]:
            self.total.subtract(self.minutes.pop(minute))


class ConnectClock:
    """Counts calls by queue over the last 1,440 minutes, the present one included.

    Bounded: a minute of a queue is one set of counters, however many call in it.
    """

    def __init__(self, now: datetime) -> None:
        self._first = 0
        self._windows: dict[str, _Window] = {ALL: _Window()}
        self._move_to(now)

    def change(
        self, old: CallFacts | None, new: CallFacts | None, now: datetime
    ) -> None:
        """A call counts as `new`, no longer as `old`; None counts as nothing."""
        self._move_to(now)
        for call, sign in ((old, -1), (new, 1)):
            if call and _minute(call.arrived_at) >= self._first:
                self._count(call, sign)

    def read(self, now: datetime) -> ClockReading:
        """What the clock shows now."""
        self._move_to(now)
        everything = self._windows[ALL]
        return ClockReading(
            at=now,
            since=datetime.fromtimestamp(self._first * 60, UTC),
            target=TARGET,
            counts=counts_of(everything.total),
            rates=rates_of(everything.total),
            forecast=foresee(list(self._decided()), now),
            queues=tuple(
                QueueClock(
                    queue=queue,
                    counts=counts_of(window.total),
                    rates=rates_of(window.total),
                )
                for queue, window in sorted(self._windows.items())
                if queue != ALL
            ),
        )

    def counted_since(self, moment: datetime, now: datetime) -> Counter[Measure]:
        """All calls that arrived in the minutes from a moment on."""
        self._move_to(now)
        minutes, counts = self._windows[ALL].minutes, Counter[Measure]()
        for minute in range(max(_minute(moment), self._first), _minute(now) + 1):
            counts.update(minutes.get(minute, {}))
        return counts

    def _count(self, call: CallFacts, sign: int) -> None:
        change = Counter(dict.fromkeys(measures_of(call), sign))
        if change:
            for queue in (call.queue, ALL):
                window = self._windows.setdefault(queue, _Window())
                window.change(_minute(call.arrived_at), change)

    def _move_to(self, now: datetime) -> None:
        first = _minute(now) - WINDOW_MINUTES + 1
        if first > self._first:
            self._first = first
            for window in self._windows.values():
                window.forget_before(first)

    def _decided(self) -> Iterator[Minute]:
        minutes = self._windows[ALL].minutes
        for minute in range(self._first, self._first + WINDOW_MINUTES):
            counts = minutes.get(minute)
            yield (decided(counts), counts[Measure.ANSWERED]) if counts else (0, 0)


def window_start(now: datetime) -> datetime:
    """The first moment that the clock counts at `now`."""
    first = _minute(now) - WINDOW_MINUTES + 1
    return datetime.fromtimestamp(first * 60, UTC)


def _minute(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(minutes=1)
