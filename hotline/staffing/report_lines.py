"""Reports on staffing as lines of a table file: one column for each figure."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from acd.staffing_reports.accuracy import Accuracy
from acd.staffing_reports.adherence import Missing, PersonAdherence
from acd.staffing_reports.ahead import Bounds
from acd.staffing_reports.intervals import Came, StaffedInterval, StaffedTotal
from acd.staffing_reports.reading import (
    AccuracyReport,
    AdherenceReport,
    IntervalsReport,
)
from config.sheets import Cell

Line = dict[str, Cell]


def interval_lines(report: IntervalsReport, zone: ZoneInfo) -> list[Line]:
    """A line a queue and quarter of an hour, the whole last."""
    return [_interval(line, zone) for line in report.intervals]


def _interval(line: StaffedInterval, zone: ZoneInfo) -> Line:
    ahead = line.ahead
    return {
        "start": line.start.astimezone(zone).isoformat(),
        "queue": line.queue,
        "forecast_day_ahead": _calls(ahead.day_ahead),
        "forecast_last": _calls(ahead.last),
        "forecast_low": ahead.last.low if ahead.last else None,
        "forecast_high": ahead.last.high if ahead.last else None,
        "required": ahead.required,
        "target_share": ahead.target.share if ahead.target else None,
        "target_within_seconds": ahead.target.within_seconds if ahead.target else None,
        "rostered": line.rostered,
        "present": line.present,
        **_came(line.came),
    }


def total_lines(totals: Iterable[StaffedTotal]) -> list[Line]:
    """A line a queue, the whole last."""
    return [
        {
            "queue": total.queue,
            "forecast_day_ahead": total.foreseen_day_ahead,
            "forecast_last": total.foreseen_last,
            "required_hours": total.required_hours,
            "rostered_hours": total.rostered_hours,
            "present_hours": total.present_hours,
            **_came(total.came),
        }
        for total in totals
    ]


def _calls(bounds: Bounds | None) -> float | None:
    return bounds.calls if bounds else None


def _came(came: Came) -> Line:
    counts = came.counts
    return {
        "offered": counts.offered,
        "redialled": counts.redialled,
        "offered_once": came.once,
        "answered": counts.answered,
        "answered_in_15_seconds": came.in_time.part,
        "in_15_seconds_of_offered": rounded(came.in_time.rate),
        "connect_rate": rounded(came.connect.rate),
        "blocked": counts.blocked,
        "abandoned_in_ivr": counts.abandoned_in_ivr,
        "abandoned_in_queue": counts.abandoned_in_queue,
        "abandoned_while_ringing": counts.abandoned_while_ringing,
        "abandoned_rate": rounded(came.lost.rate),
        "call_back_promised": counts.call_back_promised,
        "declined": counts.declined,
        "ended_otherwise": counts.ended_otherwise,
        "waiting": counts.waiting,
    }


def rounded(share: float | None) -> float | None:
    """A share with four digits."""
    return None if share is None else round(share, 4)


def accuracy_lines(report: AccuracyReport) -> list[Line]:
    """A line a queue and horizon of the whole span, then one a day of the whole."""
    span = f"{report.first}..{report.last}"
    lines = [_accuracy(span, each) for each in report.horizons]
    for day in report.days:
        lines += [_accuracy(f"{day.day}", each) for each in day.horizons]
    return lines


def _accuracy(days: str, of: Accuracy) -> Line:
    return {
        "days": days,
        "queue": of.queue,
        "horizon": of.horizon.value,
        "forecasts": of.forecasts,
        "calls": of.calls,
        "error": of.error,
        "chance": of.chance,
        "ratio": of.ratio,
        "bias": of.bias,
        "inside": of.inside,
    }


def adherence_lines(report: AdherenceReport, zone: ZoneInfo) -> list[Line]:
    """A line a person's shift; who misses most first."""
    return [_adherence(one, zone) for one in report.people]


def _adherence(one: PersonAdherence, zone: ZoneInfo) -> Line:
    own = one.adherence
    return {
        "person": one.person_id,
        "name": one.name,
        "from": one.stretches[0].since.astimezone(zone).isoformat(),
        "to": one.stretches[-1].until.astimezone(zone).isoformat(),
        "rostered_minutes": minutes(own.rostered_seconds),
        "there_minutes": minutes(own.there_seconds),
        "adherence": own.share,
        **{
            f"{why}_minutes": minutes(getattr(own, f"{why}_seconds")) for why in Missing
        },
    }


def minutes(seconds: float) -> float:
    """Minutes with one digit."""
    return round(seconds / 60, 1)
