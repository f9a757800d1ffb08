"""Missed calls and call-backs: what we owe, to whom, and paying it by hand."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from acd.ledger.archive import (
    DebtFilter,
    debt_record,
    debts_page,
    missed_calls_page,
)
from acd.ledger.debt import DebtError, DebtKind, DebtState
from console.access import Asking
from console.accounts.account import Identity
from console.pages.ledger_words import KINDS, MARKS, OUTCOMES, REASONS, STAGES, STATES
from console.pages.rendering import page
from console.permissions import permits, sees_numbers
from console.routes.parts import View
from console.view import ConsoleView
from telephony.numbers import mask

router = APIRouter(include_in_schema=False)
LINES = 50
Text = Annotated[str, Query(max_length=64)]
Turn = Literal["place", "retry", "cancel", "refused"]
WORDS: dict[str, Any] = {
    "states": STATES,
    "marks": MARKS,
    "kinds": KINDS,
    "outcomes": OUTCOMES,
    "reasons": REASONS,
    "stages": STAGES,
}


@router.get("/call-backs", operation_id="page_call_backs")
async def call_backs_page(
    request: Request,
    view: View,
    identity: Asking,
    state: Text = "",
    kind: Text = "",
    queue: Text = "",
    number: Text = "",
    before: Text = "",
) -> Response:
    """The debts, the newest first, and how many there are."""
    asked = {"state": state, "kind": kind, "queue": queue, "number": number.strip()}
    if not sees_numbers(identity, "page_call_backs"):
        asked["number"] = ""  # whoever may see none may not guess one either
    return await _list(request, view, identity, asked, before)


@router.get("/call-backs/missed", operation_id="page_missed_calls")
async def missed_calls(
    request: Request,
    view: View,
    identity: Asking,
    state: Text = "",
    before: Text = "",
) -> Response:
    """The missed calls, each with what became of it."""
    known = state if state in set(DebtState) else ""
    entries = await missed_calls_page(
        view.database, limit=LINES, before_id=before, state=known
    )
    return page(
        request,
        "missed_calls.html",
        entries=entries,
        state=known,
        shown=_shown_as(identity),
        following=entries[-1].id if len(entries) == LINES else None,
        **WORDS,
    )


@router.get("/call-backs/{call_back_id}", operation_id="page_call_back")
async def call_back_page(
    request: Request,
    view: View,
    identity: Asking,
    call_back_id: Annotated[str, Path(max_length=40)],
) -> Response:
    """One debt, with its attempts and the calls that it stands for."""
    return await _one(request, view, identity, call_back_id)


@router.post("/call-backs/{call_back_id}", operation_id="page_turn_call_back")
async def turn_call_back(
    request: Request,
    view: View,
    identity: Asking,
    call_back_id: Annotated[str, Path(max_length=40)],
    turn: Annotated[Turn, Form()],
) -> Response:
    """Pay it now, owe it again, or end it."""
    try:
        await _turn(view, call_back_id, turn)
    except DebtError as error:
        return await _one(request, view, identity, call_back_id, error)
    return RedirectResponse(f"/call-backs/{call_back_id}", 303)


async def _turn(view: ConsoleView, call_back_id: str, turn: Turn) -> None:
    match turn:
        case "place":
            await view.call_backs.place(call_back_id)
        case "retry":
            await view.call_backs.retry(call_back_id)
        case "cancel" | "refused":
            await view.call_backs.cancel(call_back_id, refused=turn == "refused")


async def _list(
    request: Request,
    view: ConsoleView,
    identity: Identity,
    asked: dict[str, str],
    before: str,
) -> Response:
    debts = await debts_page(
        view.database, limit=LINES, before_id=before, only=_filter(view, asked)
    )
    following = debts[-1].id if len(debts) == LINES else None
    return page(
        request,
        "call_backs.html",
        debts=debts,
        asked=asked,
        following=following,
        counts=view.call_backs.counts.by_state,
        under_way=view.call_backs.under_way,
        oldest_minutes=round(view.call_backs.oldest_seconds / 60),
        queues=[queue.name for queue in view.distributor.queues()],
        whole=sees_numbers(identity, "page_call_backs"),
        shown=_shown_as(identity),
        **WORDS,
    )


async def _one(
    request: Request,
    view: ConsoleView,
    identity: Identity,
    call_back_id: str,
    refused: DebtError | None = None,
) -> Response:
    try:
        record = await debt_record(view.database, call_back_id)
    except DebtError as error:
        return page(request, "call_back.html", 404, record=None, refused=error)
    return page(
        request,
        "call_back.html",
        422 if refused else 200,
        record=record,
        debt=record.debt,
        refused=refused,
        may_turn=permits(identity, "page_turn_call_back"),
        shown=_shown_as(identity),
        **WORDS,
    )


def _filter(view: ConsoleView, asked: dict[str, str]) -> DebtFilter:
    """What the form chose; what there is not is not looked for."""
    state, kind = asked["state"], asked["kind"]
    return DebtFilter(
        state=DebtState(state) if state in set(DebtState) else None,
        kind=DebtKind(kind) if kind in set(DebtKind) else None,
        queue=asked["queue"],
        number=view.numbers.normalise(asked["number"]),
    )


def _shown_as(identity: Identity) -> Callable[[str], str]:
    """How a number is shown to him: whole or masked."""
    return _whole if sees_numbers(identity, "page_call_backs") else mask


def _whole(number: str) -> str:
    return number
