"""A waiting citizen goes to another queue by key, and keeps what he has waited."""

from datetime import UTC, timedelta

import pytest

from acd.city import City
from acd.events import (
    AgentState,
    CallAbandoned,
    CallConnected,
    CallerEntered,
    CallOverflowed,
    CallRouted,
)
from acd.floor import UnknownQueue
from acd.messages import (
    CallerLeaves,
    CallerMoves,
    ChangeQueue,
    Offer,
    OfferAnswered,
    QueueLeaves,
    StayInQueue,
    Withdraw,
)
from acd.queue_rules import EMERGENCY, Overflow, OverflowWhen, QueueRules
from config.calendar import Calendar
from ivr_flows.opening import OpeningTimes
from tests.unit.acd.desk import START, Desk, profile


def desk_with(*overflow: Overflow, **rules: object) -> Desk:
    """Agent a of general; b and c of tax, which has these rules, and b is there."""
    general = QueueRules(name="general")
    tax = QueueRules(name="tax", overflow=overflow, **rules)  # type: ignore[arg-type]
    agents = (
        profile("a"),
        profile("b", "tax", skills=(("tax", 1),)),
        profile("c", "tax"),
    )
    city = City(timezone=UTC, calendar=Calendar())
    desk = Desk(*agents, rules=(general, tax), city=city)
    desk.log_in("b")
    return desk


def occupied(*overflow: Overflow, **rules: object) -> Desk:
    """As `desk_with`, and b talks: whoever comes to tax waits there."""
    desk = desk_with(*overflow, **rules)
    desk.enter("talks", "tax")
    desk.answer()
    return desk


def move(desk: Desk, call_id: str, queue: str, **more: object) -> None:
    """He presses the key of a queue."""
    desk.send(CallerMoves(call_id=call_id, queue=queue, **more))  # type: ignore[arg-type]


def test_citizen_goes_before_those_who_called_after_him_and_keeps_his_wait() -> None:
    desk = occupied()
    desk.enter("older", "tax")
    desk.wait(10)
    desk.enter("1")
    desk.wait(20)
    desk.enter("younger", "tax")
    desk.wait(5)
    move(desk, "1", "tax")
    assert desk.last(ChangeQueue) == ChangeQueue(call_id="1", queue="tax", by_key=True)
    assert (desk.last(CallerEntered).queue, desk.last(CallerEntered).position) == (
        "tax",
        2,
    )
    line = desk.engine.queues["tax"].line
    assert [call.call_id for call in line] == ["older", "1", "younger"]
    assert (
        line.head.since
        < desk.engine.waiting["1"].since
        == START + timedelta(seconds=11)
    )
    assert not desk.engine.queues["general"].line


def test_free_agent_of_the_other_queue_is_rung_at_once_with_the_whole_wait() -> None:
    desk = desk_with()
    desk.enter("1")
    desk.wait(30)
    move(desk, "1", "tax")
    assert desk.answer() == "b"
    assert desk.last(CallConnected).wait_seconds == 30
    assert desk.last(CallConnected).queue == "tax"


def test_move_is_told_as_an_overflow_by_key_and_in_the_decision_record() -> None:
    desk = occupied()
    desk.enter("1")
    desk.wait(30)
    move(desk, "1", "tax")
    told = desk.last(CallOverflowed)
    assert (told.queue, told.to, told.reason, told.wait_seconds) == (
        "general",
        "tax",
        "key",
        30,
    )
    rules = [(r.rule, r.queue, r.detail) for r in desk.all(CallRouted)][-2:]
    assert rules == [("key", "general", "tax"), ("nobody", "tax", "")]


def test_phone_that_rings_for_him_stops_and_its_agent_is_free_for_others() -> None:
    desk = occupied()
    desk.log_in("a")
    desk.enter("1")
    desk.enter("next")
    rung = desk.all(Offer)[-1]
    assert (rung.call_id, rung.agent_id) == ("1", "a")
    move(desk, "1", "tax")
    assert Withdraw(call_id="1", offer_id=rung.offer_id) in desk.told
    assert (desk.last(Offer).call_id, desk.last(Offer).agent_id) == ("next", "a")
    desk.send(OfferAnswered(offer_id=rung.offer_id))
    assert "1" in desk.engine.waiting, "the agent was too late"


