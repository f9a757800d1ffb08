"""The recording on a call's page: what its player marks, its proof and its legal hold."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from acd.records.rows import CallRecord
from console.accounts.account import Identity
from console.call_story.line import Said
from console.pages.rendering import page
from console.permissions import permits
from console.routes.edits import By
from console.routes.parts import CallId, View
from console.routes.recordings import (
    HoldWish,
    Reason,
    hold_recording,
    prove_recording,
)
from console.view import ConsoleView
from console.words import N_
from recordings.entry import Recording

router = APIRouter(include_in_schema=False)
STEP = N_("menu: %(step)s")
MARKS = {
    "citizen": N_("the citizen is heard"),
    "agent": N_("agent %(name)s is heard"),
    "third_party": N_("a third party is heard: %(name)s"),
    "supervisor": N_("a supervisor is heard: %(name)s"),
    "paused": N_("the recording is paused"),
    "resumed": N_("the recording goes on"),
    "message_ended": N_("the spoken message ends"),
}
STATES = {
    "pending": N_("It waits to be joined; come again in a moment."),
    "closed": N_("It is whole."),
    "truncated": N_("A part of it is missing."),
    "failed": N_("There is no audio."),
}


@router.get("/calls/{call_id}/proof", operation_id="page_prove_recording")
async def proof_part(request: Request, view: View, call_id: CallId) -> Response:
    """What was proved, in words."""
    return page(request, "call_proof.html", proof=await prove_recording(view, call_id))


@router.post("/calls/{call_id}/hold", operation_id="page_hold_recording")
async def hold(
    view: View,
    call_id: CallId,
    author: By,
    held: Annotated[bool, Form()],
    reason: Annotated[Reason, Form()],
) -> Response:
    """Set or release a legal hold."""
    await hold_recording(view, call_id, HoldWish(held=held, reason=reason), author)
    return RedirectResponse(f"/calls/{call_id}#recording", 303)


async def recording_card(
    view: ConsoleView, identity: Identity, record: CallRecord
) -> dict[str, Any]:
    """What the page shows of the recording; `recording` is None without one."""
    if not permits(identity, "get_recording_audio"):
        return {"hears": False, "recording": None}
    recording = await view.recordings.find(record.call.id)
    if recording is None:
        return {"hears": True, "recording": None}
    return {
        "hears": True,
        "recording": recording,
        "audio": view.recordings.file_of(recording) is not None,
        "marks": sorted(_marks(record, recording), key=lambda mark: mark[0]),
        "holds": await view.recordings.store.holds(record.call.id),
        "may_hold": permits(identity, "page_hold_recording"),
        "states": STATES,
    }


def _marks(record: CallRecord, recording: Recording) -> Iterator[tuple[float, Said]]:
    """Where to go in the audio: seconds from its beginning, and what is there."""
    for step in record.steps:
        begin = (step.at - recording.started_at).total_seconds() - step.seconds
        yield max(0.0, begin), Said(sentence=STEP, values={"step": step.step})
    for mark in recording.marks:
        sentence = MARKS.get(str(mark.get("kind")))
        if sentence:
            name = {"name": str(mark.get("name", ""))}
            yield float(mark.get("at_seconds", 0)), Said(sentence=sentence, values=name)
