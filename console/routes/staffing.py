"""The fifteen-minute loop: rounds, proposals, and what people decide about them."""

from collections.abc import Awaitable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from acd.adjustments.decision import Proposal, ProposalError, ProposalUnknown
from acd.adjustments.forecaster import NothingForeseen
from acd.adjustments.store import KeptRound
from acd.people.person import Post
from acd.staffing.by_hand import HandMove
from acd.staffing.roster import CELL_MINUTES
from console.errors import ApiError
from console.routes.edits import By
from console.routes.parts import View
from console.routes.statistics import Day

router = APIRouter(prefix="/staffing", tags=["staffing"])
T = TypeVar("T")
CLOCK = r"^([01]\d|2[0-3]):(00|15|30|45)$"
ProposalId = Annotated[str, Path(max_length=40, pattern="^[0-9A-Za-z-]+$")]


class Chosen(BaseModel):
    """Proposals by their ids; all are decided, or none."""

    model_config = ConfigDict(extra="forbid")

    ids: list[str] = Field(min_length=1, max_length=50)


class WantedMove(BaseModel):
    """Somebody on duty holds another post from now until `until` (`"10:45"`, by the city's
    clock), or without it until his shift ends. His breaks stay."""

    model_config = ConfigDict(extra="forbid")

    person_id: str = Field(min_length=1, max_length=40)
    post: Post
    until: str | None = Field(None, pattern=CLOCK)

    def as_hand_move(self) -> HandMove:
        """The same by cells."""
        cell = None
        if self.until:
            hour, minute = map(int, self.until.split(":"))
            cell = (hour * 60 + minute) // CELL_MINUTES
        return HandMove(person_id=self.person_id, post=self.post, until=cell)


@router.get("", operation_id="get_staffing_round")
async def get_staffing_round(view: View) -> KeptRound:
    """The newest round: forecast, requirement, roster, presence, proposals."""
    kept = await view.adjustments.last()
    if kept is None:
        raise ApiError(404, "no_round", "There was no round yet; ask for one by POST.")
    return kept


@router.post("", operation_id="make_staffing_round")
async def make_staffing_round(view: View) -> KeptRound:
    """Look now; what was open of the round before expires."""
    return await _or_refused(view.adjustments.look())


@router.get("/proposals", operation_id="list_decided_proposals")
async def list_decided_proposals(view: View, day: Day = None) -> list[Proposal]:
    """What was decided of a day's proposals (today's), moves by hand among it, by time."""
    return await view.adjustments.decided(day or view.statistics.today())


@router.post("/moves", operation_id="move_person")
async def move_person(view: View, wanted: WantedMove, author: By) -> Proposal:
    """Move somebody to another post now: the roster changes, he is told; undo takes it back."""
    return await _or_refused(view.adjustments.move(wanted.as_hand_move(), author))


@router.get("/proposals/{proposal_id}", operation_id="get_staffing_proposal")
async def get_staffing_proposal(view: View, proposal_id: ProposalId) -> KeptRound:
    """Why it was proposed: its whole round, with what became of the hour after it."""
    return await _or_refused(view.adjustments.why(proposal_id))


@router.post("/accept", operation_id="accept_staffing_proposals")
async def accept_staffing_proposals(
    view: View, chosen: Chosen, author: By
) -> list[Proposal]:
    """Carry moves out: the roster changes, the people are told."""
    return await _or_refused(view.adjustments.accept(chosen.ids, author))


@router.post("/decline", operation_id="decline_staffing_proposals")
async def decline_staffing_proposals(
    view: View, chosen: Chosen, author: By
) -> list[Proposal]:
    """Do nothing of it."""
    return await _or_refused(view.adjustments.decline(chosen.ids, author))


@router.post("/undo", operation_id="undo_staffing_proposals")
async def undo_staffing_proposals(
    view: View, chosen: Chosen, author: By
) -> list[Proposal]:
    """Take accepted moves back."""
    return await _or_refused(view.adjustments.undo(chosen.ids, author))


async def _or_refused(wanted: Awaitable[T]) -> T:
    try:
        return await wanted
    except ProposalError as error:
        status = 404 if isinstance(error, ProposalUnknown) else 409
        raise ApiError(status, error.error_id, str(error)) from None
    except NothingForeseen as error:
        raise ApiError(503, error.error_id, str(error)) from None