def test_key_that_comes_when_an_agent_has_picked_up_does_nothing() -> None:
    desk = desk_with()
    desk.log_in("a")
    desk.enter("1")
    desk.answer()
    before = len(desk.told)
    move(desk, "1", "tax")
    move(desk, "nobody", "tax")
    assert desk.told[before:] == []
    assert desk.state("a") is AgentState.TALKING


def test_key_of_the_queue_that_he_waits_in_does_nothing() -> None:
    desk = desk_with()
    desk.enter("1")
    desk.wait(1)
    before = len(desk.told)
    move(desk, "1", "general")
    assert desk.told[before:] == []


HOURS = OpeningTimes.model_validate({"workday": "09:00-17:00"})


@pytest.mark.parametrize(
    "way",
    [
        Overflow(when=OverflowWhen.LENGTH, limit=1),
        Overflow(when=OverflowWhen.CALLS_PER_AGENT, limit=1, to="general"),
        Overflow(when=OverflowWhen.CLOSED, to="general"),
    ],
)
def test_queue_that_would_send_him_on_does_not_cost_him_his_place(
    way: Overflow,
) -> None:
    hours = HOURS if way.when is OverflowWhen.CLOSED else None
    desk = occupied(hours=hours)
    desk.enter("waits", "tax")
    desk.engine.queues["tax"].take(QueueRules(name="tax", hours=hours, overflow=(way,)))
    desk.enter("1")
    move(desk, "1", "tax")
    assert desk.last(StayInQueue) == StayInQueue(call_id="1")
    assert desk.engine.waiting["1"].queue == "general"
    assert desk.all(CallOverflowed) == []
    assert (desk.last(CallRouted).rule, desk.last(CallRouted).detail) == (
        "key_in_vain",
        "tax",
    )


def test_emergency_finds_no_line_too_long() -> None:
    desk = occupied()
    desk.enter("waits", "tax")
    full = Overflow(when=OverflowWhen.LENGTH, limit=1)
    desk.engine.queues["tax"].take(QueueRules(name="tax", overflow=(full,)))
    desk.enter("1", priority=EMERGENCY)
    move(desk, "1", "tax")
    assert desk.engine.queues["tax"].line.head.call_id == "1"


def test_nobody_goes_where_nobody_works() -> None:
    desk = desk_with()
    desk.enter("1", "tax")
    desk.enter("2", "tax")
    move(desk, "2", "general")
    assert desk.engine.waiting["2"].queue == "tax"
    assert desk.last(StayInQueue).call_id == "2"


def test_call_for_one_agent_stays_with_him() -> None:
    desk = occupied()
    desk.log_in("a")
    desk.enter("talks too")
    desk.answer()
    desk.enter("1", only_agent="a")
    move(desk, "1", "tax")
    assert desk.engine.waiting["1"].wish.only_agent == "a"
    assert desk.last(StayInQueue).call_id == "1"


def test_rules_count_anew_in_the_queue_that_he_chose() -> None:
    way = Overflow(when=OverflowWhen.WAIT, limit=60, to="general")
    desk = occupied(way)
    desk.enter("1")
    desk.wait(100)
    move(desk, "1", "tax")
    desk.wait(59)
    assert desk.engine.waiting["1"].queue == "tax"
    desk.wait(1)
    assert desk.engine.waiting["1"].queue == "general", "there he has been before"
    assert [told.reason for told in desk.all(CallOverflowed)] == ["key", "wait"]


def test_he_asks_of_agents_there_what_the_key_says() -> None:
    desk = desk_with()
    desk.log_in("c")
    desk.enter("1", skills=(("houses", 3),))
    move(desk, "1", "tax", skills=(("tax", 1),))
    assert desk.answer() == "b"


def test_citizen_who_went_elsewhere_and_hangs_up_is_abandoned_there_once() -> None:
    desk = occupied()
    desk.enter("1")
    move(desk, "1", "tax")
    move(desk, "1", "tax")
    desk.wait(5)
    desk.send(CallerLeaves(call_id="1"))
    (left,) = desk.all(CallAbandoned)
    assert (left.queue, left.wait_seconds) == ("tax", 5)


def test_queue_that_was_removed_is_the_one_that_took_its_place() -> None:
    desk = occupied()
    desk.enter("1")
    desk.log_in("a")
    desk.send(QueueLeaves(queue="tax", to="general"))
    before = len(desk.all(CallOverflowed))
    move(desk, "1", "tax")
    assert len(desk.all(CallOverflowed)) == before
    with pytest.raises(UnknownQueue):
        move(desk, "1", "nowhere")
