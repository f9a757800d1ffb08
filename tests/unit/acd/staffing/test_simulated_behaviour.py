"""What citizens and agents do besides waiting and talking, second by second."""

from dataclasses import replace
from pathlib import Path

import pytest

from acd.call_backs.rules import CallBackRules, Mode
from acd.events import Outcome
from acd.ledger.debt import DebtRules, DebtState
from acd.queue_rules import QueueRules
from acd.staffing.behaviour import Behaviour, BehaviourRefused
from acd.staffing.called_back import ANNOUNCE_SECONDS, PICK_UP_SECONDS
from acd.staffing.chance import Turn
from acd.staffing.day import DayCall
from acd.staffing.measures import Measures
from acd.staffing.plan import Ivr, Plan
from acd.staffing.simulated_wait import DIALOGUE_SECONDS
from acd.staffing.simulation import simulate
from acd.staffing.story import Asked, CallStory, SimulatedDay, Transferred
from ivr_flows.language import read_flow
from tests.unit.acd.staffing.days import PLAIN, STEADY, agent, day, plan

REMIND, REACH = 20.0, ANNOUNCE_SECONDS + PICK_UP_SECONDS
PERSON = (
    'do: enqueue, leave_key: "*", left: bye, call_back_key: 2, '
    "remind: [still_waiting], remind_every_seconds: 20"
)
KEYS = f"steps:\n  person: {{{PERSON}}}\n  bye: {{do: hang_up}}\n"
SURVEY = (
    "survey_call_back: opinion\nsteps:\n  person: {do: enqueue, then: opinion}\n"
    "  opinion: {do: survey, say: how, answers: {1: good, 2: bad}}\n  bye: {do: hang_up}\n"
)
TRANSFER = "steps:\n  on: {do: transfer, target: '110', failed: bye, then: bye}\n  bye: {do: hang_up}\n"


def with_flow(under: Plan, text: str, tmp_path: Path, rules: CallBackRules) -> Plan:
    """A plan whose citizens meet this flow."""
    file = tmp_path / "flow.yaml"
    file.write_text(text, encoding="utf-8")
    return replace(under, ivr=Ivr(usual=read_flow(file)), call_backs=rules)


RULES = CallBackRules(debts=DebtRules(retry_minutes=5, tries=2), ring_seconds=30)


def two_calls(
    tmp_path: Path,
    behaviour: Behaviour,
    *,
    second: DayCall | float = 10,
    rules: CallBackRules = RULES,
    flow: str = KEYS,
    can_call: bool = True,
) -> SimulatedDay:
    """One agent, who talks with the first citizen when the second calls."""
    under = with_flow(plan(agent("1")), flow, tmp_path, rules)
    return simulate(day(0, second), replace(under, can_call=can_call), behaviour)


def test_citizen_who_has_waited_enough_presses_the_key_that_leaves(
    tmp_path: Path,
) -> None:
    behaviour = replace(STEADY, leave_share=1)
    impatient = DayCall(at_seconds=10, patience_seconds=30)
    left = two_calls(tmp_path, behaviour, second=impatient).stories[1]
    assert (left.outcome, left.wait_seconds) == (Outcome.ABANDONED_IN_QUEUE, 30)
    assert left.left_by_key


def test_citizen_who_asks_for_a_call_back_is_called_at_his_place(
    tmp_path: Path,
) -> None:
    found = two_calls(tmp_path, replace(STEADY, call_back_share=1))
    asked = found.stories[1]
    assert asked.outcome is Outcome.CALL_BACK_PROMISED
    assert asked.wait_seconds == REMIND + DIALOGUE_SECONDS
    assert asked.called_back_after == 100 - 10 + REACH
    assert (asked.call_back, asked.call_back_tries) == (DebtState.DONE, 1)
    whole = Measures.of(found).whole
    assert (whole.promised, whole.called_back, whole.still_owed) == (1, 1, 0)


def test_citizen_who_called_after_him_is_served_after_his_call_back(
    tmp_path: Path,
) -> None:
    behaviour = replace(STEADY, call_back_share=1)
    under = with_flow(plan(agent("1")), KEYS, tmp_path, RULES)
    late = DayCall(at_seconds=95)
    found = simulate(day(0, 10, late), under, behaviour).stories
    assert found[1].called_back_after == 105
    assert found[2].called_back_after == 105 + 10 + 100 + REACH - 95


def test_call_back_without_an_answer_is_tried_again_and_ends(tmp_path: Path) -> None:
    behaviour = replace(STEADY, call_back_share=1, call_back_no_answer_share=1)
    found = two_calls(tmp_path, behaviour)
    asked = found.stories[1]
    assert (asked.call_back, asked.call_back_tries) == (DebtState.EXPIRED, 2)
    assert asked.called_back_after is None
    busy = sum(found.times["general"].busy)
    assert busy == 100 + 2 * (ANNOUNCE_SECONDS + RULES.ring_seconds)
    assert Measures.of(found).whole.not_reached == 1


