"""Reports of a day, a week or a month, also as sheets."""

from datetime import timedelta
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from acd.statistics.periods import Period, PeriodReport
from console.pages.translations import translate
from console.reports import (
    MEDIA,
    SheetFormat,
    daily_pdf,
    daily_review,
    period_json,
    period_of,
    period_pdf,
    sheet,
    tables,
)
from console.routes.parts import CityDay, View

router = APIRouter(prefix="/reports", tags=["reports"])
Day = Annotated[
    CityDay | None,
    Query(alias="date", description="A day of the period, of the city; today."),
]


@router.get(
    "/daily-review/pdf",
    operation_id="get_daily_review_pdf",
    response_class=Response,
    responses={200: {"content": {MEDIA[SheetFormat.PDF]: {}}}},
)
async def get_daily_review_pdf(
    view: View,
    day: Annotated[
        CityDay | None, Query(alias="date", description="Of the city; yesterday.")
    ] = None,
    language: Annotated[Literal["zh", "en"], Query()] = "zh",
) -> Response:
    """The draft for the daily review (日清日结) as a sheet to sign."""
    chosen = day or view.statistics.today() - timedelta(days=1)
    review = await daily_review(view, chosen)
    body = await daily_pdf(view, review, language, partial(translate, language))
    return _file(body, SheetFormat.PDF, f"hotline-daily-review-{chosen}")


@router.get("/{period}", operation_id="get_report", response_model=PeriodReport)
async def get_report(view: View, period: Period, day: Day = None) -> Response:
    """The calls of a period: by queue, by hour or day, and by agent."""
    return Response(await period_json(view, period, day), media_type="application/json")


@router.get(
    "/{period}/sheet",
    operation_id="get_report_sheet",
    response_class=Response,
    responses={200: {"content": {media: {} for media in MEDIA.values()}}},
)
async def get_report_sheet(
    view: View,
    period: Period,
    day: Day = None,
    form: Annotated[
        SheetFormat,
        Query(alias="format", description="A workbook, one table, or a PDF."),
    ] = SheetFormat.XLSX,
    table: Annotated[
        Literal["queues", "times", "agents"], Query(description="Which, as CSV.")
    ] = "queues",
    language: Annotated[
        Literal["zh", "en"], Query(description="Of its titles.")
    ] = "zh",
) -> Response:
    """The same as a sheet or PDF; each rate with its part and whole."""
    words = partial(translate, language)
    report = await period_of(view, period, day)
    if form is SheetFormat.PDF:
        body = await period_pdf(view, report, language, words)
    else:
        body = await sheet(tables(view, report, words), form, table, words)
    name = f"hotline-{period}-{report.first}"
    if form is SheetFormat.CSV:
        name += f"-{table}"
    return _file(body, form, name)


def _file(body: bytes, form: SheetFormat, name: str) -> Response:
    """What a browser keeps."""
    return Response(
        body,
        media_type=MEDIA[form],
        headers={"content-disposition": f'attachment; filename="{name}.{form}"'},
    )
