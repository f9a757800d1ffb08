"""Each rule of a roster refuses what it is for, and nothing at its very limit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from acd.people.person import Leave, Post, Qualification
from acd.rosters.faults import Fault, backing_fault, faults_of
from acd.rosters.rules import RosterRules, Rule
from acd.staffing.roster import Shift
from tests.unit.acd.rosters.people import MONDAY, RULES, WANG, shift

TUESDAY = MONDAY + timedelta(days=1)
P = Post.PHONES


def broken(
    given: Shift,
    others: Sequence[Shift] = (),
    *,
    rules: RosterRules = RULES,
    person: object = WANG,
) -> list[Rule]:
    """The rules that a shift breaks."""
    return [f.rule for f in faults_of(person, given, others, rules)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "rules"),
    [(12, [Rule.OVERLAP]), (15, [Rule.OVERLAP]), (16, [Rule.REST])],
)
def test_shift_over_or_right_after_another_is_refused(
    start: int, rules: list[Rule]
) -> None:
    assert broken(shift(0, start, 4), [shift(0, 8, 8)]) == rules
    assert broken(shift(0, 8, 8), [shift(0, start, 4)]) == rules


def test_eleven_hours_of_rest_are_enough_and_less_are_not() -> None:
    late = shift(0, 14, 8)
    assert broken(shift(1, 9), [late]) == []
    assert broken(late, [shift(1, 9)]) == []
    assert broken(replace(shift(1, 9), start=35), [late]) == [Rule.REST]


def test_rest_is_real_time_where_the_clock_changes() -> None:
    rules = replace(RULES, zone=ZoneInfo("Europe/Berlin"))
    saturday = date(2026, 3, 28)
    late = replace(shift(0, 14, 8), day=saturday)
    morning = replace(shift(0, 9), day=saturday + timedelta(days=1))
    assert broken(morning, [late], rules=rules) == [Rule.REST]


def test_night_that_ends_in_the_morning_needs_its_rest_too() -> None:
    night = shift(0, 23, 8)
    assert broken(shift(1, 17, 6), [night]) == [Rule.REST]
    assert broken(shift(1, 18, 6), [night]) == []


def test_six_days_on_end_are_allowed_and_seven_are_not() -> None:
    week = [shift(day, 9, 4) for day in (0, 1, 2, 4, 5)]
    assert broken(shift(3, 9, 4), week) == []
    assert broken(shift(3, 9, 4), [*week, shift(6, 9, 4)]) == [Rule.DAYS_ON_END]
    assert broken(shift(3, 9, 4), [*week, shift(-1, 9, 4)]) == [Rule.DAYS_ON_END]


def test_week_has_forty_hours_in_which_meals_do_not_count() -> None:
    meal = replace(shift(4, 9, 8.5), cells=(P,) * 16 + (None,) * 2 + (P,) * 16)
    week = [shift(day, 9, 8) for day in range(4)]
    assert broken(meal, week) == []
    short = replace(meal, cells=(P,) * 16 + (None, P) + (P,) * 16)
    assert broken(short, week) == [Rule.WEEK_HOURS]
    assert broken(replace(short, day=MONDAY + timedelta(days=7)), week) == []


def test_person_with_fewer_hours_has_them() -> None:
    half = replace(WANG, week_hours=20)
    week = [shift(0), shift(2)]
    assert broken(shift(4, 9, 4), week, person=half) == []
    assert broken(shift(4, 9, 4.25), week, person=half) == [Rule.WEEK_HOURS]


def test_shift_may_last_twelve_hours() -> None:
    assert broken(shift(0, 8, 12)) == []
    assert broken(shift(0, 8, 12.25)) == [Rule.LONGEST]


def test_post_that_is_not_his_is_refused() -> None:
    mixed = replace(shift(), cells=(P, Post.TRAINING, Post.QUALITY))
    assert broken(mixed) == [Rule.POST]


@pytest.mark.parametrize(
    ("last_day", "night", "rules"),
    [
        (None, False, []),
        (MONDAY, False, []),
        (MONDAY, True, [Rule.QUALIFICATION]),
        (TUESDAY, True, []),
        (MONDAY - timedelta(days=1), False, [Rule.QUALIFICATION]),
    ],
)
def test_qualification_must_count_until_the_shift_ends(
    last_day: date | None, night: bool, rules: list[Rule]
) -> None:
    person = replace(
        WANG, qualifications=(Qualification(name="上岗证", last_day=last_day),)
    )
    needs = replace(RULES, needs={P: ("上岗证",)})
    given = shift(0, 23, 8) if night else shift()
    assert broken(given, rules=needs, person=person) == rules


def test_qualification_that_is_missing_is_named() -> None:
    needs = replace(RULES, needs={P: ("上岗证",)})
    (fault,) = faults_of(WANG, shift(), [], needs)
    assert str(fault) == "1001: qualification 上岗证 is missing"


def test_nobody_works_on_leave_not_even_the_end_of_a_night() -> None:
    away = replace(WANG, leave=(Leave(first=TUESDAY, last=TUESDAY),))
    assert broken(shift(1), person=away) == [Rule.LEAVE]
    assert broken(shift(0, 23, 8), person=away) == [Rule.LEAVE]
    assert broken(shift(0, 16, 8), person=away) == []


@pytest.mark.parametrize(
    ("backs", "there", "words"),
    [
        ("", None, ""),
        ("1002", [shift(person="1002")], ""),
        ("1002", [shift(0, 15, 4, person="1002")], ""),
        ("1002", [shift(0, 16, 4, person="1002")], "1002 is not on duty then"),
        ("1002", [], "1002 is not on duty then"),
        ("1001", [shift()], "nobody backs himself"),
        ("9", None, "there is nobody '9'"),
    ],
)
def test_who_is_backed_must_be_there(
    backs: str, there: list[Shift] | None, words: str
) -> None:
    fault: Fault | None = backing_fault(replace(shift(), backs=backs), there)
    assert (words in str(fault)) if words else fault is None
