"""The engine's rules, one sentence each."""

from itertools import product

import pytest

from acd.agent import ALLOWED, Agent, AgentLoggedOut, IllegalMove, UnknownAgent
from acd.events import (
    AgentState,
    AgentStateChanged,
    CallAbandoned,
    CallConnected,
    CallerEntered,
    CallRequeued,
    OfferUnanswered,
    TalkEnded,
)
from acd.floor import UnknownQueue
from acd.messages import (
    AgentGetsReady,
    AgentLogsIn,
    AgentLogsOut,
    AgentPauses,
    CallerEnters,
    CallerLeaves,
    Connect,
    Offer,
    OfferAnswered,
    OfferFailed,
    OfferFailure,
    OfferRings,
    TalkEnd,
    TalkEnds,
    TellPosition,
    Withdraw,
)
from acd.queue_rules import QueueRules
from tests.unit.acd.desk import START, Desk, profile


def talking_desk() -> Desk:
    """Agent a speaks with the citizen of call c."""
    desk = Desk(profile("a"), profile("b"))
    desk.log_in("a")
    desk.enter("c")
    desk.send(OfferAnswered(offer_id=desk.last(Offer).offer_id))
    return desk


def test_caller_is_offered_to_a_ready_agent_at_once() -> None:
    desk = Desk(profile("a"))
    desk.log_in("a")
    desk.enter("c")
    assert desk.last(Offer) == Offer(
        call_id="c", offer_id="c-1", agent_id="a", queue="general"
    )
    assert desk.state("a") is AgentState.OFFERED


def test_longest_idle_agent_is_offered_the_call() -> None:
    desk = Desk(profile("a"), profile("b"), profile("c"))
    desk.log_in("b", "a", "c")
    desk.enter("1")
    assert desk.last(Offer).agent_id == "b"


def test_agent_keeps_his_idle_rank_when_the_caller_hangs_up_while_ringing() -> None:
    desk = Desk(profile("a"), profile("b"))
    desk.log_in("a", "b")
    desk.enter("1")
    desk.send(CallerLeaves(call_id="1"))
    desk.enter("2")
    assert desk.last(Offer).agent_id == "a"


def test_callers_are_served_in_the_order_of_their_arrival() -> None:
    desk = Desk(profile("a"))
    for call in ("1", "2", "3"):
        desk.enter(call)
        desk.wait(1)
    desk.log_in("a")
    assert desk.last(Offer).call_id == "1"


def test_caller_with_priority_is_served_first() -> None:
    desk = Desk(profile("a"))
    desk.enter("plain")
    desk.enter("urgent", priority=5)
    desk.log_in("a")
    assert desk.last(Offer).call_id == "urgent"


def test_longest_waiting_caller_over_all_queues_is_served_first() -> None:
    rules = (QueueRules(name="general"), QueueRules(name="tax"))
    desk = Desk(profile("a", "general", "tax"), rules=rules)
    desk.enter("1", "tax")
    desk.wait(1)
    desk.enter("2", "general")
    desk.log_in("a")
    assert desk.last(Offer).call_id == "1"


def test_agent_of_another_queue_is_not_offered_the_call() -> None:
    rules = (QueueRules(name="general"), QueueRules(name="tax"))
    desk = Desk(profile("a", "tax"), rules=rules)
    desk.log_in("a")
    desk.enter("1", "general")
    assert desk.all(Offer) == []


def test_answer_connects_and_tells_how_long_the_caller_waited() -> None:
    desk = Desk(profile("a"))
    desk.enter("c")
    desk.wait(7)
    desk.log_in("a")
    desk.send(OfferRings(offer_id="c-1"))
    assert desk.state("a") is AgentState.RINGING
    desk.wait(3)
    desk.send(OfferAnswered(offer_id="c-1"))
    connected = desk.last(CallConnected)
    assert (connected.wait_seconds, connected.ring_seconds) == (11, 4)
    assert desk.last(Connect).offer_id == "c-1"
    assert desk.state("a") is AgentState.TALKING


