"""The wallboard (大屏) for programs and pages: as it is now, and as it changes."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from acd.staffing_reports.curve import DayCurve
from console.access import Asking
from console.accounts.account import ApiToken
from console.accounts.wall_screens import OPERATIONS, PATH
from console.errors import ApiError
from console.live import TooManyReaders
from console.routes.parts import View
from console.routes.streams import stream
from console.sse import ANSWER
from console.wallboard.board import Board

router = APIRouter(prefix="/wallboard", tags=["wallboard"])


class NewScreen(BaseModel):
    """Where the screen hangs, and for how many days it shows; null until it is revoked."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=80)
    days: int | None = Field(None, ge=1, le=3660)


class MadeScreen(BaseModel):
    """Its token, and the path to open in its browser once; it is shown only now."""

    token: ApiToken
    path: str


@router.post("/screens", operation_id="add_screen", status_code=201)
async def add_screen(view: View, body: NewScreen, identity: Asking) -> MadeScreen:
    """A wall screen: a browser that shows the wallboard without a log-in, and no more."""
    known = sorted(OPERATIONS)
    token, secret = await view.accounts.add_token(
        body.title, known, identity.name, known, days=body.days
    )
    return MadeScreen(token=token, path=f"{PATH}?key={secret}")


@router.get("", operation_id="get_wallboard")
async def get_wallboard(view: View) -> Board:
    """Who waits, the rates, agents by state, the plan's level and each queue, now."""
    return view.screens.look()


@router.get("/curve", operation_id="get_wallboard_curve", response_model=DayCurve)
async def get_wallboard_curve(view: View) -> Response:
    """Today by quarters of an hour: calls beside their forecast, and agents."""
    return Response(await view.screens.curve(), media_type="application/json")


@router.get(
    "/events",
    operation_id="follow_wallboard",
    response_class=Response,
    responses=ANSWER,
)
async def follow_wallboard(view: View, identity: Asking) -> Response:
    """Server-sent events: a `board` for each change, a `curve` each minute.

    A reader who is slow gets the newest one only, whatever was before it.
    """
    try:
        view.screens.check_room()
    except TooManyReaders as error:
        raise ApiError(503, error.error_id, str(error)) from None
    texts = view.screens.read()
    return stream(view, identity, texts)
