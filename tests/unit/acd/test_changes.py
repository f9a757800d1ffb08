"""Rules and profiles change while calls wait and agents work."""

from dataclasses import replace
from datetime import timedelta

import pytest

from acd.agent import UnknownAgent
from acd.events import (
    AgentProfileChanged,
    AgentState,
    CallRouted,
    QueueRulesChanged,
)
from acd.floor import CallNotWaiting, UnknownQueue
from acd.messages import (
    AgentProfileChanges,
    CallPriorityChanges,
    KeepPriority,
    LeaveQueue,
    Offer,
    OfferAnswered,
    QueueRulesChange,
    TalkEnd,
    TalkEnds,
    TellPosition,
    Withdraw,
)
from acd.queue_rules import EMERGENCY, Overflow, OverflowWhen, QueueRules, RelaxStep
from acd.routing_words import RoutingRule
from acd.strategies import UnknownStrategy
from acd.talk_events import CallPriorityChanged
from tests.unit.acd.desk import Desk, profile

GENERAL = QueueRules(name="general", skills=(("law", 1),), announce_position_seconds=0)


def test_rules_that_ask_less_reach_those_who_wait_already() -> None:
    desk = Desk(profile("a"), rules=(GENERAL,))
    desk.log_in("a")
    desk.enter("1")
    assert desk.all(Offer) == []
    desk.send(QueueRulesChange(rules=replace(GENERAL, skills=())))
    assert desk.last(Offer).call_id == "1"
    assert desk.last(QueueRulesChanged).queue == "general"


def test_new_steps_and_ways_out_count_the_whole_wait() -> None:
    desk = Desk(profile("a"), rules=(GENERAL,))
    desk.log_in("a")
    desk.enter("1")
    desk.wait(20)
    step = RelaxStep(after_seconds=30, lower_skills_by=1)
    desk.send(QueueRulesChange(rules=replace(GENERAL, relax=(step,))))
    desk.wait(10)
    assert desk.last(Offer).call_id == "1"
    desk.enter("2")
    desk.wait(20)
    way = Overflow(when=OverflowWhen.WAIT, limit=25)
    desk.send(QueueRulesChange(rules=replace(GENERAL, overflow=(way,))))
    desk.wait(5)
    assert desk.last(LeaveQueue).call_id == "2"


def test_new_strategy_orders_those_who_are_free_already() -> None:
    rules = QueueRules(name="general")
    desk = Desk(profile("a", order=2), profile("b", order=1), rules=(rules,))
    desk.log_in("a", "b")
    desk.send(QueueRulesChange(rules=replace(rules, strategy="linear")))
    desk.enter("1")
    assert desk.last(Offer).agent_id == "b"


def test_who_was_free_before_new_rules_is_rung_by_the_old_ones() -> None:
    tax = QueueRules(name="tax", priority=1, wrap_up_seconds=10)
    agent = profile("a", "general", "tax")
    desk = Desk(agent, rules=(QueueRules(name="general"), tax))
    desk.log_in("a")
    desk.enter("1", "tax")
    desk.answer()
    desk.enter("2")
    desk.enter("3", "tax")
    desk.send(TalkEnds(call_id="1", end=TalkEnd.CALLER))
    desk.now += timedelta(seconds=10)
    told = desk.send(QueueRulesChange(rules=replace(tax, priority=0)))
    kinds = [type(d) for d in told if isinstance(d, Offer | QueueRulesChanged)]
    assert kinds == [Offer, QueueRulesChanged]
    assert desk.last(Offer).call_id == "3"


def test_queue_that_turns_to_ring_all_rings_the_others_too() -> None:
    rules = QueueRules(name="general")
    desk = Desk(profile("a"), profile("b"), rules=(rules,))
    desk.log_in("a", "b")
    desk.enter("1")
    desk.send(QueueRulesChange(rules=replace(rules, strategy="ring_all")))
    assert [offer.agent_id for offer in desk.all(Offer)] == ["a", "b"]
    desk.send(QueueRulesChange(rules=rules))
    desk.send(OfferAnswered(offer_id="1-2"))
    assert desk.last(Withdraw).offer_id == "1-1"


def test_way_out_without_agents_reaches_those_who_wait_already() -> None:
    desk = Desk(profile("a"), rules=(GENERAL,))
    desk.enter("1")
    way = Overflow(when=OverflowWhen.NO_AGENTS)
    desk.send(QueueRulesChange(rules=replace(GENERAL, overflow=(way,))))
    assert desk.last(LeaveQueue).call_id == "1"


def test_position_is_told_from_now_on() -> None:
    desk = Desk(profile("a"), rules=(GENERAL,))
    desk.enter("1")
    desk.wait(60)
    assert desk.all(TellPosition) == []
    desk.send(QueueRulesChange(rules=replace(GENERAL, announce_position_seconds=30)))
    desk.wait(30)
    assert len(desk.all(TellPosition)) == 2
    desk.send(QueueRulesChange(rules=GENERAL))
    desk.wait(60)
    assert len(desk.all(TellPosition)) == 2


def test_agent_who_learns_a_skill_is_offered_the_call_that_waits_for_it() -> None:
    desk = Desk(profile("a"), rules=(GENERAL,))
    desk.log_in("a")
    desk.enter("1")
    desk.send(AgentProfileChanges(profile=profile("a", skills=(("law", 1),))))
    assert desk.last(Offer).agent_id == "a"
    assert desk.last(AgentProfileChanged).agent_id == "a"


