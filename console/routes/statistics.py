"""How the hotline does: intervals by queue, agents' time, the clock, its exclusions."""

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from acd.statistics.agent_intervals import AgentDay
from acd.statistics.connect_clock import ClockReading
from acd.statistics.day_reports import (
    AgentsDay,
    QueueDay,
    ReportKind,
    StaffDay,
    Wanted,
)
from acd.statistics.edges import day_span
from acd.statistics.exclusions import (
    Exclusion,
    ExclusionError,
    ExclusionReason,
    UnknownCall,
)
from acd.statistics.report import exclude
from acd.statistics.store import exclusion_log
from console.access import Asking
from console.errors import ApiError
from console.routes.agents import AgentId, known_agent
from console.routes.edits import named
from console.routes.parts import GO_ON, PAGE, CityDay, Limit, Page, View
from console.view import ConsoleView

router = APIRouter(prefix="/statistics", tags=["statistics"])
Day = Annotated[
    CityDay | None, Query(alias="date", description="Of the city's calendar; today.")
]
Queue = Annotated[
    str | None,
    Query(max_length=40, description="Only this queue; empty: calls without one."),
]


class ExclusionWish(BaseModel):
    """A call that shall be left out of the adjusted rate, or counted in again.

    `name` is who decided it; an account is named itself.
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


@router.get("/intervals", operation_id="list_queue_intervals", response_model=QueueDay)
async def list_intervals(view: View, day: Day = None, queue: Queue = None) -> Response:
    """A day's calls by queue and interval of 15 minutes, made from the records."""
    return await _report(view, ReportKind.QUEUES, day, queue=queue)


@router.get("/agents", operation_id="list_agent_days", response_model=AgentsDay)
async def list_agents(view: View, day: Day = None) -> Response:
    """Each agent's seconds in each state and his calls, for a whole day."""
    return await _report(view, ReportKind.AGENTS, day)


@router.get("/staff", operation_id="list_staff_intervals", response_model=StaffDay)
async def list_staff(
    view: View,
    day: Day = None,
    queue: Annotated[str, Query(max_length=40, description="Only its agents.")] = "",
) -> Response:
    """All agents' time by interval: what the occupancy rests on."""
    return await _report(view, ReportKind.STAFF, day, queue=queue)


@router.get("/agents/{agent_id}", operation_id="get_agent_day", response_model=AgentDay)
async def get_agent(view: View, agent_id: AgentId, day: Day = None) -> Response:
    """An agent's day by interval of 15 minutes, and as a whole."""
    known_agent(view, agent_id)
    return await _report(view, ReportKind.AGENT, day, agent_id=agent_id)


@router.get("/exclusions", operation_id="list_exclusions")
async def list_exclusions(
    view: View,
    limit: Limit = PAGE,
    before: Annotated[AwareDatetime | None, Query(description=GO_ON)] = None,
) -> Page[Exclusion]:
    """Who left which call out of the adjusted rate, and why; the newest first."""
    items = await exclusion_log(view.database, limit=limit, before=before)
    following = _written(items[-1].at) if len(items) == limit else None
    return Page(items=items, next=following)


@router.post("/exclusions", operation_id="exclude_call")
async def exclude_call(view: View, wish: ExclusionWish, identity: Asking) -> Exclusion:
    """Leave a call out of the adjusted rate, or count it in again; it is logged."""
    given = wish.model_dump() | {"name": named(identity, wish.name)}
    line = Exclusion(**given, at=view.statistics.now())
    try:
        await exclude(view.database, line, view.statistics)
    except ExclusionError as error:
        status = 404 if isinstance(error, UnknownCall) else 409
        raise ApiError(status, error.error_id, str(error)) from None
    return line


async def _report(
    view: ConsoleView,
    kind: ReportKind,
    day: date | None,
    *,
    queue: str | None = None,
    agent_id: str = "",
) -> Response:
    """The report as the worker process wrote it: nothing of it is made on the loop."""
    statistics = view.statistics
    wanted = Wanted(
        kind=kind,
        span=day_span(day or statistics.today(), statistics.zone),
        now=statistics.now(),
        queue=queue,
        agent_id=agent_id,
    )
    body = await view.reports.make(wanted)
    return Response(body, media_type="application/json")


def _written(moment: datetime) -> str:
    """As it can stand in an address."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
