"""A simulated day: what happens to citizens and agents, second by second."""

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from acd.events import Outcome
from acd.queue_rules import Admission, Overflow, OverflowWhen, QueueRules
from acd.staffing.behaviour import Behaviour
from acd.staffing.called_back import ANNOUNCE_SECONDS, PICK_UP_SECONDS
from acd.staffing.day import Day, DayCall
from acd.staffing.measures import Measures
from acd.staffing.plan import Ivr, Plan, Speech
from acd.staffing.simulation import simulate
from acd.staffing.story import CallStory
from ivr_flows.flow import BUILT_IN, load_flow
from ivr_flows.language import read_flow
from tests.unit.acd.staffing.days import (
    PLAIN,
    START,
    STEADY,
    agent,
    day,
    plan,
    steady_arrivals,
)

REACH_SECONDS = ANNOUNCE_SECONDS + PICK_UP_SECONDS


def stories(
    calls: Day, under: Plan, behaviour: Behaviour = STEADY
) -> tuple[CallStory, ...]:
    """What became of the calls."""
    return simulate(calls, under, behaviour).stories


def test_calls_wait_for_each_other() -> None:
    first, second, third = stories(day(10, 20, 500), plan(agent("1")))
    assert [first.wait_seconds, second.wait_seconds, third.wait_seconds] == [0, 90, 0]
    assert {story.outcome for story in (first, second, third)} == {Outcome.ANSWERED}
    assert second.talk_seconds == 100


def test_wrap_up_of_the_queue_keeps_the_agent() -> None:
    rules = (replace(PLAIN, wrap_up_seconds=30),)
    _, second = stories(day(0, 1), plan(agent("1"), rules=rules))
    assert second.wait_seconds == 129


def test_phone_that_is_picked_up_late_adds_to_the_wait() -> None:
    behaviour = replace(STEADY, answer_seconds=4)
    (story,) = stories(day(10), plan(agent("1")), behaviour)
    assert story.wait_seconds is not None
    assert 0.5 < story.wait_seconds < 20


def test_citizen_hangs_up_when_his_patience_ends() -> None:
    impatient = DayCall(at_seconds=10, patience_seconds=30)
    _, story = stories(day(0, impatient), plan(agent("1")))
    assert (story.outcome, story.wait_seconds) == (Outcome.ABANDONED_IN_QUEUE, 30)


def test_citizen_who_hangs_up_while_a_phone_rings_is_counted_so() -> None:
    impatient = DayCall(at_seconds=10, patience_seconds=0.01)
    behaviour = replace(STEADY, answer_seconds=10)
    (story,) = stories(day(impatient), plan(agent("1")), behaviour)
    assert story.outcome is Outcome.ABANDONED_WHILE_RINGING


def test_agents_answer_only_while_they_are_on_duty() -> None:
    shift = agent("1", duties=((1000.0, 2000.0), (5000.0, 6000.0)))
    early, late, between = stories(day(990, 1950, 2010), plan(shift))
    assert [early.wait_seconds, late.wait_seconds] == [10, 0]
    assert between.wait_seconds == 2990


def test_who_still_waits_two_hours_after_the_last_call_hangs_up() -> None:
    (story,) = stories(day(0), plan())
    assert (story.outcome, story.wait_seconds) == (Outcome.ABANDONED_IN_QUEUE, 7200)


def test_who_hangs_up_calls_again_and_is_counted_once() -> None:
    impatient = DayCall(at_seconds=10, patience_seconds=5)
    behaviour = replace(STEADY, redial_share=0.999, redial_seconds=20)
    found = simulate(day(0, impatient), plan(agent("1")), behaviour)
    tries = found.stories[1:]
    assert len(tries) > 1
    assert [story.redialled for story in tries] == [True] * (len(tries) - 1) + [False]
    whole = Measures.of(found).queues["all"]
    assert (whole.offered, whole.offered_once) == (len(tries) + 1, 2)


