"""Skills, penalties and priorities: who may take which call, and in which order."""

from acd.agent import Standing
from acd.asking import Ask, ask_of, fits, next_relax
from acd.events import CallerEntered
from acd.messages import Offer, OfferFailed, OfferFailure
from acd.queue_rules import EMERGENCY, QueueRules, RelaxStep
from tests.unit.acd.desk import Desk, profile

EXPERTS = QueueRules(
    name="general",
    skills=(("law", 2),),
    max_penalty=0,
    relax=(
        RelaxStep(after_seconds=30, max_penalty=5),
        RelaxStep(after_seconds=60, max_penalty=0, lower_skills_by=1),
        RelaxStep(after_seconds=90, lower_skills_by=2, also_queues=("tax",)),
    ),
)
TAX = QueueRules(name="tax")


def test_call_asks_the_higher_of_its_own_level_and_the_queues() -> None:
    ask = ask_of(EXPERTS, (("english", 1), ("law", 3)), 0)
    assert ask.skills == (("english", 1), ("law", 3))
    assert ask_of(EXPERTS, (("law", 1),), 0).skills == (("law", 2),)


def test_call_never_asks_more_as_it_waits() -> None:
    assert ask_of(EXPERTS, (), 29.9).max_penalty == 0
    assert ask_of(EXPERTS, (), 30).max_penalty == 5
    assert ask_of(EXPERTS, (), 60) == Ask(("general",), (("law", 1),), 5)
    assert ask_of(EXPERTS, (), 90) == Ask(("general", "tax"), (), None)


def test_steps_come_at_their_seconds_and_then_no_more() -> None:
    assert [next_relax(EXPERTS, waited) for waited in (0, 30, 89, 90)] == [
        30,
        60,
        90,
        None,
    ]


def test_level_of_every_skill_is_asked_for() -> None:
    ask = Ask(("general",), (("english", 1), ("law", 2)))
    assert fits(ask, Standing(0, (("english", 1), ("law", 2), ("tax", 9))))
    assert not fits(ask, Standing(0, (("english", 1), ("law", 1))))
    assert not fits(ask, Standing(0, (("law", 2),)))


def test_agent_without_the_skill_is_passed_over_by_a_call_but_not_by_the_next() -> None:
    desk = Desk(profile("a"), profile("b", skills=(("law", 2),)))
    desk.log_in("a")
    desk.enter("law", skills=(("law", 1),))
    assert desk.all(Offer) == []
    desk.enter("plain")
    assert desk.last(Offer).call_id == "plain"
    desk.log_in("b")
    assert desk.last(Offer).call_id == "law"


def test_lower_penalty_is_asked_first_whatever_the_strategy_says() -> None:
    desk = Desk(profile("far", penalties=(("general", 2),)), profile("near"))
    desk.log_in("far", "near")
    desk.enter("1")
    desk.enter("2")
    assert [offer.agent_id for offer in desk.all(Offer)] == ["near", "far"]


def test_call_that_waits_reaches_more_agents_and_keeps_its_place() -> None:
    desk = Desk(
        profile("far", penalties=(("general", 5),), skills=(("law", 2),)),
        profile("learner", skills=(("law", 1),)),
        rules=(EXPERTS, TAX),
    )
    desk.log_in("far", "learner")
    desk.enter("1")
    desk.enter("2")
    desk.wait(29)
    assert desk.all(Offer) == []
    desk.wait(1)
    assert [(o.call_id, o.agent_id) for o in desk.all(Offer)] == [("1", "far")]
    desk.answer()
    desk.wait(30)
    assert (desk.last(Offer).call_id, desk.last(Offer).agent_id) == ("2", "learner")


def test_own_agents_are_asked_before_those_of_other_queues() -> None:
    rules = QueueRules(
        name="general", relax=(RelaxStep(after_seconds=0, also_queues=("tax",)),)
    )
    desk = Desk(
        profile("guest", "tax"),
        profile("own", "general", penalties=(("general", 9),)),
        rules=(rules, TAX),
    )
    desk.log_in("guest", "own")
    desk.enter("1")
    desk.enter("2")
    assert [offer.agent_id for offer in desk.all(Offer)] == ["own", "guest"]


def test_priority_of_the_queue_adds_to_that_of_the_call() -> None:
    enterprise = QueueRules(name="tax", priority=5)
    desk = Desk(
        profile("a", "general", "tax"), rules=(QueueRules(name="general"), enterprise)
    )
    desk.enter("plain", priority=4)
    desk.enter("enterprise", "tax")
    desk.log_in("a")
    assert desk.last(Offer).call_id == "enterprise"


def test_call_of_a_heavier_queue_ages_faster() -> None:
    heavy = QueueRules(name="tax", weight=3.0)
    desk = Desk(
        profile("a", "general", "tax"), rules=(QueueRules(name="general"), heavy)
    )
    desk.enter("old")
    desk.wait(20)
    desk.enter("young", "tax")
    desk.wait(9)
    desk.log_in("a")
    assert desk.last(Offer).call_id == "old"
    desk.wait(2)
    desk.send(OfferFailed(offer_id="old-1", failure=OfferFailure.BUSY))
    desk.wait(10)
    assert desk.last(Offer).call_id == "young"


def test_emergency_goes_before_all_others_of_all_queues() -> None:
    rules = (QueueRules(name="general"), QueueRules(name="tax", priority=5000))
    desk = Desk(profile("a", "general", "tax"), rules=rules)
    desk.enter("returned", at_head=True)
    desk.enter("enterprise", "tax")
    desk.enter("emergency", priority=EMERGENCY)
    assert desk.last(CallerEntered).position == 1
    desk.log_in("a")
    assert desk.last(Offer).call_id == "emergency"


def test_call_with_a_since_has_the_place_of_one_who_entered_then() -> None:
    desk = Desk(profile("a"))
    early = desk.now
    desk.wait(60)
    desk.enter("1")
    desk.enter("2", since=early)
    assert desk.last(CallerEntered).position == 1
