"""The audit trail as a page: who did what, the newest first."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from console.pages.rendering import page
from console.routes.parts import View

router = APIRouter(include_in_schema=False)
LINES = 50
Text = Annotated[str, Query(max_length=80)]


@router.get("/audit", operation_id="page_audit")
async def audit_page(
    request: Request,
    view: View,
    who: Text = "",
    operation: Text = "",
    before: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """A page of lines."""
    lines = await view.audit.lines(
        limit=LINES, before_id=before, who=who.strip(), operation=operation.strip()
    )
    return page(
        request,
        "audit.html",
        lines=lines,
        who=who,
        operation=operation,
        following=lines[-1].id if len(lines) == LINES else None,
    )
