"""Who is to work when (排班): shifts in cells of 15 minutes on the city's clock.

Cells are those of the clock on the wall. Where it changes, a shift over the hour that
comes twice is an hour longer, and one over the hour that is left out an hour shorter.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from acd.people.person import Person, Post

CELL_MINUTES = 15
CELL = timedelta(minutes=CELL_MINUTES)
CELLS = 96
LONGEST = CELLS
"""So many cells a shift has at most: it ends before its hour comes again."""

Work = Post | None
"""What is done in a cell of a shift: a post is held, or (None) it is a break."""

ShiftKey = tuple[str, date, int]
"""What a shift is known by however it changes: whose it is, and when it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A person's duty from cell `start` of `day` on; it may end on the day after.

    `backs` is the id of whom he backs (双岗值守), "" when nobody.
    """

    person_id: str
    day: date
    start: int
    cells: tuple[Work, ...]
    backs: str = ""

    @property
    def key(self) -> ShiftKey:
        """Whose it is, and when it begins."""
        return self.person_id, self.day, self.start

    @property
    def end(self) -> int:
        """The cell after the last one, counted from the day's midnight: up to 191."""
        return self.start + len(self.cells)

    @property
    def last_day(self) -> date:
        """The day on which its last cell lies."""
        return self.day + timedelta(days=(self.end - 1) // CELLS)

    @property
    def posts(self) -> frozenset[Post]:
        """All that is held in it."""
        return frozenset(post for post in self.cells if post)

    def covers(self, day: date, cell: int) -> bool:
        """Whether a cell of a day is part of it, breaks too."""
        return 0 <= self._place(day, cell) < len(self.cells)

    def post(self, day: date, cell: int) -> Post | None:
        """What he holds in a cell of a day; None in a break, and off duty."""
        return self.cells[self._place(day, cell)] if self.covers(day, cell) else None

    def _place(self, day: date, cell: int) -> int:
        return (day - self.day).days * CELLS + cell - self.start

    def starts_at(self, zone: ZoneInfo) -> datetime:
        """When it begins, in UTC."""
        return moment(self.day, self.start, zone)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        """When it ends, in UTC."""
        return moment(self.day, self.end, zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRoster:
    """All who are to work on a day of the city, with shifts begun the day before.

    Who is on leave on the day of his shift is not present, whatever was planned. `words`
    tell what of the roster cannot be right and was left out.
    """

    day: date
    zone: ZoneInfo
    people: Mapping[str, Person]
    shifts: tuple[Shift, ...]
    words: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        day: date,
        zone: ZoneInfo,
        people: Iterable[Person],
        shifts: Iterable[Shift],
    ) -> "DayRoster":
        """The day's part of any shifts; those of unknown people are left out, and so is
        the later of two of one person at once."""
        by_id = {person.id: person for person in people}
        touching = [s for s in shifts if s.day <= day <= s.last_day]
        touching.sort(key=lambda s: (s.day, s.start, s.person_id))
        kept, words = _usable(touching, by_id, zone)
        return cls(day=day, zone=zone, people=by_id, shifts=kept, words=words)

    def present(self, at: datetime) -> tuple[Person, ...]:
        """Who is to hold a post at a moment, breaks and leave left out."""
        return tuple(self._person(shift) for shift, post in self._at(at) if post)

    def of_post(self, at: datetime, post: Post) -> tuple[Person, ...]:
        """Who is to hold this post at a moment."""
        return tuple(self._person(s) for s, held in self._at(at) if held is post)

    def on_break(self, at: datetime) -> tuple[Person, ...]:
        """Who has a break at a moment."""
        return tuple(self._person(shift) for shift, post in self._at(at) if not post)

    def on_duty(self, at: datetime) -> tuple[Person, ...]:
        """Whose shift it is at a moment, breaks or not."""
        return tuple(self._person(shift) for shift, _ in self._at(at))

    def shift_of(self, person_id: str, at: datetime) -> Shift | None:
        """The shift in which a person is at a moment."""
        shifts = (s for s, _ in self._at(at) if s.person_id == person_id)
        return next(shifts, None)

    def backing(self, at: datetime) -> dict[str, str]:
        """Who backs whom at a moment, by their ids; nobody in his break."""
        return {s.person_id: s.backs for s, post in self._at(at) if post and s.backs}

    def count(self, post: Post) -> tuple[int, ...]:
        """How many hold a post in each of the day's 96 cells."""
        held = [0] * CELLS
        for shift in self._kept():
            for cell in range(CELLS):
                held[cell] += shift.post(self.day, cell) is post
        return tuple(held)

    def _at(self, at: datetime) -> Iterator[tuple[Shift, Post | None]]:
        day, cell = cell_of(at, self.zone)
        here = (s for s in self._kept() if s.covers(day, cell))
        return ((shift, shift.post(day, cell)) for shift in here)

    def _kept(self) -> Iterator[Shift]:
        return (s for s in self.shifts if not self._person(s).is_on_leave(s.day))

    def _person(self, shift: Shift) -> Person:
        return self.people[shift.person_id]


def _usable(
    shifts: Iterable[Shift], people: Collection[str], zone: ZoneInfo
) -> tuple[tuple[Shift, ...], tuple[str, ...]]:
    """Those that can be worked, and in words why the others cannot."""
    kept: list[Shift] = []
    ends: dict[str, datetime] = {}
    words: dict[str, None] = {}
    for shift in shifts:
        who, begins = shift.person_id, shift.starts_at(zone)
        if who not in people:
            words[f"the roster has {who}, whom nobody knows: left out"] = None
        elif who in ends and begins < ends[who]:
            words[f"{who} has two shifts at once: the later one is left out"] = None
        else:
            kept.append(shift)
            ends[who] = shift.ends_at(zone)
    return tuple(kept), tuple(words)


def moment(day: date, cell: int, zone: ZoneInfo) -> datetime:
    """When a cell begins, in UTC; cells from 96 on are those of the days after."""
    later, place = divmod(cell, CELLS)
    local = datetime.combine(day + timedelta(days=later), time(), zone)
    wall = local + place * CELL  # on the wall's clock, as arithmetic in one zone is
    return wall.astimezone(UTC)


def cell_of(at: datetime, zone: ZoneInfo) -> tuple[date, int]:
    """The city's day and the cell in which a moment lies."""
    local = at.astimezone(zone)
    return local.date(), (local.hour * 60 + local.minute) // CELL_MINUTES


def clock(cell: int) -> str:
    """A cell's beginning on the clock on the wall: 34 is 08:30, and so is 130, a day on."""
    return _on_the_wall(cell % CELLS)


def clock_until(cell: int) -> str:
    """The end before a cell on the same clock; the end of a day is 24:00."""
    return _on_the_wall((cell - 1) % CELLS + 1)


def _on_the_wall(cell: int) -> str:
    return f"{cell // 4:02}:{cell % 4 * CELL_MINUTES:02}"
