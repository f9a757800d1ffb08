"""Reports: a day, a week, a month, and the sheet for the daily review (日清日结)."""

from datetime import date, timedelta
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from acd.staffing_reports.daily_text import daily_text
from acd.statistics.periods import Period, PeriodReport, days_of
from console.cookies import preferences_of
from console.pages.markdown import blocks_of
from console.pages.rendering import page, translated
from console.reports import SheetFormat, daily_review, period_of, tables
from console.routes.parts import CityDay, View
from console.words import N_

router = APIRouter(include_in_schema=False)
PERIODS = {
    Period.DAY: N_("Day"),
    Period.WEEK: N_("Week"),
    Period.MONTH: N_("Month"),
}
Day = Annotated[CityDay | None, Query(alias="date")]


@router.get("/reports", operation_id="page_reports")
async def reports_page(
    request: Request, view: View, period: Period = Period.DAY, day: Day = None
) -> Response:
    """The report of the period that a day lies in; today's without one."""
    chosen = day or view.statistics.today()
    report = await period_of(view, period, chosen)
    words = partial(translated, request)
    first, last = days_of(period, chosen)
    return page(
        request,
        "reports.html",
        report=report,
        tables=tables(view, report, words),
        figures=_figures(report),
        periods=PERIODS,
        chosen=chosen,
        before=first - timedelta(days=1),
        after=last + timedelta(days=1),
        goes_on=view.statistics.now() < report.until,
        sheets=_sheets(request, period, chosen),
        now=view.statistics.now(),
    )


@router.get("/reports/daily", operation_id="page_daily_review")
async def daily_page(request: Request, view: View, day: Day = None) -> Response:
    """The draft for the daily review, to be printed and signed; yesterday's without a day."""
    chosen = day or view.statistics.today() - timedelta(days=1)
    review = await daily_review(view, chosen)
    language = preferences_of(request).language
    return page(
        request,
        "daily_review.html",
        blocks=blocks_of(daily_text(review, view.statistics.zone, language)),
        chosen=chosen,
        before=chosen - timedelta(days=1),
        after=chosen + timedelta(days=1),
        pdf=f"/api/v1/reports/daily-review/pdf?{urlencode({'date': chosen, 'language': language})}",
    )


def _figures(report: PeriodReport) -> dict[str, Any]:
    """What stands above the tables; all of a period without a call are empty."""
    whole = report.totals[-1] if report.totals else None
    return {
        "offered": whole.counts.offered if whole else 0,
        "connect": whole.rates.connect if whole else None,
        "in_time": whole.rates.in_15_seconds_from_queue_entry_of_offered
        if whole
        else None,
        "abandoned": whole.rates.abandoned if whole else None,
        "aht": whole.handling if whole else None,
    }


def _sheets(request: Request, period: Period, day: date) -> dict[str, str]:
    """Where the sheets are had, by what they are called."""
    common = {"date": day.isoformat(), "language": preferences_of(request).language}
    path = f"/api/v1/reports/{period}/sheet"

    def address(form: SheetFormat, table: str = "") -> str:
        more = {"table": table} if table else {}
        return f"{path}?{urlencode({**common, 'format': form.value, **more})}"

    return {
        N_("PDF"): address(SheetFormat.PDF),
        N_("Workbook (XLSX)"): address(SheetFormat.XLSX),
        N_("CSV by queue"): address(SheetFormat.CSV, "queues"),
        N_("CSV by time"): address(SheetFormat.CSV, "times"),
        N_("CSV by agent"): address(SheetFormat.CSV, "agents"),
    }
