"""What the draft for the daily review is made from, read from the database."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

import numpy as np

from acd.adjustments.foreseen import Aim, foreseen
from acd.adjustments.loans.store import loans_between
from acd.adjustments.reading import Recorded, Wish, read_counts
from acd.adjustments.rules import LoopRules
from acd.adjustments.store import decided_on
from acd.ledger.archive import ledger_counts
from acd.ledger.debt import OPEN, DebtState
from acd.people.store import agent_rows
from acd.rosters.store import day_roster
from acd.staffing.cover import WHOLE
from acd.staffing_reports.daily import (
    DailyReview,
    NextDay,
    Owed,
    decided_of,
    most_missing,
    next_day_of,
    worst_of,
)
from acd.staffing_reports.plan_reading import plans_report
from acd.staffing_reports.reading import (
    accuracy_report,
    adherence_report,
    cover_of,
    intervals_report,
)
from acd.staffing_reports.served import Served
from acd.statistics.edges import day_span
from config.calendar import Calendar
from config.database import Database

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDayRules:
    """What the day to come is foreseen with, and for how many agents at least."""

    history_days: int
    aim: Aim
    minimum_agents: int
    calendar: Calendar

    @classmethod
    def of(cls, rules: LoopRules, calendar: Calendar) -> Self:
        """As the fifteen-minute loop does."""
        return cls(
            history_days=rules.history_days,
            aim=rules.aim,
            minimum_agents=rules.minimum_agents,
            calendar=calendar,
        )


async def daily_review(
    database: Database, day: date, zone: ZoneInfo, now: datetime, rules: NextDayRules
) -> DailyReview:
    """The draft for a day of the city, with what is foreseen of the next one."""
    intervals = await intervals_report(database, day, zone, now)
    people = await adherence_report(database, day, zone, now)
    accuracy = await accuracy_report(database, day, day, zone, now)
    plans = await plans_report(database, day, day, zone, now)
    return DailyReview(
        at=now,
        day=day,
        totals=tuple(intervals.totals),
        worst=worst_of(intervals.intervals),
        foreseen=accuracy.days[0].horizons if accuracy.days else (),
        adherence=people.whole,
        decided=decided_of(await decided_on(database, day)),
        names=plans.names,
        missing=most_missing(people.people),
        plans=tuple(plans.stories),
        owed=await _owed(database),
        next_day=await _next_day(database, day + _DAY, zone, now, rules),
    )


async def _owed(database: Database) -> Owed:
    counts = await ledger_counts(database)
    return Owed(
        open=sum(counts.by_state[state] for state in OPEN),
        promised=counts.by_state[DebtState.PROMISED],
        oldest_at=counts.oldest_at,
    )


async def _next_day(
    database: Database, day: date, zone: ZoneInfo, now: datetime, rules: NextDayRules
) -> NextDay | None:
    """As it was known when it began, or now; None without any calls of days before."""
    wish = Wish(
        day=day,
        at=min(now, day_span(day, zone).since),
        history_days=rules.history_days,
        zone=zone,
        calendar=rules.calendar,
    )
    recorded = await read_counts(database, wish)
    if not _has_calls(recorded):
        return None
    ahead = foreseen(recorded, wish, rules.aim)
    agents = await agent_rows(database)
    names = {queue.name for queue in ahead.queues[:-1]}
    lent = await loans_between(database, now, now)
    served = Served.of(agents, names, lent, day, zone)
    cover = cover_of(await day_roster(database, day, zone), served)
    return next_day_of(ahead, wish.kind.type, cover, rules.minimum_agents)


def _has_calls(recorded: Recorded) -> bool:
    whole = recorded.counts.get(WHOLE)
    return whole is not None and bool(np.nansum(whole.history.counts) > 0)
