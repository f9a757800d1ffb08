"""Who calls again waits a while for the agent whom he spoke with."""

import pytest

from acd.events import CallOverflowed
from acd.messages import (
    AgentLogsOut,
    AgentPauses,
    AgentProfileChanges,
    LeaveQueue,
    Offer,
    OfferFailed,
    OfferFailure,
    TalkEnd,
    TalkEnds,
)
from acd.queue_rules import EMERGENCY, OverflowWhen, QueueRules
from tests.unit.acd.desk import Desk, profile

RULES = (
    QueueRules(name="general", last_agent_seconds=30, wrap_up_seconds=0),
    QueueRules(name="tax"),
)


def busy_desk() -> Desk:
    """Agent b talks, agent a is free; a caller waits for b."""
    desk = Desk(profile("a"), profile("b"), rules=RULES)
    desk.log_in("b")
    desk.enter("talk")
    desk.answer()
    desk.log_in("a")
    desk.enter("again", last_agent="b")
    return desk


def test_caller_waits_for_his_agent_though_another_is_free() -> None:
    desk = busy_desk()
    assert [offer.call_id for offer in desk.all(Offer)] == ["talk"]
    desk.send(TalkEnds(call_id="talk", end=TalkEnd.AGENT))
    assert (desk.last(Offer).call_id, desk.last(Offer).agent_id) == ("again", "b")


def test_agent_who_is_free_is_asked_first_whatever_the_strategy_says() -> None:
    desk = Desk(profile("a"), profile("b"), rules=RULES)
    desk.log_in("a", "b")
    desk.enter("again", last_agent="b")
    assert desk.last(Offer).agent_id == "b"


def test_after_the_set_seconds_all_are_asked() -> None:
    desk = busy_desk()
    desk.wait(29.9)
    assert len(desk.all(Offer)) == 1
    desk.wait(0.1)
    assert desk.last(Offer).agent_id == "a"


@pytest.mark.parametrize(
    "goes", [AgentPauses(agent_id="b", reason="tea"), AgentLogsOut(agent_id="b")]
)
def test_agent_who_goes_away_is_waited_for_no_more(goes: AgentPauses) -> None:
    desk = busy_desk()
    desk.send(goes)
    assert len(desk.all(Offer)) == 1
    desk.send(TalkEnds(call_id="talk", end=TalkEnd.AGENT))
    assert (desk.last(Offer).call_id, desk.last(Offer).agent_id) == ("again", "a")


@pytest.mark.parametrize("other", ["b", "nobody"])
def test_agent_who_is_not_there_is_not_waited_for(other: str) -> None:
    desk = Desk(profile("a"), profile("b"), rules=RULES)
    desk.log_in("a")
    desk.enter("again", last_agent=other)
    assert desk.last(Offer).agent_id == "a"


def test_agent_who_no_longer_answers_the_queue_is_not_waited_for() -> None:
    desk = busy_desk()
    desk.send(AgentProfileChanges(profile=profile("b", "tax")))
    assert (desk.last(Offer).call_id, desk.last(Offer).agent_id) == ("again", "a")


def test_agent_who_refuses_is_waited_for_no_more() -> None:
    desk = Desk(profile("a"), profile("b"), rules=RULES)
    desk.log_in("a", "b")
    desk.enter("again", last_agent="b")
    desk.send(OfferFailed(offer_id="again-1", failure=OfferFailure.REJECTED))
    assert desk.last(Offer).agent_id == "a"


def test_emergency_waits_for_nobody() -> None:
    desk = Desk(profile("a"), profile("b"), rules=RULES)
    desk.log_in("a", "b")
    desk.enter("again", last_agent="b", priority=EMERGENCY)
    assert desk.last(Offer).agent_id == "a"


def test_call_for_one_agent_rings_him_alone_whatever_his_queues() -> None:
    desk = Desk(profile("a"), profile("b", "tax"), rules=RULES)
    desk.log_in("a", "b")
    desk.enter("question", only_agent="b")
    assert desk.last(Offer).agent_id == "b"
    desk.enter("next", only_agent="b")
    assert len(desk.all(Offer)) == 1


def test_call_for_one_agent_who_is_not_there_waits_for_nothing() -> None:
    desk = Desk(profile("a"), rules=RULES)
    left = LeaveQueue(call_id="question", reason=OverflowWhen.NO_AGENTS)
    desk.enter("question", only_agent="a")
    assert desk.last(LeaveQueue) == left
    desk.log_in("a")
    desk.enter("talk")
    desk.answer()
    desk.enter("2", only_agent="a")
    desk.send(AgentPauses(agent_id="a", reason="tea"))
    desk.send(TalkEnds(call_id="talk", end=TalkEnd.AGENT))
    assert desk.last(LeaveQueue).call_id == "2"
    assert len(desk.all(CallOverflowed)) == 2
