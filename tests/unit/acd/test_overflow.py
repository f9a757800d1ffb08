"""Ways out of a queue: by wait, length, calls per agent, without agents, when closed."""

from datetime import UTC

import pytest

from acd.city import City
from acd.engine import Engine
from acd.events import (
    CallAbandoned,
    CallConnected,
    CallerEntered,
    CallOverflowed,
)
from acd.floor import UnknownQueue
from acd.messages import (
    AgentLogsOut,
    CallerEnters,
    CallerLeaves,
    ChangeQueue,
    LeaveQueue,
    OfferFailed,
    OfferFailure,
)
from acd.queue_rules import EMERGENCY, Overflow, OverflowWhen, QueueRules, RelaxStep
from config.calendar import Calendar
from ivr_flows.opening import OpeningTimes
from tests.unit.acd.desk import START, Desk, profile

TAX = QueueRules(name="tax")


def desk_with(*overflow: Overflow, other: QueueRules = TAX, **rules: object) -> Desk:
    """Agent a of general, agent b of tax; general overflows so."""
    general = QueueRules(name="general", overflow=overflow, **rules)  # type: ignore[arg-type]
    return Desk(profile("a"), profile("b", "tax"), rules=(general, other))


def test_call_that_waited_too_long_goes_to_the_other_queue_with_its_wait() -> None:
    desk = desk_with(Overflow(when=OverflowWhen.WAIT, limit=30, to="tax"))
    desk.enter("1")
    desk.wait(20)
    desk.enter("younger", "tax")
    desk.wait(9.9)
    assert desk.all(ChangeQueue) == []
    desk.wait(0.1)
    assert desk.all(ChangeQueue) == [ChangeQueue(call_id="1", queue="tax")]
    assert (desk.last(CallerEntered).queue, desk.last(CallerEntered).position) == (
        "tax",
        1,
    )
    desk.log_in("b")
    desk.answer()
    assert desk.last(CallConnected).wait_seconds == 31


def test_overflow_to_no_queue_gives_the_call_back_to_its_flow() -> None:
    desk = desk_with(Overflow(when=OverflowWhen.WAIT, limit=30))
    desk.enter("1")
    desk.wait(30)
    assert desk.last(LeaveQueue) == LeaveQueue(call_id="1", reason=OverflowWhen.WAIT)
    assert desk.last(CallOverflowed).to == ""
    desk.send(CallerLeaves(call_id="1"))
    assert desk.all(CallAbandoned) == []


def test_call_for_which_a_phone_rings_stays_until_the_phone_fails() -> None:
    desk = desk_with(Overflow(when=OverflowWhen.WAIT, limit=30))
    desk.enter("1")
    desk.wait(29)
    desk.log_in("a")
    desk.wait(10)
    assert desk.all(LeaveQueue) == []
    desk.send(OfferFailed(offer_id="1-1", failure=OfferFailure.REJECTED))
    assert desk.last(LeaveQueue).call_id == "1"


def test_several_limits_of_the_wait_are_each_kept() -> None:
    first = Overflow(when=OverflowWhen.WAIT, limit=30, to="tax")
    back = Overflow(when=OverflowWhen.WAIT, limit=10, to="general")
    out = Overflow(when=OverflowWhen.WAIT, limit=20)
    desk = desk_with(first, other=QueueRules(name="tax", overflow=(back, out)))
    desk.enter("1")
    desk.wait(49.9)
    assert [moved.to for moved in desk.all(CallOverflowed)] == ["tax"]
    desk.wait(0.1)
    assert [moved.to for moved in desk.all(CallOverflowed)] == ["tax", ""]


def test_line_that_is_full_sends_newcomers_on_but_not_whom_somebody_can_take() -> None:
    desk = desk_with(Overflow(when=OverflowWhen.LENGTH, limit=1))
    desk.log_in("a")
    desk.enter("taken")
    desk.enter("waits")
    desk.enter("too_many")
    assert [left.call_id for left in desk.all(LeaveQueue)] == ["too_many"]


def test_too_many_calls_for_each_agent_send_newcomers_on() -> None:
    desk = desk_with(Overflow(when=OverflowWhen.CALLS_PER_AGENT, limit=2))
    desk.log_in("a")
    for call in ("taken", "1", "2", "3"):
        desk.enter(call)
    assert [left.call_id for left in desk.all(LeaveQueue)] == ["3"]


def test_emergency_and_returning_caller_find_no_line_too_long() -> None:
    desk = desk_with(Overflow(when=OverflowWhen.LENGTH, limit=0))
    desk.enter("emergency", priority=EMERGENCY)
    desk.enter("returned", at_head=True)
    assert desk.all(LeaveQueue) == []


def test_queue_without_agents_sends_newcomers_on() -> None:
    desk = desk_with(Overflow(when=OverflowWhen.NO_AGENTS, to="tax"))
    desk.enter("1")
    assert desk.all(ChangeQueue) == [ChangeQueue(call_id="1", queue="tax")]
    assert [entered.queue for entered in desk.all(CallerEntered)] == ["general", "tax"]


def test_last_agent_who_leaves_sends_all_on_who_wait() -> None:
    desk = desk_with(Overflow(when=OverflowWhen.NO_AGENTS))
    desk.log_in("a")
    for call in ("1", "2"):
        desk.enter(call)
    desk.send(AgentLogsOut(agent_id="a"))
    assert sorted(left.call_id for left in desk.all(LeaveQueue)) == ["1", "2"]
    assert not desk.engine.waiting


def test_no_call_goes_round_in_circles() -> None:
    to_tax = Overflow(when=OverflowWhen.NO_AGENTS, to="tax")
    to_general = Overflow(when=OverflowWhen.NO_AGENTS, to="general")
    desk = desk_with(to_tax, other=QueueRules(name="tax", overflow=(to_general,)))
    desk.enter("1")
    assert [moved.to for moved in desk.all(CallOverflowed)] == ["tax"]
    assert list(desk.engine.waiting) == ["1"]


def test_call_back_and_call_for_one_agent_are_never_sent_on() -> None:
    desk = desk_with(Overflow(when=OverflowWhen.NO_AGENTS))
    desk.enter("debt", call_back_id="m1")
    desk.log_in("a")
    desk.enter("question", only_agent="a")
    assert desk.all(CallOverflowed) == []


def test_queue_that_is_closed_sends_newcomers_on_by_the_citys_clock() -> None:
    closed = Overflow(when=OverflowWhen.CLOSED)
    hours = OpeningTimes.model_validate({"workday": "09:00-17:00"})
    city = City(timezone=UTC, calendar=Calendar())
    rules = QueueRules(name="general", hours=hours, overflow=(closed,))
    engine = Engine([rules], [], START, city=city)
    told = engine.handle(CallerEnters(call_id="1", queue="general"), START)
    assert LeaveQueue(call_id="1", reason=OverflowWhen.CLOSED) in told
    noon = START.replace(hour=12)
    told = engine.handle(CallerEnters(call_id="2", queue="general"), noon)
    assert list(engine.waiting) == ["2"]


@pytest.mark.parametrize(
    "rules",
    [
        QueueRules(
            name="general", overflow=(Overflow(when=OverflowWhen.WAIT, to="gone"),)
        ),
        QueueRules(
            name="general", relax=(RelaxStep(after_seconds=1, also_queues=("gone",)),)
        ),
    ],
)
def test_rules_that_name_no_queue_are_refused(rules: QueueRules) -> None:
    with pytest.raises(UnknownQueue, match="'gone'"):
        Engine([rules], [], START)
