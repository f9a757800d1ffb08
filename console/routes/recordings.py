"""Recordings: what is known of them, and their audio."""

import logging
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse
from pydantic import AwareDatetime

from console.audio_response import MEDIA_TYPES, AudioResponse
from console.errors import ApiError
from console.routes.parts import PAGE, CallId, Limit, Page, View
from console.view import ConsoleView
from recordings.entry import Recording

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/recordings", tags=["recordings"])

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