def test_hang_up_while_ringing_withdraws_the_offer_at_once() -> None:
    desk = Desk(profile("a"))
    desk.log_in("a")
    desk.enter("c")
    desk.send(OfferRings(offer_id="c-1"))
    told = desk.send(CallerLeaves(call_id="c"))
    assert Withdraw(call_id="c", offer_id="c-1") in told
    assert desk.last(CallAbandoned).while_ringing
    assert desk.state("a") is AgentState.READY


def test_citizen_who_leaves_as_the_agent_answers_ends_the_talk() -> None:
    desk = Desk(profile("a"))
    desk.log_in("a")
    desk.enter("c")
    desk.send(OfferAnswered(offer_id="c-1"))
    desk.send(CallerLeaves(call_id="c"))
    assert desk.last(TalkEnded).end is TalkEnd.CALLER
    assert desk.state("a") is AgentState.WRAP_UP
    assert desk.all(CallAbandoned) == []


def test_hang_up_in_the_queue_is_abandoned_with_position_and_wait() -> None:
    desk = Desk(profile("a"))
    desk.enter("1")
    desk.enter("2")
    desk.wait(12)
    desk.send(CallerLeaves(call_id="2"))
    abandoned = desk.last(CallAbandoned)
    assert (abandoned.position, abandoned.wait_seconds) == (2, 12)
    assert not abandoned.while_ringing


def test_ring_time_out_pauses_the_agent_and_offers_the_next_one() -> None:
    desk = Desk(profile("a"), profile("b"))
    desk.log_in("a", "b")
    desk.enter("c")
    desk.send(OfferRings(offer_id="c-1"))
    desk.wait(20)
    assert desk.last(OfferUnanswered).failure is OfferFailure.NO_ANSWER
    assert desk.state("a") is AgentState.PAUSED
    assert desk.engine.agents["a"].reason == "no_answer"
    assert desk.last(Offer).agent_id == "b"
    assert Withdraw(call_id="c", offer_id="c-1") in desk.told


def test_phone_that_never_rang_is_unreachable_when_its_time_is_over() -> None:
    desk = Desk(profile("a"))
    desk.log_in("a")
    desk.enter("c")
    desk.wait(20)
    assert desk.last(OfferUnanswered).failure is OfferFailure.UNREACHABLE
    assert desk.engine.agents["a"].reason == "unreachable"
    assert Withdraw(call_id="c", offer_id="c-1") in desk.told


def test_agent_is_paused_only_after_the_set_number_of_unanswered_calls() -> None:
    desk = Desk(profile("a"), rules=(QueueRules(name="general", auto_pause_after=2),))
    desk.log_in("a")
    desk.enter("c")
    desk.wait(20)
    assert desk.state("a") is AgentState.READY
    desk.wait(10)
    assert desk.state("a") is AgentState.OFFERED
    desk.wait(20)
    assert desk.state("a") is AgentState.PAUSED


def test_call_that_rings_everywhere_in_vain_pauses_nobody() -> None:
    names = [f"a{number}" for number in range(5)]
    rules = QueueRules(name="general", strategy="ring_all", auto_pause_after=1)
    desk = Desk(*map(profile, names), rules=(rules,))
    for name in names:
        desk.log_in(name)
    desk.enter("c")
    desk.wait(rules.ring_seconds + 1)
    states = {desk.engine.agents[name].state for name in names}
    assert AgentState.PAUSED not in states


def test_an_answered_call_forgives_unanswered_ones() -> None:
    desk = Desk(profile("a"), rules=(QueueRules(name="general", auto_pause_after=2),))
    desk.log_in("a")
    desk.enter("c")
    desk.wait(20 + 10)
    desk.send(OfferAnswered(offer_id="c-2"))
    assert desk.engine.agents["a"].unanswered == 0


