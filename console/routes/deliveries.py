"""Results on their way to the order system: what was taken, what waits, what is dead."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel

from console.routes.parts import PAGE, Before, Limit, Page, View
from outbound.deliveries.delivery import Delivery, DeliveryState
from outbound.deliveries.store import deliveries_page

router = APIRouter(prefix="/deliveries", tags=["campaigns"])
DeliveryId = Annotated[str, Path(max_length=64, pattern="^[0-9A-Za-z]+$")]


class SentAgain(BaseModel):
    """So many are due now."""

    count: int


@router.get("", operation_id="list_deliveries")
async def list_deliveries(
    view: View,
    state: DeliveryState | None = None,
    limit: Limit = PAGE,
    before: Before = "",
) -> Page[Delivery]:
    """Deliveries, the newest first."""
    items = await deliveries_page(
        view.database, state=state, limit=limit, before_id=before
    )
    return Page(items=items, next=items[-1].id if len(items) == limit else None)


@router.post("/again", operation_id="send_dead_deliveries")
async def send_dead_deliveries(view: View) -> SentAgain:
    """Send all dead ones again."""
    return SentAgain(count=await view.follow_ups.deliveries.send_dead_again())


@router.post("/{delivery_id}/again", operation_id="send_delivery")
async def send_delivery(view: View, delivery_id: DeliveryId) -> Delivery:
    """Send one again that was not taken, as if it were new."""
    return await view.follow_ups.deliveries.send_again(delivery_id)
