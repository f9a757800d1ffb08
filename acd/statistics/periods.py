"""A day, a week or a month of calls: by queue, by hour or day, and by agent."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from acd.statistics import store
from acd.statistics.agent_intervals import AgentInterval
from acd.statistics.counted_call import CallFacts
from acd.statistics.edges import Span, day_span
from acd.statistics.queue_intervals import (
    ALL,
    Handling,
    IntervalCounter,
    QueueInterval,
    Tally,
)
from acd.statistics.report import agent_days
from config.database import Database

LAST_MONTH = 12


class Period(StrEnum):
    """How long a report is: a day, a week from Monday on, or a month."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodReport:
    """The calls of a period up to now, in whole lines.

    `totals` has a line for each queue, and last one for all; `lines` one for each hour
    of a day, each day of a longer period, also without a call. Their `start` is that of
    the hour or day. `agents` are the whole period of each who did anything.
    """

    period: Period
    first: date
    last: date
    since: datetime
    until: datetime
    totals: list[QueueInterval]
    lines: list[QueueInterval]
    agents: list[AgentInterval]


def days_of(period: Period, day: date) -> tuple[date, date]:
    """The first and the last day of the period that a day lies in."""
    match period:
        case Period.DAY:
            return day, day
        case Period.WEEK:
            first = day - timedelta(days=day.weekday())
            return first, first + timedelta(days=6)
        case Period.MONTH:
            return day.replace(day=1), _next_month(day) - timedelta(days=1)


def _next_month(day: date) -> date:
    year, month = day.year, day.month
    return date(year + month // LAST_MONTH, month % LAST_MONTH + 1, 1)


def period_span(period: Period, day: date, zone: ZoneInfo) -> Span:
    """Its moments, by the city's calendar."""
    first, last = days_of(period, day)
    return Span(since=day_span(first, zone).since, until=day_span(last, zone).until)


def line_starts(period: Period, span: Span, zone: ZoneInfo) -> Iterator[datetime]:
    """Where the lines of a report begin: each hour of a day, else each day."""
    if period is Period.DAY:
        moment = span.since
        while moment < span.until:
            yield moment
            moment += timedelta(hours=1)
        return
    day = span.since.astimezone(zone).date()
    while (since := day_span(day, zone).since) < span.until:
        yield since
        day += timedelta(days=1)


class LineCounter:
    """Adds calls to the line in whose time they came; every line is there."""

    def __init__(self, starts: Iterable[datetime]) -> None:
        self._tallies = {start: Tally() for start in starts}
        self._starts = sorted(self._tallies)

    def add(self, calls: Iterable[tuple[CallFacts, Handling]]) -> None:
        """Count calls in; one that asked for no person adds nothing."""
        for call, handling in calls:
            if call.asked_for_a_person:
                tally = self._tallies[self._line_of(call.arrived_at)]
                tally.add(call, handling)
                tally.overflowed += len(handling.overflowed_from)

    def lines(self) -> list[QueueInterval]:
        """Each as a line of all queues."""
        return [tally.interval(at, ALL) for at, tally in self._tallies.items()]

    def _line_of(self, moment: datetime) -> datetime:
        return self._starts[bisect_right(self._starts, moment) - 1]


async def period_report(
    database: Database, period: Period, span: Span, zone: ZoneInfo, now: datetime
) -> PeriodReport:
    """Make it from the records."""
    whole = IntervalCounter()
    by_line = LineCounter(line_starts(period, span, zone))
    async with aclosing(store.counted_calls(database, span, now)) as parts:
        async for calls in parts:
            whole.add(calls)
            by_line.add(calls)
    agents = [day.whole async for day in agent_days(database, span, now)]
    return PeriodReport(
        period=period,
        first=span.since.astimezone(zone).date(),
        last=(span.until - timedelta(seconds=1)).astimezone(zone).date(),
        since=span.since.astimezone(UTC),
        until=span.until.astimezone(UTC),
        totals=whole.totals(span.since),
        lines=by_line.lines(),
        agents=[line for line in agents if _did_anything(line)],
    )


def _did_anything(line: AgentInterval) -> bool:
    seconds = line.seconds
    on_duty = seconds.ready + seconds.talking + seconds.wrap_up + seconds.paused
    return on_duty > 0 or line.calls.offered > 0
