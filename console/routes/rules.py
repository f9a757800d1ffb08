"""Reasons for a pause, and who changed which rules when."""

from typing import Annotated

from fastapi import APIRouter, Query

from acd.rule_changes.rows import RuleChange
from acd.rule_changes.store import changes_page
from config.agent_settings import PauseReasonSection
from console.routes.parts import PAGE, Limit, Page, View

router = APIRouter(tags=["rules"])


@router.get("/pause-reasons", operation_id="list_pause_reasons")
async def list_pause_reasons(view: View) -> list[PauseReasonSection]:
    """Why an agent may pause, and for how long; 0 sets no limit. None: any reason."""
    return list(view.pause_reasons)


@router.get("/rule-changes", operation_id="list_rule_changes")
async def list_rule_changes(
    view: View,
    limit: Limit = PAGE,
    before: Annotated[
        int | None, Query(ge=1, description="Go on after this id: `next` of before.")
    ] = None,
    name: Annotated[str, Query(max_length=40, description="A queue or agent.")] = "",
) -> Page[RuleChange]:
    """Changes of queues' rules and agents' profiles, the newest first."""
    items = await changes_page(view.database, limit=limit, before_id=before, name=name)
    next_id = str(items[-1].id) if len(items) == limit else None
    return Page(items=items, next=next_id)
