"""What may change at run time: queues' rules and agents' profiles, and who changed them."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from acd.agent import AgentError
from acd.floor import UnknownQueue
from acd.rule_changes.changes import RuleChanges, RulesRefused, Written
from acd.rule_changes.rows import Author, Changed, RuleChange
from acd.rule_changes.store import changes_page
from config.agent_settings import WrittenProfile
from config.queue_settings import WrittenRules
from console.access import Asking
from console.accounts.account import Identity
from console.errors import ApiError
from console.pages.rendering import page, translated
from console.pages.setting_forms import AGENT, QUEUE, Field, FormFault, given, texts
from console.permissions import permits
from console.routes.edits import By, edit
from console.routes.parts import View
from console.view import ConsoleView
from console.words import N_

router = APIRouter(include_in_schema=False)
LINES = 50
Name = Annotated[str, Path(max_length=40)]
REFUSALS = (RulesRefused, ApiError, UnknownQueue, AgentError)
KINDS = {
    Changed.QUEUE: N_("queue"),
    Changed.AGENT: N_("agent"),
    Changed.PERSON: N_("person"),
    Changed.ROSTER: N_("roster"),
    Changed.PAUSES: N_("pauses"),
    Changed.DISPOSITIONS: N_("list"),
    Changed.OUTBOUND: N_("limits"),
    Changed.TEXTS: N_("spoken"),
}


@router.get("/settings", operation_id="page_settings")
async def settings_page(request: Request, view: View) -> Response:
    """What there is to set, and the newest changes."""
    return page(
        request,
        "settings.html",
        queues=view.distributor.queues(),
        agents=view.distributor.agents(),
        pause_reasons=view.pause_reasons,
        dispositions=view.run_time.dispositions.now,
        limits=view.run_time.outbound.now,
        changes=await changes_page(view.database, limit=10),
        kinds=KINDS,
        differences=differences,
    )


@router.get("/settings/history", operation_id="page_setting_history")
async def history_page(
    request: Request,
    view: View,
    identity: Asking,
    name: Annotated[str, Query(max_length=40)] = "",
    before: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """Who changed what when, and what it was before."""
    name = name.strip()
    changes = await changes_page(
        view.database, limit=LINES, before_id=before, name=name
    )
    return page(
        request,
        "setting_history.html",
        changes=changes,
        name=name,
        kinds=KINDS,
        differences=differences,
        following=changes[-1].id if len(changes) == LINES else None,
    )


@router.get("/settings/queues/{name}", operation_id="page_queue_rules")
async def queue_page(
    request: Request, view: View, identity: Asking, name: Name
) -> Response:
    """The rules of a queue, to be changed."""
    return await _shown(request, view, identity, Changed.QUEUE, name)


@router.post("/settings/queues/{name}", operation_id="page_change_queue_rules")
async def change_queue(
    request: Request, view: View, identity: Asking, name: Name, author: By
) -> Response:
    """Change them; who waits already feels it."""
    return await _changed(request, view, identity, Changed.QUEUE, name, author)


@router.get("/settings/agents/{name}", operation_id="page_agent_profile")
async def agent_page(
    request: Request, view: View, identity: Asking, name: Name
) -> Response:
    """The profile of an agent, to be changed."""
    return await _shown(request, view, identity, Changed.AGENT, name)


@router.post("/settings/agents/{name}", operation_id="page_change_agent_profile")
async def change_agent(
    request: Request, view: View, identity: Asking, name: Name, author: By
) -> Response:
    """Change it; it counts from the next call on."""
    return await _changed(request, view, identity, Changed.AGENT, name, author)


def differences(change: RuleChange) -> list[tuple[str, Any, Any]]:
    """What of a change is another: name, before, after."""
    names = dict.fromkeys((*change.old, *change.new))
    pairs = [(name, change.old.get(name), change.new.get(name)) for name in names]
    return [pair for pair in pairs if pair[1] != pair[2]]


def said_fault(request: Request, fault: FormFault) -> FormFault:
    """The same in the reader's language."""
    return FormFault(translated(request, fault.sentence), **fault.values)


async def _changed(
    request: Request,
    view: ConsoleView,
    identity: Identity,
    kind: Changed,
    name: str,
    author: Author,
) -> Response:
    form = await request.form()
    written = {key: value for key, value in form.items() if isinstance(value, str)}
    try:
        await _change(view.rule_changes, kind, name, written, author)
    except FormFault as error:
        told = said_fault(request, error)
        return await _shown(request, view, identity, kind, name, told, written)
    except REFUSALS as error:
        return await _shown(request, view, identity, kind, name, error, written)
    return RedirectResponse(f"{request.url.path}?saved=yes", 303)


async def _change(
    changes: RuleChanges,
    kind: Changed,
    name: str,
    written: Mapping[str, str],
    author: Author,
) -> None:
    if kind is Changed.QUEUE:
        await changes.change_rules(name, edit(given(QUEUE, written)), author)
    else:
        await changes.change_profile(name, edit(given(AGENT, written)), author)


async def _shown(
    request: Request,
    view: ConsoleView,
    identity: Identity,
    kind: Changed,
    name: str,
    refused: Exception | None = None,
    written: Mapping[str, str] | None = None,
) -> Response:
    rules = await _rules(view.rule_changes, kind, name)
    groups = _groups(kind)
    return page(
        request,
        "setting.html",
        422 if refused else 200,
        kind=kind,
        title=KINDS[kind],
        name=name,
        hint="",
        back=BACK,
        groups=groups,
        values={
            **texts(groups, rules.rules.model_dump(mode="json")),
            **(written or {}),
        },
        warnings=rules.warnings,
        refused=refused,
        saved="saved" in request.query_params,
        may_change=permits(identity, f"page_change_{OPERATIONS[kind]}"),
        changes=await changes_page(view.database, limit=5, name=name),
        kinds=KINDS,
        differences=differences,
    )


BACK = ("/settings", N_("Settings"))
OPERATIONS = {Changed.QUEUE: "queue_rules", Changed.AGENT: "agent_profile"}


def _groups(kind: Changed) -> Mapping[str, tuple[Field, ...]]:
    return QUEUE if kind is Changed.QUEUE else AGENT


async def _rules(
    changes: RuleChanges, kind: Changed, name: str
) -> Written[WrittenRules] | Written[WrittenProfile]:
    if kind is Changed.QUEUE:
        return await changes.rules(name)
    return await changes.profile(name)
