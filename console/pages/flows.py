"""Flows (流程): the picture, the text with the checker's words, trials, versions."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup
from pydantic import BeforeValidator, StringConstraints

from acd.flow_versions.desk import FlowView
from acd.flow_versions.version import FlowVersionError, VersionRefused, VersionText
from console.access import Asking
from console.accounts.account import Identity
from console.number_masking import plain_for
from console.pages import flow_words as words
from console.pages.rendering import page, translated
from console.permissions import permits, sees_numbers
from console.routes.edits import By
from console.routes.flows import (
    LONGEST_TEXT,
    CheckResult,
    Name,
    get_flow_differences,
    result_of,
)
from console.routes.parts import NO_CONTROLS, View
from console.view import ConsoleView
from ivr_flows.layout import PictureTooLarge
from ivr_flows.picture import NO_MARKS, Marks
from ivr_flows.step import KEYS
from ivr_flows.trial import MOST_ACTS, SAID, Trial, TryRefused

router = APIRouter(prefix="/flows", include_in_schema=False)
AGAIN, BACK = "again", "back"
"""What the trial's buttons ask for besides acts."""

Text = Annotated[
    str,
    BeforeValidator(lambda text: text.replace("\r\n", "\n")),
    StringConstraints(max_length=LONGEST_TEXT),
    Form(),
]
"""A flow as long as the API takes one: the lines of a form end as those of a file do."""
Note = Annotated[str, StringConstraints(max_length=200, pattern=NO_CONTROLS), Form()]
Number = Annotated[int, Form(ge=1, le=1_000_000)]
Act = Annotated[str, Form(max_length=40)]
Acts = Annotated[str, Form(max_length=40 * MOST_ACTS)]
Asked = Annotated[int | None, Query(ge=1, le=1_000_000)]
Told = Annotated[str, Query(pattern="^(saved|published)?$")]


@router.get("", operation_id="page_flows")
async def flows_page(request: Request, view: View) -> Response:
    """The flows that calls can meet."""
    return page(request, "flows.html", flows=await view.flows.flows())


@router.get("/{name}", operation_id="page_flow")
async def flow_page(
    request: Request,
    view: View,
    identity: Asking,
    name: Name,
    version: Asked = None,
    told: Told = "",
) -> Response:
    """A version of a flow: the one in force, unless another one is asked for."""
    flow = await view.flows.flow(name)
    shown = await view.flows.version(name, version or flow.version or None)
    return await _flow_page(request, view, identity, flow, shown, told=told)


@router.post("/{name}", operation_id="page_save_flow")
async def save(
    request: Request,
    view: View,
    identity: Asking,
    author: By,
    name: Name,
    version: Number,
    text: Text = "",
    note: Note = "",
) -> Response:
    """Keep the text as a draft, under the next number."""
    try:
        kept = await view.flows.save(name, text, note, author)
    except FlowVersionError as error:
        flow, shown = (
            await view.flows.flow(name),
            await view.flows.version(name, version),
        )
        return await _flow_page(
            request, view, identity, flow, shown, text=text, refused=error
        )
    return RedirectResponse(f"/flows/{name}?version={kept.number}&told=saved", 303)


@router.post("/{name}/check", operation_id="page_check_flow")
async def check_part(
    request: Request, view: View, identity: Asking, name: Name, text: Text = ""
) -> Response:
    """The checker's words, and the picture while the text can be drawn."""
    return page(
        request,
        "flows/found.html",
        found=await _found(request, view, name, text),
        picture=await _picture(request, view, identity, name, text),
        plain=plain_for(identity, "page_flow"),
        fault_words=words.FAULTS,
        with_picture=True,
    )


@router.post("/{name}/try", operation_id="page_try_flow")
async def try_part(
    request: Request,
    view: View,
    identity: Asking,
    name: Name,
    version: Number,
    text: Text = "",
    acts: Acts = "",
    act: Act = AGAIN,
) -> Response:
    """One act more, or one less, or from the beginning.

    Whose text has masked numbers tries the version that it shows.
    """
    done = acts.split()
    if not sees_numbers(identity, "page_flow"):
        text = (await view.flows.version(name, version)).text
    wanted = {AGAIN: [], BACK: done[:-1]}.get(act, [*done, act])
    trial, kept, refused = await _tried(view, name, text, wanted)
    marks = Marks(step=trial.step, passed=trial.passed) if trial else NO_MARKS
    return page(
        request,
        "flows/trial.html",
        name=name,
        picture=await _picture(request, view, identity, name, text, marks),
        plain=plain_for(identity, "page_flow"),
        with_picture=True,
        **_trial_words(trial, kept, refused),
    )


@router.get("/{name}/differences", operation_id="page_flow_differences")
async def differences_page(
    request: Request,
    view: View,
    identity: Asking,
    name: Name,
    old: Annotated[int, Query(ge=1, le=1_000_000)],
    new: Annotated[int, Query(ge=1, le=1_000_000)],
) -> Response:
    """What is other in one version than in another."""
    found = await get_flow_differences(view, name, old, new)
    return page(
        request,
        "flows/differences.html",
        name=name,
        old=old,
        new=new,
        lines=found.lines[2:],
        plain=plain_for(identity, "page_flow"),
    )


