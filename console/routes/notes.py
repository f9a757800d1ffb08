"""Notes of calls: written once, never changed, gone with the call."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, StringConstraints

from acd.notes.note import NewNote, Note
from acd.notes.store import add_note, notes_of
from console.access import OwnAgent
from console.routes.calls import require_known
from console.routes.edits import By
from console.routes.parts import CallId, View

router = APIRouter(prefix="/calls", tags=["calls"])
NOTE_LENGTH = 4000
NoteText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NOTE_LENGTH)
]


class NoteWish(BaseModel):
    """What is to be written down."""

    model_config = ConfigDict(extra="forbid")

    text: NoteText


@router.get("/{call_id}/notes", operation_id="list_call_notes")
async def list_call_notes(view: View, call_id: CallId) -> list[Note]:
    """The notes of a call, the oldest first."""
    await require_known(view, call_id)
    return await notes_of(view.database, call_id)


@router.post("/{call_id}/notes", operation_id="add_call_note", status_code=201)
async def add_call_note(
    view: View, call_id: CallId, wish: NoteWish, author: By, own: OwnAgent
) -> Note:
    """Write a note; it is kept when the answer comes, and cannot be changed."""
    await require_known(view, call_id)
    note = NewNote(
        call_id=call_id,
        at=view.statistics.now(),
        author=author.name,
        agent_id=own,
        text=wish.text,
    )
    return await add_note(view.database, note)
