"""What came of a campaign: rates as JSON and as a sheet, and the page to print."""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from console.campaign_results import read_whole, results_of, results_table
from console.pages.translations import translate
from console.reports import MEDIA, SheetFormat, sheet
from console.routes.campaigns import Name
from console.routes.parts import View
from outbound.results import By, Result

router = APIRouter(prefix="/campaigns", tags=["campaigns"])
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""The page carries its own style, and nothing else."""


@router.get(
    "/{campaign}/results",
    operation_id="get_campaign_results",
    response_model=list[Result],
)
async def get_campaign_results(
    view: View, campaign: Name, by: By = By.TOTAL
) -> Response:
    """Its rates, in all, by handling unit or by day of the last try."""
    content = await read_whole(view, campaign, by)
    return Response(content, media_type="application/json")


@router.get(
    "/{campaign}/results/sheet",
    operation_id="get_campaign_sheet",
    response_class=Response,
    responses={200: {"content": {media: {} for media in MEDIA.values()}}},
)
async def get_campaign_sheet(
    view: View,
    campaign: Name,
    by: By = By.UNIT_DAY,
    form: Annotated[
        SheetFormat, Query(alias="format", description="A workbook, or a CSV.")
    ] = SheetFormat.CSV,
    language: Annotated[
        Literal["zh", "en"], Query(description="Of its titles.")
    ] = "zh",
) -> Response:
    """The same as a sheet; each rate with its part and whole."""
    words = partial(translate, language)
    table = results_table(await results_of(view, campaign, by), by, words)
    body = await sheet([table], form, table.name, words)
    name = f"{campaign}-{by}.{form}"
    return Response(
        body,
        media_type=MEDIA[form],
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


@router.get(
    "/{campaign}/report",
    operation_id="get_campaign_report",
    response_class=HTMLResponse,
)
async def get_campaign_report(view: View, campaign: Name) -> HTMLResponse:
    """All of it as one page with plots, to read and to print: it loads nothing."""
    page = await read_whole(view, campaign, None)
    return HTMLResponse(page, headers={"Content-Security-Policy": PAGE_POLICY})