@router.get("/{name}/publish", operation_id="page_ask_publish_flow")
async def ask_publish(
    request: Request,
    view: View,
    name: Name,
    version: Annotated[int, Query(ge=1, le=1_000_000)],
) -> Response:
    """What would become other, and whether it may be published."""
    return await _ask_publish(request, view, name, version, None)


@router.post("/{name}/publish", operation_id="page_publish_flow")
async def publish(
    request: Request,
    view: View,
    author: By,
    name: Name,
    version: Number,
    instead_of: Annotated[int, Form(ge=0, le=1_000_000)],
    note: Note = "",
) -> Response:
    """Let new calls meet the version."""
    try:
        await view.flows.publish(name, version, note, author, instead_of)
    except FlowVersionError as error:
        return await _ask_publish(request, view, name, version, error)
    return RedirectResponse(f"/flows/{name}?version={version}&told=published", 303)


async def _flow_page(
    request: Request,
    view: ConsoleView,
    identity: Identity,
    flow: FlowView,
    shown: VersionText,
    *,
    text: str | None = None,
    refused: FlowVersionError | None = None,
    told: str = "",
) -> Response:
    written = shown.text if text is None else text
    plain = plain_for(identity, "page_flow")
    found = await _found(request, view, flow.name, written)
    trial, kept, why = await _tried(view, flow.name, written, [])
    marks = Marks(step=trial.step, passed=trial.passed) if trial else NO_MARKS
    return page(
        request,
        "flow.html",
        422 if refused else 200,
        flow=flow,
        name=flow.name,
        shown=shown,
        text=plain(written),
        plain=plain,
        found=found,
        picture=await _picture(request, view, identity, flow.name, written, marks),
        with_picture=False,
        versions=await view.flows.versions(flow.name),
        refused=refused,
        told=told,
        may_change=permits(identity, "page_save_flow"),
        states=words.STATES,
        state_marks=words.MARKS,
        fault_words=words.FAULTS,
        longest=LONGEST_TEXT,
        **_trial_words(trial, kept, why),
    )


async def _ask_publish(
    request: Request,
    view: ConsoleView,
    name: str,
    version: int,
    refused: FlowVersionError | None,
) -> Response:
    flow, wanted = await view.flows.flow(name), await view.flows.version(name, version)
    lines: list[str] = []
    if flow.version and flow.version != version:
        found = await get_flow_differences(view, name, flow.version, version)
        lines = found.lines[2:]
    checked = await _found(request, view, name, wanted.text)
    return page(
        request,
        "flows/publish.html",
        422 if refused else 200,
        flow=flow,
        name=name,
        wanted=wanted,
        lines=lines,
        found=checked,
        plain=str,  # who may publish sees numbers
        refused=refused,
        is_back=version < flow.version,
        fault_words=words.FAULTS,
    )


async def _found(
    request: Request, view: ConsoleView, name: str, text: str
) -> CheckResult:
    """What the checker finds, in the reader's language."""
    return result_of(await view.flows.check(name, text), partial(translated, request))


async def _tried(
    view: ConsoleView, name: str, text: str, acts: Sequence[str]
) -> tuple[Trial | None, list[str], Exception | None]:
    """The trial, the acts that it has, and why there is none or fewer."""
    kept = list(acts[:MOST_ACTS])
    try:
        return await view.flows.try_text(name, text, kept), kept, None
    except VersionRefused as error:
        return None, [], error
    except TryRefused as error:
        again = await view.flows.try_text(name, text, kept[: error.index])
        return again, kept[: error.index], error


async def _picture(
    request: Request,
    view: ConsoleView,
    identity: Identity,
    name: str,
    text: str,
    marks: Marks = NO_MARKS,
) -> Markup | None:
    """The SVG in the reader's language, or why it is too large; None for a text that leads nowhere."""
    try:
        drawn = await view.flows.draw(name, text, partial(_said, request), marks)
    except VersionRefused:
        return None
    except PictureTooLarge:
        said = translated(request, words.TOO_LARGE_TO_DRAW)
        return Markup('<p class="empty">{}</p>').format(said)
    # The picture escapes all that somebody wrote.
    return Markup(plain_for(identity, "page_flow")(drawn))


def _said(request: Request, word: str) -> str:
    return translated(request, words.PICTURE.get(word, word))


def _trial_words(
    trial: Trial | None, acts: Sequence[str], refused: Exception | None
) -> dict[str, Any]:
    leads = {each.act: each.leads_to for each in trial.next} if trial else {}
    return {
        "trial": trial,
        "acts": list(acts),
        "leads": leads,
        "others": [act for act in leads if act not in KEYS],
        "keys": "123456789*0#",
        "act_words": words.ACTS,
        "spoken_words": words.SPOKEN,
        "spoken": SAID,
        "try_refused": refused,
    }
