"""The queues as they are now."""

from fastapi import APIRouter

from acd.distributor import QueueView
from console.routes.parts import View

router = APIRouter(prefix="/queues", tags=["queues"])


@router.get("", operation_id="list_queues")
async def list_queues(view: View) -> list[QueueView]:
    """All queues, in the order of the settings: who waits, how long, and which agents."""
    return view.distributor.queues()
