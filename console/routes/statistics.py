"""How the hotline does: intervals by queue, agents' time, the clock, its exclusions."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from acd.statistics.agent_intervals import AgentDay, AgentInterval
from acd.statistics.connect_clock import ClockReading
from acd.statistics.edges import Span, day_span
from acd.statistics.exclusions import (
    Exclusion,
    ExclusionError,
    ExclusionReason,
    UnknownCall,
)
from acd.statistics.queue_intervals import QueueInterval
from acd.statistics.report import agent_days, count_calls, count_staff, exclude
from acd.statistics.staff import StaffInterval
from acd.statistics.store import exclusion_log
from console.errors import ApiError
from console.routes.agents import AgentId, known_agent
from console.routes.parts import PAGE, Limit, View
from console.view import ConsoleView

router = APIRouter(prefix="/statistics", tags=["statistics"])
Day = Annotated[
    date | None, Query(alias="date", description="Of the city's calendar; today.")
]
Queue = Annotated[
    str | None,
    Query(max_length=40, description="Only this queue; empty: calls without one."),
]


class QueueDay(BaseModel):
    """A day by queue and 15 minutes, those without a call left out, and as a whole.

    The last of `totals` is that of all queues.
    """

    since: datetime
    until: datetime
    intervals: list[QueueInterval]
    totals: list[QueueInterval]


class AgentsDay(BaseModel):
    """Each agent's whole day, up to now."""

    since: datetime
    until: datetime
    agents: list[AgentInterval]


class StaffDay(BaseModel):
    """A day of all agents, or of a queue's, by 15 minutes."""

    since: datetime
    until: datetime
    intervals: list[StaffInterval]


class ExclusionWish(BaseModel):
    """A call that shall be left out of the adjusted rate, or counted in again.

    `name` is who decided it.
    """

    model_config = ConfigDict(extra="forbid")

    call_id: str = Field(max_length=64, pattern="^[0-9A-Za-z_-]+$")
    excluded: bool = True
    reason: ExclusionReason
    name: str = Field(min_length=1, max_length=80)
    note: str = Field("", max_length=400)


@router.get("/clock", operation_id="get_connect_clock")
async def get_clock(view: View) -> ClockReading:
    """The GB/T 33358 clock: the last 24 hours, and the foretold breach of 95 %."""
    return view.statistics.read()


@router.get("/intervals", operation_id="list_queue_intervals")
async def list_intervals(view: View, day: Day = None, queue: Queue = None) -> QueueDay:
    """A day's calls by queue and interval of 15 minutes, made from the records."""
    span, now = _span(view, day), view.statistics.now()
    counter = await count_calls(view.database, span, now, queue)
    return QueueDay(
        since=span.since,
        until=span.until,
        intervals=counter.intervals(),
        totals=counter.totals(span.since),
    )


@router.get("/agents", operation_id="list_agent_days")
async def list_agents(view: View, day: Day = None) -> AgentsDay:
    """Each agent's seconds in each state and his calls, for a whole day."""
    span, now = _span(view, day), view.statistics.now()
    days = [each.whole async for each in agent_days(view.database, span, now)]
    return AgentsDay(since=span.since, until=span.until, agents=days)


@router.get("/staff", operation_id="list_staff_intervals")
async def list_staff(
    view: View,
    day: Day = None,
    queue: Annotated[str, Query(max_length=40, description="Only its agents.")] = "",
) -> StaffDay:
    """All agents' time by interval: what the occupancy rests on."""
    span, now = _span(view, day), view.statistics.now()
    lines = await count_staff(view.database, span, now, queue)
    return StaffDay(since=span.since, until=span.until, intervals=lines)


@router.get("/agents/{agent_id}", operation_id="get_agent_day")
async def get_agent(view: View, agent_id: AgentId, day: Day = None) -> AgentDay:
    """An agent's day by interval of 15 minutes, and as a whole."""
    known_agent(view, agent_id)
    span, now = _span(view, day), view.statistics.now()
    (found,) = [d async for d in agent_days(view.database, span, now, agent_id)]
    return found


@router.get("/exclusions", operation_id="list_exclusions")
async def list_exclusions(view: View, limit: Limit = PAGE) -> list[Exclusion]:
    """Who left which call out of the adjusted rate, and why; the newest first."""
    return await exclusion_log(view.database, limit=limit)


@router.post("/exclusions", operation_id="exclude_call")
async def exclude_call(view: View, wish: ExclusionWish) -> Exclusion:
    """Leave a call out of the adjusted rate, or count it in again; it is logged."""
    line = Exclusion(**wish.model_dump(), at=view.statistics.now())
    try:
        await exclude(view.database, line, view.statistics)
    except ExclusionError as error:
        status = 404 if isinstance(error, UnknownCall) else 409
        raise ApiError(status, error.error_id, str(error)) from None
    return line


def _span(view: ConsoleView, day: date | None) -> Span:
    return day_span(day or view.statistics.today(), view.statistics.zone)
