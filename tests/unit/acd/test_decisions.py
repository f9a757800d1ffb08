"""Why a call went where it went: recorded at the moment, told in words."""

from collections.abc import Iterator

from acd.events import CallRouted
from acd.messages import (
    AgentPauses,
    OfferFailed,
    OfferFailure,
    TalkEnd,
    TalkEnds,
)
from acd.queue_rules import Admission, Overflow, OverflowWhen, QueueRules, RelaxStep
from acd.routing_records.store import RoutingDecision
from acd.routing_records.words import in_words
from acd.routing_words import RoutingRule, Skipped
from tests.unit.acd.desk import Desk, profile


def rules_of(desk: Desk, call_id: str) -> list[RoutingRule]:
    return [e.rule for e in desk.all(CallRouted) if e.call_id == call_id]


def sentences(desk: Desk, call_id: str) -> Iterator[str]:
    """The decisions about a call, as a person reads them."""
    for event in desk.all(CallRouted):
        if event.call_id == call_id:
            yield in_words(
                RoutingDecision(
                    at=event.at,
                    number=event.record,
                    queue=event.queue,
                    rule=event.rule,
                    position=event.position,
                    eligible=event.eligible,
                    skipped={str(why): count for why, count in event.skipped.items()},
                    candidates=list(event.candidates),
                    agent_id=event.agent_id,
                    detail=event.detail,
                )
            )


def test_offer_tells_who_could_be_asked_and_who_was_skipped_and_why() -> None:
    rules = QueueRules(name="general", skills=(("law", 1),), max_penalty=0)
    able = {"skills": (("law", 1),)}
    desk = Desk(
        profile("a", **able),
        profile("b", **able),
        profile("unskilled"),
        profile("far", penalties=(("general", 1),), **able),
        profile("busy", **able),
        profile("out", **able),
        profile("tea", **able),
        rules=(rules,),
    )
    desk.log_in("busy")
    desk.enter("1")
    desk.answer()
    desk.log_in("a", "b", "unskilled", "far", "tea")
    desk.send(AgentPauses(agent_id="tea", reason="tea"))
    desk.enter("2")
    routed = desk.last(CallRouted)
    assert (routed.rule, routed.agent_id) == (RoutingRule.STRATEGY, "a")
    assert (routed.eligible, routed.candidates) == (2, ("a", "b"))
    assert routed.skipped == {
        Skipped.LOGGED_OUT: 1,
        Skipped.PAUSED: 1,
        Skipped.TALKING: 1,
        Skipped.LACKS_SKILL: 1,
        Skipped.PENALTY: 1,
    }


def test_call_that_nobody_can_take_tells_so_once_and_again_when_a_phone_failed() -> (
    None
):
    desk = Desk(profile("a"))
    desk.enter("1")
    assert rules_of(desk, "1") == [RoutingRule.NOBODY]
    desk.log_in("a")
    desk.send(OfferFailed(offer_id="1-1", failure=OfferFailure.BUSY))
    assert rules_of(desk, "1")[1:] == [RoutingRule.STRATEGY, RoutingRule.NOBODY]
    assert desk.last(CallRouted).skipped == {Skipped.RESTING: 1}


def test_words_tell_the_whole_way_of_a_call() -> None:
    step = RelaxStep(after_seconds=10, lower_skills_by=1)
    way = Overflow(when=OverflowWhen.WAIT, limit=20, to="tax")
    rules = QueueRules(
        name="general", skills=(("law", 1),), relax=(step,), overflow=(way,)
    )
    desk = Desk(profile("b", "tax"), rules=(rules, QueueRules(name="tax")))
    desk.enter("1")
    desk.wait(30)
    desk.log_in("b")
    assert list(sentences(desk, "1")) == [
        "queue general, position 1: nobody can take the call now, it waits.",
        "queue general, position 1: it has waited long enough to ask less of agents.",
        "queue general, position 1: a way out is taken: wait to tax.",
        "queue tax, position 1: nobody can take the call now, it waits; not asked: 1 logged out.",
        "queue tax, position 1: agent b is rung, the first by longest idle; 1 could be asked, in this order: b.",
    ]


def test_last_agent_place_taken_back_and_flood_have_their_words() -> None:
    rules = QueueRules(
        name="general",
        last_agent_seconds=9,
        admission=Admission(places_per_agent=0.1, least_places=2),
    )
    desk = Desk(profile("a"), profile("b"), rules=(rules,))
    desk.log_in("a", "b")
    desk.enter("1", last_agent="b")
    assert "agent b is rung, with whom he spoke before" in "".join(sentences(desk, "1"))
    assert desk.last(CallRouted).skipped == {Skipped.NOT_THE_LAST_AGENT: 1}
    desk.enter("2")
    desk.enter("3", last_agent="b")
    desk.enter("4", last_agent="b")
    desk.wait(9)
    assert "waits no longer for the agent" in "".join(sentences(desk, "3"))
    desk.enter("5", caller="")
    assert "no place in this flood: he hears that nobody" in "".join(
        sentences(desk, "5")
    )


def test_call_keeps_fifty_records_also_over_a_talk_that_broke() -> None:
    desk = Desk(
        profile("a"),
        rules=(QueueRules(name="general", busy_delay_seconds=1),),
    )
    desk.log_in("a")
    desk.enter("1")
    for number in range(1, 20):
        busy = OfferFailure.BUSY
        desk.send(OfferFailed(offer_id=f"1-{number}", failure=busy))
        desk.wait(1)
    desk.answer()
    desk.send(TalkEnds(call_id="1", end=TalkEnd.TRANSFER_FAILED))
    desk.enter("1", at_head=True)
    desk.wait(10)
    for number in range(21, 60):
        busy = OfferFailure.BUSY
        desk.send(OfferFailed(offer_id=f"1-{number}", failure=busy))
        desk.wait(1)
    numbers = [e.record for e in desk.all(CallRouted)]
    assert numbers == list(range(1, 51))


def test_first_ten_candidates_are_named_in_the_order_of_asking() -> None:
    agents = [profile(f"{number:02}", order=-number) for number in range(15)]
    desk = Desk(*agents, rules=(QueueRules(name="general", strategy="linear"),))
    desk.log_in(*(agent.id for agent in agents))
    desk.enter("1")
    routed = desk.last(CallRouted)
    assert routed.candidates == tuple(f"{14 - number:02}" for number in range(10))
    assert "15 could be asked, in this order: 14, " in next(sentences(desk, "1"))


def test_ring_all_is_one_decision() -> None:
    agents = [profile(str(number)) for number in range(3)]
    desk = Desk(*agents, rules=(QueueRules(name="general", strategy="ring_all"),))
    desk.log_in("0", "1", "2")
    desk.enter("1")
    assert rules_of(desk, "1") == [RoutingRule.ALL_AT_ONCE]
