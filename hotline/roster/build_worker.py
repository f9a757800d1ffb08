"""The process in which a week's roster is made: an order a line in, steps and a result out."""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from acd.people.archive import all_people
from acd.rosters.build import BuiltWeek, build_week
from acd.rosters.lines import written
from acd.rosters.order import BuildError, BuildOrder, MissingPeople
from acd.rosters.patterns import PatternRules
from acd.rosters.requirement_lines import Needed
from acd.rosters.shortages import Shortage
from acd.rosters.store import shifts_between
from acd.rosters.week import WeekJob, days_off
from acd.staffing.roster import CELL_MINUTES, clock, clock_until
from config.calendar import CalendarError, load_calendar
from config.database import Database, DatabaseError
from config.roster_settings import RosterSection
from config.worker_process import jobs_of_the_service
from hotline.roster.foreseen import City, foreseen
from hotline.roster.rules import rules_of
from hotline.roster.worker_job import JOB, RESULT, WorkerJob, WorkerResult, gives_way

SHIFTS_A_LINE = 500
_WEEK = timedelta(days=7)
_QUARTERS = 4


async def build(job: WorkerJob) -> WorkerResult:
    """The week that is ordered; `BuildError`, `DatabaseError`, `CalendarError`."""
    order, zone = job.order, ZoneInfo(job.timezone)
    calendar = load_calendar(job.holidays_file)
    async with Database(job.database_url, read_only=True) as database:
        needed: Needed | None = order.needed
        words: tuple[str, ...] = ()
        if needed is None:
            _tell("forecast", 0.0)
            city = City(
                zone=zone,
                calendar=calendar,
                now=datetime.now(UTC),
                staffing=job.staffing,
            )
            needed, words = await foreseen(database, order, city)
        people = await all_people(database)
        first, last = order.monday - 2 * _WEEK, order.monday + 2 * _WEEK
        shifts = await shifts_between(database, first, last)
    posts = frozenset(needed)
    kept = (s for s in shifts if not gives_way(s, order.monday, posts))
    week = WeekJob(
        monday=order.monday,
        needed=needed,
        people=tuple(people),
        shifts=tuple(kept if order.replace else shifts),
        rules=rules_of(job.section, zone),
        patterns=patterns_of(job.section),
        days_off=days_off(order.monday, calendar),
        seconds=order.seconds,
    )
    return _result(build_week(week, _tell), needed, order, words)


def patterns_of(section: RosterSection) -> PatternRules:
    """The shifts of which weeks are built."""
    return PatternRules(
        lengths=tuple(int(hours * _QUARTERS) for hours in section.shift_hours),
        step=section.start_minutes // CELL_MINUTES,
        meal=section.meal_minutes // CELL_MINUTES,
        meal_after=int(section.meal_after_hours * _QUARTERS),
    )


def _result(
    built: BuiltWeek, needed: Needed, order: BuildOrder, words: tuple[str, ...]
) -> WorkerResult:
    return WorkerResult(
        shifts=[written(shift) for shift in built.shifts],
        needed=needed,
        source="forecast" if order.needed is None else "file",
        missing=[_missing(each) for each in built.shortages],
        over_bound=built.over_bound,
        words=list(words),
    )


def _missing(shortage: Shortage) -> MissingPeople:
    return MissingPeople(
        post=shortage.post,
        day=shortage.day,
        start=clock(shortage.start),
        end=clock_until(shortage.end),
        missing=shortage.missing,
        hours=shortage.quarters / _QUARTERS,
        reasons=shortage.reasons,
        words=str(shortage),
    )


def _tell(step: str, share: float) -> None:
    _say({"step": step, "share": share})


def _say(words: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Until the service ends: an order, its steps, its result."""
    for line in jobs_of_the_service(sys.stdin):
        try:
            result = asyncio.run(build(JOB.validate_json(line)))
            told = RESULT.dump_python(result, mode="json")
            shifts = told.pop("shifts")
            for at in range(0, len(shifts), SHIFTS_A_LINE):
                _say({"shifts": shifts[at : at + SHIFTS_A_LINE]})
            _say({"result": told})
        except (BuildError, DatabaseError, CalendarError) as error:
            _say({"error": str(error)})


if __name__ == "__main__":
    main()