def test_citizen_who_is_called_first_is_rung_while_his_agent_talks(
    tmp_path: Path,
) -> None:
    """Only the second try finds an agent who is free, and waits with the citizen's phone."""
    behaviour = replace(STEADY, call_back_share=1, call_back_no_answer_share=1)
    rules = replace(RULES, mode=Mode.CITIZEN_FIRST)
    found = two_calls(tmp_path, behaviour, rules=rules)
    assert found.stories[1].call_back_tries == 2
    assert sum(found.times["general"].busy) == 100 + RULES.ring_seconds


def test_citizen_who_is_called_first_waits_for_the_agent(tmp_path: Path) -> None:
    rules = replace(RULES, mode=Mode.CITIZEN_FIRST)
    found = two_calls(tmp_path, replace(STEADY, call_back_share=1), rules=rules)
    assert found.stories[1].called_back_after == 90


def test_without_a_line_out_nobody_is_offered_a_call_back(tmp_path: Path) -> None:
    found = two_calls(tmp_path, replace(STEADY, call_back_share=1), can_call=False)
    assert [story.outcome for story in found.stories] == [Outcome.ANSWERED] * 2


def test_citizen_who_calls_again_has_his_place_and_is_not_called_back(
    tmp_path: Path,
) -> None:
    behaviour = replace(STEADY, call_back_share=1)
    under = with_flow(plan(agent("1")), KEYS, tmp_path, RULES)
    his = [DayCall(at_seconds=at, caller="13800000000") for at in (10, 85)]
    found = simulate(day(0, *his), under, behaviour).stories
    assert (found[1].call_back, found[1].call_back_tries) == ("cancelled", 0)
    assert (found[2].outcome, found[2].wait_seconds) == (Outcome.ANSWERED, 15)


def test_missed_callers_are_called_back_when_the_rules_say_so(tmp_path: Path) -> None:
    impatient = DayCall(at_seconds=10, patience_seconds=30, caller="13800000000")
    by_day = replace(RULES, automatic=True)
    late = two_calls(tmp_path, STEADY, second=impatient, rules=by_day).stories[1]
    assert late.outcome is Outcome.ABANDONED_IN_QUEUE
    assert late.call_back_tries == 1
    assert not late.promised
    never = two_calls(tmp_path, STEADY, second=impatient).stories[1]
    assert (never.call_back, never.call_back_tries) == ("", 0)


MOVES = KEYS.replace("leave_key", "move_keys: {3: tax, 4: gone}, leave_key")


def test_citizen_who_hears_of_the_key_goes_to_the_other_queue_with_his_wait(
    tmp_path: Path,
) -> None:
    rules = (PLAIN, QueueRules(name="tax", wrap_up_seconds=0))
    staff = plan(agent("1"), agent("t", "tax"), rules=rules)
    under = with_flow(staff, MOVES, tmp_path, RULES)
    for share, came in ((1.0, ("t", REMIND)), (0.0, ("1", 90.0))):
        behaviour = replace(STEADY, move_share=share)
        story = simulate(day(0, 10), under, behaviour).stories[1]
        assert (story.agent_id, story.wait_seconds) == came


def test_citizen_whom_no_other_queue_can_take_waits_on(tmp_path: Path) -> None:
    rules = (PLAIN, QueueRules(name="tax"))
    under = with_flow(plan(agent("1"), rules=rules), MOVES, tmp_path, RULES)
    story = simulate(day(0, 10), under, replace(STEADY, move_share=1)).stories[1]
    assert (story.agent_id, story.wait_seconds) == ("1", 90)


@pytest.mark.parametrize(
    ("share", "rests"),
    [("reject_share", "reject_delay_seconds"), ("busy_share", "busy_delay_seconds")],
)
def test_agent_whose_phone_refuses_rests_as_his_queue_says(
    share: str, rests: str
) -> None:
    rules = (replace(PLAIN, **{rests: 50.0}),)
    impatient = DayCall(at_seconds=0, patience_seconds=120)
    behaviour = replace(STEADY, **{share: 1.0})
    found = simulate(day(impatient), plan(agent("1"), rules=rules), behaviour)
    failure = {"reject_share": "rejected", "busy_share": "busy"}[share]
    assert found.untaken == {failure: 3}
    assert found.stories[0].outcome is Outcome.ABANDONED_IN_QUEUE


def a_talk(turn: str, *agents: str, queues: bool = False) -> tuple[CallStory, ...]:
    """A talk in which the agent takes this turn, and a call that comes meanwhile."""
    behaviour = replace(STEADY, **{f"{turn}_share": 1.0}, consult_seconds=40)
    rules = (PLAIN, QueueRules(name="tax", wrap_up_seconds=0)) if queues else (PLAIN,)
    staff = [agent(name, "tax" if name == "t" else "general") for name in agents]
    return simulate(day(0), plan(*staff, rules=rules), behaviour).stories


