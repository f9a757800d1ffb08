"""A recorded day, read from the database: its calls, and who was on duty when."""

from dataclasses import dataclass
from datetime import datetime

from acd.people.store import agent_rows
from acd.people.values import profile_of
from acd.records.archive import CallFilter, calls_page
from acd.records.rows import CallRow
from acd.staffing.archive import happened
from acd.staffing.plan import PlannedAgent
from acd.staffing.recorded_behaviour import behaviour_of
from acd.staffing.recorded_day import RecordedDay, duties_of, recorded_day
from acd.statistics.edges import Span
from acd.statistics.store import agent_story
from config.database import Database
from hotline.simulate.behaviours import Values

_PAGE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What the records tell of a day, and of how people behave."""

    day: RecordedDay
    behaviour: Values
    agents: tuple[PlannedAgent, ...]


async def read_records(
    database: Database,
    start: datetime,
    span: Span,
    queues: list[str],
    told_after: float | None,
) -> Recorded:
    """The calls that arrived in the span, and all agents who were on duty in it.

    After `told_after` seconds citizens heard of the key for a call-back; None: never.
    """
    rows = await _calls(database, span)
    day = recorded_day(rows, start, queues)
    measured = behaviour_of(await happened(database, span, told_after))
    means = {
        "talk_seconds": day.talk_seconds,
        "patience_seconds": day.patience_seconds,
    }
    return Recorded(
        day=day,
        behaviour={**measured, **means},
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
