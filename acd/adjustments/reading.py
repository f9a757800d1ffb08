"""What a forecast is made from, read from the database."""

from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from acd.staffing.day_kind import DayKind, kind_of
from acd.staffing.gamma_ratios import Floats
from acd.staffing.last_year import days_of_last_year
from acd.staffing.recorded_counts import CallCounter, RecordedCounts, StepCounter
from acd.statistics.edges import Span, day_span
from acd.statistics.queue_intervals import QueueInterval
from acd.statistics.report import count_calls
from acd.statistics.store import asked, unanswered
from config.calendar import Calendar
from config.database import Database

HANDLING_DAYS = 14
HANDLE_SECONDS, PATIENCE_SECONDS = 270.0, 360.0
"""For want of calls to learn them from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A day of the city, as it was known `at` a moment, from so many days before it."""

    day: date
    at: datetime
    history_days: int
    zone: ZoneInfo
    calendar: Calendar

    @property
    def kind(self) -> DayKind:
        """What kind of day it is."""
        return kind_of(self.day, self.calendar)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The counts of each queue, and the mean handle and patience seconds of each.

    `steps` are those of all queues on the day itself, by five minutes.
    """

    counts: dict[str, RecordedCounts]
    steps: Floats
    handle_seconds: dict[str, float]
    patience_seconds: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysBefore:
    """The days before a wish's day: read once, they stay as they are.

    `last_year` are the days around those that are like it, if a holiday is near.
    """

    counter: CallCounter
    last_year: CallCounter | None
    handle_seconds: dict[str, float]
    patience_seconds: dict[str, float]


async def read_counts(database: Database, wish: Wish) -> Recorded:
    """The calls of the wish's days; what calls take from the last two weeks of them."""
    return await read_day(database, wish, await read_days_before(database, wish))


async def read_days_before(database: Database, wish: Wish) -> DaysBefore:
    """All calls of the days before, which takes seconds in a large city."""
    span = day_span(wish.day, wish.zone)
    morning, until = min(span.since, wish.at), min(span.until, wish.at)
    counter = CallCounter(wish.day, wish.history_days, morning, wish.zone)
    await _count(database, counter.span, counter)
    recent = Span(since=until - timedelta(days=HANDLING_DAYS), until=until)
    totals = (await count_calls(database, recent, until)).totals(recent.since)
    return DaysBefore(
        counter=counter,
        last_year=await _last_year(database, wish, counter.span.since),
        handle_seconds={line.queue: _handle(line) for line in totals},
        patience_seconds={line.queue: _patience(line) for line in totals},
    )


async def read_day(database: Database, wish: Wish, before: DaysBefore) -> Recorded:
    """The same with what came on the day itself so far."""
    counter = before.counter.until(wish.at)
    span = replace(counter.span, since=before.counter.span.until)
    steps = StepCounter(wish.day, wish.at, wish.zone)
    if span.since < span.until:
        await _count(database, span, counter, steps)
    return Recorded(
        steps=steps.counts,
        counts=_with(before.last_year, counter.queues(wish.calendar), wish.calendar),
        handle_seconds=before.handle_seconds,
        patience_seconds=before.patience_seconds,
    )


async def _last_year(
    database: Database, wish: Wish, read_since: datetime
) -> CallCounter | None:
    """The calls of last year's days, if a holiday is near and they were not read yet."""
    days = days_of_last_year(wish.day)
    if days is None or day_span(days[0], wish.zone).since >= read_since:
        return None
    first, end = days[0], days[1] + timedelta(days=1)
    morning = day_span(end, wish.zone).since
    counter = CallCounter(end, (end - first).days, min(morning, wish.at), wish.zone)
    span = counter.span
    await _count(database, replace(span, until=min(span.until, read_since)), counter)
    return counter


def _with(
    last_year: CallCounter | None, counts: dict[str, RecordedCounts], calendar: Calendar
) -> dict[str, RecordedCounts]:
    """The days of last year put before those of this one, queue by queue."""
    older = last_year.queues(calendar) if last_year else {}
    return {
        queue: replace(each, history=each.history.after(older[queue].history))
        if queue in older
        else each
        for queue, each in counts.items()
    }


async def _count(
    database: Database, span: Span, *counters: CallCounter | StepCounter
) -> None:
    async with aclosing(asked(database, span)) as parts:
        async for arrivals in parts:
            for counter in counters:
                counter.add(arrivals)
    async with aclosing(unanswered(database, span)) as parts:
        async for calls in parts:
            for counter in counters:
                counter.fold(calls)


def _handle(line: QueueInterval) -> float:
    return line.handling.mean_seconds or HANDLE_SECONDS


def _patience(line: QueueInterval) -> float:
    """Of an exponential patience, by maximum likelihood: all waits by those who gave up."""
    gave_up = line.counts.abandoned_in_queue + line.counts.abandoned_while_ringing
    waited = line.waits_answered.sum_seconds + line.waits_given_up.sum_seconds
    return waited / gave_up if gave_up and waited else PATIENCE_SECONDS
