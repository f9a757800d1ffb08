"""A week's roster made: how many shifts of which kind, who takes them, and what is missing.

Never an empty answer: what cannot be covered is listed with the reasons.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from acd.people.person import Person, Post
from acd.rosters.by_hand import Assigned, hand_out
from acd.rosters.covering import Capacity, cover
from acd.rosters.faults import faults_of
from acd.rosters.filling import Filling
from acd.rosters.naming import name_people
from acd.rosters.shortages import Shortage, shortages_of
from acd.rosters.slots import Candidate, Place, candidates
from acd.rosters.week import DAYS, WeekJob, worked_cells
from acd.staffing.roster import CELL, Shift

COVERING_SHARE, NAMING_SHARE, FILLING_SHARE = 0.25, 0.55, 0.1

Tell = Callable[[str, float], None]
"""Told the step and what share of the whole is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltWeek:
    """New shifts, and what is missing with them and those that were there.

    `over_bound` tells how much dearer the covering is than the least that is possible.
    """

    shifts: tuple[Shift, ...]
    shortages: tuple[Shortage, ...]
    over_bound: float


def build_week(job: WeekJob, tell: Tell) -> BuiltWeek:
    """The roster of a week, in about `job.seconds`."""
    begun = time.monotonic()
    places, over_bound = _covered(job, tell)
    tell("naming", COVERING_SHARE)
    people = candidates(job, places)
    by_hand = hand_out(job, places, people)
    left = max(
        1.0, job.seconds * (COVERING_SHARE + NAMING_SHARE) - (time.monotonic() - begun)
    )
    assigned = name_people(job, places, people, by_hand, left)
    tell("filling", COVERING_SHARE + NAMING_SHARE)
    shifts = _shifts(job, places, people, assigned)
    until = time.monotonic() + job.seconds * FILLING_SHARE
    shifts = _filled(job, _allowed(job, shifts), lambda: time.monotonic() > until)
    tell("explaining", 1 - FILLING_SHARE)
    shortages = _shortages(job, shifts)
    tell("done", 1.0)
    return BuiltWeek(
        shifts=tuple(sorted(shifts, key=lambda s: (s.day, s.start, s.person_id))),
        shortages=tuple(shortages),
        over_bound=over_bound,
    )


def _covered(job: WeekJob, tell: Tell) -> tuple[list[Place], float]:
    """The places of all posts, one post after the other."""
    places: list[Place] = []
    cost = bound = 0.0
    seconds = job.seconds * COVERING_SHARE / max(len(job.needed), 1)
    for number, post in enumerate(job.needed):
        tell("covering", COVERING_SHARE * number / len(job.needed))
        missing = job.missing(post, job.shifts)
        taken = sum(place.worked * place.count for place in places)
        found = cover(missing, job.patterns, _capacity(job, post, taken), seconds)
        cost, bound = cost + found.cost, bound + found.bound
        places += [
            Place(
                post=post,
                day=slot.day,
                span=slot.span,
                variants=slot.variants,
                worked=job.patterns.worked(slot.span[1]),
                is_day_off=job.day(slot.day) in job.days_off,
            )
            for slot in found.slots
        ]
    return places, cost / bound - 1 if bound else 0.0


def _capacity(job: WeekJob, post: Post, taken: int) -> Capacity:
    """What the people of a post can give, without what other posts took."""
    able = [person for person in job.people if post in person.posts]
    days = [sum(_is_free(job, person, day) for person in able) for day in range(DAYS)]
    least = min(job.patterns.worked(length) for length in job.patterns.lengths)
    cells = shifts = 0
    for person in able:
        own = _cells_left(job, person)
        free = sum(_is_free(job, person, day) for day in range(DAYS))
        cells += min(own, free * max(map(job.patterns.worked, job.patterns.lengths)))
        shifts += min(free, job.rules.days_on_end, own // least)
    return Capacity(people=tuple(days), shifts=shifts, cells=max(0, cells - taken))


def _is_free(job: WeekJob, person: Person, day: int) -> bool:
    own = (s for s in job.shifts if s.person_id == person.id)
    on = job.day(day)
    return not person.is_on_leave(on) and all(shift.day != on for shift in own)


def _cells_left(job: WeekJob, person: Person) -> int:
    week = [
        shift
        for shift in job.shifts
        if shift.person_id == person.id and 0 <= job.number(shift.day) < DAYS
    ]
    most = job.rules.week_of(person) // CELL
    return max(0, most - worked_cells(week, job.rules))


def _shifts(
    job: WeekJob,
    places: Sequence[Place],
    people: Sequence[Candidate],
    assigned: Assigned,
) -> list[Shift]:
    return [
        places[number].shift(people[k].person.id, variant, job)
        for number, takers in assigned.items()
        for variant, k in enumerate(takers)
    ]


def _allowed(job: WeekJob, shifts: Sequence[Shift]) -> list[Shift]:
    """Every shift looked at once more by the rules themselves; one that breaks any goes."""
    people = {person.id: person for person in job.people}
    own: dict[str, list[Shift]] = {}
    for shift in job.shifts:
        own.setdefault(shift.person_id, []).append(shift)
    kept = []
    for shift in sorted(shifts, key=lambda s: (s.day, s.start)):
        others = own.setdefault(shift.person_id, [])
        person = people[shift.person_id]
        if next(faults_of(person, shift, others, job.rules), None) is None:
            others.append(shift)
            kept.append(shift)
    return kept


def _filled(job: WeekJob, shifts: list[Shift], late: Callable[[], bool]) -> list[Shift]:
    filling = Filling(job, shifts)
    for post in job.needed:
        there = [*job.shifts, *shifts, *filling.added]
        filling.fill(post, job.missing(post, there), late)
    return [*shifts, *filling.added]


def _shortages(job: WeekJob, shifts: Sequence[Shift]) -> list[Shortage]:
    there = [*job.shifts, *shifts]
    return [
        shortage
        for post in job.needed
        for shortage in shortages_of(job, post, job.missing(post, there), shifts)
    ]
