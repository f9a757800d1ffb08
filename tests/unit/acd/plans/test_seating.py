"""Whom plan 1 moves to the phones."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from acd.people.person import Person, Post, Qualification
from acd.plans.rules import Plan1
from acd.plans.seating import not_there, seated, to_the_phones
from acd.staffing.roster import DayRoster, Shift

DAY, ZONE = date(2026, 3, 2), ZoneInfo("Asia/Shanghai")
BOTH = frozenset("ab")


def roster(last_days: Mapping[str, date | None]) -> DayRoster:
    """People at training from nine to three, qualified until a day."""
    people = [
        Person(
            id=who,
            name=who,
            posts=(Post.TRAINING, Post.PHONES),
            contact=f"sip:{who}@127.0.0.1",
            qualifications=(Qualification(name="12345", last_day=last),),
        )
        for who, last in last_days.items()
    ]
    shifts = [
        Shift(person_id=who.id, day=DAY, start=36, cells=(Post.TRAINING,) * 24)
        for who in people
    ]
    return DayRoster.of(DAY, ZONE, people, shifts)


TWO = roster({"a": None, "b": None})


def moved(plan: Plan1, logged_in: frozenset[str], of: DayRoster = TWO) -> list[str]:
    return [move.person_id for move in to_the_phones(of, 40, plan, logged_in)]


def test_whose_qualification_has_expired_stays_at_his_post() -> None:
    people = roster({"a": DAY - timedelta(days=1), "b": DAY})
    assert moved(Plan1(needs=("12345",)), BOTH, people) == ["b"]
    assert len(moved(Plan1(), BOTH, people)) == 2


def test_whoever_is_not_logged_in_cannot_be_seated_and_is_told_to_be_absent() -> None:
    assert moved(Plan1(), frozenset("a")) == ["a"]
    assert not_there(TWO, 40, Plan1(), frozenset("a")) == ("b",)
    assert not_there(TWO, 40, Plan1(), BOTH) == ()
    assert not_there(TWO, 12, Plan1(), frozenset()) == (), "before their shifts"


def test_those_who_are_kept_at_a_post_are_of_those_who_are_there() -> None:
    one_stays = Plan1(kept={Post.TRAINING: 1})
    assert len(moved(one_stays, BOTH)) == 1
    assert moved(one_stays, frozenset("a")) == []


def test_seated_is_who_is_there_until_his_shift_ends() -> None:
    moves = to_the_phones(TWO, 40, Plan1(), BOTH)
    assert seated(moves, DAY, 41, BOTH) == 2
    assert seated(moves, DAY, 41, frozenset("a")) == 1, "b has logged out"
    assert seated(moves, DAY, 60, BOTH) == 0, "their shifts are over"
    later = [replace(move, after=move.before) for move in moves]
    assert seated(later, DAY, 41, BOTH) == 0
