"""The dialler of follow-up calls: what it may do now, and what holds it back."""

from fastapi import APIRouter

from config.outbound_settings import OutboundLimits
from console.routes.edits import By, Given, edit
from console.routes.parts import View
from outbound.standing import Standing

router = APIRouter(prefix="/dialler", tags=["campaigns"])


@router.get("", operation_id="get_dialler")
async def get_dialler(view: View) -> Standing | None:
    """Lines used and free, why no more are, and the windows; null: nobody is called here."""
    return view.follow_ups.standing()


@router.get("/limits", operation_id="get_outbound_limits")
async def get_limits(view: View) -> OutboundLimits:
    """Lines, windows, tries and caps of follow-up calls, as they count now."""
    return view.run_time.outbound.now


@router.patch("/limits", operation_id="change_outbound_limits")
async def change_limits(view: View, given: Given, author: By) -> OutboundLimits:
    """Set what is given, and leave the rest; it binds from the next call on."""
    await view.run_time.outbound.change(edit(given), author)
    return view.run_time.outbound.now
