"""The dialler of follow-up calls: what it may do now, and what holds it back."""

from fastapi import APIRouter

from console.routes.parts import View
from outbound.standing import Standing

router = APIRouter(prefix="/dialler", tags=["campaigns"])


@router.get("", operation_id="get_dialler")
async def get_dialler(view: View) -> Standing | None:
    """Lines used and free, why no more are, and the windows; null: nobody is called here."""
    return view.follow_ups.standing()
