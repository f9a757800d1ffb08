"""Days that call for the emergency plans, told minute by minute with their real rules.

Detector, foresight, state machine and recall are those of the service; the calls are made
up, and a fluid stands for the citizens who wait.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np

from acd.staffing.agents_ahead import agents_ahead
from acd.staffing.escalation import PLAN_1, PlanReason, Turn
from acd.staffing.forecast import DayForecast, forecast_day
from acd.staffing.gamma_ratios import Floats
from acd.staffing.recall import Answer, Recall, RecallRules, Standing
from acd.staffing.requirement import Target
from benchmarks.staffing.plans import AUTOMATIC, LivedDay, PlannedDay, live
from tests.unit.acd.staffing.made_up_weeks import weeks

HISTORY = weeks(29, calls=20_000)
POWER_CUT = 9 * 60 + 10
LOOKED_FROM = 8 * 60 + 40


@cache
def model() -> DayForecast:
    """What four weeks tell of the Monday after them."""
    return forecast_day(HISTORY, HISTORY.days[-1], HISTORY.kinds[-1])


@cache
def roster() -> list[int]:
    """Enough for the day that is foreseen, and a tenth more."""
    target = Target(share=0.8, within_seconds=20)
    agents = agents_ahead(1.1 * model().expected, 300.0, 360.0, target)
    return [int(each) for each in agents]


def usual() -> Floats:
    """As foreseen, to the call."""
    return np.repeat(model().expected / 3, 3)


def raised(times: float, since: int, until: int = 24 * 60) -> Floats:
    counts = usual()
    counts[since // 5 : until // 5] *= times
    return counts


def lived(counts: Floats, hours: float = 3, **more: Any) -> LivedDay:
    day = PlannedDay(made=model(), counts=counts, agents=roster(), since=LOOKED_FROM)
    return live(replace(day, until=LOOKED_FROM + int(60 * hours), **more))


def changes(day: LivedDay) -> list[tuple[int, int]]:
    """Each change of level, from and to."""
    return [(d.before, d.level) for _, d in day.decided if d.turn is Turn.CHANGED]


def test_power_cut_that_brings_twelve_times_the_calls_is_answered_within_minutes() -> (
    None
):
    day = lived(raised(12, POWER_CUT, POWER_CUT + 40), hours=5.5)
    assert day.alarm is not None and day.alarm - POWER_CUT <= 5
    one, two = day.begun(1), day.begun(2)
    assert one is not None and one - POWER_CUT <= 10
    assert two is not None and one < two <= one + 5
    assert changes(day) == [(0, 1), (1, 2), (2, 1), (1, 0)], "up and down once"
    fell = [m for m, d in day.decided if d.level < d.before]
    assert fell[0] >= two + 30, "those who were recalled are there for a while"
    reasons = [d.reason for _, d in day.decided]
    assert reasons[1:] == [PlanReason.SURGE, PlanReason.CALM, PlanReason.CALM]


def test_slow_rise_by_three_tenths_is_held_by_plan_1() -> None:
    counts, begin = usual(), POWER_CUT // 5
    slope = np.concatenate([np.linspace(1, 1.3, 12), np.full(200, 1.3)])
    counts[begin:] *= slope[: len(counts) - begin]
    day = lived(counts)
    one = day.begun(1)
    assert one is not None and one - POWER_CUT <= 75
    assert day.begun(2) is None, "nobody is fetched from home for it"
    assert changes(day) == [(0, 1)]


def test_false_alarm_of_five_minutes_moves_nobody_for_long_and_recalls_nobody() -> None:
    day = lived(raised(1.6, POWER_CUT, POWER_CUT + 5))
    assert day.begun(2) is None
    assert changes(day) == [(0, 1), (1, 0)]


def test_recall_for_a_surge_that_is_just_over_ends_after_its_hold() -> None:
    day = lived(raised(1.6, POWER_CUT, POWER_CUT + 10))
    two = day.begun(2)
    assert two is not None and two - POWER_CUT <= 12
    assert changes(day) == [(0, 1), (1, 2), (2, 1)]
    assert day.decided[-1][0] - two <= 45


def test_usual_day_calls_no_plan() -> None:
    day = lived(usual())
    assert day.alarm is None and day.decided == []


def test_recalled_staff_who_do_not_come_leave_the_plan_on_and_are_told_as_late() -> (
    None
):
    storm = raised(1.8, POWER_CUT)
    there, absent = lived(storm, hours=2.5), lived(storm, hours=2.5, come=0.0)
    assert changes(absent) == [(0, 1), (1, 2)]
    two = absent.begun(2)
    assert two is not None
    later = (two + 35, two + 65)
    assert absent.abandoned(*later) > there.abandoned(*later) + 5
    recall, began = recalled(two)
    assert recall.count(Standing.CONFIRMED) == recall.needed
    due = began + timedelta(minutes=31)
    assert len(recall.late(due)) == recall.needed
    assert not recall.is_over(due), "they are awaited for as long again"
    assert recall.is_over(began + timedelta(hours=2))


def recalled(minute: int) -> tuple[Recall, datetime]:
    """Everybody says that he comes, as far as he is asked."""
    began = datetime(2026, 3, 30, tzinfo=UTC) + timedelta(minutes=minute)
    recall = Recall(RecallRules(), 8, [f"p{n}" for n in range(20)], began)
    at = began
    while ringing := recall.to_ring(at):
        for who in ringing:
            missing = recall.missing
            answer = Answer.COMES if missing else Answer.DECLINES
            recall.answered(who, answer, at, 20)
        at += timedelta(seconds=30)
    return recall, began


def test_shift_manager_who_ends_a_plan_is_not_overruled_for_half_an_hour() -> None:
    storm = raised(1.8, POWER_CUT)
    machine = lived(storm, hours=2)
    two = machine.begun(2)
    assert two is not None
    stop = two + 10
    day = lived(storm, hours=2, orders={stop: 0})
    after = [(m, d) for m, d in day.decided if m >= stop]
    minute, ordered = after[0]
    assert (minute, ordered.reason) == (stop, PlanReason.ORDERED)
    proposed = [m for m, d in after if d.turn is Turn.PROPOSED]
    assert proposed and proposed[0] < stop + 30, "it says what it would do"
    changed = [m for m, d in after[1:] if d.turn is Turn.CHANGED]
    assert changed and min(changed) >= stop + 30


def test_plan_that_is_not_automatic_waits_for_the_shift_manager() -> None:
    by_hand = (PLAN_1, *AUTOMATIC[1:])
    storm = raised(1.8, POWER_CUT)
    day = lived(storm, hours=2, plans=by_hand)
    assert set(day.levels.values()) == {0}
    assert [d.turn for _, d in day.decided] == [Turn.PROPOSED]
    accepted = day.decided[0][0] + 4
    day = lived(storm, hours=2, plans=by_hand, orders={accepted: 1})
    assert changes(day) == [(0, 1), (1, 2)], "who accepts overrules nobody"
