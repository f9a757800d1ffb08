"""Parts of a campaign's page that take longer: its results and its contacts."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from console.access import Asking
from console.campaign_plot import plotted
from console.campaign_results import OF, RATES, day_name, results_of, unit_name
from console.number_masking import masked_text
from console.pages import campaign_words as words
from console.pages.rendering import page, translated
from console.permissions import sees_numbers
from console.routes.campaigns import Name
from console.routes.parts import Before, View
from outbound.archive import contacts_page
from outbound.contact import ContactState
from outbound.results import By, Result
from outbound.sums import summed
from telephony.numbers import mask

router = APIRouter(prefix="/campaigns", include_in_schema=False)
CONTACTS = 50
STATE = f"^({'|'.join(ContactState)})?$"


@router.get("/{campaign}/results", operation_id="page_show_campaign_results")
async def results_part(request: Request, view: View, campaign: Name) -> Response:
    """The five rates in all, by unit and by day: all of it counted once."""
    results = await results_of(view, campaign, By.UNIT_DAY)
    # Hundreds of units on many days take longer to add up than calls may wait.
    return await asyncio.to_thread(_results_page, request, campaign, results)


@router.get("/{campaign}/contacts", operation_id="page_campaign_contacts")
async def contacts_part(
    request: Request,
    view: View,
    identity: Asking,
    campaign: Name,
    state: Annotated[str, Query(pattern=STATE)] = "",
    before: Before = "",
) -> Response:
    """Its contacts with what came of each, the newest first."""
    records = await contacts_page(
        view.database,
        campaign,
        limit=CONTACTS,
        before_id=before,
        state=ContactState(state) if state else None,
    )
    whole = sees_numbers(identity, "page_campaign_contacts")
    return page(
        request,
        "campaigns/contacts.html",
        name=campaign,
        records=records,
        state=state,
        following=records[-1].contact.id if len(records) == CONTACTS else None,
        shown=(lambda number: number) if whole else mask,
        plain=masked_text,
        **words.ALL,
    )


def _results_page(request: Request, name: str, results: Sequence[Result]) -> Response:
    total = summed(results, By.TOTAL)
    units, days = summed(results, By.UNIT), summed(results, By.DAY)
    said = partial(translated, request)
    return page(
        request,
        "campaigns/results.html",
        name=name,
        total=total[0] if total else None,
        units=[(unit_name(each.unit or "", said), each) for each in units],
        days=[(day_name(each.day or "", said), each) for each in days],
        rates=RATES,
        of=OF,
        plot=plotted(units, days, said),
    )
