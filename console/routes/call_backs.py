"""Call-backs (回拨): what we owe, to whom, and paying it by hand."""

from collections.abc import Awaitable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict

from acd.ledger.archive import (
    DebtFilter,
    DebtRecord,
    debt_record,
    debts_page,
    discreet,
)
from acd.ledger.debt import Debt, DebtError, DebtKind, DebtState, DebtUnknown
from console.errors import ApiError
from console.routes.parts import PAGE, Before, Limit, Page, View

router = APIRouter(prefix="/call-backs", tags=["call-backs"])
T = TypeVar("T")
Name = Annotated[str, Query(max_length=40)]
CallBackId = Annotated[
    str, Path(max_length=40, description="Its id, or the beginning or end of it.")
]


WholeId = Annotated[str, Path(max_length=40, description="Its whole id.")]


class Cancellation(BaseModel):
    """Why a debt ends. `refused`: the citizen wants no call-back."""

    model_config = ConfigDict(extra="forbid")

    refused: bool = False


def debt_filter(
    state: DebtState | None = None,
    kind: DebtKind | None = None,
    queue: Name = "",
    number: Annotated[str, Query(max_length=40, description="As kept: E.164.")] = "",
) -> DebtFilter:
    """Which debts to list."""
    # An unescaped `+` of E.164 is a blank in a query (WHATWG URL, 5.1).
    kept = f"+{number.strip()}" if number.startswith(" ") else number
    return DebtFilter(state=state, kind=kind, queue=queue, number=kept)


@router.get("", operation_id="list_call_backs")
async def list_call_backs(
    view: View,
    only: Annotated[DebtFilter, Depends(debt_filter)],
    limit: Limit = PAGE,
    before: Before = "",
) -> Page[Debt]:
    """Call-backs that we owe or owed, the newest first."""
    items = await debts_page(view.database, limit=limit, before_id=before, only=only)
    return Page(items=items, next=items[-1].id if len(items) == limit else None)


@router.get("/{call_back_id}", operation_id="get_call_back")
async def get_call_back(view: View, call_back_id: CallBackId) -> DebtRecord:
    """One call-back with its attempts and the calls that it stands for."""
    return await _or_refused(debt_record(view.database, call_back_id))


@router.post("/{call_back_id}/place", operation_id="place_call_back")
async def place_call_back(view: View, call_back_id: WholeId) -> Debt:
    """Pay it now, at its place in the queue, whatever its time."""
    return discreet(await _or_refused(view.call_backs.place(call_back_id)))


@router.post("/{call_back_id}/retry", operation_id="retry_call_back")
async def retry_call_back(view: View, call_back_id: WholeId) -> Debt:
    """Owe an expired one again; an open one is due now."""
    return discreet(await _or_refused(view.call_backs.retry(call_back_id)))


@router.post("/{call_back_id}/cancel", operation_id="cancel_call_back")
async def cancel_call_back(
    view: View, call_back_id: WholeId, why: Cancellation
) -> Debt:
    """End it; the attempt that may be under way ends, too."""
    ended = view.call_backs.cancel(call_back_id, refused=why.refused)
    return discreet(await _or_refused(ended))


async def _or_refused(wanted: Awaitable[T]) -> T:
    try:
        return await wanted
    except DebtError as error:
        status = 404 if isinstance(error, DebtUnknown) else 409
        raise ApiError(status, error.error_id, str(error)) from None
