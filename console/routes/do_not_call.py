"""The do-not-call list of follow-up calls (回访): shown, added to, taken from."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from console.routes.edits import By
from console.routes.parts import PAGE, Before, Limit, Page, View
from outbound.do_not_call.desk import ListReport
from outbound.do_not_call.entry import DoNotCallEntry
from outbound.do_not_call.store import entries_page
from telephony.numbers import mask

router = APIRouter(prefix="/do-not-call", tags=["campaigns"])
Number = Annotated[str, Field(max_length=40)]
Reason = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
Full = Annotated[bool, Query(description="Whole numbers.")]


class NumbersToList(BaseModel):
    """Numbers in any form, and why they are not called."""

    model_config = ConfigDict(extra="forbid")

    numbers: list[Number] = Field(max_length=1000)
    reason: Reason


class NumberToRemove(BaseModel):
    """A number in any form, and why it may be called again."""

    model_config = ConfigDict(extra="forbid")

    number: Number
    reason: Reason


class MayBeCalled(BaseModel):
    """A number that is on the list no more, masked."""

    number: str


@router.get("", operation_id="list_do_not_call")
async def list_do_not_call(
    view: View, limit: Limit = PAGE, before: Before = "", full: Full = False
) -> Page[DoNotCallEntry]:
    """The numbers that get no follow-up calls, the newest first; masked unless `full`."""
    items = await entries_page(view.database, limit=limit, before_id=before)
    last = items[-1].id if len(items) == limit else None
    shown = [
        each if full else replace(each, number=mask(each.number)) for each in items
    ]
    return Page(items=shown, next=last)


@router.post("", operation_id="add_to_do_not_call")
async def add_to_do_not_call(view: View, by: By, body: NumbersToList) -> ListReport:
    """No follow-up calls to these numbers; contacts who wait with them are barred."""
    return await view.campaigns.do_not_call.add(body.numbers, body.reason, by.name)


@router.post("/remove", operation_id="remove_from_do_not_call")
async def remove_from_do_not_call(
    view: View, by: By, body: NumberToRemove
) -> MayBeCalled:
    """The number may be called again; in the body, for an address is written to logs."""
    await view.campaigns.do_not_call.remove(body.number, body.reason, by.name)
    return MayBeCalled(number=mask(view.numbers.normalise(body.number)))
