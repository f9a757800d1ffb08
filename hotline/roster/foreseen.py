"""How many agents a week will need, by the forecast of each of its days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from acd.adjustments.reading import (
    HANDLE_SECONDS,
    PATIENCE_SECONDS,
    Recorded,
    Wish,
    read_counts,
)
from acd.people.person import Post
from acd.rosters.order import BuildError, BuildOrder
from acd.rosters.requirement_lines import DAYS, Needed
from acd.staffing.day_kind import kind_of
from acd.staffing.forecast_lines import ForecastDay, Staffing, forecast_lines
from acd.staffing.recorded_counts import RecordedCounts
from acd.statistics.queue_intervals import ALL
from config.calendar import Calendar
from config.database import Database
from config.staffing_settings import StaffingSection
from hotline.staffing.aim import aim_of

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """The city's zone, its calendar, the moment, and what agents are required for."""

    zone: ZoneInfo
    calendar: Calendar
    now: datetime
    staffing: StaffingSection


async def foreseen(
    database: Database, order: BuildOrder, city: City
) -> tuple[Needed, tuple[str, ...]]:
    """Agents for each quarter of the week, and words on what is not sure.

    All queues share their agents. `BuildError` when nothing was recorded.
    """
    today = city.now.astimezone(city.zone).date()
    last = min(order.monday, today)
    wish = Wish(
        day=last,
        at=city.now,
        history_days=order.history_days or city.staffing.history_days,
        zone=city.zone,
        calendar=city.calendar,
    )
    recorded = await read_counts(database, wish)
    if ALL not in recorded.counts or not _calls(recorded):
        raise BuildError(
            "Nothing was recorded to learn from; say how many are needed: --requirement FILE"
        )
    days = [_day(recorded, order, order.monday + n * _DAY, city) for n in range(DAYS)]
    agents = tuple(line.agents_sure for day in days for line in day.lines)
    words = dict.fromkeys(words for day in days for words in day.words)
    return {Post.PHONES: agents}, (*words, *_unknown_years(order.monday, city.calendar))


def _calls(recorded: Recorded) -> float:
    return float(np.nansum(recorded.counts[ALL].history.counts))


def _day(recorded: Recorded, order: BuildOrder, day: date, city: City) -> ForecastDay:
    handle = recorded.handle_seconds.get(ALL, HANDLE_SECONDS)
    patience = recorded.patience_seconds.get(ALL, PATIENCE_SECONDS)
    aim = aim_of(city.staffing).where(
        share=order.target_share,
        within_seconds=order.within_seconds,
        sureness=order.sureness,
    )
    staffing = Staffing(
        handle_seconds=order.handle_seconds or handle,
        patience_seconds=order.patience_seconds or patience,
        target=aim.target,
        sureness=aim.sureness,
    )
    before = RecordedCounts(history=recorded.counts[ALL].history, seen=np.zeros(0))
    return forecast_lines(ALL, before, day, kind_of(day, city.calendar), staffing)


def _unknown_years(monday: date, calendar: Calendar) -> list[str]:
    years = {monday.year, (monday + (DAYS - 1) * _DAY).year}
    return [
        f"the holidays of {year} are not known yet: plain weekdays hold; name them in holidays_file"
        for year in sorted(years)
        if not calendar.knows(year)
    ]
