"""Attended transfer: the citizen goes on with the agent who was asked about him."""

import pytest

from acd.agent import UnknownAgent
from acd.events import AgentState, CallRequeued, PauseOverdue, TalkEnded, TalkMoved
from acd.messages import (
    AgentGetsReady,
    AgentPauses,
    CallerLeaves,
    Offer,
    TalkEnd,
    TalkEnds,
    TalkMoves,
    question_of,
)
from acd.pauses.limits import PauseLimitsChange
from tests.unit.acd.desk import START, Desk, profile

QUESTION = question_of("c", 1)


def consulting_desk() -> Desk:
    """Agent a talks with the citizen of call c, and asks b about it."""
    desk = Desk(profile("a"), profile("b"), profile("x"))
    desk.log_in("a", "b")
    desk.enter("c")
    desk.answer()
    desk.wait(60)
    desk.enter(QUESTION, only_agent="b")
    desk.answer()
    desk.wait(10)
    return desk


def test_who_asks_stays_in_his_own_talk_and_who_is_asked_talks() -> None:
    desk = consulting_desk()
    assert desk.engine.agents["a"].call_id == "c"
    assert desk.engine.agents["b"].call_id == QUESTION


def test_talk_moves_to_the_agent_who_was_asked() -> None:
    desk = consulting_desk()
    desk.send(TalkMoves(call_id="c", agent_id="b"))
    assert (desk.state("a"), desk.state("b")) == (
        AgentState.WRAP_UP,
        AgentState.TALKING,
    )
    assert desk.engine.agents["b"].call_id == "c"
    moved = desk.last(TalkMoved)
    assert (moved.from_agent_id, moved.agent_id) == ("a", "b")
    ended = [(e.call_id, e.agent_id, e.talk_seconds) for e in desk.all(TalkEnded)]
    assert ended == [(QUESTION, "b", 10), ("c", "a", 70)]
    desk.wait(30)
    desk.send(TalkEnds(call_id="c", end=TalkEnd.CALLER))
    assert desk.last(TalkEnded).agent_id == "b"
    assert desk.last(TalkEnded).talk_seconds == 30
    assert desk.state("b") is AgentState.WRAP_UP


def test_end_of_the_question_comes_too_late_to_matter() -> None:
    desk = consulting_desk()
    desk.send(TalkMoves(call_id="c", agent_id="b"))
    assert desk.send(TalkEnds(call_id=QUESTION, end=TalkEnd.CALLER)) == []
    assert desk.state("b") is AgentState.TALKING


def test_talk_stays_when_the_other_agent_has_hung_up() -> None:
    desk = consulting_desk()
    desk.send(TalkEnds(call_id=QUESTION, end=TalkEnd.AGENT))
    assert desk.send(TalkMoves(call_id="c", agent_id="b")) == []
    assert desk.send(TalkMoves(call_id="c", agent_id="a")) == []
    assert desk.state("a") is AgentState.TALKING
    with pytest.raises(UnknownAgent):
        desk.send(TalkMoves(call_id="c", agent_id="nobody"))


def test_agent_who_gave_the_talk_away_cannot_be_given_another_in_wrap_up() -> None:
    desk = consulting_desk()
    desk.send(TalkMoves(call_id="c", agent_id="b"))
    desk.log_in("x")
    desk.enter("d")
    desk.answer()
    assert desk.send(TalkMoves(call_id="d", agent_id="a")) == []
    assert desk.state("a") is AgentState.WRAP_UP


def pausing_desk() -> Desk:
    desk = Desk(profile("a"), pause_limits={"lunch": 1800})
    desk.log_in("a")
    desk.send(AgentPauses(agent_id="a", reason="lunch"))
    return desk


def test_pause_that_is_too_long_is_told_once_and_forces_nobody() -> None:
    desk = pausing_desk()
    desk.wait(1799)
    assert desk.all(PauseOverdue) == []
    desk.wait(3600)
    (overdue,) = desk.all(PauseOverdue)
    assert (overdue.agent_id, overdue.reason, overdue.limit_seconds) == (
        "a",
        "lunch",
        1800,
    )
    assert desk.state("a") is AgentState.PAUSED
    assert desk.engine.agents["a"].is_overdue
    desk.send(AgentGetsReady(agent_id="a"))
    assert not desk.engine.agents["a"].is_overdue


