"""Campaigns of follow-up calls: listed and made, started and paused, and what came of them."""

import re
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from console.access import Asking
from console.accounts.account import Identity
from console.cookies import preferences_of
from console.number_masking import masked_text
from console.pages import campaign_words as words
from console.pages.rendering import page
from console.permissions import permits
from console.routes.campaigns import Name, Reason
from console.routes.edits import By
from console.routes.parts import View
from console.view import ConsoleView
from outbound.archive import all_campaigns, campaign_of
from outbound.campaign import Campaign, CampaignError, CampaignState
from outbound.contact import OPEN
from outbound.mode import CampaignMode, DialMode
from outbound.own_rules import OwnRules

router = APIRouter(prefix="/campaigns", include_in_schema=False)
Turn = Literal["start", "pause"]
Mode = Annotated[DialMode, Form()]
Queue = Annotated[str, Form(max_length=80)]


@router.get("", operation_id="page_campaigns")
async def campaigns_page(request: Request, view: View, identity: Asking) -> Response:
    """All campaigns, and whether anybody is called now."""
    return await _list(request, view, identity)


@router.post("", operation_id="page_add_campaign")
async def add_campaign(
    request: Request,
    view: View,
    identity: Asking,
    name: Annotated[str, Form(max_length=40)] = "",
    mode: Mode = DialMode.AGENTLESS,
    queue: Queue = "",
) -> Response:
    """Make one, and go on to its list of contacts."""
    try:
        await view.campaigns.create(name, CampaignMode(mode=mode, queue=queue))
    except CampaignError as error:
        return await _list(request, view, identity, error)
    return RedirectResponse(f"/campaigns/{name}/import", 303)


@router.get("/{campaign}", operation_id="page_campaign")
async def campaign_page(
    request: Request, view: View, identity: Asking, campaign: Name
) -> Response:
    """One campaign: how far it is; its results come after."""
    return await _one(request, view, identity, campaign)


@router.post("/{campaign}/turn", operation_id="page_turn_campaign")
async def turn_campaign(
    request: Request,
    view: View,
    identity: Asking,
    campaign: Name,
    turn: Annotated[Turn, Form()],
) -> Response:
    """Start or pause it."""
    states = {"start": CampaignState.RUNNING, "pause": CampaignState.PAUSED}
    try:
        await view.campaigns.turn(campaign, states[turn])
    except CampaignError as error:
        return await _one(request, view, identity, campaign, error)
    return RedirectResponse(f"/campaigns/{campaign}", 303)


@router.post("/{campaign}/end", operation_id="page_end_campaign")
async def end_campaign(
    request: Request,
    view: View,
    identity: Asking,
    author: By,
    campaign: Name,
    reason: Annotated[Reason, Form()] = "",
) -> Response:
    """End it for good."""
    try:
        await view.campaigns.end(campaign, author.name, reason)
    except CampaignError as error:
        return await _one(request, view, identity, campaign, error)
    return RedirectResponse(f"/campaigns/{campaign}", 303)


@router.post("/{campaign}/mode", operation_id="page_set_campaign_mode")
async def set_mode(
    request: Request,
    view: View,
    identity: Asking,
    campaign: Name,
    mode: Mode,
    queue: Queue = "",
) -> Response:
    """Dial so from now on; the cap and the wait stay as they are."""
    before = (await campaign_of(view.database, campaign)).mode
    wanted = CampaignMode(
        mode=mode, queue=queue, cap=before.cap, wait_seconds=before.wait_seconds
    )
    try:
        await view.campaigns.change_mode(campaign, wanted)
    except CampaignError as error:
        return await _one(request, view, identity, campaign, error)
    return RedirectResponse(f"/campaigns/{campaign}", 303)


@router.post("/{campaign}/rules", operation_id="page_set_campaign_rules")
async def set_rules(
    request: Request,
    view: View,
    identity: Asking,
    campaign: Name,
    caller_number: Annotated[str, Form(max_length=40)] = "",
    flow: Annotated[str, Form(max_length=40)] = "",
    windows: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Its own number, flow and hours; what is empty is as in all campaigns."""
    spans = (
        tuple(re.split(r"[\s,;，；、]+", windows.strip())) if windows.strip() else ()
    )
    own = OwnRules(caller_number=caller_number, flow=flow, windows=spans)
    try:
        await view.campaigns.change_own(campaign, own)
    except CampaignError as error:
        return await _one(request, view, identity, campaign, error)
    return RedirectResponse(f"/campaigns/{campaign}", 303)


async def _list(
    request: Request,
    view: ConsoleView,
    identity: Identity,
    refused: CampaignError | None = None,
) -> Response:
    campaigns = await all_campaigns(view.database)
    return page(
        request,
        "campaigns/list.html",
        422 if refused else 200,
        campaigns=[(each, _progress(each)) for each in campaigns],
        refused=words.refusal_in_words(refused) if refused else None,
        may_add=permits(identity, "page_add_campaign"),
        **_dialling(view),
        **words.ALL,
    )


async def _one(
    request: Request,
    view: ConsoleView,
    identity: Identity,
    name: str,
    refused: CampaignError | None = None,
) -> Response:
    campaign = await campaign_of(view.database, name)
    return page(
        request,
        "campaigns/one.html",
        422 if refused else 200,
        name=name,
        campaign=campaign,
        progress=_progress(campaign),
        refused=words.refusal_in_words(refused) if refused else None,
        plain=masked_text,
        may_turn=permits(identity, "page_turn_campaign"),
        may_list=permits(identity, "page_campaign_contacts"),
        may_review=permits(identity, "page_reviews"),
        language=preferences_of(request).language,
        offered=view.campaigns.offered,
        **_dialling(view, campaign.own),
        **words.ALL,
    )


def _progress(campaign: Campaign) -> dict[str, int]:
    """How many contacts there are, and how many are closed, whatever came of them."""
    total = sum(campaign.contacts.values())
    still = sum(n for state, n in campaign.contacts.items() if state in OPEN)
    return {
        "total": total,
        "closed": total - still,
        "percent": round(100 * (total - still) / total) if total else 0,
    }


def _dialling(view: ConsoleView, own: OwnRules | None = None) -> dict[str, Any]:
    """What holds calls back, and the queues whose agents may speak."""
    return {
        "standing": view.follow_ups.standing(own),
        "queues": sorted(view.distributor.queue_names),
    }
