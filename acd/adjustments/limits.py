"""What keeps people from moves now, read from the database."""

from datetime import datetime, timedelta

from acd.adjustments import store
from acd.adjustments.overtime import ending, latest_ends, rostered_ends
from acd.adjustments.rules import LoopRules
from acd.rosters.store import shifts_of
from acd.staffing.limits import Limits
from acd.staffing.roster import DayRoster, cell_of
from config.database import Database

_DAY = timedelta(days=1)
_WEEK_DAYS = 7


async def read_limits(
    database: Database, roster: DayRoster, now: datetime, rules: LoopRules
) -> Limits:
    """How long the shifts that end soon may be made, and what was declined of this hour."""
    _, cell = cell_of(now, roster.zone)
    shifts = ending(roster, cell)
    days = max(_WEEK_DAYS, rules.roster.days_on_end if rules.roster else 0) + 1
    first, last = (roster.day + n * _DAY for n in (-days, days))
    near = await shifts_of(database, {s.person_id for s in shifts}, first, last)
    longer = [p.proposed.move for p in await store.decided_since(database, now - _DAY)]
    declined = await store.declined_in_hour(database, roster.day, cell)
    return Limits(
        latest_ends=latest_ends(
            roster.people, shifts, near, rostered_ends(longer), rules
        ),
        declined=frozenset((move.person_id, move.kind) for move in declined),
    )
