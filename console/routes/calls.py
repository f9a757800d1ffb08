"""Calls as the records hold them: a list with filters, and one with its whole story."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from acd import messages as m
from acd.events import AgentState, Outcome
from acd.queue_rules import EMERGENCY
from acd.records.archive import (
    CallFilter,
    CallNotFound,
    call,
    calls_page,
    known_ids,
)
from acd.records.rows import CallRecord, CallRow
from acd.routing_records.store import RoutingDecision, decisions_of
from console.access import Asking, OwnAgent
from console.asked import operation_of
from console.errors import ApiError
from console.permissions import sees_numbers
from console.routes.edits import By
from console.routes.parts import PAGE, Before, CallId, Limit, Page, View
from console.view import ConsoleView
from console.words import N_
from outbound.tables.archive import calls_of_order

router = APIRouter(prefix="/calls", tags=["calls"])
Name = Annotated[str, Query(max_length=40)]
NUMBERS_HIDDEN = N_("Your role sees no whole numbers, so it cannot search by one.")


class DispositionWish(BaseModel):
    """What the call was about. With `end_wrap_up` its agent is ready then.

    Whose call it is can be named: another `agent`'s call is refused.
    """

    model_config = ConfigDict(extra="forbid")

    code: str = Field(max_length=40)
    note: str = Field("", max_length=2000)
    end_wrap_up: bool = False
    agent: str = Field("", max_length=40)


class PriorityWish(BaseModel):
    """How urgent a waiting call is; an emergency goes before all others."""

    model_config = ConfigDict(extra="forbid")

    priority: Annotated[int, Field(strict=True, ge=0, le=100)] | Literal["emergency"]


class Noted(BaseModel):
    """What was noted of a call."""

    call_id: str
    agent_id: str = ""


async def call_filter(
    request: Request,
    view: View,
    identity: Asking,
    caller: Annotated[
        str,
        Query(
            max_length=40,
            description="As people write it or in E.164; only for whom sees numbers.",
        ),
    ] = "",
    agent: Name = "",
    queue: Name = "",
    outcome: Outcome | None = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    order: Annotated[
        str, Query(max_length=120, description="Calls placed for this order.")
    ] = "",
) -> CallFilter:
    """Which calls to list; `since` is included, `until` is not."""
    if caller and not sees_numbers(identity, operation_of(request)):
        raise ApiError(403, "numbers_hidden", NUMBERS_HIDDEN, "caller")
    return CallFilter(
        caller=number_typed(view, caller),
        agent=agent,
        queue=queue,
        outcome=outcome or "",
        since=since,
        until=until,
        ids=await calls_of_order(view.database, order) if order else None,
    )


def number_typed(view: ConsoleView, typed: str) -> str:
    """As it is kept. An unescaped `+` of E.164 is a blank in a query (WHATWG URL, 5.1)."""
    number = f"+{typed.strip()}" if typed.startswith(" ") else typed
    return view.numbers.normalise(number) or number


@router.get("", operation_id="list_calls")
async def list_calls(
    view: View,
    only: Annotated[CallFilter, Depends(call_filter)],
    limit: Limit = PAGE,
    before: Before = "",
) -> Page[CallRow]:
    """Calls, the one that arrived last first."""
    items = await calls_page(view.database, limit=limit, before_id=before, only=only)
    return Page(items=items, next=items[-1].id if len(items) == limit else None)


@router.get("/{call_id}", operation_id="get_call")
async def get_call(view: View, call_id: CallId) -> CallRecord:
    """One call with its legs, flow steps and queue events."""
    try:
        return await call(view.database, call_id)
    except CallNotFound as error:
        raise ApiError(404, error.error_id, str(error)) from None


@router.get("/{call_id}/decisions", operation_id="get_call_decisions")
async def get_call_decisions(view: View, call_id: CallId) -> list[RoutingDecision]:
    """Why a call went where it went: each routing decision about it, in order."""
    decisions = await decisions_of(view.database, call_id)
    if not decisions and not await known_ids(view.database, [call_id]):
        raise ApiError(404, "call_unknown", f"no call has the id {call_id}")
    return decisions


@router.post("/{call_id}/disposition", operation_id="dispose_call")
async def dispose_call(
    view: View, call_id: CallId, wish: DispositionWish, own: OwnAgent
) -> Noted:
    """Note what a call was about, from its talk on until `disposition_hours` after it."""
    agent_id = await view.dispositions.dispose(
        call_id, wish.code, wish.note, agent_id=own or wish.agent
    )
    if wish.end_wrap_up and _wraps_up(view, agent_id, call_id):
        view.distributor.send(m.AgentGetsReady(agent_id=agent_id))
    return Noted(call_id=call_id, agent_id=agent_id)


@router.post("/{call_id}/priority", operation_id="set_call_priority")
async def set_priority(
    view: View, call_id: CallId, wish: PriorityWish, author: By
) -> Noted:
    """Make a waiting call more or less urgent; it counts at once."""
    change = m.CallPriorityChanges(
        call_id=call_id,
        priority=EMERGENCY if wish.priority == "emergency" else wish.priority,
        asked_by=author.name,
        peer=author.peer,
    )
    view.distributor.send(change)
    return Noted(call_id=call_id)


@router.post("/{call_id}/confidential", operation_id="make_confidential")
async def make_confidential(view: View, call_id: CallId) -> Noted:
    """Mask the citizen's number from now on, wherever the call is shown."""
    await require_known(view, call_id)
    view.dispositions.make_confidential(call_id)
    return Noted(call_id=call_id)


async def require_known(view: ConsoleView, call_id: str) -> None:
    """404 unless the call is here or in the records."""
    known = call_id in view.control.calls
    if not known and not await known_ids(view.database, [call_id]):
        raise ApiError(404, "call_unknown", f"no call has the id {call_id}")


def _wraps_up(view: ConsoleView, agent_id: str, call_id: str) -> bool:
    return any(
        agent.state is AgentState.WRAP_UP and agent.call_id == call_id
        for agent in view.distributor.agents()
        if agent.id == agent_id
    )
