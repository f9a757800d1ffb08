"""A whole day staffed by the loop: never worse, never ahead of its time."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from acd.adjustments.rules import LoopRules
from acd.adjustments.staffed_day import (
    QueueDay,
    StaffedDay,
    planned_agents,
    staff_by_loop,
)
from acd.agent_profile import AgentProfile
from acd.people.person import Leave, Person, Post
from acd.staffing.day_kind import kind_of
from acd.staffing.forecast import DayForecast, forecast_day
from acd.staffing.forecast_lines import Staffing
from acd.staffing.gamma_ratios import Floats
from acd.staffing.made_up_staff import make_up_staff
from acd.staffing.made_up_weeks import make_up_weeks, usual_course
from acd.staffing.moves import RELIEVES, MoveKind
from acd.staffing.requirement import Target
from acd.staffing.roster import CELLS, DayRoster, Shift, moment
from acd.statistics.queue_intervals import ALL
from tests.unit.acd.staffing.made_up_weeks import CALENDAR, FIRST

pytestmark = pytest.mark.integration  # pure, but a day of forecasts takes a second
ZONE = ZoneInfo("Asia/Shanghai")
CALLS = 1500.0
EVERYTHING = LoopRules(automatic=frozenset(MoveKind), automatic_moves=12)
RELIEF = LoopRules(automatic=frozenset(RELIEVES), automatic_moves=12)
STAFFING = Staffing(
    handle_seconds=270, patience_seconds=360, target=Target(), sureness=0.9
)
P, D = Post.PHONES, Post.DISPATCH


@cache  # learning takes a tenth of a second, and every test starts from the same weeks
def learned() -> DayForecast:
    weeks = make_up_weeks(FIRST, {"general": 1.0}, CALLS, CALENDAR, seed=1)
    return forecast_day(weeks["general"], FIRST, kind_of(FIRST, CALENDAR))


@cache
def staff() -> DayRoster:
    lines = queue(np.zeros(CELLS)).ahead(0).forecast.lines
    return make_up_staff(FIRST, ZONE, [line.agents_sure for line in lines])


def queue(counts: Floats) -> QueueDay:
    return QueueDay(name=ALL, learned=learned(), counts=counts, staffing=STAFFING)


def drawn(seed: int, times: float) -> Floats:
    """The counts of a day of so many times the usual calls."""
    chance = np.random.default_rng(seed)
    return chance.poisson(times * CALLS * usual_course()).astype(float)


def staffed(
    counts: Floats, rules: LoopRules = EVERYTHING, roster: DayRoster | None = None
) -> StaffedDay:
    roster = roster or staff()
    answers = {who: frozenset({"general"}) for who in roster.people}
    return staff_by_loop([queue(counts)], roster, answers, rules)


def missing(day: StaffedDay) -> tuple[int, int]:
    """Agent-quarters by the roster, and with the loop."""
    return (
        sum(quarter.missing_rostered for quarter in day.quarters),
        sum(quarter.missing for quarter in day.quarters),
    )


@pytest.mark.parametrize(("seed", "times"), [(1, 0.8), (2, 1.0), (3, 1.35)])
def test_loop_is_never_worse_in_missing_agent_quarters(seed: int, times: float) -> None:
    before, after = missing(staffed(drawn(seed, times)))
    assert after <= before
    if times > 1:
        assert after < before / 2, "a busy day gave the loop nothing to do"


def test_moves_that_bring_agents_take_none_away_in_any_quarter() -> None:
    rules = replace(RELIEF, automatic=RELIEF.automatic - {MoveKind.MOVE_BREAK})
    quarters = staffed(drawn(4, 1.3), rules).quarters
    assert all(quarter.staffed >= quarter.rostered for quarter in quarters)
    assert any(quarter.staffed > quarter.rostered for quarter in quarters)


def test_round_knows_nothing_of_calls_to_come() -> None:
    usual = drawn(5, 1.0)
    storm = usual.copy()
    storm[60:] *= 6
    quiet, loud = staffed(usual).quarters, staffed(storm).quarters
    assert quiet[:60] == loud[:60]
    assert [q.required for q in quiet[60:]] != [q.required for q in loud[60:]]


def test_round_carries_out_no_more_than_the_automatic_mode_may() -> None:
    rules = LoopRules(automatic=frozenset({MoveKind.TO_PHONES}), automatic_moves=1)
    quarters = staffed(drawn(3, 1.35), rules).quarters
    assert {len(quarter.moves) for quarter in quarters} == {0, 1}
    kinds = {move.kind for quarter in quarters for move in quarter.moves}
    assert kinds == {MoveKind.TO_PHONES}


def test_made_up_staff_covers_what_is_needed() -> None:
    required = [line.agents_sure for line in queue(np.zeros(1)).ahead(0).forecast.lines]
    held = staff().count(P)
    assert all(there >= needed for there, needed in zip(held, required, strict=True))
    assert sum(held) < 1.25 * sum(required)
    assert any(staff().count(D))


def test_agents_are_on_duty_while_they_are_on_the_phones() -> None:
    start = datetime(2026, 3, 1, 16, tzinfo=UTC)
    assert start == moment(FIRST, 0, ZONE)
    night = Shift(person_id="n", day=FIRST.replace(day=1), start=92, cells=(P,) * 8)
    split = Shift(person_id="s", day=FIRST, start=32, cells=(P, P, None, D, P))
    away = Shift(person_id="w", day=FIRST, start=32, cells=(P,))
    people = [Person(id=who, name=who, posts=(P, D)) for who in "nsx"]
    leave = (Leave(first=FIRST, last=FIRST),)
    people.append(Person(id="w", name="w", posts=(P,), leave=leave))
    roster = DayRoster.of(FIRST, ZONE, people, [night, split, away])
    profiles = {
        who: AgentProfile(id=who, contact="", queues=("general",)) for who in "nsw"
    }
    duties = {a.profile.id: a.duties for a in planned_agents(roster, profiles, start)}
    assert duties == {
        "n": ((0.0, 3600.0),),
        "s": ((28800.0, 30600.0), (32400.0, 33300.0)),
    }
