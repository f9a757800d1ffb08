"""Recorded calls made into days of counts: what a forecast learns from.

A number that nobody answered and that calls again within five minutes is counted once,
with the call that came last: redials would inflate a surge. Days are the city's, each
of 96 quarters of an hour by its clock; where a clock change leaves one out or has it
twice, it is not known.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from acd.staffing.day_history import DayHistory
from acd.staffing.day_kind import kind_of
from acd.staffing.gamma_ratios import Floats
from acd.staffing.outlook import RunningQuarter
from acd.statistics.counted_call import CallFacts
from acd.statistics.edges import INTERVAL, Span, day_span, interval_of
from acd.statistics.queue_intervals import ALL
from config.calendar import Calendar

INTERVALS = 96
UNDECIDED = timedelta(seconds=30)
"""Who called later than so long ago may not have asked for a person yet."""
LEAST_SHARE = 1 / 15
"""Of less than a minute nothing is learned."""
STEP_MINUTES, STEPS_A_DAY = 5, 288


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCounts:
    """One queue: the days before, the intervals of the day that are over, and what came
    so far in the one that goes on; None when too little of it is over."""

    history: DayHistory
    seen: Floats
    running: RunningQuarter | None = None


class CallCounter:
    """Counts calls, in any order, by queue, day and interval; up to `day` at `now`."""

    def __init__(
        self, day: date, days_before: int, now: datetime, zone: ZoneInfo
    ) -> None:
        self._day, self._zone, self._now = day, zone, now
        self._first = day - timedelta(days=days_before)
        self._counts: dict[str, Floats] = {}
        self._days = days_before + 1
        self._running = Span(since=interval_of(now), until=now - UNDECIDED)
        self._so_far: Counter[str] = Counter()

    def until(self, now: datetime) -> "CallCounter":
        """A counter that goes on from this one, up to a later moment of the day."""
        after = CallCounter(self._day, self._days - 1, now, self._zone)
        after._counts = {queue: held.copy() for queue, held in self._counts.items()}
        return after

    @property
    def span(self) -> Span:
        """The calls that are to be counted."""
        until = min(day_span(self._day, self._zone).until, self._now)
        since = day_span(self._first, self._zone).since
        return Span(since=since, until=max(since, until))

    def add(self, calls: Iterable[tuple[str, datetime]]) -> None:
        """Count in calls that asked for a person, by their queues and arrivals."""
        for queue, at in calls:
            self._count(queue, at, 1)

    def fold(self, unanswered: Iterable[CallFacts]) -> None:
        """Count out those of them that were made again soon."""
        for call in unanswered:
            if call.asked_for_a_person and call.redialled:
                self._count(call.queue, call.arrived_at, -1)

    def _count(self, queue: str, at: datetime, times: int) -> None:
        moment = at.astimezone(self._zone)
        day, place = (moment.date() - self._first).days, self._place(at)
        for each in (queue, ALL):
            self._of(each)[day, place] += times
            if self._running.since <= at < self._running.until:
                self._so_far[each] += times

    def _of(self, queue: str) -> Floats:
        return self._counts.setdefault(queue, np.zeros((self._days, INTERVALS)))

    def queues(self, calendar: Calendar) -> dict[str, RecordedCounts]:
        """Each queue from its first day on, and all of them as one.

        A day without a call of any is not known.
        """
        known = self._known()
        known[:-1][self._of(ALL)[:-1].sum(1) == 0] = False
        return {
            queue: self._recorded(queue, np.where(known, counts, np.nan), calendar)
            for queue, counts in sorted(self._counts.items())
        }

    def _recorded(
        self, queue: str, counts: Floats, calendar: Calendar
    ) -> RecordedCounts:
        first = int((np.nan_to_num(counts).sum(1) > 0).argmax())
        days = [self._first + timedelta(days=n) for n in range(first, self._days - 1)]
        history = DayHistory(
            days=tuple(days),
            kinds=tuple(kind_of(day, calendar) for day in days),
            counts=counts[first:-1],
        )
        return RecordedCounts(
            history=history,
            seen=counts[-1, : self._over()],
            running=self._running_of(queue),
        )

    def _running_of(self, queue: str) -> RunningQuarter | None:
        """What came in the interval after the last that is over, if it goes on now."""
        since, until = self._running.since, self._running.until
        goes_on = (since.astimezone(self._zone).date(), self._place(since))
        share = (until - since) / INTERVAL
        if share < LEAST_SHARE or goes_on != (self._day, self._over()):
            return None
        return RunningQuarter(calls=float(self._so_far[queue]), share=share)

    def _place(self, at: datetime) -> int:
        moment = at.astimezone(self._zone)
        return (moment.hour * 60 + moment.minute) // 15

    def _over(self) -> int:
        """How many intervals of the day are over."""
        starts = starts_of(self._day, self._zone)
        places = [place for start, place in starts if start + INTERVAL <= self._now]
        return max(places, default=-1) + 1

    def _known(self) -> NDArray[np.bool_]:
        """Which quarters of an hour each day has exactly once, and are over."""
        times = np.zeros((self._days, INTERVALS), int)
        for number in range(self._days):
            day = self._first + timedelta(days=number)
            for start, place in starts_of(day, self._zone):
                is_over = start + INTERVAL <= self._now
                times[number, place] += 1 if is_over else 2
        return np.asarray(times == 1)


class StepCounter:
    """Counts the calls of one day by five minutes of the city's clock, up to a moment."""

    def __init__(self, day: date, now: datetime, zone: ZoneInfo) -> None:
        self._day, self._zone = day, zone
        local = now.astimezone(zone)
        over = (local.hour * 60 + local.minute) // STEP_MINUTES
        steps = over if local.date() == day else STEPS_A_DAY * (local.date() > day)
        self.counts: Floats = np.zeros(steps)

    def add(self, calls: Iterable[tuple[str, datetime]]) -> None:
        """Count in calls that asked for a person."""
        for _, at in calls:
            self._count(at, 1)

    def fold(self, unanswered: Iterable[CallFacts]) -> None:
        """Count out those of them that were made again soon."""
        for call in unanswered:
            if call.asked_for_a_person and call.redialled:
                self._count(call.arrived_at, -1)

    def _count(self, at: datetime, times: int) -> None:
        local = at.astimezone(self._zone)
        step = (local.hour * 60 + local.minute) // STEP_MINUTES
        if local.date() == self._day and step < len(self.counts):
            self.counts[step] += times


def starts_of(day: date, zone: ZoneInfo) -> Iterable[tuple[datetime, int]]:
    """The intervals of a day, and their places (0 to 95) by the city's clock."""
    span = day_span(day, zone)
    start = span.since
    while start < span.until:
        local = start.astimezone(zone)
        yield start.astimezone(UTC), (local.hour * 60 + local.minute) // 15
        start += INTERVAL
