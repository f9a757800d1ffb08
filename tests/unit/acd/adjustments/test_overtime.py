"""How long a shift may be made: an hour beyond what was rostered, and within the rules."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from acd.adjustments.overtime import ending, latest_ends, rostered_ends
from acd.adjustments.rules import LoopRules
from acd.people.person import Leave, Person, Post
from acd.rosters.rules import RosterRules
from acd.staffing.moves import Move, MoveKind
from acd.staffing.roster import CELLS, DayRoster, Shift

DAY = date(2026, 11, 2)
"""A Monday."""
ZONE = ZoneInfo("Asia/Shanghai")
RULES = LoopRules(roster=RosterRules(zone=ZONE))
EIGHT, FOUR_PM = 32, 64
PERSON = Person(id="a", name="a", posts=(Post.PHONES,), contact="sip:a@127.0.0.1")


def shift(start: int, end: int, day: date = DAY) -> Shift:
    cells = (Post.PHONES,) * (end - start)
    return Shift(person_id="a", day=day, start=start, cells=cells)


def longer(before: Shift, end: int) -> Move:
    return Move(
        kind=MoveKind.OVERTIME,
        before=before,
        after=shift(before.start, end, before.day),
    )


def latest(
    own: Shift,
    *others: Shift,
    moves: tuple[Move, ...] = (),
    person: Person = PERSON,
    rules: LoopRules = RULES,
) -> int:
    near = [own, *others]
    ends = latest_ends({"a": person}, [own], near, rostered_ends(moves), rules)
    return ends[own.key]


def test_hour_counts_from_the_shift_as_it_was_rostered() -> None:
    rostered, half = shift(EIGHT, FOUR_PM), shift(EIGHT, FOUR_PM + 2)
    assert latest(rostered) == FOUR_PM + 4
    once = longer(rostered, half.end)
    assert latest(once.after, moves=(once,)) == FOUR_PM + 4
    twice = longer(half, FOUR_PM + 4)
    assert latest(twice.after, moves=(twice, once)) == FOUR_PM + 4


def test_rest_before_the_next_shift_is_kept() -> None:
    """10:00-16:45 and 03:45: eleven hours are due, and are there until 16:45."""
    own = shift(40, 67)
    tomorrow = shift(15, 40, DAY + timedelta(days=1))
    assert latest(own, tomorrow) == 67
    assert latest(own, replace(tomorrow, start=16)) == 68


def test_no_shift_becomes_longer_than_the_longest() -> None:
    assert latest(shift(EIGHT, EIGHT + 46)) == EIGHT + 48


def test_hours_of_the_week_are_not_exceeded() -> None:
    week = [shift(EIGHT, FOUR_PM, DAY + timedelta(days=n)) for n in range(5)]
    assert latest(week[4], *week[:4]) == FOUR_PM
    shorter = replace(week[0], cells=week[0].cells[:-2])
    assert latest(week[4], shorter, *week[1:4]) == FOUR_PM + 2
    part = replace(PERSON, week_hours=24)
    assert latest(week[2], *week[:2], person=part) == FOUR_PM


def test_overtime_does_not_reach_into_leave_or_another_shift() -> None:
    tomorrow = DAY + timedelta(days=1)
    late = shift(66, CELLS - 1)
    away = replace(PERSON, leave=(Leave(first=tomorrow, last=tomorrow),))
    assert latest(late) == CELLS + 3
    assert latest(late, person=away) == CELLS
    free = LoopRules(roster=RosterRules(zone=ZONE, rest=timedelta()))
    assert latest(shift(EIGHT, 60), shift(61, 70), rules=free) == 61


def test_shifts_that_end_within_the_hour_are_looked_at() -> None:
    yesterday = DAY - timedelta(days=1)
    night, day = shift(88, CELLS + 26, yesterday), shift(EIGHT, FOUR_PM)
    roster = DayRoster.of(DAY, ZONE, [PERSON], [night, day])
    assert ending(roster, 24) == [night]
    assert ending(roster, 61) == [day]
    assert ending(roster, 60) == ending(roster, 64) == []
