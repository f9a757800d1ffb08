"""Reports of a period for pages and programs: made by the worker, read off the loop."""

import asyncio
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from acd.staffing_reports.daily import DailyReview
from acd.staffing_reports.daily_reading import NextDayRules
from acd.staffing_reports.daily_text import daily_text
from acd.staffing_reports.reports import StaffingReportKind, StaffingWanted
from acd.statistics.day_reports import ReportKind, Wanted
from acd.statistics.periods import Period, PeriodReport, period_span
from config.sheets import csv_text, xlsx_bytes
from console.pages.markdown import Block, blocks_of
from console.pages.rendering import local_time
from console.printing.document import Document, block, printed, share_text
from console.report_tables import Table, Translate, tables_of
from console.view import ConsoleView
from console.words import N_

PERIOD: TypeAdapter[PeriodReport] = TypeAdapter(PeriodReport)
DAILY: TypeAdapter[DailyReview] = TypeAdapter(DailyReview)


class SheetFormat(StrEnum):
    """How reports leave the house."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


MEDIA = {
    SheetFormat.CSV: "text/csv; charset=utf-8",
    SheetFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    SheetFormat.PDF: "application/pdf",
}


async def period_json(view: ConsoleView, period: Period, day: date | None) -> bytes:
    """The report as the worker wrote it; of today's period without a day."""
    statistics = view.statistics
    wanted = Wanted(
        kind=ReportKind.PERIOD,
        span=period_span(period, day or statistics.today(), statistics.zone),
        now=statistics.now(),
        period=period,
        zone=statistics.zone,
    )
    return await view.period_reports.make(wanted)


async def period_of(
    view: ConsoleView, period: Period, day: date | None
) -> PeriodReport:
    """The report as a value."""
    body = await period_json(view, period, day)
    return await asyncio.to_thread(PERIOD.validate_json, body)


async def daily_review(view: ConsoleView, day: date) -> DailyReview:
    """The draft for the daily review (日清日结) of a day."""
    statistics = view.statistics
    wanted = StaffingWanted(
        kind=StaffingReportKind.DAILY,
        first=day,
        last=day,
        zone=statistics.zone,
        now=statistics.now(),
        rules=NextDayRules.of(view.adjustments.rules, view.adjustments.calendar),
    )
    body = await view.staffing_reports.make(wanted)
    return await asyncio.to_thread(DAILY.validate_json, body)


def tables(
    view: ConsoleView, report: PeriodReport, translate: Translate
) -> list[Table]:
    """In the reader's language, with the names of the agents of today."""
    names = {agent.id: agent.name for agent in view.distributor.agents()}
    zone: ZoneInfo = view.statistics.zone
    return tables_of(report, zone, translate, names)


async def sheet(
    shown: list[Table], form: SheetFormat, table: str, translate: Translate
) -> bytes:
    """All tables as a workbook, or one of them as CSV; with the mark that Excel wants."""
    part, whole = translate(N_("part")), translate(N_("whole"))
    if form is SheetFormat.CSV:
        (one,) = [each for each in shown if each.name == table]
        return csv_text(one.cells(part, whole)).encode("utf-8-sig")
    sheets = {each.title: list(each.cells(part, whole)) for each in shown}
    return await asyncio.to_thread(xlsx_bytes, sheets)


async def period_pdf(
    view: ConsoleView, report: PeriodReport, language: str, translate: Translate
) -> bytes:
    """The report as a PDF on A4. `ReportError`."""
    span = f"{report.first}"
    if report.first != report.last:
        span += f" – {report.last}"
    shown = printed(tables(view, report, translate), translate(N_("There is nothing.")))
    counted = N_(
        "Calls by their arrival; redials within five minutes count once unless it says raw."
    )
    document = Document(
        title=f"{translate(N_('Reports'))}: {span}",
        blocks=(
            block("h1", f"{translate(N_('Reports'))}: {span}"),
            block("quote", translate(counted)),
            block("p", _above(report, translate)),
            *shown,
        ),
        foot=_foot(view, translate),
        language=language,
        wide=True,
    )
    return await view.documents.make(document)


async def daily_pdf(
    view: ConsoleView, review: DailyReview, language: str, translate: Translate
) -> bytes:
    """The draft for the daily review as a PDF, with room to sign. `ReportError`."""
    blocks = blocks_of(daily_text(review, view.statistics.zone, language))
    signed = N_("Remarks"), N_("Shift manager"), N_("Checked by")
    document = Document(
        title=blocks[0].text,
        blocks=(
            *blocks,
            block("h2", translate(N_("Remarks and signatures"))),
            Block(kind="signatures", rows=tuple((translate(s),) for s in signed)),
        ),
        foot=_foot(view, translate),
        language=language,
    )
    return await view.documents.make(document)


def _above(report: PeriodReport, translate: Translate) -> str:
    """What stands above the tables."""
    if not report.totals:
        return translate(N_("There is nothing."))
    whole = report.totals[-1]
    figures = {
        N_("Offered"): str(whole.counts.offered),
        N_("Connect rate"): share_text(whole.rates.connect),
        N_("Within 15 s of offered"): share_text(
            whole.rates.in_15_seconds_from_queue_entry_of_offered
        ),
        N_("Abandoned"): share_text(whole.rates.abandoned),
    }
    return "    ".join(f"{translate(name)}: {text}" for name, text in figures.items())


def _foot(view: ConsoleView, translate: Translate) -> str:
    made = local_time(view.statistics.now(), view.statistics.zone)
    return (
        translate(N_("Made at %(time)s.")) % {"time": made} + "  %(page)s / %(pages)s"
    )
