"""The reports on staffing that can be asked for, and what comes of them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from acd.staffing_reports.curve import DayCurve, day_curve
from acd.staffing_reports.daily import DailyReview
from acd.staffing_reports.daily_reading import NextDayRules, daily_review
from acd.staffing_reports.plan_reading import PlansReport, plans_report
from acd.staffing_reports.reading import (
    AccuracyReport,
    AdherenceReport,
    IntervalsReport,
    accuracy_report,
    adherence_report,
    intervals_report,
)
from config.database import Database


class StaffingReportKind(StrEnum):
    """What is reported."""

    INTERVALS = "intervals"
    ACCURACY = "accuracy"
    ADHERENCE = "adherence"
    PLANS = "plans"
    DAILY = "daily"
    CURVE = "curve"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingWanted:
    """A report on days of the city, from the first to the last, both of them too; of
    those on a day it is the last one. `rules` are for the day that follows it. Two are
    the same whatever the moments they are asked at."""

    kind: StaffingReportKind
    first: date
    last: date
    zone: ZoneInfo
    now: datetime = field(compare=False)
    rules: NextDayRules = field(compare=False)


StaffingReport = (
    IntervalsReport
    | AccuracyReport
    | AdherenceReport
    | PlansReport
    | DailyReview
    | DayCurve
)


async def staffing_report(database: Database, wanted: StaffingWanted) -> StaffingReport:
    """Make it from the records."""
    match wanted.kind:
        case StaffingReportKind.INTERVALS:
            return await intervals_report(
                database, wanted.last, wanted.zone, wanted.now
            )
        case StaffingReportKind.ACCURACY:
            return await accuracy_report(
                database, wanted.first, wanted.last, wanted.zone, wanted.now
            )
        case StaffingReportKind.ADHERENCE:
            return await adherence_report(
                database, wanted.last, wanted.zone, wanted.now
            )
        case StaffingReportKind.PLANS:
            return await plans_report(
                database, wanted.first, wanted.last, wanted.zone, wanted.now
            )
        case StaffingReportKind.DAILY:
            return await daily_review(
                database, wanted.last, wanted.zone, wanted.now, wanted.rules
            )
        case StaffingReportKind.CURVE:
            day, zone, now = wanted.last, wanted.zone, wanted.now
            report = await intervals_report(database, day, zone, now)
            return day_curve(day, report.intervals)
