"""Reports of a day, a week or a month, also as sheets."""

from datetime import date
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from acd.statistics.periods import Period, PeriodReport
from console.pages.translations import translate
from console.reports import MEDIA, SheetFormat, period_json, period_of, sheet, tables
from console.routes.parts import View

router = APIRouter(prefix="/reports", tags=["reports"])
Day = Annotated[
    date | None,
    Query(alias="date", description="A day of the period, of the city; today."),
]


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
        SheetFormat, Query(alias="format", description="A workbook, or one table.")
    ] = SheetFormat.XLSX,
    table: Annotated[
        Literal["queues", "times", "agents"], Query(description="Which, as CSV.")
    ] = "queues",
    language: Annotated[
        Literal["zh", "en"], Query(description="Of its titles.")
    ] = "zh",
) -> Response:
    """The same as a sheet; each rate with its part and whole."""
    words = partial(translate, language)
    report = await period_of(view, period, day)
    body = await sheet(tables(view, report, words), form, table, words)
    name = f"hotline-{period}-{report.first}"
    if form is SheetFormat.CSV:
        name += f"-{table}"
    return Response(
        body,
        media_type=MEDIA[form],
        headers={"content-disposition": f'attachment; filename="{name}.{form}"'},
    )
