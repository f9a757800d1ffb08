"""Small weeks to build, whose solvers need a moment only."""

from collections.abc import Iterable, Mapping, Sequence

from acd.people.person import Person, Post
from acd.rosters.faults import Fault, faults_of
from acd.rosters.patterns import PatternRules
from acd.rosters.rules import RosterRules
from acd.rosters.week import WEEK_CELLS, WeekJob, days_off
from acd.staffing.roster import Shift
from config.calendar import Calendar
from tests.unit.acd.rosters.people import MONDAY, RULES

PATTERNS = PatternRules(lengths=(34,), step=16)
Needed = tuple[int, ...]


def needed(hours: Mapping[tuple[int, int, int], int]) -> Needed:
    """So many from hour to hour of a day: {(day, from, to): people}."""
    figures = [0] * WEEK_CELLS
    for (day, first, last), people in hours.items():
        for cell in range(day * 96 + first * 4, day * 96 + last * 4):
            figures[cell] = people
    return tuple(figures)


def agents(count: int) -> tuple[Person, ...]:
    """People on the phones."""
    return tuple(
        Person(id=f"{number:04}", name="", posts=(Post.PHONES,))
        for number in range(1, count + 1)
    )


def week(
    wanted: Needed,
    people: Sequence[Person],
    shifts: Iterable[Shift] = (),
    rules: RosterRules = RULES,
    patterns: PatternRules = PATTERNS,
) -> WeekJob:
    """A job for the phones, which is solved long before its time is over."""
    return WeekJob(
        monday=MONDAY,
        needed={Post.PHONES: wanted},
        people=tuple(people),
        shifts=tuple(shifts),
        rules=rules,
        patterns=patterns,
        days_off=days_off(MONDAY, Calendar()),
        seconds=60,
    )


def all_faults(job: WeekJob, shifts: Sequence[Shift]) -> list[Fault]:
    """Every rule that any shift of a built week breaks."""
    people = {person.id: person for person in job.people}
    everything = [*job.shifts, *shifts]
    return [
        fault
        for shift in shifts
        for fault in faults_of(
            people[shift.person_id],
            shift,
            [
                s
                for s in everything
                if s.person_id == shift.person_id and s is not shift
            ],
            job.rules,
        )
    ]
