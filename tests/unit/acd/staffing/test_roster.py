"""Who is to work when: cells of the city's clock, nights, breaks, leave, clock changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from acd.people.person import Leave, Person, Post, Qualification
from acd.staffing.roster import DayRoster, Shift, cell_of, clock, clock_until, moment

CITY = ZoneInfo("Asia/Shanghai")
TUESDAY = date(2026, 12, 1)
WANG = Person(id="1001", name="王芳", posts=(Post.PHONES,), contact="sip:1@192.0.2.1")
LI = Person(id="1002", name="李强", posts=(Post.DISPATCH, Post.PHONES))
P, T = Post.PHONES, Post.TRAINING
MORNING = Shift(
    person_id="1001", day=TUESDAY, start=34, cells=(P, P, None, P, T), backs="1002"
)
NIGHT = Shift(person_id="1002", day=TUESDAY, start=92, cells=(P,) * 32)


def at(clock_text: str, day: date = TUESDAY, zone: ZoneInfo = CITY) -> datetime:
    """A moment of the city."""
    local = datetime.fromisoformat(f"{day}T{clock_text}").replace(tzinfo=zone)
    return local.astimezone(UTC)


def roster(day: date = TUESDAY, *people: Person) -> DayRoster:
    """The day of Wang's morning and Li's night."""
    return DayRoster.of(day, CITY, people or (WANG, LI), (MORNING, NIGHT))


@pytest.mark.parametrize(
    ("clock_text", "present", "training", "on_break"),
    [
        ("08:29:59", [], [], []),
        ("08:30:00", ["1001"], [], []),
        ("09:14:59", [], [], ["1001"]),
        ("09:15:00", ["1001"], [], []),
        ("09:30:00", ["1001"], ["1001"], []),
        ("09:45:00", [], [], []),
        ("23:00:00", ["1002"], [], []),
    ],
)
def test_cells_say_who_holds_which_post(
    clock_text: str, present: list[str], training: list[str], on_break: list[str]
) -> None:
    made, now = roster(), at(clock_text)
    assert [p.id for p in made.present(now)] == present
    assert [p.id for p in made.of_post(now, T)] == training
    assert [p.id for p in made.on_break(now)] == on_break
    assert [p.id for p in made.on_duty(now)] == sorted({*present, *on_break})


def test_night_is_of_both_days_and_ends_in_the_morning() -> None:
    wednesday = roster(TUESDAY + timedelta(days=1))
    assert wednesday.shifts == (NIGHT,)
    assert [p.id for p in wednesday.present(at("06:59", wednesday.day))] == ["1002"]
    assert wednesday.present(at("07:00", wednesday.day)) == ()
    assert wednesday.count(P) == (1,) * 28 + (0,) * 68
    assert roster().count(P)[32:38] == (0, 0, 1, 1, 0, 1)


def test_who_is_on_leave_is_not_present_but_ends_the_night_before_it() -> None:
    leave = Leave(first=TUESDAY + timedelta(days=1), last=TUESDAY + timedelta(days=3))
    away = replace(LI, leave=(leave,))
    after = roster(TUESDAY + timedelta(days=1), WANG, away)
    assert [p.id for p in after.present(at("06:00", after.day))] == ["1002"]
    at_once = replace(LI, leave=(replace(leave, first=TUESDAY),))
    assert roster(TUESDAY, WANG, at_once).present(at("23:30")) == ()


def test_who_backs_whom_is_told_but_not_in_a_break() -> None:
    assert roster().backing(at("08:45")) == {"1001": "1002"}
    assert roster().backing(at("09:00")) == {}


def test_shifts_of_people_who_are_gone_are_left_out() -> None:
    assert roster(TUESDAY, WANG).shifts == (MORNING,)


def test_shift_knows_its_moments() -> None:
    assert NIGHT.starts_at(CITY) == at("23:00")
    assert NIGHT.ends_at(CITY) == at("07:00", TUESDAY + timedelta(days=1))
    assert NIGHT.last_day == TUESDAY + timedelta(days=1)
    ends_at_midnight = replace(NIGHT, cells=(P,) * 4)
    assert ends_at_midnight.last_day == TUESDAY


def test_clock_is_that_on_the_wall_on_whatever_day() -> None:
    begins = [clock(cell) for cell in (0, 34, 96, 97)]
    assert begins == ["00:00", "08:30", "00:00", "00:15"]
    ends = [clock_until(cell) for cell in (34, 96, 97, 192)]
    assert ends == ["08:30", "24:00", "00:15", "24:00"]


@pytest.mark.parametrize(("day", "hours"), [(29, 7), (25, 9)], ids=["spring", "autumn"])
def test_night_over_a_clock_change_follows_the_clock_on_the_wall(
    day: int, hours: int
) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    evening = date(2026, 3 if day == 29 else 10, day - 1)
    night = replace(NIGHT, day=evening)
    assert night.ends_at(berlin) - night.starts_at(berlin) == timedelta(hours=hours)
    for cell in range(0, 191, 7):
        there = moment(evening, cell, berlin)
        if cell // 4 != 26:  # the hour that is left out
            later = timedelta(days=cell // 96)
            assert cell_of(there, berlin) == (evening + later, cell % 96)


def test_qualification_counts_to_its_last_day() -> None:
    person = replace(
        WANG, qualifications=(Qualification(name="上岗证", last_day=TUESDAY),)
    )
    assert person.is_qualified("上岗证", TUESDAY)
    assert not person.is_qualified("上岗证", TUESDAY + timedelta(days=1))
    assert not person.is_qualified("手语", TUESDAY)


def test_agent_is_who_has_the_phones_post_and_a_contact() -> None:
    assert WANG.is_agent
    assert not LI.is_agent
    assert not replace(WANG, posts=(Post.QUALITY,)).is_agent
