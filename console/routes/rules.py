"""Reasons for a pause, and who changed which rules when."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from acd.rule_changes.rows import RuleChange
from acd.rule_changes.store import changes_page
from config.agent_settings import MOST_PAUSE_REASONS, PauseReasonSection
from console.routes.edits import By
from console.routes.parts import PAGE, Limit, Page, View

router = APIRouter(tags=["rules"])


@router.get("/pause-reasons", operation_id="list_pause_reasons")
async def list_pause_reasons(view: View) -> list[PauseReasonSection]:
    """Why an agent may pause, and for how long; 0 sets no limit. None: any reason."""
    return list(view.pause_reasons)


class PauseReasonList(BaseModel):
    """All of them, in the order in which agents see them; none: any reason."""

    model_config = ConfigDict(extra="forbid")

    reasons: list[PauseReasonSection] = Field(max_length=MOST_PAUSE_REASONS)


class KeptReasons(BaseModel):
    """The reasons that count now, and what is doubtful of them."""

    reasons: list[PauseReasonSection]
    warnings: tuple[str, ...]


@router.put("/pause-reasons", operation_id="replace_pause_reasons")
async def replace_pause_reasons(
    view: View, body: PauseReasonList, author: By
) -> KeptReasons:
    """These count from now on; limits also for who pauses already."""
    warnings = await view.run_time.pauses.replace(tuple(body.reasons), author)
    return KeptReasons(reasons=list(view.pause_reasons), warnings=warnings)


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
