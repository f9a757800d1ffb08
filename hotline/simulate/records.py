"""A recorded day, read from the database: its calls, and who was on duty when."""

from dataclasses import dataclass
from datetime import datetime

from acd.people.store import agent_rows
from acd.people.values import profile_of
from acd.records.archive import CallFilter, calls_page
from acd.records.rows import CallRow
from acd.staffing.plan import PlannedAgent
from acd.staffing.recorded_day import RecordedDay, duties_of, recorded_day
from acd.statistics.edges import Span
from acd.statistics.store import agent_story
from config.database import Database

_PAGE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What the records tell of a day."""

    day: RecordedDay
    agents: tuple[PlannedAgent, ...]


async def read_records(
    database: Database, start: datetime, span: Span, queues: list[str]
) -> Recorded:
    """The calls that arrived in the span, and all agents who were on duty in it."""
    rows = await _calls(database, span)
    return Recorded(
        day=recorded_day(rows, start, queues),
        agents=await _agents(database, start, span, queues),
    )


async def _calls(database: Database, span: Span) -> list[CallRow]:
    only = CallFilter(since=span.since, until=span.until)
    rows: list[CallRow] = []
    while page := await calls_page(
        database, limit=_PAGE, before_id=rows[-1].id if rows else "", only=only
    ):
        rows += page
    return rows


async def _agents(
    database: Database, start: datetime, span: Span, queues: list[str]
) -> tuple[PlannedAgent, ...]:
    agents: list[PlannedAgent] = []
    for row in await agent_rows(database, with_removed=True):
        moves, _ = await agent_story(database, row.id, span)
        if duties := duties_of(moves, start, span.until):
            profile = profile_of(row, queues)
            agents.append(PlannedAgent(profile=profile, duties=duties))
    return tuple(agents)
