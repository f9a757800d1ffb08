"""Recordings: what is known of them, and their audio."""

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from acd.records.archive import CallNotFound, call
from acd.records.rows import CallRecord
from console.access import Asking
from console.asked import operation_of
from console.audio_response import MEDIA_TYPES, AudioResponse
from console.errors import ApiError
from console.number_masking import masked
from console.permissions import sees_numbers
from console.recording_export import READ_ME, blocks, packed, plain
from console.routes.edits import By
from console.routes.parts import PAGE, CallId, Limit, Page, View
from console.view import ConsoleView
from recordings.chain import facts
from recordings.entry import Recording
from recordings.holds import HoldChange, HoldRefused
from recordings.own_proof import OwnProof
from recordings.peaks import Peaks, PeaksFailed, peaks_of

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/recordings", tags=["recordings"])

MOST_COLUMNS = 2000
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)
]


class HoldWish(BaseModel):
    """Hold it, or no longer, and why."""

    model_config = ConfigDict(extra="forbid")

    held: bool
    reason: Reason


BeforeMoment = Annotated[
    AwareDatetime | None,
    Query(description="Only calls that started before this moment (ISO 8601, zone)."),
]


@router.get("", operation_id="list_recordings")
async def list_recordings(
    view: View, limit: Limit = PAGE, before: BeforeMoment = None
) -> Page[Recording]:
    """Recordings, the call that started last first."""
    items = await view.recordings.list(limit, before)
    return Page(items=items, next=_moment(items[-1]) if len(items) == limit else None)


@router.get("/{call_id}", operation_id="get_recording")
async def getrecording_of(view: View, call_id: CallId) -> Recording:
    """The recording of one call."""
    return await recording_of(view, call_id)


@router.get(
    "/{call_id}/audio",
    operation_id="get_recording_audio",
    response_class=FileResponse,
    responses={
        200: {"content": {"audio/flac": {}, "audio/wav": {}}},
        206: {"description": "The asked range of bytes (RFC 9110, 14)"},
    },
)
async def get_audio(request: Request, view: View, call_id: CallId) -> AudioResponse:
    """The audio, citizen left and agent right, whole or by byte range."""
    file = audio_file(view, await recording_of(view, call_id))
    peer = request.client.host if request.client else "unknown"
    logger.info("call %s: its recording is read by %s", call_id, peer)
    return AudioResponse(file)


@router.head(
    "/{call_id}/audio", include_in_schema=False, operation_id="head_recording_audio"
)
async def head_audio(request: Request, view: View, call_id: CallId) -> AudioResponse:
    """What a player asks before it asks for ranges."""
    return await get_audio(request, view, call_id)


@router.get("/{call_id}/peaks", operation_id="get_recording_peaks")
async def get_peaks(
    view: View,
    call_id: CallId,
    columns: Annotated[int, Query(ge=1, le=MOST_COLUMNS)] = MOST_COLUMNS // 2,
) -> Peaks:
    """How loud it is from beginning to end, for a picture: 0 to 100 for each side."""
    recording = await recording_of(view, call_id)
    file = audio_file(view, recording)
    try:
        return await asyncio.to_thread(peaks_of, file, recording.sha256, columns)
    except PeaksFailed as error:
        raise ApiError(410, "recording_unreadable", f"{error}.") from None


@router.get("/{call_id}/proof", operation_id="prove_recording")
async def prove_recording(view: View, call_id: CallId) -> OwnProof:
    """Whether the audio and its place in the chain are those that were stored."""
    return await view.recordings.prove(await recording_of(view, call_id))


@router.get(
    "/{call_id}/export",
    operation_id="export_recording",
    response_class=Response,
    responses={200: {"content": {"application/zip": {}}}},
)
async def export_recording(
    request: Request, view: View, identity: Asking, call_id: CallId
) -> Response:
    """Audio, proof and the call's record as a ZIP; numbers masked by role."""
    recording = await recording_of(view, call_id)
    file = audio_file(view, recording)
    whole = sees_numbers(identity, operation_of(request))
    record = jsonable_encoder(await _record(view, call_id))
    texts = {
        "READ_ME.txt": READ_ME,
        "proof.json": plain(jsonable_encoder(await view.recordings.prove(recording))),
        "facts.json": facts(recording),
        "record.json": plain(record if whole else masked(record)),
    }
    zipped = await asyncio.to_thread(packed, file, texts, file.parent)
    name = f'attachment; filename="{call_id}.zip"'
    return StreamingResponse(
        blocks(zipped),
        media_type="application/zip",
        headers={"content-disposition": name},
    )


@router.get("/{call_id}/holds", operation_id="list_recording_holds")
async def list_holds(view: View, call_id: CallId) -> list[HoldChange]:
    """Who kept the recording beyond its retention or let it go, when and why."""
    await recording_of(view, call_id)
    return await view.recordings.store.holds(call_id)


@router.post("/{call_id}/hold", operation_id="hold_recording")
async def hold_recording(
    view: View, call_id: CallId, wish: HoldWish, author: By
) -> Recording:
    """Keep it beyond its retention (legal hold), or no longer."""
    await recording_of(view, call_id)
    change = HoldChange(
        call_id=call_id,
        at=datetime.now(UTC),
        held=wish.held,
        who=author.name,
        reason=wish.reason,
    )
    try:
        await view.recordings.store.hold(change)
    except HoldRefused as error:
        raise ApiError(409, error.error_id, str(error)) from None
    return await recording_of(view, call_id)


async def _record(view: ConsoleView, call_id: str) -> CallRecord | None:
    """The call's record; None for a recording whose call was never written."""
    try:
        return await call(view.database, call_id)
    except CallNotFound:
        return None


def _moment(recording: Recording) -> str:
    """Its start with `Z`, for the `+` of an offset would become a blank in a query."""
    return recording.started_at.isoformat().replace("+00:00", "Z")


async def recording_of(view: ConsoleView, call_id: str) -> Recording:
    """The recording of a call; 404 without one."""
    recording = await view.recordings.find(call_id)
    if recording is None:
        raise ApiError(404, "recording_unknown", f"Call {call_id} has no recording.")
    return recording


def audio_file(view: ConsoleView, recording: Recording) -> Path:
    """The file of its audio; refused when there is none, or it is gone."""
    file = view.recordings.file_of(recording)
    if file is None:
        raise ApiError(
            404,
            "recording_without_audio",
            f"The recording of call {recording.call_id} has no audio ({recording.state}).",
        )
    if not _stays_inside(Path(recording.path)) or not file.is_file():
        raise ApiError(
            410,
            "recording_file_missing",
            f"The audio of call {recording.call_id} is not on disk; `hotline recordings "
            "verify` tells more.",
        )
    return file


def _stays_inside(path: Path) -> bool:
    """Whether a path relative to the archive's folder is an audio file in it."""
    outside = path.is_absolute() or ".." in path.parts
    return not outside and path.suffix in MEDIA_TYPES
