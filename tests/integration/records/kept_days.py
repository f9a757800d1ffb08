"""Made days in a real database, and what statistics read of them."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from acd import events as e
from acd.people.store import seed
from acd.records.writer import write_events
from acd.statistics import store
from acd.statistics.agent_intervals import AgentDay
from acd.statistics.edges import Span
from acd.statistics.queue_intervals import QueueInterval
from acd.statistics.report import (
    agent_days,
    count_calls,
)
from config.database import Database
from config.settings import AgentSection
from tests.fakes.migrated import migrated
from tests.integration.records.reading import TABLES
from tests.unit.acd.statistics.days import START, MadeCall, events_of

T = TypeVar("T")
DAY = Span(since=START, until=START + timedelta(hours=12))
LATER = DAY.until


class Kept:
    """Records that are emptied before each day."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.runner = asyncio.Runner()
        self.database = Database(migrated(file))
        self.runner.run(self.database.__aenter__())

    def day(self, calls: Sequence[MadeCall]) -> None:
        """Only these calls are in the records, written in groups of a few events."""
        with sqlite3.connect(self.file) as connection:
            for table in (*TABLES, "call_exclusions", "talk_events"):
                connection.execute(f"DELETE FROM {table}")
        connection.close()
        self.write(events_of(list(calls)))
        people = [
            AgentSection(id=f"agent-{call.id}", contact="sip:a@127.0.0.1")
            for call in calls
        ]
        self.run(lambda database: seed(database, people, [], START))

    def write(self, events: Sequence[e.Event]) -> None:
        """Add events."""
        for place in range(0, len(events), 7):
            group = events[place : place + 7]
            self.run(lambda database, group=group: write_events(database, group))

    def run(self, read: Callable[[Database], Awaitable[T]]) -> T:
        """Do something with the database."""

        async def reading() -> T:
            return await read(self.database)

        return self.runner.run(reading())

    def lines(self) -> list[QueueInterval]:
        """The day's intervals."""
        counter = self.run(lambda database: count_calls(database, DAY, LATER))
        return counter.intervals()

    def sums(self, query: str) -> tuple[float, ...]:
        """What plain SQL adds up."""
        with sqlite3.connect(self.file) as connection:
            (row,) = connection.execute(query).fetchall()
        connection.close()
        return tuple(value or 0 for value in row)

    def close(self) -> None:
        """Give the files back."""
        self.runner.run(self.database.__aexit__(None, None, None))
        self.runner.close()


async def all_counted(database: Database) -> list[store.Counted]:
    """Every call of the day."""
    parts = store.counted_calls(database, DAY, LATER)
    return [each async for part in parts for each in part]


async def all_agents(database: Database, agent_id: str = "") -> list[AgentDay]:
    """Every agent's day."""
    return [day async for day in agent_days(database, DAY, LATER, agent_id)]
