"""Places handed out one after the other: quick, never against a rule, not the best.

It gives the solver something to begin with, and is the answer when there is no time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from acd.rosters.slots import Candidate, Place, longest_run
from acd.rosters.week import WeekJob

Assigned = dict[int, list[int]]
"""The numbers of the candidates who take each place, by the place's number."""

_NIGHT, _DAY_OFF, _LIKING = 30, 20, 10


@dataclass(slots=True)
class _Load:
    """What somebody has so far."""

    busy: list[tuple[int, int]]
    days: set[int]
    cells: int
    nights: int
    days_off: int


def hand_out(
    job: WeekJob, places: Sequence[Place], people: Sequence[Candidate]
) -> Assigned:
    """Each place to those who may take it and have least, day by day."""
    loads = [
        _Load(list(c.busy), set(c.days), c.cells, c.nights, c.days_off) for c in people
    ]
    able = {
        n: [k for k, c in enumerate(people) if n in c.places]
        for n, _ in enumerate(places)
    }
    order = sorted(
        range(len(places)), key=lambda n: (places[n].day, len(able[n]), places[n].begin)
    )
    assigned: Assigned = {n: [] for n in range(len(places))}
    for number in order:
        place = places[number]
        fit = [k for k in able[number] if _fits(loads[k], place, job)]
        fit.sort(key=lambda k: _score(people[k], loads[k], place))
        for k in fit[: place.count]:
            _take(loads[k], place)
            assigned[number].append(k)
    return assigned


def _fits(load: _Load, place: Place, job: WeekJob) -> bool:
    if place.worked > load.cells or place.day in load.days:
        return False
    rest = job.rest_cells
    near = any(
        place.begin < end + rest and begin < place.end + rest
        for begin, end in load.busy
    )
    return not near and longest_run(load.days, place.day) <= job.rules.days_on_end


def _score(person: Candidate, load: _Load, place: Place) -> int:
    night = _NIGHT * load.nights if place.is_night else 0
    day_off = _DAY_OFF * load.days_off if place.is_day_off else 0
    return night + day_off + _LIKING * person.liking(place) - load.cells


def _take(load: _Load, place: Place) -> None:
    load.busy.append((place.begin, place.end))
    load.days.add(place.day)
    load.cells -= place.worked
    load.nights += place.is_night
    load.days_off += place.is_day_off
