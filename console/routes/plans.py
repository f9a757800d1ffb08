"""The emergency plans: where they stand, what would happen, and what people order."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from acd.adjustments.forecaster import NothingForeseen
from acd.plans.desk import DryRun, PlanOrder, PlanRefused, PlansView
from acd.plans.store import KeptDecision
from acd.recalls.store import KeptRecall, last_recalls
from console.errors import ApiError
from console.routes.edits import By
from console.routes.parts import GO_ON, PAGE, Limit, Page, View

router = APIRouter(prefix="/plans", tags=["plans"])


class Order(BaseModel):
    """The level that is wanted (0 is normal), and why.

    `people` are how many plan 2 recalls; null: as many as are foreseen to be missing.
    """

    model_config = ConfigDict(extra="forbid")

    level: int = Field(ge=0, le=3)
    note: str = Field("", max_length=200)
    people: int | None = Field(None, ge=1, le=2000)


@router.get("", operation_id="get_plans")
async def get_plans(view: View) -> PlansView:
    """The level, what is proposed, and what was foreseen in the last minute."""
    return view.plans.view()


@router.get("/dry-run", operation_id="dry_run_plans")
async def dry_run_plans(view: View) -> DryRun:
    """What would happen now at each level, and whom plan 1 would move."""
    try:
        return await view.plans.dry_run()
    except NothingForeseen as error:
        raise ApiError(503, error.error_id, str(error)) from None


@router.post("", operation_id="order_plan")
async def order_plan(view: View, order: Order, author: By) -> PlansView:
    """Go to a level now, up or down."""
    wanted = PlanOrder(
        level=order.level, author=author, note=order.note, people=order.people
    )
    try:
        return await view.plans.order(wanted)
    except PlanRefused as error:
        raise ApiError(422, error.error_id, str(error), field="level") from None


@router.get("/recalls", operation_id="list_recalls")
async def list_recalls(
    view: View, limit: Annotated[int, Query(ge=1, le=50)] = 5
) -> list[KeptRecall]:
    """The newest recall first, the one that is on among them: who stands how."""
    return await last_recalls(view.database, limit)


@router.get("/decisions", operation_id="list_plan_decisions")
async def list_plan_decisions(
    view: View,
    limit: Limit = PAGE,
    before: Annotated[int | None, Query(ge=1, description=GO_ON)] = None,
) -> Page[KeptDecision]:
    """Every change and proposal, the newest first, with what was foreseen then."""
    items = await view.plans.history(limit, before)
    following = str(items[-1].id) if len(items) == limit else None
    return Page(items=items, next=following)