def test_agent_who_does_not_answer_is_paused_and_comes_back() -> None:
    behaviour = replace(STEADY, no_answer_share=1.0, pause_seconds=60)
    impatient = DayCall(at_seconds=0, patience_seconds=200)
    found = simulate(day(impatient), plan(agent("1")), behaviour)
    (story,) = found.stories
    assert story.outcome is not Outcome.ANSWERED
    times = found.times["general"]
    assert sum(times.busy) == pytest.approx(3 * PLAIN.ring_seconds)
    assert sum(times.on_duty) == 3600 - 3 * 60


def test_occupancy_is_talk_and_wrap_up_of_the_time_on_duty() -> None:
    rules = (replace(PLAIN, wrap_up_seconds=80),)
    found = simulate(day(0, 1000), plan(agent("1"), agent("2"), rules=rules), STEADY)
    group = Measures.of(found).groups["general"]
    assert (group.agents, group.hours_on_duty) == (2, 2)
    assert group.occupancy == pytest.approx(2 * 180 / 7200)


def test_each_queue_and_group_is_measured_by_itself() -> None:
    rules = (PLAIN, QueueRules(name="tax", wrap_up_seconds=0))
    calls = day(
        DayCall(at_seconds=0, queue="tax"),
        DayCall(at_seconds=1, queue="tax"),
        DayCall(at_seconds=2, queue="general"),
    )
    agents = agent("1", "general"), agent("2", "tax"), agent("3", "general", "tax")
    measured = Measures.of(simulate(calls, plan(*agents, rules=rules), STEADY))
    assert {n: q.offered for n, q in measured.queues.items()} == {
        "general": 1,
        "tax": 2,
        "all": 3,
    }
    assert set(measured.groups) == {"general", "tax", "general+tax", "all"}
    assert measured.queues["all"].mean_wait == 0


def test_same_seed_tells_the_same_day_and_pickles() -> None:
    calls, under = steady_arrivals(0.05, 7200, seed=3), plan(agent("1"), agent("2"))
    behaviour = Behaviour(redial_share=0.5, no_answer_share=0.1)
    once = simulate(calls, under, behaviour, seed=5)
    again = simulate(*pickle.loads(pickle.dumps((calls, under, behaviour))), seed=5)
    other = simulate(calls, under, behaviour, seed=6)
    assert pickle.loads(pickle.dumps(once)) == again
    assert once.stories != other.stories


def test_two_plans_meet_the_same_calls() -> None:
    """With agents enough in both, every single call is the same."""
    calls = steady_arrivals(0.01, 7200, seed=3)
    few = simulate(calls, plan(*map(agent, "abcdefgh")), Behaviour())
    many = simulate(calls, plan(*map(agent, "abcdefghijklmnop")), Behaviour())
    assert [s.talk_seconds for s in few.stories] == [
        s.talk_seconds for s in many.stories
    ]


def ivr() -> Ivr:
    """The citizens' flow; its greeting lasts three seconds."""
    flow = load_flow(BUILT_IN / "citizen.yaml")
    speech = Speech(seconds={("greeting", "zh"): 3.0})
    return Ivr(usual=flow, speech=speech)


def test_plan_with_its_flows_can_go_to_another_process() -> None:
    under = replace(plan(agent("1")), ivr=ivr())
    sent: Plan = pickle.loads(pickle.dumps(under))
    assert stories(day(10), sent) == stories(day(10), under)


def test_citizen_who_presses_nothing_waits_after_the_greeting() -> None:
    under = replace(plan(agent("1")), ivr=ivr())
    (story,) = stories(day(10), under)
    assert story.entered_at is not None
    assert 13 < story.entered_at < 18
    assert (story.arrived_at, story.outcome) == (10, Outcome.ANSWERED)
    assert story.wait_from_answer_seconds == pytest.approx(story.entered_at - 10)


