"""What is handed out to people: places in slots, and who may take them.

All in cells from the Monday's midnight, so that rules are sums and differences.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from acd.people.person import WEEKDAYS, Person, Post, Wish
from acd.rosters.faults import faults_of
from acd.rosters.patterns import Span, cells_of
from acd.rosters.rules import monday_of
from acd.rosters.week import WeekJob, worked_cells
from acd.staffing.roster import CELL, CELLS, Shift

_STARTS = ((20, Wish.NIGHT), (36, Wish.EARLY), (52, Wish.DAY), (72, Wish.LATE))
"""Before which cell a shift that begins is so: 05:00, 09:00, 13:00, 18:00."""

NIGHT_FROM, NIGHT_TO = 0, 20
"""A shift that works in any cell from midnight to 05:00 is a night."""

LIKED, DISLIKED = -2, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Shifts of one span at a post on a day; `is_day_off`: others are free then."""

    post: Post
    day: int
    span: Span
    variants: tuple[tuple[bool, ...], ...]
    worked: int
    is_day_off: bool = False

    @property
    def count(self) -> int:
        """How many people it takes."""
        return len(self.variants)

    @property
    def begin(self) -> int:
        """The first cell."""
        return self.day * CELLS + self.span[0]

    @property
    def end(self) -> int:
        """The cell after the last."""
        return self.begin + self.span[1]

    @property
    def is_night(self) -> bool:
        """Whether somebody loses his night's sleep."""
        start, length = self.span
        return start < NIGHT_TO or start + length > CELLS + NIGHT_FROM

    def shift(self, person_id: str, variant: int, job: WeekJob) -> Shift:
        """A person's shift, with its breaks as in one of the variants."""
        return Shift(
            person_id=person_id,
            day=job.day(self.day),
            start=self.span[0],
            cells=cells_of(self.variants[variant], self.post),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person, what he has already, and which places he may take by themselves.

    `busy` are his shifts as (begin, end); `days` those on which one begins, from -14 to 13. `cells` is what is left of his week.
    `nights` and `days_off` (worked) are those of the two weeks before.
    """

    person: Person
    busy: tuple[tuple[int, int], ...]
    days: frozenset[int]
    cells: int
    nights: int
    days_off: int
    places: frozenset[int] = field(default_factory=frozenset)

    def liking(self, place: Place) -> int:
        """What the place costs or gains by his wishes."""
        wishes = {wish_of(place.span[0]), WEEKDAYS[place.day]}
        liked = sum(wish in wishes for wish in self.person.prefers)
        disliked = sum(wish in wishes for wish in self.person.avoids)
        return LIKED * liked + DISLIKED * disliked


def wish_of(start: int) -> Wish:
    """What a shift is called that begins in a cell of the day."""
    return next((wish for before, wish in _STARTS if start < before), Wish.NIGHT)


def candidates(job: WeekJob, places: list[Place]) -> list[Candidate]:
    """All people who may take any of the places."""
    found = (_candidate(person, job, places) for person in job.people)
    return [candidate for candidate in found if candidate.places]


def _candidate(person: Person, job: WeekJob, places: list[Place]) -> Candidate:
    own = [shift for shift in job.shifts if shift.person_id == person.id]
    week = [s for s in own if monday_of(s.day) == job.monday]
    past = [s for s in own if s.day < job.monday]
    days = frozenset(job.number(s.day) for s in own)
    left = job.rules.week_of(person) // CELL - worked_cells(week, job.rules)
    return Candidate(
        person=person,
        busy=tuple(_span_of(s, job) for s in own),
        days=days,
        cells=left,
        nights=sum(_is_night(s) for s in past),
        days_off=sum(s.day in job.days_off for s in past),
        places=frozenset(_open_to(person, own, days, job, places)),
    )


def _open_to(
    person: Person,
    own: list[Shift],
    days: frozenset[int],
    job: WeekJob,
    places: list[Place],
) -> Iterator[int]:
    """The places that break no rule beside what he has already."""
    for number, place in enumerate(places):
        if place.post not in person.posts or place.day in days:
            continue
        shift = place.shift(person.id, 0, job)
        if next(faults_of(person, shift, own, job.rules), None) is None:
            yield number


def _span_of(shift: Shift, job: WeekJob) -> tuple[int, int]:
    begin = job.number(shift.day) * CELLS + shift.start
    return begin, begin + len(shift.cells)


def _is_night(shift: Shift) -> bool:
    return shift.start < NIGHT_TO or shift.end > CELLS


def longest_run(days: Iterable[int], day: int) -> int:
    """How many days on end there would be with one more."""
    there = {*days, day}
    first = last = day
    while first - 1 in there:
        first -= 1
    while last + 1 in there:
        last += 1
    return last - first + 1