def test_colleague_is_asked_while_the_citizen_is_on_hold() -> None:
    (story,) = a_talk("consult", "1", "2")
    assert (story.turn, story.held_seconds) == (Turn.CONSULT, 40)
    assert (story.agent_id, story.talk_seconds) == ("1", 140)


def test_colleague_who_is_asked_takes_the_citizen_over() -> None:
    (story,) = a_talk("attended", "1", "2")
    assert (story.turn, story.agent_id) == (Turn.ATTENDED, "2")
    assert story.talk_seconds == 140


def test_colleague_is_kept_from_other_calls_while_he_is_asked() -> None:
    behaviour = replace(STEADY, consult_share=1, consult_seconds=40)
    staff = plan(agent("1"), agent("2"))
    _, second = simulate(day(0, 60), staff, behaviour).stories
    assert second.wait_seconds == 30


def test_citizen_is_sent_to_another_queue_with_his_place() -> None:
    (story,) = a_talk("to_queue", "1", "t", queues=True)
    assert (story.turn, story.agent_id, story.queue) == (Turn.TO_QUEUE, "t", "general")
    assert (story.talk_seconds, story.wait_seconds) == (100, 0)


def test_citizen_is_sent_to_one_other_agent() -> None:
    (story,) = a_talk("to_agent", "1", "2")
    assert (story.turn, story.agent_id) == (Turn.TO_AGENT, "2")


@pytest.mark.parametrize("turn", ["consult", "attended", "to_queue", "to_agent"])
def test_agent_who_finds_nobody_goes_on_alone(turn: str) -> None:
    (story,) = a_talk(turn, "1", queues=True)
    assert (story.turn, story.talk_seconds) == (Turn.NONE, 100)


def test_citizen_whose_agent_hangs_up_first_is_asked_his_opinion(
    tmp_path: Path,
) -> None:
    behaviour = replace(STEADY, agent_ends_share=1, survey_share=1)
    found = two_calls(tmp_path, behaviour, flow=SURVEY)
    assert {story.survey for story in found.stories} == {Asked.ANSWERED}
    silent = replace(behaviour, survey_share=0)
    found = two_calls(tmp_path, silent, flow=SURVEY)
    assert {story.survey for story in found.stories} == {Asked.SILENT}


@pytest.mark.parametrize(
    ("behaviour", "came"),
    [
        (replace(STEADY, survey_share=1), Asked.LATER),
        (replace(STEADY, survey_share=0), Asked.NEVER),
        (replace(STEADY, survey_share=1, call_back_no_answer_share=1), Asked.NEVER),
    ],
)
def test_citizen_who_hangs_up_first_is_asked_by_call_back(
    tmp_path: Path, behaviour: Behaviour, came: Asked
) -> None:
    at_noon = DayCall(at_seconds=12 * 3600)
    found = two_calls(tmp_path, behaviour, second=at_noon, flow=SURVEY)
    assert found.stories[1].survey is came


def test_flow_s_transfer_connects_or_meets_nobody(tmp_path: Path) -> None:
    behaviour = replace(STEADY, transfer_talk_seconds=70)
    met, _ = two_calls(tmp_path, behaviour, flow=TRANSFER).stories
    assert (met.outcome, met.talk_seconds) == (Outcome.ANSWERED, 70)
    for share, came in (("busy", Transferred.BUSY), ("no_answer", "no_answer")):
        fails = replace(behaviour, **{f"transfer_{share}_share": 1.0})
        found = two_calls(tmp_path, fails, flow=TRANSFER)
        assert {story.transfer for story in found.stories} == {came}
        assert {story.outcome for story in found.stories} == {Outcome.DECLINED}
        whole = Measures.of(found).whole
        assert (whole.offered, whole.transferred) == (2, 2)
        assert (whole.declined, whole.transfers_connected) == (2, 0)


def test_citizen_gives_up_while_the_flow_s_transfer_rings(tmp_path: Path) -> None:
    behaviour = replace(STEADY, transfer_no_answer_share=1)
    hasty = DayCall(at_seconds=10, patience_seconds=5)
    story = two_calls(tmp_path, behaviour, second=hasty, flow=TRANSFER).stories[1]
    assert story.outcome is Outcome.ABANDONED_WHILE_RINGING
    assert story.transfer is Transferred.RINGS


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ({"leave_share": 1.5}, "leave_share is 1.5; a share is from 0 to 1"),
        ({"consult_seconds": -1.0}, "consult_seconds is -1; seconds are 0 or more"),
        ({"reject_share": 0.6, "busy_share": 0.6}, "are more than 1 together"),
    ],
)
def test_behaviour_that_nobody_can_have_is_refused(
    shares: dict[str, float], words: str
) -> None:
    with pytest.raises(BehaviourRefused, match=words):
        replace(STEADY, **shares)
