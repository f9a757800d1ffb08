"""The next day, as far as the hour ahead reaches into it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from acd.adjustments.forecaster import Forecaster
from acd.adjustments.foreseen import DayAhead
from acd.rosters.store import day_roster
from acd.staffing.roster import CELL_MINUTES, CELLS, DayRoster
from config.database import Database

HOUR_MINUTES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Tomorrow:
    """Its roster, and its forecast; None: it could not be foreseen."""

    roster: DayRoster
    ahead: DayAhead | None


async def tomorrow_at(
    database: Database, forecaster: Forecaster, now: datetime, zone: ZoneInfo
) -> Tomorrow | None:
    """The next day in the last hour before midnight, else None."""
    local = now.astimezone(zone)
    minute = local.hour * 60 + local.minute
    if minute + HOUR_MINUTES <= CELLS * CELL_MINUTES:
        return None
    day = local.date() + timedelta(days=1)
    return Tomorrow(
        roster=await day_roster(database, day, zone),
        ahead=await forecaster.next_day(now),
    )
