"""The reports of a day: what can be asked for, and what comes of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from acd.statistics.agent_intervals import AgentDay, AgentInterval
from acd.statistics.edges import Span
from acd.statistics.periods import Period, PeriodReport, period_report
from acd.statistics.queue_intervals import QueueInterval
from acd.statistics.report import agent_days, count_calls, count_staff
from acd.statistics.staff import StaffInterval
from config.database import Database

NO_ZONE = ZoneInfo("UTC")


class ReportKind(StrEnum):
    """What is reported."""

    QUEUES = "queues"
    AGENTS = "agents"
    AGENT = "agent"
    STAFF = "staff"
    PERIOD = "period"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A report that is asked for. Two are the same whatever the moments they are asked at.

    `queue` narrows `QUEUES` and `STAFF` when it is not None; `agent_id` is for `AGENT`,
    `period` and `zone` for `PERIOD`.
    """

    kind: ReportKind
    span: Span
    now: datetime = field(compare=False)
    queue: str | None = None
    agent_id: str = ""
    period: Period = Period.DAY
    zone: ZoneInfo = NO_ZONE


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDay:
    """A day by queue and 15 minutes, those without a call left out, and as a whole.

    The last of `totals` is that of all queues.
    """

    since: datetime
    until: datetime
    intervals: list[QueueInterval]
    totals: list[QueueInterval]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentsDay:
    """Each agent's whole day, up to now."""

    since: datetime
    until: datetime
    agents: list[AgentInterval]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffDay:
    """A day of all agents, or of a queue's, by 15 minutes."""

    since: datetime
    until: datetime
    intervals: list[StaffInterval]


DayReport = QueueDay | AgentsDay | AgentDay | StaffDay | PeriodReport


async def day_report(database: Database, wanted: Wanted) -> DayReport:
    """Make it from the records."""
    match wanted.kind:
        case ReportKind.QUEUES:
            return await _queues(database, wanted)
        case ReportKind.AGENTS:
            return await _agents(database, wanted)
        case ReportKind.AGENT:
            return await _agent(database, wanted)
        case ReportKind.STAFF:
            return await _staff(database, wanted)
        case ReportKind.PERIOD:
            return await period_report(
                database, wanted.period, wanted.span, wanted.zone, wanted.now
            )


async def _queues(database: Database, wanted: Wanted) -> QueueDay:
    span = wanted.span
    counter = await count_calls(database, span, wanted.now, wanted.queue)
    return QueueDay(
        since=span.since,
        until=span.until,
        intervals=counter.intervals(),
        totals=counter.totals(span.since),
    )


async def _agents(database: Database, wanted: Wanted) -> AgentsDay:
    span = wanted.span
    days = [day.whole async for day in agent_days(database, span, wanted.now)]
    return AgentsDay(since=span.since, until=span.until, agents=days)


async def _agent(database: Database, wanted: Wanted) -> AgentDay:
    days = agent_days(database, wanted.span, wanted.now, wanted.agent_id)
    (found,) = [day async for day in days]
    return found


async def _staff(database: Database, wanted: Wanted) -> StaffDay:
    span = wanted.span
    lines = await count_staff(database, span, wanted.now, wanted.queue or "")
    return StaffDay(since=span.since, until=span.until, intervals=lines)
