"""Calls as pages: search them, and read what happened in one."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from acd.events import Outcome
from acd.records.archive import CallFilter, calls_page
from acd.routing_records.store import decisions_of
from console.access import Asking
from console.asked import operation_of
from console.call_story.codes import CODED
from console.call_story.line import Part
from console.call_story.sentences import OUTCOMES
from console.call_story.telling import told
from console.errors import ApiError
from console.number_masking import masked_text
from console.pages.call_recording import recording_card
from console.pages.rendering import page, translated
from console.permissions import permits, sees_numbers
from console.routes.calls import NUMBERS_HIDDEN, get_call, number_typed
from console.routes.parts import CallId, View
from console.view import ConsoleView
from console.words import N_
from outbound.tables.archive import calls_of_order, order_of_call
from telephony.numbers import mask

router = APIRouter(include_in_schema=False)
ROWS = 50
MOMENT = r"^(\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?)?$"
"""What a browser sends of a field for date and time; "" when it is empty."""
PARTS = {
    Part.BEGINNING: N_("call"),
    Part.IVR: N_("menu"),
    Part.QUEUE: N_("queue"),
    Part.WHY: N_("why"),
    Part.TALK: N_("talk"),
    Part.END: N_("call"),
}


class Search(BaseModel):
    """The form as it was filled in; moments are the city's."""

    model_config = ConfigDict(extra="ignore")

    since: str = Field("", pattern=MOMENT)
    until: str = Field("", pattern=MOMENT)
    caller: str = Field("", max_length=40)
    agent: str = Field("", max_length=40)
    queue: str = Field("", max_length=40)
    outcome: Outcome | Literal[""] = ""
    order: str = Field("", max_length=120)
    before: str = Field("", max_length=64, pattern="^[0-9A-Za-z_-]*$")

    def older_than(self, call_id: str) -> dict[str, str]:
        """The same search, for the page that follows."""
        values = self.model_dump(mode="json") | {"before": call_id}
        return {name: value for name, value in values.items() if value}


@router.get("/calls", operation_id="page_calls")
async def search_page(
    request: Request, view: View, identity: Asking, search: Annotated[Search, Query()]
) -> Response:
    """The form, and a page of what was found, the newest first."""
    whole = sees_numbers(identity, operation_of(request))
    if search.caller and not whole:
        raise ApiError(403, "numbers_hidden", NUMBERS_HIDDEN, "caller")
    only = await _filter(view, search)
    before = search.before
    found = await calls_page(view.database, limit=ROWS, before_id=before, only=only)
    following = search.older_than(found[-1].id) if len(found) == ROWS else None
    return page(
        request,
        "calls.html",
        search=search,
        calls=found,
        following=following,
        whole=whole,
        shown=(lambda number: number) if whole else mask,
        outcomes=OUTCOMES,
        queues=sorted(view.distributor.queue_names),
        agents=sorted(agent.id for agent in view.distributor.agents()),
    )


@router.get("/calls/{call_id}", operation_id="page_call")
async def call_page(
    request: Request, view: View, identity: Asking, call_id: CallId
) -> Response:
    """One call: its facts and its story, and why it went where it went."""
    record = await get_call(view, call_id)
    whole = sees_numbers(identity, operation_of(request))
    told_why = permits(identity, "get_call_decisions")
    decisions = await decisions_of(view.database, call_id) if told_why else []
    return page(
        request,
        "call.html",
        call=record.call,
        lines=told(record, decisions, view.run_time.disposition_titles),
        spoken=partial(_spoken, request),
        parts=PARTS,
        outcomes=OUTCOMES,
        dispositions=view.run_time.disposition_titles,
        order=await order_of_call(view.database, call_id),
        shown=(lambda number: number) if whole else mask,
        plain=(lambda text: text) if whole else masked_text,
        **await recording_card(view, identity, record),
    )


def _spoken(request: Request, values: Mapping[str, str]) -> dict[str, str]:
    """A sentence's values, with the codes among them in the reader's language."""
    return {
        name: translated(request, value) if name in CODED else value
        for name, value in values.items()
    }


async def _filter(view: ConsoleView, search: Search) -> CallFilter:
    order = search.order.strip()
    return CallFilter(
        caller=number_typed(view, search.caller.strip()),
        agent=search.agent.strip(),
        queue=search.queue,
        outcome=search.outcome,
        since=_moment(view, search.since),
        until=_moment(view, search.until),
        ids=await calls_of_order(view.database, order) if order else None,
    )


def _moment(view: ConsoleView, typed: str) -> datetime | None:
    """A moment of the city; refused when there is no such day or hour."""
    if not typed:
        return None
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=view.statistics.zone)
    except ValueError:
        raise ApiError(422, "invalid_request", NO_SUCH_MOMENT) from None


NO_SUCH_MOMENT = N_("There is no such day or hour; choose another one.")
