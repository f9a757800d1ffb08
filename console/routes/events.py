"""What happens, as it happens: server-sent events that can be resumed by id."""

from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import Response

from console.access import Asking
from console.accounts.account import Identity
from console.errors import ApiError
from console.live import TooManyReaders
from console.routes.parts import View
from console.routes.streams import stream
from console.sight import KindUnknown, Sight, sight_of
from console.sse import ANSWER
from ivr_flows.faults import nearest

router = APIRouter(prefix="/events", tags=["events"])
Kinds = Annotated[
    list[str] | None,
    Query(alias="kind", max_length=100, description="Only these; all without it."),
]
LastId = Annotated[
    str | None,
    Header(alias="Last-Event-ID", max_length=64, description="Go on after this id."),
]
After = Annotated[
    str, Query(max_length=64, description="Like Last-Event-ID, which counts before it.")
]


@router.get("", operation_id="follow_events", response_class=Response, responses=ANSWER)
async def follow_events(
    view: View,
    identity: Asking,
    kinds: Kinds = None,
    last_id: LastId = None,
    after: After = "",
) -> Response:
    """Events from now on, or after an id: first what was missed, or a `gap` that says so.

    Each reader is told what his role may see. `dropped` is the last one for a reader who
    is too slow; he may go on by his id.
    """
    try:
        view.live.check_room()
    except TooManyReaders as error:
        raise ApiError(503, error.error_id, str(error)) from None
    texts = view.live.read(_wanted(identity, kinds or []), last_id or after)
    return stream(view, identity, texts)


def _wanted(identity: Identity, kinds: list[str]) -> Sight:
    sight = sight_of(identity)
    try:
        return sight.only(kinds)
    except KindUnknown as error:
        name = str(error)
        hint = nearest(name, sight.names)
        words = f"There is no kind of event {name!r} for you; {hint}"
        raise ApiError(422, "invalid_request", words, field="kind") from None
