"""A question to a colleague takes nobody's place: no count and no position tells of it."""

from datetime import timedelta

from acd.engine import Engine
from acd.events import CallDeclined, CallerEntered
from acd.messages import (
    AgentGetsReady,
    CallerLeaves,
    LeaveQueue,
    Offer,
    OfferAnswered,
    QueueLeaves,
    QueueRulesChange,
    TalkEnd,
    TalkEnds,
    TalkMoves,
    TellPosition,
    question_of,
)
from acd.queue_rules import Admission, Overflow, OverflowWhen, QueueRules
from tests.unit.acd.desk import Desk, profile

QUESTION = question_of("1", 1)


def desk_with_question(**rules: object) -> Desk:
    """Both agents talk, and a, who has call 1, asks b about it."""
    desk = Desk(profile("a"), profile("b"), rules=(rules_of(**rules),))
    desk.log_in("a", "b")
    for call in ("1", "2"):
        desk.enter(call)
        desk.answer()
    ask(desk, "b")
    return desk


def rules_of(**rules: object) -> QueueRules:
    return QueueRules(name="general", **rules)  # type: ignore[arg-type]


def ask(desk: Desk, agent: str, question: str = QUESTION) -> None:
    desk.enter(question, at_head=True, only_agent=agent)


def free_b(desk: Desk) -> None:
    """He has no citizen any more: his phone rings for the question."""
    desk.send(TalkEnds(call_id="2", end=TalkEnd.CALLER))
    desk.send(AgentGetsReady(agent_id="b"))


def test_citizen_behind_a_question_is_the_first_who_waits() -> None:
    desk = desk_with_question(announce_position_seconds=10)
    desk.enter("citizen")
    desk.wait(10)
    assert desk.last(CallerEntered).position == 1
    told = [(told.call_id, told.position) for told in desk.all(TellPosition)]
    assert set(told[-2:]) == {("citizen", 1)}
    assert QUESTION not in {told.call_id for told in desk.all(TellPosition)}


def test_question_is_nobody_who_waits() -> None:
    desk = desk_with_question()
    queue = desk.engine.queues["general"]
    assert (len(queue.line), queue.waiting, queue.live_waiting) == (0, 0, 0)


def test_question_for_which_a_phone_rings_is_not_counted_either() -> None:
    desk = desk_with_question()
    free_b(desk)
    queue = desk.engine.queues["general"]
    assert desk.engine.waiting[QUESTION].offer_ids
    assert (queue.ringing, queue.waiting, queue.live_waiting) == (0, 0, 0)


def test_questions_take_no_place_from_a_citizen_in_a_flood() -> None:
    flood = Admission(places_per_agent=1, least_places=1)
    desk = desk_with_question(admission=flood)
    ask(desk, "a", question_of("2", 2))
    for citizen in ("3", "4"):
        desk.enter(citizen, caller="+861")
    assert desk.all(CallDeclined) == []


def test_questions_do_not_lengthen_the_line() -> None:
    ways = (
        Overflow(when=OverflowWhen.LENGTH, limit=1),
        Overflow(when=OverflowWhen.CALLS_PER_AGENT, limit=0.5),
    )
    desk = desk_with_question(overflow=ways)
    desk.enter("citizen")
    assert desk.all(LeaveQueue) == []


def test_question_that_is_answered_is_no_call_taken_and_no_pace_of_the_queue() -> None:
    desk = Desk(profile("a"), profile("b"))
    desk.log_in("b")
    pace = desk.engine.queues["general"].pace
    for number in range(20):
        ask(desk, "b", question_of("1", number))
        ask(desk, "b", question_of("1", 100 + number))
        desk.answer()
        desk.wait(20)
        desk.send(CallerLeaves(call_id=question_of("1", 100 + number)))
        desk.send(CallerLeaves(call_id=question_of("1", number)))
        desk.wait(60)
    assert desk.engine.agents["b"].calls_taken == 0
    moment = desk.now
    assert pace.wait_seconds(1, moment, moment - timedelta(seconds=1)) is None


def test_citizen_who_stays_with_the_colleague_is_a_call_that_he_took() -> None:
    desk = desk_with_question()
    free_b(desk)
    desk.answer()
    before = calls_taken(desk.engine)
    desk.send(TalkMoves(call_id="1", agent_id="b"))
    assert (before, calls_taken(desk.engine)) == ({"a": 1, "b": 1}, {"a": 1, "b": 2})


def calls_taken(engine: Engine) -> dict[str, int]:
    return {name: agent.calls_taken for name, agent in engine.agents.items()}


def test_question_outlives_new_rules_and_its_queue() -> None:
    rules = (rules_of(), QueueRules(name="tax"))
    desk = Desk(profile("a", "general", "tax"), rules=rules)
    desk.log_in("a")
    desk.enter("1")
    desk.answer()
    ask(desk, "a", question_of("9", 1))
    desk.send(QueueRulesChange(rules=rules_of(strategy="ring_all")))
    desk.send(QueueLeaves(queue="general", to="tax"))
    assert not desk.engine.queues["general"].calls()
    desk.send(TalkEnds(call_id="1", end=TalkEnd.CALLER))
    desk.send(AgentGetsReady(agent_id="a"))
    assert desk.last(Offer).call_id == question_of("9", 1)
    desk.send(OfferAnswered(offer_id=desk.last(Offer).offer_id))
    assert question_of("9", 1) in desk.engine.talks
