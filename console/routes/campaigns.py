"""Campaigns of follow-up calls (回访): contacts come in, and what became of them."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from console.routes.edits import By
from console.routes.parts import NO_CONTROLS, PAGE, Before, Limit, Page, View
from outbound.archive import (
    ContactRecord,
    all_campaigns,
    campaign_of,
    contacts_page,
)
from outbound.campaign import Campaign, CampaignState
from outbound.contact import ContactState
from outbound.desk import ImportReport
from outbound.mode import MOST_CAP, CampaignMode, DialMode
from outbound.own_rules import MOST_WINDOWS, WINDOW, OwnRules

router = APIRouter(prefix="/campaigns", tags=["campaigns"])
Name = Annotated[str, Path(max_length=40, description="The campaign's name.")]
Reason = Annotated[str, StringConstraints(max_length=200, pattern=NO_CONTROLS)]


class ContactList(BaseModel):
    """Contacts: `order_id`, `number` and `closed_at` are needed of each.

    Also `language` ("zh", "en", "ko"), `unit` and `confidential`. One that is wrong is
    reported, and does not keep the others out.
    """

    model_config = ConfigDict(extra="forbid")

    contacts: list[dict[str, Any]] = Field(max_length=1000)


class ModeWanted(BaseModel):
    """How a campaign shall be dialled; those with agents need a `queue`.

    `cap` is the share of answered calls that may be abandoned in a window, `wait_seconds`
    how long somebody who answered may be without an agent: both for predictive.
    """

    model_config = ConfigDict(extra="forbid")

    mode: DialMode
    queue: str = Field("", max_length=80)
    cap: float = MOST_CAP
    wait_seconds: float = 2.0


@router.get("", operation_id="list_campaigns")
async def list_campaigns(view: View) -> list[Campaign]:
    """All campaigns, the newest first, with their contacts by state."""
    return await all_campaigns(view.database)


class NewCampaign(ModeWanted):
    """A campaign to be made; its mode is as `set_campaign_mode` takes it."""

    name: str = Field(max_length=40)
    mode: DialMode = DialMode.AGENTLESS


@router.post("", operation_id="add_campaign", status_code=201)
async def add_campaign(view: View, body: NewCampaign) -> Campaign:
    """Make a campaign, paused and empty."""
    mode = CampaignMode(**body.model_dump(exclude={"name"}))
    await view.campaigns.create(body.name, mode)
    return await campaign_of(view.database, body.name)


@router.get("/{campaign}", operation_id="get_campaign")
async def get_campaign(view: View, campaign: Name) -> Campaign:
    """One campaign."""
    return await campaign_of(view.database, campaign)


@router.get("/{campaign}/contacts", operation_id="list_contacts")
async def list_contacts(
    view: View,
    campaign: Name,
    state: ContactState | None = None,
    limit: Limit = PAGE,
    before: Before = "",
) -> Page[ContactRecord]:
    """Its contacts with their tries, the newest first."""
    items = await contacts_page(
        view.database, campaign, limit=limit, before_id=before, state=state
    )
    last = items[-1].contact.id if len(items) == limit else None
    return Page(items=items, next=last)


@router.post("/{campaign}/contacts", operation_id="add_contacts")
async def add_contacts(view: View, campaign: Name, body: ContactList) -> ImportReport:
    """Take contacts in; the campaign is made when it is new, and calls nobody yet.

    An order that the campaign knows is not entered again, so the same list may be sent
    twice.
    """
    return await view.campaigns.take(campaign, body.contacts)


@router.post("/{campaign}/contacts/preview", operation_id="preview_contacts")
async def preview_contacts(
    view: View, campaign: Name, body: ContactList
) -> ImportReport:
    """What `add_contacts` would come to now: nobody is entered, no campaign made."""
    return await view.campaigns.preview(campaign, body.contacts)


@router.post("/{campaign}/start", operation_id="start_campaign")
async def start_campaign(view: View, campaign: Name) -> Campaign:
    """Call its contacts, within the windows and as lines are free."""
    await view.campaigns.turn(campaign, CampaignState.RUNNING)
    return await campaign_of(view.database, campaign)


@router.post("/{campaign}/pause", operation_id="pause_campaign")
async def pause_campaign(view: View, campaign: Name) -> Campaign:
    """Call nobody more; a call that is under way goes on."""
    await view.campaigns.turn(campaign, CampaignState.PAUSED)
    return await campaign_of(view.database, campaign)


class RulesWanted(BaseModel):
    """What a campaign shall have of its own; what is left out is as in all campaigns.

    `caller_number` is one of a trunk's list, `flow` one of [outbound]; `get_dialler`
    tells both as `offered`. `windows` lie between 08:00 and 21:00 on the city's clock.
    """

    model_config = ConfigDict(extra="forbid")

    caller_number: str = Field("", max_length=40)
    flow: str = Field("", max_length=40)
    windows: list[Annotated[str, Field(pattern=WINDOW)]] = Field(
        default=[], max_length=MOST_WINDOWS, examples=[["09:00-12:00", "14:00-20:00"]]
    )


@router.post("/{campaign}/rules", operation_id="set_campaign_rules")
async def set_campaign_rules(view: View, campaign: Name, body: RulesWanted) -> Campaign:
    """Call with this number, flow and windows from now on; calls under way go on."""
    own = OwnRules(**body.model_dump() | {"windows": tuple(body.windows)})
    await view.campaigns.change_own(campaign, own)
    return await campaign_of(view.database, campaign)


class EndWanted(BaseModel):
    """Why a campaign shall end for good."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason


@router.post("/{campaign}/end", operation_id="end_campaign")
async def end_campaign(
    view: View, campaign: Name, body: EndWanted, author: By
) -> Campaign:
    """End it for good: it cannot be started again, and nobody of it is called.

    A call that is under way goes on. Whoever waits is `withdrawn`, soon after: each is
    told to the order system, and stays in the denominators of the results.
    """
    await view.campaigns.end(campaign, author.name, body.reason)
    return await campaign_of(view.database, campaign)


@router.post("/{campaign}/mode", operation_id="set_campaign_mode")
async def set_campaign_mode(view: View, campaign: Name, body: ModeWanted) -> Campaign:
    """Dial so from now on: by the machine alone, or with agents of a queue."""
    await view.campaigns.change_mode(campaign, CampaignMode(**body.model_dump()))
    return await campaign_of(view.database, campaign)
