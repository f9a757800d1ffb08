"""What keeps a person from a shift, in words: every rule that it would break."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from acd.people.person import Person
from acd.rosters.rules import RosterRules, Rule, monday_of
from acd.staffing.roster import Shift, clock, clock_until

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A rule that a shift breaks, and how."""

    rule: Rule
    words: str

    def __str__(self) -> str:
        return self.words


def faults_of(
    person: Person, shift: Shift, others: Sequence[Shift], rules: RosterRules
) -> Iterator[Fault]:
    """All rules that the shift breaks beside the person's other shifts."""
    yield from _of_person(person, shift, rules)
    yield from _of_length(shift, rules)
    yield from _of_rest(shift, others, rules)
    yield from _of_days(shift, others, rules)
    yield from _of_week(person, shift, others, rules)


def _of_person(person: Person, shift: Shift, rules: RosterRules) -> Iterator[Fault]:
    for post in sorted(shift.posts):
        if post not in person.posts:
            words = f"{person.id} does not have the post {post}"
            yield Fault(rule=Rule.POST, words=words)
        for name in rules.needs.get(post, ()):
            yield from _of_qualification(person, name, shift)
    for day in sorted({shift.day, shift.last_day}):
        if person.is_on_leave(day):
            words = f"{person.id} is on leave on {day}"
            yield Fault(rule=Rule.LEAVE, words=words)


def _of_qualification(person: Person, name: str, shift: Shift) -> Iterator[Fault]:
    if person.is_qualified(name, shift.day) and person.is_qualified(
        name, shift.last_day
    ):
        return
    last = [q.last_day for q in person.qualifications if q.name == name and q.last_day]
    words = f"ended on {max(last)}" if last else "is missing"
    yield Fault(
        rule=Rule.QUALIFICATION, words=f"{person.id}: qualification {name} {words}"
    )


def _of_length(shift: Shift, rules: RosterRules) -> Iterator[Fault]:
    length = shift.ends_at(rules.zone) - shift.starts_at(rules.zone)
    if length > rules.longest:
        words = f"it lasts {_hours(length)} h, longer than {_hours(rules.longest)} h"
        yield Fault(rule=Rule.LONGEST, words=words)


def _of_rest(
    shift: Shift, others: Iterable[Shift], rules: RosterRules
) -> Iterator[Fault]:
    starts, ends = shift.starts_at(rules.zone), shift.ends_at(rules.zone)
    for other in others:
        rest = max(
            starts - other.ends_at(rules.zone), other.starts_at(rules.zone) - ends
        )
        if rest < timedelta():
            words = f"it overlaps {_named(other)}"
            yield Fault(rule=Rule.OVERLAP, words=words)
        elif rest < rules.rest:
            words = f"{_hours(rest)} h of rest beside {_named(other)}; {_hours(rules.rest)} h are due"
            yield Fault(rule=Rule.REST, words=words)


def _of_days(
    shift: Shift, others: Iterable[Shift], rules: RosterRules
) -> Iterator[Fault]:
    days = {other.day for other in others} | {shift.day}
    on_end = 1 + _run(days, shift.day, -_DAY) + _run(days, shift.day, _DAY)
    if on_end > rules.days_on_end:
        words = f"it makes {on_end} days on end; {rules.days_on_end} are allowed"
        yield Fault(rule=Rule.DAYS_ON_END, words=words)


def _run(days: set[date], day: date, step: timedelta) -> int:
    length = 0
    while day + step * (length + 1) in days:
        length += 1
    return length


def _of_week(
    person: Person, shift: Shift, others: Iterable[Shift], rules: RosterRules
) -> Iterator[Fault]:
    monday = monday_of(shift.day)
    same = (other for other in others if monday_of(other.day) == monday)
    worked = sum((rules.worked(other) for other in same), rules.worked(shift))
    if worked > (most := rules.week_of(person)):
        words = f"it makes {_hours(worked)} h in the week of {monday}; {_hours(most)} h are allowed"
        yield Fault(rule=Rule.WEEK_HOURS, words=words)


def backing_fault(shift: Shift, of_backed: Sequence[Shift] | None) -> Fault | None:
    """What is wrong with whom it backs, by that person's shifts; None: unknown person."""
    if not shift.backs:
        return None
    words = ""
    if shift.backs == shift.person_id:
        words = "nobody backs himself"
    elif of_backed is None:
        words = f"backs: there is nobody {shift.backs!r}"
    elif not any(_together(shift, other) for other in of_backed):
        words = f"backs: {shift.backs} is not on duty then"
    return Fault(rule=Rule.BACKING, words=words) if words else None


def _together(one: Shift, other: Shift) -> bool:
    return any(other.covers(one.day, cell) for cell in range(one.start, one.end))


def _named(shift: Shift) -> str:
    return f"the shift of {shift.day} {clock(shift.start)}–{clock_until(shift.end)}"


def _hours(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):.4g}"
