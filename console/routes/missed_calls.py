"""The missed-call ledger (漏接电话): citizens whom we owe a call-back."""

from fastapi import APIRouter

from acd.ledger.archive import MissedCall, missed_calls_page
from acd.ledger.debt import DebtState
from console.routes.parts import PAGE, Before, Limit, Page, View

router = APIRouter(prefix="/missed-calls", tags=["missed calls"])


@router.get("", operation_id="list_missed_calls")
async def list_missed_calls(
    view: View,
    limit: Limit = PAGE,
    before: Before = "",
    state: DebtState | None = None,
) -> Page[MissedCall]:
    """Missed calls, the newest first."""
    items = await missed_calls_page(
        view.database, limit=limit, before_id=before, state=state or ""
    )
    return Page(items=items, next=items[-1].id if len(items) == limit else None)
