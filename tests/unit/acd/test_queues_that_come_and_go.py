"""Queues are added and removed while calls wait and agents work."""

import pytest

from acd.events import CallerEntered, CallOverflowed, QueueRulesChanged
from acd.floor import UnknownQueue
from acd.messages import (
    AgentProfileChanges,
    ChangeQueue,
    Offer,
    QueueJoins,
    QueueLeaves,
    TalkEnd,
    TalkEnds,
    Withdraw,
)
from acd.queue_rules import Overflow, OverflowWhen, QueueRules
from tests.unit.acd.desk import Desk, profile

RULES = (QueueRules(name="general"), QueueRules(name="tax"))
LEAVES = QueueLeaves(queue="tax", to="general")


def line(desk: Desk) -> list[str]:
    """Who waits in the first queue, in order."""
    return [call.call_id for call in desk.engine.queues["general"].line]


def test_new_queue_takes_calls_and_its_agents_at_once() -> None:
    desk = Desk(profile("a"))
    desk.log_in("a")
    desk.send(QueueJoins(rules=RULES[1]))
    desk.enter("1", "tax")
    assert desk.all(Offer) == []
    desk.send(AgentProfileChanges(profile=profile("a", "general", "tax")))
    assert desk.last(Offer).queue == "tax"
    assert desk.last(QueueRulesChanged).queue == "tax"


def test_new_queue_that_names_an_unknown_one_is_refused() -> None:
    desk = Desk(profile("a"))
    way = Overflow(when=OverflowWhen.WAIT, limit=9, to="nowhere")
    with pytest.raises(UnknownQueue):
        desk.send(QueueJoins(rules=QueueRules(name="tax", overflow=(way,))))
    with pytest.raises(UnknownQueue):
        desk.enter("1", "tax")


def test_who_waits_in_a_removed_queue_goes_to_the_first_at_his_rank() -> None:
    desk = Desk(profile("a"), profile("b", "tax"), rules=RULES)
    desk.log_in("b")
    desk.enter("early", "tax")
    desk.wait(5)
    desk.enter("late")
    desk.enter("latest", "tax")
    rung = desk.last(Offer)
    desk.send(LEAVES)
    assert desk.last(Withdraw).offer_id == rung.offer_id
    assert line(desk) == ["early", "late", "latest"]
    moved = [change.call_id for change in desk.all(ChangeQueue)]
    assert moved == ["early", "latest"]
    assert {event.reason for event in desk.all(CallOverflowed)} == {"closed"}
    desk.log_in("a")
    assert desk.last(Offer).call_id == "early"


def test_call_back_and_call_for_one_agent_keep_waiting_too() -> None:
    desk = Desk(profile("a"), profile("b", "tax"), rules=RULES)
    desk.log_in("b")
    desk.enter("busy", "tax")
    desk.answer()
    desk.enter("back", "tax", call_back_id="debt", caller="+861")
    desk.enter("his", "tax", only_agent="b")
    desk.send(LEAVES)
    assert line(desk) == ["back", "his"]
    desk.send(TalkEnds(call_id="busy", end=TalkEnd.CALLER))
    desk.wait(60)
    assert desk.last(Offer).call_id == "his"


def test_who_comes_to_a_removed_queue_waits_in_the_first() -> None:
    desk = Desk(profile("a"), profile("b", "tax"), rules=RULES)
    desk.log_in("b")
    desk.enter("1", "tax")
    desk.answer()
    desk.send(LEAVES)
    desk.send(TalkEnds(call_id="1", end=TalkEnd.AGENT_LEG_DIED))
    desk.enter("1", "tax", at_head=True)
    assert desk.last(ChangeQueue).queue == "general"
    assert desk.last(CallerEntered).queue == "general"


def test_queue_that_was_removed_is_unknown_until_it_is_back() -> None:
    desk = Desk(profile("a"), rules=RULES)
    desk.send(LEAVES)
    with pytest.raises(UnknownQueue):
        desk.send(LEAVES)
    desk.send(QueueJoins(rules=RULES[1]))
    desk.enter("1", "tax")
    assert desk.last(CallerEntered).queue == "tax"
