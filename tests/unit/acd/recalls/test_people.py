"""Who might be recalled, as roster, leave and qualifications have it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from acd.people.person import Leave, Person, Post, Qualification
from acd.recalls.people import off_duty
from acd.staffing.recall_order import OffDuty
from acd.staffing.roster import Shift

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 2)
NOON = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)


def person(who: str = "p", **more: object) -> Person:
    usual = {
        "posts": (Post.PHONES,),
        "contact": "sip:p@127.0.0.1",
        "has_recall_number": True,
    }
    return Person(id=who, name=who, **(usual | more))  # type: ignore[arg-type]


def shift(start: int, cells: int = 32, day: date = DAY) -> Shift:
    return Shift(person_id="p", day=day, start=start, cells=(Post.PHONES,) * cells)


def found(*shifts: Shift, of: Person | None = None, needs: str = "") -> OffDuty:
    [one] = off_duty([of or person()], shifts, {}, NOON, ZONE, needs)
    return one


def test_who_is_off_all_day_may_come() -> None:
    assert found() == OffDuty(person_id="p")


def test_shift_of_now_is_duty_and_one_just_over_or_soon_to_come_is_rest() -> None:
    assert found(shift(40)).on_duty
    early, late = found(shift(8)), found(shift(64))
    assert (early.on_duty, early.rested) == (False, False), "until 10:00"
    assert not late.rested, "from 16:00"
    assert found(shift(81)).rested, "from 20:15"


def test_whoever_is_logged_in_is_on_duty_without_a_shift() -> None:
    [one] = off_duty([person()], (), {}, NOON, ZONE, logged_in={"p"})
    assert one.on_duty


def test_leave_qualification_and_post_count() -> None:
    away = person(leave=(Leave(first=DAY, last=DAY),))
    assert found(of=away).on_leave
    able = person(qualifications=(Qualification(name="tax"),))
    assert found(of=able, needs="tax").qualified
    assert not found(needs="tax").qualified
    assert not found(of=person(posts=(Post.DISPATCH,))).qualified


def test_way_and_turn_are_known() -> None:
    [one] = off_duty([person(home_minutes=12)], (), {"p": NOON}, NOON, ZONE)
    assert (one.minutes_away, one.last_recalled_at) == (12.0, NOON)
