"""Settings that are a list as a form: a line each, and empty ones for more."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Generic, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ValidationError

from acd.rule_changes.changes import RulesRefused
from acd.rule_changes.store import changes_page
from acd.run_time.seeded import Seeded
from config.agent_settings import PauseReasonSection
from config.setting_errors import in_words
from config.talk_settings import DispositionSection
from console.access import Asking
from console.accounts.account import Identity
from console.pages.rendering import page
from console.pages.settings import KINDS, differences
from console.permissions import permits
from console.routes.edits import By
from console.routes.parts import View
from console.view import ConsoleView
from console.words import N_

router = APIRouter(include_in_schema=False)
NEW_LINES = 2
S = TypeVar("S", bound=BaseModel)
Line = tuple[str, ...]
"""What is written in each column; a line without the first is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A field of each line."""

    name: str
    title: str
    longest: int
    pattern: str = ".*"
    is_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListForm(Generic[S]):
    """A list as its page shows it; `change` is the operation of its form."""

    title: str
    hint: str
    change: str
    columns: tuple[Column, ...]
    kept: Callable[[ConsoleView], Seeded[tuple[S, ...]]]
    line: Callable[[S], Line]
    section: type[S]
    values: Callable[[Line], dict[str, Any]]

    def read(self, lines: Sequence[Line]) -> tuple[S, ...]:
        """The lines that have a first column; `RulesRefused` when one cannot be."""
        try:
            wanted = (self.values(line) for line in lines if line[0])
            return tuple(map(self.section.model_validate, wanted))
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            raise RulesRefused(in_words(fault, self.section)) from None


def _seconds(minutes: str) -> float | str:
    """Sixty times as much; what is no number is refused by the rules."""
    try:
        return 60 * float(minutes or 0)
    except ValueError:
        return minutes


PAUSES = ListForm(
    title=N_("Reasons for a pause"),
    hint=N_(
        "Agents choose one of them when they pause; 0 minutes set no limit. A line "
        "without an id goes. Without any line agents may pause for any reason."
    ),
    change="page_change_pause_reasons",
    columns=(
        Column(
            name="ids", title=N_("Id"), longest=40, pattern=r"[a-z][a-z0-9_\-]{0,39}"
        ),
        Column(name="titles", title=N_("Title"), longest=80),
        Column(name="minutes", title=N_("At most, min"), longest=8, is_number=True),
    ),
    kept=lambda view: view.run_time.pauses,
    line=lambda each: (each.id, each.title, f"{each.max_seconds / 60:g}"),
    section=PauseReasonSection,
    values=lambda line: {
        "id": line[0],
        "title": line[1],
        "max_seconds": _seconds(line[2]),
    },
)
DISPOSITIONS = ListForm(
    title=N_("Dispositions"),
    hint=N_(
        "Agents choose one of them for each call. A line without a code goes; calls "
        "that were given it keep it."
    ),
    change="page_change_dispositions",
    columns=(
        Column(
            name="codes",
            title=N_("Code of the list"),
            longest=40,
            pattern=r"[A-Za-z0-9_.\-]{1,40}",
        ),
        Column(name="titles", title=N_("Title"), longest=80),
    ),
    kept=lambda view: view.run_time.dispositions,
    line=lambda each: (each.code, each.title),
    section=DispositionSection,
    values=lambda line: {"code": line[0], "title": line[1]},
)


@router.get("/settings/pause-reasons", operation_id="page_pause_reasons")
async def reasons_page(request: Request, view: View, identity: Asking) -> Response:
    """Reasons for a pause, to be changed."""
    return await _shown(request, view, identity, PAUSES)


@router.post("/settings/pause-reasons", operation_id=PAUSES.change)
async def change_reasons(
    request: Request, view: View, identity: Asking, author: By
) -> Response:
    """Change them; who pauses already feels it."""
    return await _changed(request, view, identity, author, PAUSES)


@router.get("/settings/dispositions", operation_id="page_dispositions")
async def dispositions_page(request: Request, view: View, identity: Asking) -> Response:
    """What calls can have been about, to be changed."""
    return await _shown(request, view, identity, DISPOSITIONS)


@router.post("/settings/dispositions", operation_id=DISPOSITIONS.change)
async def change_dispositions(
    request: Request, view: View, identity: Asking, author: By
) -> Response:
    """Change them; the next call can be given them."""
    return await _changed(request, view, identity, author, DISPOSITIONS)


async def _changed(
    request: Request, view: ConsoleView, identity: Identity, author: By, of: ListForm[S]
) -> Response:
    form = await request.form()
    columns = [map(str, form.getlist(column.name)) for column in of.columns]
    lines = [
        tuple(map(str.strip, line)) for line in zip_longest(*columns, fillvalue="")
    ]
    try:
        await of.kept(view).replace(of.read(lines), author)
    except RulesRefused as error:
        return await _shown(request, view, identity, of, lines, error)
    return RedirectResponse(f"{request.url.path}?saved=yes", 303)


async def _shown(
    request: Request,
    view: ConsoleView,
    identity: Identity,
    of: ListForm[S],
    written: Sequence[Line] | None = None,
    refused: Exception | None = None,
) -> Response:
    kept = of.kept(view)
    lines = list(map(of.line, kept.now)) if written is None else written
    return page(
        request,
        "setting_list.html",
        422 if refused else 200,
        form=of,
        lines=[*filter(any, lines), *[("",) * len(of.columns)] * NEW_LINES],
        refused=refused,
        saved="saved" in request.query_params,
        may_change=permits(identity, of.change),
        changes=await changes_page(view.database, limit=5, name=kept.name),
        kinds=KINDS,
        differences=differences,
    )
