"""Reports on staffing: what was foreseen and rostered, beside what came of it."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from acd.staffing_reports.daily import DailyReview
from acd.staffing_reports.daily_reading import NextDayRules
from acd.staffing_reports.plan_reading import PlansReport
from acd.staffing_reports.reading import (
    AccuracyReport,
    AdherenceReport,
    IntervalsReport,
)
from acd.staffing_reports.reports import StaffingReportKind, StaffingWanted
from console.errors import ApiError
from console.routes.parts import CityDay, View
from console.routes.statistics import Day
from console.view import ConsoleView

router = APIRouter(prefix="/staffing/reports", tags=["staffing"])
MOST_DAYS = 92
USUAL_DAYS = timedelta(days=6)
First = Annotated[
    CityDay | None,
    Query(description="The first day; without it, six days before the last."),
]
Last = Annotated[CityDay | None, Query(description="The last day, included; today.")]


@router.get(
    "/intervals",
    operation_id="get_staffing_intervals",
    response_model=IntervalsReport,
)
async def get_staffing_intervals(view: View, day: Day = None) -> Response:
    """A day by queue and quarter of an hour: foreseen, required, rostered, there, came."""
    return await _report(view, StaffingReportKind.INTERVALS, day, day)


@router.get(
    "/accuracy", operation_id="get_staffing_accuracy", response_model=AccuracyReport
)
async def get_staffing_accuracy(
    view: View, first: First = None, last: Last = None
) -> Response:
    """How far forecasts were from what came, beside what counting alone makes."""
    return await _report(view, StaffingReportKind.ACCURACY, first, last)


@router.get(
    "/adherence", operation_id="get_staffing_adherence", response_model=AdherenceReport
)
async def get_staffing_adherence(view: View, day: Day = None) -> Response:
    """Who was on the phones when the roster had him there; who misses most first."""
    return await _report(view, StaffingReportKind.ADHERENCE, day, day)


@router.get("/plans", operation_id="get_plan_activations", response_model=PlansReport)
async def get_plan_activations(
    view: View, first: First = None, last: Last = None
) -> Response:
    """Every time the emergency plans were on: decisions, foresight, people, calls."""
    return await _report(view, StaffingReportKind.PLANS, first, last)


@router.get("/daily", operation_id="get_daily_review", response_model=DailyReview)
async def get_daily_review(
    view: View,
    day: Annotated[
        CityDay | None, Query(alias="date", description="Of the city; yesterday.")
    ] = None,
) -> Response:
    """The draft for the daily review (日清日结): a day, what is open, the next one."""
    day = day or view.statistics.today() - timedelta(days=1)
    return await _report(view, StaffingReportKind.DAILY, day, day)


async def _report(
    view: ConsoleView, kind: StaffingReportKind, first: date | None, last: date | None
) -> Response:
    """As the worker process wrote it; at most 92 days."""
    statistics = view.statistics
    last = last or statistics.today()
    first = first or last - USUAL_DAYS
    if not 0 <= (last - first).days < MOST_DAYS:
        words = f"From the first day to the last there may be 1 to {MOST_DAYS} days."
        raise ApiError(422, "invalid_request", words, field="first")
    wanted = StaffingWanted(
        kind=kind,
        first=first,
        last=last,
        zone=statistics.zone,
        now=statistics.now(),
        rules=NextDayRules.of(view.adjustments.rules, view.adjustments.calendar),
    )
    body = await view.staffing_reports.make(wanted)
    return Response(body, media_type="application/json")