def test_citizen_who_presses_a_key_is_through_the_greeting_sooner() -> None:
    under = replace(plan(agent("1")), ivr=ivr())
    hasty = DayCall(at_seconds=10, keys=("1",))
    patient, quick = stories(day(10, hasty), under)
    assert patient.entered_at is not None
    assert quick.entered_at is not None
    assert quick.entered_at < patient.entered_at


def test_flow_that_sends_nobody_to_a_queue_completes_the_call(tmp_path: Path) -> None:
    file = tmp_path / "flow.yaml"
    file.write_text("title: x\nsteps:\n  bye:\n    do: hang_up\n    say: goodbye\n")
    under = replace(plan(agent("1")), ivr=Ivr(usual=read_flow(file)))
    found = simulate(day(10), under, STEADY)
    assert found.stories[0].outcome is Outcome.COMPLETED_IN_IVR
    assert Measures.of(found).queues["all"].offered == 0


def test_flow_takes_a_citizen_out_of_the_queue_who_waits_too_long(
    tmp_path: Path,
) -> None:
    file = tmp_path / "flow.yaml"
    file.write_text(
        "title: x\nsteps:\n  wait:\n    do: enqueue\n    max_wait_seconds: 40\n"
        "    too_long: sorry\n  sorry:\n    do: hang_up\n    say: goodbye\n"
    )
    under = replace(plan(), ivr=Ivr(usual=read_flow(file)))
    (story,) = stories(day(10), under)
    assert (story.outcome, story.wait_seconds) == (Outcome.ABANDONED_IN_QUEUE, 40)


def test_rule_of_the_queue_sends_a_citizen_to_another_queue() -> None:
    way = Overflow(when=OverflowWhen.WAIT, limit=30, to="tax")
    rules = (replace(PLAIN, overflow=(way,)), QueueRules(name="tax"))
    (story,) = stories(day(10), plan(agent("1", "tax"), rules=rules))
    assert (story.queue, story.outcome) == ("general", Outcome.ANSWERED)
    assert story.wait_seconds == 30


def test_rule_of_the_queue_sends_a_citizen_back_to_his_flow() -> None:
    rules = (replace(PLAIN, overflow=(Overflow(when=OverflowWhen.NO_AGENTS),)),)
    (story,) = stories(day(10), plan(rules=rules))
    assert (story.outcome, story.wait_seconds) == (Outcome.DECLINED, 0)


def test_flood_leaves_no_place_and_promises_call_backs() -> None:
    admission = Admission(places_per_agent=1, least_places=1, promises_per_agent=1)
    rules = (replace(PLAIN, admission=admission),)
    found = simulate(day(0, 1, 2, 3), plan(agent("1"), rules=rules), STEADY)
    assert [story.outcome for story in found.stories] == [
        *[Outcome.ANSWERED] * 2,
        Outcome.CALL_BACK_PROMISED,
        Outcome.DECLINED,
    ]
    whole = Measures.of(found).queues["all"]
    assert (whole.declined, whole.promised, whole.called_back) == (1, 1, 1)
    promised = found.stories[2]
    assert promised.called_back_after == 200 - 2 + REACH_SECONDS
    group = Measures.of(found).groups["general"]
    assert group.occupancy == pytest.approx((3 * 100 + REACH_SECONDS) / 3600)


def test_skill_that_a_call_asks_for_waits_for_the_agent_who_has_it() -> None:
    expert = agent("2", duties=((50.0, 900.0),))
    expert = replace(expert, profile=replace(expert.profile, skills=(("tax", 3),)))
    asks = DayCall(at_seconds=10, skills=(("tax", 2),))
    (story,) = stories(day(asks), plan(agent("1"), expert))
    assert (story.agent_id, story.wait_seconds) == ("2", 40)


def test_without_calls_there_is_nothing_to_tell() -> None:
    measured = Measures.of(simulate(Day(start=START, calls=()), plan(), STEADY))
    whole = measured.queues["all"]
    assert (whole.offered, whole.connect_rate, whole.mean_wait) == (0, None, None)
    assert measured.groups["all"].occupancy is None
