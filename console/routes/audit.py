"""The audit trail: who changed what, heard which recording, logged in or was locked out."""

from typing import Annotated

from fastapi import APIRouter, Query

from console.audit.line import AuditLine
from console.routes.parts import PAGE, Limit, Page, View

router = APIRouter(prefix="/audit", tags=["accounts"])
Text = Annotated[str, Query(max_length=80)]


@router.get("", operation_id="list_audit")
async def list_audit(
    view: View,
    limit: Limit = PAGE,
    before: Annotated[
        int | None, Query(ge=1, le=2**62, description="Go on after this line.")
    ] = None,
    who: Text = "",
    operation: Text = "",
) -> Page[AuditLine]:
    """Lines, the newest first; of one account or token, or one operation, when asked."""
    items = await view.audit.lines(
        limit=limit, before_id=before, who=who, operation=operation
    )
    return Page(items=items, next=str(items[-1].id) if len(items) == limit else None)
