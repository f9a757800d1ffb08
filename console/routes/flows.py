"""Flows: their versions, what the checker says, trials, pictures, and what calls meet."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from difflib import unified_diff
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from acd.flow_versions.desk import Checked, FlowView
from acd.flow_versions.version import Publication, Version, VersionText
from console.access import Asking
from console.number_masking import plain_for
from console.routes.edits import By
from console.routes.parts import NO_CONTROLS, View
from ivr_flows.finding import FaultId
from ivr_flows.trial import MOST_ACTS, Trial

router = APIRouter(prefix="/flows", tags=["flows"])
LONGEST_TEXT = 40_000
"""Ten times the longest flow that comes with Hotline."""
SVG: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/svg+xml": {}}, "description": "The picture"}
}

Name = Annotated[str, Path(max_length=40)]
Number = Annotated[int, Path(ge=1, le=1_000_000)]
FlowText = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
NoteText = Annotated[str, StringConstraints(max_length=200, pattern=NO_CONTROLS)]


class WrittenFlow(BaseModel):
    """A flow as YAML."""

    model_config = ConfigDict(extra="forbid")

    text: FlowText


class Draft(WrittenFlow):
    """A text to be kept, and what it is about."""

    note: NoteText = ""


class Tried(WrittenFlow):
    """A text, and what happens in the call: keys, `silence`, or what came of a wait.

    `at` is the moment at which it is tried, for its opening hours; null is now.
    """

    acts: list[Annotated[str, StringConstraints(max_length=40)]] = Field(
        default=[], max_length=MOST_ACTS
    )
    at: AwareDatetime | None = None


class Publish(BaseModel):
    """The version that new calls shall meet, and why.

    With `instead_of` it is refused when another version is published by then.
    """

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=1, le=1_000_000)
    note: NoteText = ""
    instead_of: int | None = Field(None, ge=0, le=1_000_000)


class RollBack(BaseModel):
    """Why the version before is published again."""

    model_config = ConfigDict(extra="forbid")

    note: NoteText = ""


class FoundFault(BaseModel):
    """A fault (`fatal`) or a warning of the checker; line and column count from 1."""

    error_id: FaultId
    line: int
    column: int
    message: str
    fatal: bool


class CheckResult(BaseModel):
    """All that the checker finds; `is_good` says that the text may be published."""

    is_good: bool
    findings: list[FoundFault]


class Differences(BaseModel):
    """What is other in one version than in another: a unified diff, line by line."""

    lines: list[str]


def result_of(checked: Checked, say: Callable[[str], str] = str) -> CheckResult:
    """What is answered to a check; `say` puts the sentences of its messages."""
    found = [
        FoundFault(
            error_id=each.error_id,
            line=each.line,
            column=each.column,
            message=each.said(say),
            fatal=each.fatal,
        )
        for each in checked.findings
    ]
    found.sort(key=lambda each: (each.line, each.column))
    return CheckResult(is_good=checked.is_good, findings=found)


@router.get("", operation_id="list_flows")
async def list_flows(view: View) -> list[FlowView]:
    """The flows that calls can meet, and in which version."""
    return await view.flows.flows()


@router.get("/{name}/versions", operation_id="list_flow_versions")
async def list_flow_versions(view: View, name: Name) -> list[Version]:
    """All versions of a flow, the newest first, without their texts."""
    return await view.flows.versions(name)


@router.post("/{name}/versions", operation_id="save_flow_version", status_code=201)
async def save_flow_version(
    view: View, name: Name, draft: Draft, author: By
) -> VersionText:
    """Keep a text as the next version, a draft; it may have faults yet."""
    return await view.flows.save(name, draft.text, draft.note, author)


@router.get("/{name}/versions/{number}", operation_id="get_flow_version")
async def get_flow_version(view: View, name: Name, number: Number) -> VersionText:
    """A version with its text."""
    return await view.flows.version(name, number)


@router.get(
    "/{name}/versions/{number}/picture",
    operation_id="get_flow_picture",
    response_class=Response,
    responses=SVG,
)
async def get_flow_picture(
    view: View, identity: Asking, name: Name, number: Number
) -> Response:
    """A version as a picture (SVG)."""
    version = await view.flows.version(name, number)
    return await draw_flow(view, identity, name, WrittenFlow(text=version.text))


@router.get("/{name}/publications", operation_id="list_flow_publications")
async def list_flow_publications(view: View, name: Name) -> list[Publication]:
    """Which version was published when and by whom, the newest first."""
    return await view.flows.publications(name)


@router.get("/{name}/differences", operation_id="get_flow_differences")
async def get_flow_differences(
    view: View,
    name: Name,
    old: Annotated[int, Query(ge=1, le=1_000_000, description="A version.")],
    new: Annotated[int, Query(ge=1, le=1_000_000, description="Another one.")],
) -> Differences:
    """What is other in a version than in another one."""
    before = await view.flows.version(name, old)
    after = await view.flows.version(name, new)
    return Differences(lines=await asyncio.to_thread(_differences, before, after))


def _differences(before: VersionText, after: VersionText) -> list[str]:
    lines = unified_diff(
        before.text.splitlines(),
        after.text.splitlines(),
        fromfile=f"version {before.number}",
        tofile=f"version {after.number}",
        lineterm="",
    )
    return list(lines)


@router.post("/{name}/check", operation_id="check_flow")
async def check_flow(view: View, name: Name, written: WrittenFlow) -> CheckResult:
    """What the checker finds in a text; nothing is kept."""
    return result_of(await view.flows.check(name, written.text))


@router.post("/{name}/try", operation_id="try_flow")
async def try_flow(view: View, name: Name, tried: Tried) -> Trial:
    """Where a call stands after some acts, and what can come next; no call is made."""
    at: datetime | None = tried.at
    return await view.flows.try_text(name, tried.text, tried.acts, at)


@router.post(
    "/{name}/picture",
    operation_id="draw_flow",
    response_class=Response,
    responses=SVG,
)
async def draw_flow(
    view: View, identity: Asking, name: Name, written: WrittenFlow
) -> Response:
    """A text as a picture (SVG); nothing is kept."""
    drawn = await view.flows.draw(name, written.text)
    plain = plain_for(identity, "draw_flow")
    return Response(plain(drawn), media_type="image/svg+xml")


@router.post("/{name}/publish", operation_id="publish_flow")
async def publish_flow(view: View, name: Name, wish: Publish, author: By) -> FlowView:
    """Let new calls meet a version, also an earlier one; those under way keep theirs."""
    return await view.flows.publish(
        name, wish.version, wish.note, author, wish.instead_of
    )


@router.post("/{name}/roll-back", operation_id="roll_back_flow")
async def roll_back_flow(
    view: View, name: Name, wish: RollBack, author: By
) -> FlowView:
    """Publish the version again that new calls met before the present one."""
    return await view.flows.roll_back(name, wish.note, author)
