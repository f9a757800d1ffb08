"""Contacts that are shown to agents before they are dialled: accepted, or skipped."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from console.routes.parts import View
from outbound.previews import Preview

router = APIRouter(prefix="/previews", tags=["campaigns"])


class ShownContact(BaseModel):
    """The contact that the agent looks at: an answer to another one is refused."""

    model_config = ConfigDict(extra="forbid")

    contact_id: str = Field(max_length=64)


class Ended(BaseModel):
    """The agent looks at the contact no more."""

    agent_id: str
    contact_id: str


@router.get("", operation_id="list_previews")
async def list_previews(view: View) -> list[Preview]:
    """The contacts that agents look at now, with masked numbers."""
    return view.campaigns.shown()


@router.post("/{agent_id}/accept", operation_id="accept_preview")
async def accept_preview(view: View, agent_id: str, body: ShownContact) -> Ended:
    """Ring the agent, and then the contact."""
    view.campaigns.previews.accept(agent_id, body.contact_id)
    return Ended(agent_id=agent_id, contact_id=body.contact_id)


@router.post("/{agent_id}/skip", operation_id="skip_preview")
async def skip_preview(view: View, agent_id: str, body: ShownContact) -> Ended:
    """Show him another one; this contact is not shown again for half an hour."""
    await view.campaigns.previews.skip(agent_id, body.contact_id)
    return Ended(agent_id=agent_id, contact_id=body.contact_id)
