"""Whom plan 1 moves to the phones."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from acd.people.person import Person, Post, Qualification
from acd.plans.rules import Plan1
from acd.plans.seating import to_the_phones
from acd.staffing.roster import DayRoster, Shift

DAY, ZONE = date(2026, 3, 2), ZoneInfo("Asia/Shanghai")


def test_whose_qualification_has_expired_stays_at_his_post() -> None:
    people = [
        Person(
            id=who,
            name=who,
            posts=(Post.TRAINING, Post.PHONES),
            contact=f"sip:{who}@127.0.0.1",
            qualifications=(Qualification(name="12345", last_day=last),),
        )
        for who, last in (("a", DAY - timedelta(days=1)), ("b", DAY))
    ]
    shifts = [
        Shift(person_id=who.id, day=DAY, start=36, cells=(Post.TRAINING,) * 24)
        for who in people
    ]
    roster = DayRoster.of(DAY, ZONE, people, shifts)
    moved = to_the_phones(roster, 40, Plan1(needs=("12345",)))
    assert [move.person_id for move in moved] == ["b"]
    assert len(to_the_phones(roster, 40, Plan1())) == 2
