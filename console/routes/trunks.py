"""The trunks as they are now."""

from fastapi import APIRouter

from console.routes.parts import View
from telephony.trunk_state import TrunkView

router = APIRouter(prefix="/trunks", tags=["trunks"])


@router.get("", operation_id="list_trunks")
async def list_trunks(view: View) -> list[TrunkView]:
    """All trunks, in the order of the settings: up or down and why, lines in use."""
    return view.trunks.views()
