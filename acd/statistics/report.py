"""Reports made from the records, a little at a time, so that calls are not held up."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime

from acd.people.store import agent_rows
from acd.statistics import store
from acd.statistics.agent_intervals import AgentDay, agent_day
from acd.statistics.connect_clock import ClockReading, ConnectClock, window_start
from acd.statistics.counted_call import CallFacts
from acd.statistics.edges import Span
from acd.statistics.exclusions import Exclusion
from acd.statistics.live import LiveStatistics
from acd.statistics.queue_intervals import IntervalCounter
from acd.statistics.staff import StaffCounter, StaffInterval
from config.database import Database


async def count_calls(
    database: Database, span: Span, now: datetime, queue: str | None = None
) -> IntervalCounter:
    """The calls that arrived in the span, added up; those of one queue if it is named."""
    counter = IntervalCounter()
    async with aclosing(store.counted_calls(database, span, now)) as parts:
        async for calls in parts:
            counter.add(c for c in calls if queue is None or c[0].queue == queue)
    return counter


async def calls_of(database: Database, span: Span, now: datetime) -> list[CallFacts]:
    """The calls that arrived in a span that is short enough to hold them all."""
    async with aclosing(store.counted_calls(database, span, now)) as parts:
        return [call async for calls in parts for call, _ in calls]


async def agent_days(
    database: Database, span: Span, now: datetime, agent_id: str = ""
) -> AsyncGenerator[AgentDay]:
    """Each agent's time in the span, up to now; that of one agent if he is named."""
    span = replace(span, until=max(span.since, min(span.until, now)))
    for each in [agent_id] if agent_id else await store.agent_ids(database):
        moves, marks = await store.agent_story(database, each, span)
        yield agent_day(each, moves, marks, span)


async def count_staff(
    database: Database, span: Span, now: datetime, queue: str = ""
) -> list[StaffInterval]:
    """All agents' time by interval; only of those who serve a queue today if named."""
    counter = StaffCounter()
    for agent in await agent_rows(database, with_removed=True):
        if not queue or queue in agent.queues:
            async for day in agent_days(database, span, now, agent.id):
                counter.add(day)
    return counter.intervals()


async def read_clock(database: Database, now: datetime) -> ClockReading:
    """The clock as the records have it; a running service keeps its own."""
    clock = ConnectClock(now)
    async for calls in _window(database, now):
        for call in calls:
            clock.change(None, call, now)
    return clock.read(now)


async def warm_up(live: LiveStatistics, database: Database, now: datetime) -> None:
    """Tell the live clock of the last 24 hours; to be awaited before the first call."""
    async for calls in _window(database, now):
        live.warm_up(calls)


async def _window(database: Database, now: datetime) -> AsyncGenerator[list[CallFacts]]:
    span = Span(since=window_start(now), until=now)
    async with aclosing(store.counted_calls(database, span, now)) as parts:
        async for calls in parts:
            yield [call for call, _ in calls]


async def exclude(
    database: Database, line: Exclusion, live: LiveStatistics | None = None
) -> None:
    """Leave a call out of the adjusted rate, or count it in again; both are logged.

    `ExclusionError` when there is no such call, or when it is not over.
    """
    call = await store.note_exclusion(database, line)
    if live:
        live.exclude(call, line.excluded)
