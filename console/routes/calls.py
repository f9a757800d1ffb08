"""Calls as the records hold them: a list with filters, and one with its whole story."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime

from acd.events import Outcome
from acd.records.archive import CallFilter, CallNotFound, call, calls_page
from acd.records.rows import CallRecord, CallRow
from console.errors import ApiError
from console.routes.parts import PAGE, Before, CallId, Limit, Page, View

router = APIRouter(prefix="/calls", tags=["calls"])
Name = Annotated[str, Query(max_length=40)]


def call_filter(
    caller: Annotated[str, Query(max_length=40, description="As kept: E.164.")] = "",
    agent: Name = "",
    queue: Name = "",
    outcome: Outcome | None = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
) -> CallFilter:
    """Which calls to list; `since` is included, `until` is not."""
    # An unescaped `+` of E.164 is a blank in a query (WHATWG URL, 5.1).
    number = f"+{caller.strip()}" if caller.startswith(" ") else caller
    return CallFilter(
        caller=number,
        agent=agent,
        queue=queue,
        outcome=outcome or "",
        since=since,
        until=until,
    )


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