def test_pause_that_ends_in_time_is_not_told() -> None:
    desk = pausing_desk()
    desk.wait(1000)
    desk.send(AgentGetsReady(agent_id="a"))
    desk.wait(3600)
    desk.send(AgentPauses(agent_id="a", reason="without a limit"))
    desk.wait(9999)
    assert desk.all(PauseOverdue) == []


def test_new_limit_counts_for_a_pause_that_goes_on_from_its_beginning() -> None:
    desk = pausing_desk()
    desk.wait(600)
    desk.send(PauseLimitsChange(limits={"lunch": 900}))
    desk.wait(299)
    assert desk.all(PauseOverdue) == []
    desk.wait(1)
    assert desk.all(PauseOverdue)[0].limit_seconds == 900


def test_pause_that_has_lasted_too_long_for_a_new_limit_is_told_at_once() -> None:
    desk = pausing_desk()
    desk.wait(600)
    desk.send(PauseLimitsChange(limits={"lunch": 300}))
    desk.wait(0)
    assert len(desk.all(PauseOverdue)) == 1


def test_longer_limit_takes_the_mark_away_and_the_same_one_tells_nothing_again() -> (
    None
):
    desk = pausing_desk()
    desk.wait(1800)
    desk.send(PauseLimitsChange(limits={"lunch": 1800, "tea": 60}))
    desk.wait(60)
    assert len(desk.all(PauseOverdue)) == 1
    assert desk.engine.agents["a"].is_overdue
    desk.send(PauseLimitsChange(limits={"lunch": 3600}))
    assert not desk.engine.agents["a"].is_overdue
    desk.wait(1740)
    assert len(desk.all(PauseOverdue)) == 2
    desk.send(PauseLimitsChange(limits={}))
    assert not desk.engine.agents["a"].is_overdue


def test_pause_of_before_a_restart_counts_on() -> None:
    desk = Desk(profile("a"), pause_limits={"lunch": 1800})
    desk.engine.restore("a", AgentState.PAUSED, "lunch")
    assert desk.engine.agents["a"].since == START
    desk.wait(1800)
    assert len(desk.all(PauseOverdue)) == 1


def test_citizen_who_is_handed_on_is_offered_under_numbers_of_his_own() -> None:
    desk = Desk(profile("a"), profile("b"))
    desk.log_in("a", "b")
    desk.enter("c")
    desk.answer()
    desk.send(TalkEnds(call_id="c", end=TalkEnd.TRANSFERRED))
    desk.enter("c", since=START)
    assert [offer.offer_id for offer in desk.all(Offer)] == ["c-1", "c-2"]
    desk.answer()
    desk.send(TalkEnds(call_id="c", end=TalkEnd.TRANSFERRED))
    desk.send(CallerLeaves(call_id="c"))
    desk.enter("c")
    assert desk.engine.waiting["c"].offers == 0, "what it was is forgotten"


def desk_where_who_asked_hung_up() -> Desk:
    """Agent a has hung up, and b is being asked about his citizen."""
    desk = Desk(profile("a"), profile("b"))
    desk.log_in("a", "b")
    desk.enter("c", caller="+861")
    desk.answer()
    desk.enter(QUESTION, only_agent="b")
    desk.send(TalkEnds(call_id="c", end=TalkEnd.TRANSFERRED))
    return desk


def test_talk_moves_to_the_colleague_also_when_who_asked_has_hung_up() -> None:
    desk = desk_where_who_asked_hung_up()
    desk.answer()
    desk.send(TalkMoves(call_id="c", agent_id="b"))
    assert desk.last(TalkMoved).from_agent_id == "a"
    assert desk.engine.talks["c"].agent_id == "b"
    ended = [(e.call_id, e.agent_id) for e in desk.all(TalkEnded)]
    assert ended == [("c", "a"), (QUESTION, "b")]
    desk.send(TalkEnds(call_id="c", end=TalkEnd.CALLER))
    assert desk.state("b") is AgentState.WRAP_UP
    assert desk.send(TalkEnds(call_id="c", end=TalkEnd.TRANSFER_FAILED)) == []


def test_citizen_whom_nobody_took_after_his_agent_hung_up_waits_again() -> None:
    desk = desk_where_who_asked_hung_up()
    desk.send(CallerLeaves(call_id=QUESTION))
    desk.send(TalkEnds(call_id="c", end=TalkEnd.TRANSFER_FAILED))
    assert desk.last(CallRequeued).agent_id == "a"
    desk.enter("c", caller="+861", at_head=True)
    assert list(desk.engine.waiting) == ["c"]