@pytest.mark.parametrize("failure", [OfferFailure.BUSY, OfferFailure.REJECTED])
def test_agent_who_refuses_rests_before_he_is_rung_again(failure: OfferFailure) -> None:
    desk = Desk(profile("a"))
    desk.log_in("a")
    desk.enter("c")
    desk.send(OfferFailed(offer_id="c-1", failure=failure))
    assert desk.state("a") is AgentState.READY
    assert len(desk.all(Offer)) == 1
    desk.wait(10)
    assert len(desk.all(Offer)) == 2


def test_unreachable_phone_pauses_the_agent() -> None:
    desk = Desk(profile("a"))
    desk.log_in("a")
    desk.enter("c")
    desk.send(OfferFailed(offer_id="c-1", failure=OfferFailure.UNREACHABLE))
    assert desk.state("a") is AgentState.PAUSED
    assert desk.engine.agents["a"].reason == "unreachable"


def test_wrap_up_lasts_its_seconds_and_then_the_agent_is_offered_the_next_call() -> (
    None
):
    desk = talking_desk()
    desk.enter("next")
    desk.send(TalkEnds(call_id="c", end=TalkEnd.CALLER))
    assert desk.state("a") is AgentState.WRAP_UP
    desk.wait(9.9)
    assert desk.state("a") is AgentState.WRAP_UP
    desk.wait(0.1)
    assert desk.last(Offer).call_id == "next"


def test_wrap_up_of_one_queue_holds_over_all_queues_of_the_agent() -> None:
    rules = (QueueRules(name="general"), QueueRules(name="tax", wrap_up_seconds=30))
    desk = Desk(profile("a", "general", "tax"), rules=rules)
    desk.log_in("a")
    desk.enter("1", "tax")
    desk.answer()
    desk.enter("next")
    desk.send(TalkEnds(call_id="1", end=TalkEnd.CALLER))
    desk.wait(29.9)
    assert desk.state("a") is AgentState.WRAP_UP
    desk.wait(0.1)
    assert desk.last(Offer).call_id == "next"


def test_agent_without_wrap_up_is_offered_the_next_call_in_the_same_moment() -> None:
    desk = Desk(profile("a"), rules=(QueueRules(name="general", wrap_up_seconds=0),))
    desk.log_in("a")
    desk.enter("1")
    desk.enter("2")
    desk.send(OfferAnswered(offer_id="1-1"))
    told = desk.send(TalkEnds(call_id="1", end=TalkEnd.AGENT))
    assert Offer(call_id="2", offer_id="2-1", agent_id="a", queue="general") in told


def test_agent_who_gets_ready_ends_his_wrap_up() -> None:
    desk = talking_desk()
    desk.send(TalkEnds(call_id="c", end=TalkEnd.AGENT))
    desk.send(AgentGetsReady(agent_id="a"))
    assert desk.state("a") is AgentState.READY
    desk.wait(60)
    assert desk.state("a") is AgentState.READY


def test_agent_who_asks_for_a_pause_while_talking_gets_it_after_wrap_up() -> None:
    desk = talking_desk()
    desk.send(AgentPauses(agent_id="a", reason="lunch"))
    assert desk.state("a") is AgentState.TALKING
    desk.send(TalkEnds(call_id="c", end=TalkEnd.CALLER))
    desk.wait(10)
    assert desk.state("a") is AgentState.PAUSED
    assert desk.last(AgentStateChanged).reason == "lunch"


def test_agent_who_logs_out_while_ringing_gives_the_call_to_the_next() -> None:
    desk = Desk(profile("a"), profile("b"))
    desk.log_in("a", "b")
    desk.enter("c")
    desk.send(AgentLogsOut(agent_id="a"))
    assert desk.state("a") is AgentState.LOGGED_OUT
    assert desk.last(Offer).agent_id == "b"


