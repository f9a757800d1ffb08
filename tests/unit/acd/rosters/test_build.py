"""A week built: no rule broken, wishes and fairness weighed, and what is missing explained."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acd.people.person import Leave, Person, Post, Qualification, Wish
from acd.rosters.build import BuiltWeek, build_week
from acd.rosters.week import WEEK_CELLS, WeekJob, days_off
from acd.staffing.roster import Shift
from config.calendar import Calendar
from tests.unit.acd.rosters.people import MONDAY, RULES, shift
from tests.unit.acd.rosters.weeks import (
    PATTERNS,
    Needed,
    agents,
    all_faults,
    needed,
    week,
)

P = Post.PHONES
OFFICE = needed({(day, 8, 16): 2 for day in range(5)})
NIGHTS = needed({(day, 0, 2): 1 for day in range(7)})


def built(job: WeekJob) -> BuiltWeek:
    """A week, built without watching."""
    return build_week(job, lambda step, share: None)


def listed(made: BuiltWeek) -> list[int]:
    """How many are missing in each cell, at most, by what the shortages tell."""
    figures = [0] * WEEK_CELLS
    for each in made.shortages:
        day = (each.day - MONDAY).days * 96
        for cell in range(day + each.start, day + each.end):
            figures[cell] = each.missing
    return figures


def test_week_is_covered_and_no_rule_is_broken() -> None:
    job = week(OFFICE, agents(8))
    made = built(job)
    assert made.shortages == ()
    assert job.missing(P, made.shifts).sum() == 0
    assert all_faults(job, made.shifts) == []


def test_shifts_that_are_there_stay_and_count() -> None:
    job = week(OFFICE, agents(8))
    again = replace(job, shifts=built(job).shifts)
    assert built(again).shifts == ()


def test_steps_are_told_to_the_end() -> None:
    told: list[tuple[str, float]] = []
    build_week(week(OFFICE, agents(3)), lambda *step: told.append(step))
    assert [step for step, _ in told] == [
        "covering",
        "naming",
        "filling",
        "explaining",
        "done",
    ]
    assert [share for _, share in told] == sorted(share for _, share in told)


def test_without_people_everything_is_listed_as_missing() -> None:
    made = built(week(OFFICE, ()))
    assert made.shifts == ()
    assert [s.missing for s in made.shortages] == [2] * 5
    assert [s.quarters for s in made.shortages] == [64] * 5
    assert "there is nobody" in str(made.shortages[0])


def test_reasons_say_which_rule_kept_whom() -> None:
    first, second, third, fourth = agents(4)
    away = Leave(first=MONDAY, last=MONDAY + timedelta(days=6))
    old = Qualification(name="上岗证", last_day=MONDAY - timedelta(days=1))
    good = (Qualification(name="上岗证"),)
    people = (
        replace(first, leave=(away,), qualifications=good),
        replace(second, qualifications=(old,)),
        replace(third, posts=(Post.QUALITY,)),
        replace(fourth, week_hours=4, qualifications=good),
    )
    rules = replace(RULES, needs={P: ("上岗证",)})
    made = built(week(needed({(1, 8, 16): 1}), people, rules=rules))
    (shortage,) = made.shortages
    assert (shortage.day, shortage.start, shortage.end) == (
        MONDAY + timedelta(days=1),
        32,
        64,
    )
    assert shortage.reasons == {
        "leave": 1,
        "qualification": 1,
        "post": 1,
        "week_hours": 1,
    }
    assert "2026-12-01 08:00–16:00 phones: up to 1 missing" in str(shortage)
    assert "1 on leave" in str(shortage)


def test_nights_are_shared_and_those_of_before_count() -> None:
    people = agents(4)
    past = [
        replace(shift(day, 23, 8, person="0001"), day=MONDAY - timedelta(days=day))
        for day in (5, 7, 9)
    ]
    made = built(week(NIGHTS, people, past))
    nights = Counter(s.person_id for s in made.shifts if s.start < 20 or s.end > 96)
    assert nights["0001"] == min(nights[p.id] for p in people)
    assert max(nights[p.id] for p in people[1:]) <= 3


def test_days_off_are_shared_and_a_holiday_is_one() -> None:
    golden_week = date(2026, 9, 28)
    days = days_off(golden_week, Calendar())
    assert {day for day in days if day >= golden_week} == {
        date(2026, 10, day) for day in (1, 2, 3, 4)
    }
    assert date(2026, 9, 20) not in days, "a Sunday that is worked"
    wanted = needed({(day, 8, 10): 1 for day in (3, 4, 5, 6)})
    job = replace(week(wanted, agents(4)), monday=golden_week, days_off=days)
    made = built(job)
    assert sorted(Counter(s.person_id for s in made.shifts).values()) == [1, 1, 1, 1]


def test_wishes_are_granted_where_they_cost_nothing() -> None:
    first, second = agents(2)
    wanted = needed({(day, 8, 10): 1 for day in (0, 1)})
    people = (
        replace(first, avoids=(Wish.MONDAY,), prefers=(Wish.TUESDAY,)),
        replace(second, avoids=(Wish.TUESDAY,), prefers=(Wish.MONDAY,)),
    )
    made = built(week(wanted, people))
    days = {s.person_id: s.day for s in made.shifts}
    assert days == {"0001": MONDAY + timedelta(days=1), "0002": MONDAY}


def test_other_posts_are_covered_by_those_who_have_them() -> None:
    clerk = Person(id="9", name="", posts=(Post.DISPATCH,))
    job = week(OFFICE, [*agents(6), clerk])
    wanted = {**job.needed, Post.DISPATCH: needed({(2, 8, 16): 1})}
    made = built(replace(job, needed=wanted))
    of_clerk = [s for s in made.shifts if s.person_id == "9"]
    assert [(s.day, s.posts) for s in of_clerk] == [
        (MONDAY + timedelta(days=2), {Post.DISPATCH})
    ]


people = st.builds(
    Person,
    id=st.just(""),
    name=st.just(""),
    posts=st.sampled_from(((P,), (P, Post.QUALITY), (Post.QUALITY,))),
    leave=st.sampled_from(
        (
            (),
            (Leave(first=MONDAY + timedelta(days=2), last=MONDAY + timedelta(days=4)),),
        )
    ),
    week_hours=st.sampled_from((None, None, 16.0, 0.0)),
    avoids=st.sampled_from(((), (Wish.NIGHT,))),
)
hours = st.tuples(
    st.integers(0, 6), st.sampled_from((0, 8, 16)), st.sampled_from((20, 24))
).filter(lambda span: span[1] < span[2])
demands = st.dictionaries(hours, st.integers(1, 3), min_size=1, max_size=6).map(needed)
past = st.lists(
    st.builds(
        shift,
        day=st.integers(-9, 6),
        start=st.integers(0, 23),
        hours=st.just(6),
        person=st.sampled_from(("0000", "0001")),
    ),
    max_size=3,
    unique_by=lambda each: each.person_id,
)


@pytest.mark.parametrize("rest", [11, 24])
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(crowd=st.lists(people, max_size=6), wanted=demands, there=past)
def test_any_week_keeps_every_rule_and_lists_all_that_is_missing(
    rest: int, crowd: Sequence[Person], wanted: Needed, there: list[Shift]
) -> None:
    named = [replace(person, id=f"{n:04}") for n, person in enumerate(crowd)]
    rules = replace(RULES, rest=timedelta(hours=rest))
    job = replace(week(wanted, named, there, rules, PATTERNS), seconds=1)
    made = built(job)
    assert all_faults(job, made.shifts) == []
    missing = job.missing(P, [*there, *made.shifts])
    assert (np.array(listed(made)) >= missing).all()
    assert sum(each.quarters for each in made.shortages) == missing.sum()
