"""What the reports are made from, read from the database."""

from contextlib import aclosing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from acd.adjustments.loans.store import loans_between
from acd.adjustments.store import rounds_of
from acd.people.store import agent_rows
from acd.rosters.store import day_roster
from acd.staffing.cover import WHOLE, Cover
from acd.staffing.recorded_counts import starts_of
from acd.staffing.roster import DayRoster, cell_of
from acd.staffing_reports.accuracy import (
    Accuracy,
    AccuracyCounter,
    DayAccuracy,
    actual,
)
from acd.staffing_reports.adherence import (
    Adherence,
    PersonAdherence,
    all_together,
    missing_most,
    person_adherence,
)
from acd.staffing_reports.ahead import ahead_of
from acd.staffing_reports.intervals import (
    DayFacts,
    StaffedInterval,
    StaffedTotal,
    staffed_intervals,
    staffed_totals,
)
from acd.staffing_reports.served import Served
from acd.statistics.agent_intervals import AgentInterval
from acd.statistics.edges import Span, day_span
from acd.statistics.report import agent_days, count_calls
from acd.statistics.store import agent_story
from config.database import Database

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalsReport:
    """A day by quarters of an hour and as a whole; `rounds` is how many foresaw it."""

    day: date
    rounds: int
    intervals: list[StaffedInterval]
    totals: list[StaffedTotal]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdherenceReport:
    """Who was on the phones when the shifts that begin on a day had him there."""

    day: date
    people: list[PersonAdherence]
    whole: Adherence


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuracyReport:
    """How good forecasts were from the first day to the last, both of them too."""

    first: date
    last: date
    horizons: tuple[Accuracy, ...]
    days: tuple[DayAccuracy, ...]


async def intervals_report(
    database: Database, day: date, zone: ZoneInfo, now: datetime
) -> IntervalsReport:
    """A day of the city, as far as it is over."""
    rounds = await rounds_of(database, day)
    agents = await agent_rows(database, with_removed=True)
    span = day_span(day, zone)
    counter = await count_calls(database, span, now)
    roster = await day_roster(database, day, zone)
    calls = counter.intervals()
    names = {queue.queue for made in rounds for queue in made.queues}
    names |= {interval.queue for interval in calls}
    lent = await loans_between(database, span.since, span.until)
    served = Served.of(agents, names - {WHOLE, ""}, lent, day, zone)
    lines = staffed_intervals(
        DayFacts(
            quarters=list(starts_of(day, zone)),
            now=now,
            ahead=ahead_of(rounds),
            cover=cover_of(roster, served),
            present=await _present(database, span, now, served, zone),
            calls=calls,
        )
    )
    return IntervalsReport(
        day=day, rounds=len(rounds), intervals=lines, totals=staffed_totals(lines)
    )


def cover_of(roster: DayRoster, served: Served) -> Cover:
    """Agents on the phones by the roster; who is on leave counts nowhere."""
    kept = [
        shift
        for shift in roster.shifts
        if not roster.people[shift.person_id].is_on_leave(shift.day)
    ]
    return Cover.of(roster.day, kept, served.own, loans=served.all_loans())


async def _present(
    database: Database,
    span: Span,
    now: datetime,
    served: Served,
    zone: ZoneInfo,
) -> dict[tuple[str, datetime], float]:
    seconds: dict[tuple[str, datetime], float] = {}
    async with aclosing(agent_days(database, span, now)) as days:
        async for day in days:
            for interval in day.intervals:
                _, cell = cell_of(interval.start, zone)
                for queue in (WHOLE, *served.at(interval.agent_id, cell)):
                    key = queue, interval.start
                    seconds[key] = seconds.get(key, 0.0) + _there(interval)
    return {key: there for key, there in seconds.items() if there}


def _there(interval: AgentInterval) -> float:
    return interval.occupancy.available_seconds


async def adherence_report(
    database: Database, day: date, zone: ZoneInfo, now: datetime
) -> AdherenceReport:
    """The shifts that begin on a day, as far as they are over; who misses most first."""
    roster = await day_roster(database, day, zone)
    people = []
    for shift in roster.shifts:
        person = roster.people[shift.person_id]
        if shift.day == day and person.is_agent and not person.is_on_leave(day):
            span = Span(since=shift.starts_at(zone), until=shift.ends_at(zone))
            moves, _ = await agent_story(database, person.id, span)
            if found := person_adherence(person, shift, moves, zone, now):
                people.append(found)
    people.sort(key=missing_most)
    return AdherenceReport(day=day, people=people, whole=all_together(people))


async def accuracy_report(
    database: Database, first: date, last: date, zone: ZoneInfo, now: datetime
) -> AccuracyReport:
    """The forecasts that rounds made on these days, against what is over of them."""
    counter = AccuracyCounter()
    for number in range((last - first).days + 1):
        day = first + number * _DAY
        if rounds := await rounds_of(database, day):
            calls = await count_calls(database, day_span(day, zone), now)
            quarters = list(starts_of(day, zone))
            counter.add(day, rounds, actual(calls.intervals(), quarters, rounds, now))
    return AccuracyReport(
        first=first, last=last, horizons=counter.queues(), days=counter.days()
    )
