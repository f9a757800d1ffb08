"""Shifts that are wanted, taken one by one beside those that are there, or refused."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from acd.people.person import Person
from acd.rosters.faults import backing_fault, faults_of
from acd.rosters.rules import RosterRules
from acd.staffing.roster import Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedShift:
    """A shift and the place in the list where it stands, from 1."""

    place: int
    shift: Shift


@dataclass(slots=True, kw_only=True)
class Taken:
    """What is to be kept and dropped, and the places that were refused, with why."""

    put: list[Shift] = field(default_factory=list)
    dropped: list[Shift] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


class RosterBook:
    """People and their shifts, as they are with all that was taken so far."""

    def __init__(
        self, people: Iterable[Person], shifts: Iterable[Shift], rules: RosterRules
    ) -> None:
        self._people = {person.id: person for person in people}
        self._rules = rules
        self._shifts: dict[str, list[Shift]] = defaultdict(list)
        for shift in shifts:
            self._shifts[shift.person_id].append(shift)

    def of(self, person_id: str) -> list[Shift]:
        """A person's shifts."""
        return list(self._shifts.get(person_id, ()))

    def put(self, person_id: str, shifts: Sequence[Shift]) -> None:
        """These are a person's shifts from now on."""
        self._shifts[person_id] = list(shifts)

    def faults(
        self, shift: Shift, others: Sequence[Shift], wanted: Sequence[Shift]
    ) -> str:
        """Why a shift cannot be taken beside others of its person; "" when it can.

        `wanted` are shifts that may come yet, of whom it backs.
        """
        person = self._people.get(shift.person_id)
        if person is None:
            return f"there is nobody {shift.person_id!r}; see: hotline people list"
        found = list(faults_of(person, shift, others, self._rules))
        known = shift.backs in self._people
        of_backed = [*self.of(shift.backs), *wanted] if known else None
        backing = backing_fault(shift, of_backed)
        return "; ".join(map(str, [*found, *([backing] if backing else [])]))


def take(wanted: Sequence[WantedShift], book: RosterBook, *, replace: bool) -> Taken:
    """Take each shift that breaks no rule, in the order of their beginnings.

    With `replace` a person's day becomes what the list says of it, all or nothing;
    else one that begins at the same time is replaced, and all others stay.
    """
    taken = Taken()
    by_person = defaultdict(list)
    days: dict[tuple[date, str], list[WantedShift]] = defaultdict(list)
    for each in sorted(wanted, key=lambda w: (w.shift.day, w.shift.start, w.place)):
        by_person[each.shift.person_id].append(each.shift)
        days[each.shift.day, each.shift.person_id].append(each)
    for (day, person_id), group in days.items():
        before = book.of(person_id)
        given = [each.shift for each in group]
        kept = [s for s in before if not replace or s.day != day or s in given]
        now, refused = _day_taken(group, kept, book, by_person)
        if replace and refused:
            taken.refused += _all_refused(group, refused)
            continue
        book.put(person_id, now)
        taken.refused += refused
        _count(before, now, len(group) - len(refused), taken)
    return taken


def _day_taken(
    group: Sequence[WantedShift],
    before: list[Shift],
    book: RosterBook,
    wanted: Mapping[str, Sequence[Shift]],
) -> tuple[list[Shift], list[tuple[int, str]]]:
    """A person's shifts with those of one day that are taken, and the refused places."""
    now, refused, starts = before, [], set()
    for each in group:
        shift = each.shift
        others = [s for s in now if (s.day, s.start) != (shift.day, shift.start)]
        if shift.start in starts:
            refused.append((each.place, "another line has a shift that begins then"))
        elif shift not in now and (
            words := book.faults(shift, others, wanted.get(shift.backs, ()))
        ):
            refused.append((each.place, words))
        else:
            now = [*others, shift]
            starts.add(shift.start)
    return now, refused


def _all_refused(
    group: Sequence[WantedShift], refused: Sequence[tuple[int, str]]
) -> list[tuple[int, str]]:
    words = dict.fromkeys((w.place for w in group), "another of this day was refused")
    return list((words | dict(refused)).items())


def _count(
    before: Sequence[Shift], now: Sequence[Shift], good: int, taken: Taken
) -> None:
    put = [shift for shift in now if shift not in before]
    starts = {(shift.day, shift.start) for shift in put}
    gone = [shift for shift in before if shift not in now]
    changed = [shift for shift in gone if (shift.day, shift.start) in starts]
    taken.put += put
    taken.dropped += [shift for shift in gone if shift not in changed]
    taken.changed += len(changed)
    taken.new += len(put) - len(changed)
    taken.known += good - len(put)
