"""Who is on the phones in the hour ahead, also after midnight."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from acd.people.person import Leave, Person, Post
from acd.plans.on_phones import phones_ahead
from acd.staffing.adjustment import Situation
from acd.staffing.cover import WHOLE, Need
from acd.staffing.roster import DayRoster, Shift

DAY, ZONE = date(2026, 11, 2), ZoneInfo("Asia/Shanghai")
NEXT = DAY + timedelta(days=1)
LAST = 95
"""The cell from 23:45 on."""


def person(who: str, *leave: Leave) -> Person:
    contact = f"sip:{who}@127.0.0.1"
    return Person(id=who, name=who, posts=(Post.PHONES,), contact=contact, leave=leave)


PEOPLE = [
    *map(person, ("late", "night", "early", "extra")),
    person("away", Leave(first=NEXT, last=NEXT)),
]


def shift(who: str, day: date, start: int, cells: int) -> Shift:
    return Shift(person_id=who, day=day, start=start, cells=(Post.PHONES,) * cells)


SHIFTS = [
    shift("late", DAY, 64, 32),
    shift("night", DAY, 88, 32),
    shift("early", NEXT, 2, 32),
    shift("away", NEXT, 0, 32),
]


def ahead(now: int = LAST, *, absent: str = "", unplanned: str = "") -> list[int]:
    today, tomorrow = (DayRoster.of(d, ZONE, PEOPLE, SHIFTS) for d in (DAY, NEXT))
    situation = Situation(
        roster=today,
        need=Need(day=DAY, agents={WHOLE: (0,) * 96}),
        queues={each.id: frozenset({"general"}) for each in PEOPLE},
        absent=frozenset(filter(None, [absent])),
        unplanned=frozenset(filter(None, [unplanned])),
        now=now,
        tomorrow=tomorrow,
    )
    return phones_ahead(situation)


def test_after_midnight_it_is_who_works_then() -> None:
    assert ahead()[LAST : LAST + 4] == [2, 1, 1, 2]


def test_night_shift_that_is_absent_is_absent_after_midnight_too() -> None:
    assert ahead(absent="night")[LAST : LAST + 4] == [1, 0, 0, 1]


def test_who_is_there_without_a_shift_stays_for_the_hour_across_midnight() -> None:
    assert ahead(unplanned="extra")[LAST : LAST + 6] == [3, 2, 2, 3, 3, 2]


def test_who_came_before_his_shift_of_the_next_day_is_counted_once() -> None:
    assert ahead(unplanned="early")[LAST : LAST + 4] == [3, 2, 2, 2]


def test_hour_within_the_day_has_one_cell_more() -> None:
    assert ahead(64, unplanned="extra")[64:70] == [2, 2, 2, 2, 2, 1]