def test_citizen_whose_agents_leg_died_goes_back_to_the_head_of_the_queue() -> None:
    desk = talking_desk()
    desk.enter("waiting", priority=9)
    told = desk.send(TalkEnds(call_id="c", end=TalkEnd.AGENT_LEG_DIED))
    assert any(isinstance(doing, CallRequeued) for doing in told)
    desk.send(CallerEnters(call_id="c", queue="general", at_head=True))
    assert desk.last(CallerEntered).position == 1
    assert desk.state("a") is AgentState.PAUSED
    desk.log_in("b")
    assert desk.last(Offer).call_id == "c"


def test_talk_is_told_with_its_seconds_and_who_ended_it() -> None:
    desk = talking_desk()
    desk.wait(61)
    desk.send(TalkEnds(call_id="c", end=TalkEnd.AGENT))
    ended = desk.last(TalkEnded)
    assert (ended.talk_seconds, ended.end) == (61, TalkEnd.AGENT)


def test_waiting_caller_is_told_his_position_at_once_and_every_thirty_seconds() -> None:
    desk = Desk(profile("a"))
    desk.enter("1")
    desk.enter("2")
    desk.wait(0)
    assert desk.all(TellPosition) == [
        TellPosition(call_id="1", position=1),
        TellPosition(call_id="2", position=2),
    ]
    desk.send(CallerLeaves(call_id="1"))
    desk.wait(30)
    assert desk.last(TellPosition) == TellPosition(call_id="2", position=1)


def test_caller_for_whom_a_phone_rings_is_told_no_position() -> None:
    desk = Desk(profile("a"))
    desk.log_in("a")
    desk.enter("c")
    desk.wait(5)
    assert desk.all(TellPosition) == []


def test_news_of_an_offer_that_is_over_does_nothing() -> None:
    desk = Desk(profile("a"))
    desk.log_in("a")
    desk.enter("c")
    desk.send(CallerLeaves(call_id="c"))
    assert desk.send(OfferAnswered(offer_id="c-1")) == []
    assert desk.send(OfferRings(offer_id="c-1")) == []
    assert desk.send(CallerLeaves(call_id="c")) == []
    assert desk.send(TalkEnds(call_id="c", end=TalkEnd.CALLER)) == []


def test_what_cannot_be_done_is_refused_with_a_stable_error_id() -> None:
    desk = Desk(profile("a"))
    with pytest.raises(UnknownAgent, match="there is no agent 'x'") as unknown:
        desk.send(AgentLogsIn(agent_id="x"))
    assert unknown.value.error_id == "agent_unknown"
    with pytest.raises(AgentLoggedOut, match="log in first"):
        desk.send(AgentPauses(agent_id="a", reason="tea"))
    with pytest.raises(UnknownQueue, match="'nowhere'"):
        desk.enter("c", "nowhere")


@pytest.mark.parametrize(("old", "new"), list(product(AgentState, AgentState)))
def test_every_pair_of_states_is_allowed_or_refused_by_the_table(
    old: AgentState, new: AgentState
) -> None:
    agent = Agent(profile=profile("a"), since=START, idle_since=START, state=old)
    if new in ALLOWED[old]:
        assert agent.move_to(new, START).old is old
        assert agent.state is new
    else:
        with pytest.raises(IllegalMove, match=f"{old} -> {new}"):
            agent.move_to(new, START)


def test_agent_whose_transfer_failed_wraps_up_and_the_citizen_is_told_to_wait() -> None:
    desk = talking_desk()
    told = desk.send(TalkEnds(call_id="c", end=TalkEnd.TRANSFER_FAILED))
    assert any(isinstance(doing, CallRequeued) for doing in told)
    assert desk.state("a") is AgentState.WRAP_UP


def test_reason_of_a_pause_that_was_taken_back_is_forgotten() -> None:
    desk = talking_desk()
    desk.send(AgentPauses(agent_id="a", reason="lunch"))
    desk.send(AgentGetsReady(agent_id="a"))
    desk.send(TalkEnds(call_id="c", end=TalkEnd.CALLER))
    desk.wait(10)
    assert desk.last(AgentStateChanged).reason == ""
