"""Reasons for a pause as a form: a line each, and empty ones for more."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from acd.pauses.reasons import NAME
from acd.rule_changes.changes import RulesRefused
from acd.rule_changes.store import changes_page
from config.agent_settings import MOST_PAUSE_REASONS, PauseReasonSection
from config.setting_errors import in_words
from console.access import Asking
from console.accounts.account import Identity
from console.pages.rendering import page
from console.pages.settings import KINDS, differences
from console.permissions import permits
from console.routes.edits import By
from console.routes.parts import View
from console.view import ConsoleView

router = APIRouter(include_in_schema=False)
PATH = "/settings/pause-reasons"
NEW_LINES = 2
Texts = Annotated[list[str] | None, Form(max_length=MOST_PAUSE_REASONS + NEW_LINES)]
Line = tuple[str, str, str]
"""Id, title and minutes as they are written."""


@router.get(PATH, operation_id="page_pause_reasons")
async def reasons_page(request: Request, view: View, identity: Asking) -> Response:
    """All of them, to be changed."""
    return await _shown(request, view, identity, _lines(view))


@router.post(PATH, operation_id="page_change_pause_reasons")
async def change_reasons(
    request: Request,
    view: View,
    identity: Asking,
    author: By,
    ids: Texts = None,
    titles: Texts = None,
    minutes: Texts = None,
) -> Response:
    """Keep the lines that have an id; who pauses already feels it."""
    columns = (ids or (), titles or (), minutes or ())
    written = [
        (id_.strip(), title.strip(), length.strip())
        for id_, title, length in zip_longest(*columns, fillvalue="")
    ]
    try:
        await view.pauses.replace(_read(written), author)
    except RulesRefused as error:
        return await _shown(request, view, identity, written, error)
    return RedirectResponse(f"{PATH}?saved=yes", 303)


def _read(written: Sequence[Line]) -> list[PauseReasonSection]:
    try:
        return [
            PauseReasonSection.model_validate(
                {"id": id_, "title": title, "max_seconds": _seconds(minutes)}
            )
            for id_, title, minutes in written
            if id_
        ]
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise RulesRefused(in_words(fault, PauseReasonSection)) from None


def _seconds(minutes: str) -> float | str:
    """Sixty times as much; what is no number is refused by the rules."""
    try:
        return 60 * float(minutes or 0)
    except ValueError:
        return minutes


def _lines(view: ConsoleView) -> list[Line]:
    return [
        (each.id, each.title, f"{each.max_seconds / 60:g}")
        for each in view.pause_reasons
    ]


async def _shown(
    request: Request,
    view: ConsoleView,
    identity: Identity,
    lines: Sequence[Line],
    refused: Exception | None = None,
) -> Response:
    return page(
        request,
        "pause_reasons.html",
        422 if refused else 200,
        lines=[*(line for line in lines if any(line)), *[("", "", "")] * NEW_LINES],
        refused=refused,
        saved="saved" in request.query_params,
        may_change=permits(identity, "page_change_pause_reasons"),
        changes=await changes_page(view.database, limit=5, name=NAME),
        kinds=KINDS,
        differences=differences,
    )