def test_agent_taken_out_of_the_queue_that_he_is_rung_for_rings_no_more() -> None:
    rules = (QueueRules(name="general"), QueueRules(name="tax"))
    desk = Desk(profile("a"), rules=rules)
    desk.log_in("a")
    desk.enter("1")
    desk.enter("2", "tax")
    desk.send(AgentProfileChanges(profile=profile("a", "tax")))
    assert desk.last(Withdraw).offer_id == "1-1"
    assert desk.last(Offer).call_id == "2"


def test_agent_who_talks_takes_calls_of_his_new_queue_afterwards() -> None:
    rules = (QueueRules(name="general"), QueueRules(name="tax"))
    desk = Desk(profile("a"), rules=rules)
    desk.log_in("a")
    desk.enter("1")
    desk.answer()
    desk.send(AgentProfileChanges(profile=profile("a", "tax")))
    assert desk.state("a") is AgentState.TALKING
    desk.enter("2", "tax")
    desk.enter("3", "general")
    desk.send(TalkEnds(call_id="1", end=TalkEnd.AGENT))
    desk.wait(10)
    assert desk.last(Offer).call_id == "2"


def test_last_agent_taken_out_of_a_queue_leaves_it_without_agents() -> None:
    way = Overflow(when=OverflowWhen.NO_AGENTS)
    rules = (QueueRules(name="general", overflow=(way,)), QueueRules(name="tax"))
    desk = Desk(profile("a"), rules=rules)
    desk.log_in("a")
    desk.enter("rung")
    desk.enter("1")
    desk.send(AgentProfileChanges(profile=profile("a", "tax")))
    assert sorted(left.call_id for left in desk.all(LeaveQueue)) == ["1", "rung"]


def test_changes_that_fit_nothing_are_refused_and_change_nothing() -> None:
    desk = Desk(profile("a"), rules=(GENERAL,))
    with pytest.raises(UnknownQueue):
        desk.send(QueueRulesChange(rules=QueueRules(name="gone")))
    with pytest.raises(UnknownStrategy):
        desk.send(QueueRulesChange(rules=replace(GENERAL, strategy="any")))
    with pytest.raises(UnknownAgent):
        desk.send(AgentProfileChanges(profile=profile("nobody")))
    assert desk.engine.queues["general"].rules == GENERAL


def line_of(desk: Desk) -> list[str]:
    return [call.call_id for call in desk.engine.queues["general"].line]


def test_waiting_call_that_becomes_an_emergency_goes_before_all_others() -> None:
    desk = Desk(profile("a"))
    for call_id in "123":
        desk.enter(call_id)
    desk.send(
        CallPriorityChanges(
            call_id="3", priority=EMERGENCY, asked_by="li", peer="127.0.0.1"
        )
    )
    assert line_of(desk) == ["3", "1", "2"]
    changed = desk.last(CallPriorityChanged)
    assert (changed.call_id, changed.priority, changed.position) == ("3", 1000, 1)
    assert (changed.asked_by, changed.peer) == ("li", "127.0.0.1")
    decision = desk.last(CallRouted)
    assert (decision.rule, decision.detail, decision.position) == (
        RoutingRule.PRIORITY,
        "emergency",
        1,
    )
    assert desk.last(KeepPriority) == KeepPriority(call_id="3", priority=EMERGENCY)
    desk.log_in("a")
    assert desk.last(Offer).call_id == "3"


def test_call_that_is_less_urgent_stands_where_its_wait_puts_it() -> None:
    desk = Desk(profile("a"))
    desk.enter("1")
    desk.enter("2", priority=EMERGENCY)
    desk.enter("3", priority=5)
    assert line_of(desk) == ["2", "3", "1"]
    desk.send(CallPriorityChanges(call_id="2", priority=0))
    assert line_of(desk) == ["3", "1", "2"]


def test_call_keeps_its_new_priority_when_its_phone_does_not_answer() -> None:
    desk = Desk(profile("a"))
    desk.log_in("a")
    desk.enter("1")
    desk.enter("2")
    desk.send(CallPriorityChanges(call_id="1", priority=3))
    desk.wait(60)
    assert line_of(desk) == ["1", "2"]
    assert desk.engine.waiting["1"].wish.priority == 3


def test_emergency_waits_no_longer_for_the_agent_whom_it_knows() -> None:
    rules = QueueRules(name="general", last_agent_seconds=60)
    desk = Desk(profile("a"), profile("b"), rules=(rules,))
    desk.log_in("a")
    desk.enter("talk")
    desk.answer()
    desk.log_in("b")
    desk.enter("again", last_agent="a")
    assert desk.last(Offer).agent_id == "a"
    desk.send(CallPriorityChanges(call_id="again", priority=EMERGENCY))
    assert (desk.last(Offer).call_id, desk.last(Offer).agent_id) == ("again", "b")


def test_priority_of_a_call_that_does_not_wait_is_refused() -> None:
    desk = Desk(profile("a"))
    desk.log_in("a")
    desk.enter("1")
    desk.answer()
    for call_id in ("1", "nobody"):
        with pytest.raises(CallNotWaiting, match="does not wait") as refused:
            desk.send(CallPriorityChanges(call_id=call_id, priority=1))
        assert refused.value.error_id == "call_not_waiting"
