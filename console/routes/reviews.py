"""Doubtful answers of follow-up calls: which, how they sound, and what a person heard."""

import asyncio
import logging
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from console.access import Asking
from console.audio_response import MEDIA_TYPES
from console.errors import ApiError
from console.routes.edits import named
from console.routes.parts import PAGE, CallId, Limit, Page, View
from console.routes.recordings import audio_file, recording_of
from outbound.reviews.review import DoubtfulAnswer, Review
from outbound.reviews.store import doubtful_answers
from recordings.clip import ClipFailed, ClipFormat, cut

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/reviews", tags=["campaigns"])
Question = Annotated[str, Path(max_length=80, description="The question's name.")]


class HeardAnswer(BaseModel):
    """What a person heard: an answer to the question, or "unclear"; and who he is.

    An account is named itself, whatever `by` says.
    """

    model_config = ConfigDict(extra="forbid")

    answer: str = Field(max_length=40)
    by: str = Field(min_length=1, max_length=80)


@router.get("", operation_id="list_reviews")
async def list_reviews(
    view: View,
    campaign: Annotated[
        str, Query(max_length=40, description="Only of this one.")
    ] = "",
    limit: Limit = PAGE,
    before: Annotated[
        str,
        Query(max_length=160, description="Go on after this clip: `next` of the page."),
    ] = "",
) -> Page[DoubtfulAnswer]:
    """Answers that should be heard by a person, the newest first."""
    items = await doubtful_answers(
        view.database,
        below=view.follow_ups.review_below,
        campaign=campaign,
        limit=limit,
        before=before,
    )
    return Page(items=items, next=items[-1].clip if len(items) == limit else None)


@router.get(
    "/{call_id}/{question}/clip",
    operation_id="get_clip",
    response_class=Response,
    responses={200: {"content": {"audio/flac": {}, "audio/wav": {}}}},
)
async def get_clip(
    request: Request,
    view: View,
    call_id: CallId,
    question: Question,
    format: Annotated[ClipFormat, Query(description="flac or wav.")] = "wav",
) -> Response:
    """Question and answer as they sounded, cut from the recording of the call."""
    answer = await view.follow_ups.reviews.answer(call_id, question)
    file = audio_file(view, await recording_of(view, call_id))
    peer = request.client.host if request.client else "unknown"
    logger.info("call %s: a clip of its recording is read by %s", call_id, peer)
    try:
        sound = await asyncio.to_thread(
            cut, file, answer.clip_start_seconds, answer.clip_seconds, format
        )
    except ClipFailed as error:
        raise ApiError(410, "clip_failed", f"There is no clip: {error}.") from None
    return Response(sound, media_type=MEDIA_TYPES[f".{format}"])


@router.post("/{call_id}/{question}", operation_id="set_reviewed_answer")
async def set_reviewed_answer(
    view: View,
    call_id: CallId,
    question: Question,
    body: HeardAnswer,
    identity: Asking,
) -> Review:
    """Set what was heard; the rates use it from now on, and what was first stays."""
    reviews = view.follow_ups.reviews
    who = named(identity, body.by)
    return await reviews.set(call_id, question, body.answer, who)
