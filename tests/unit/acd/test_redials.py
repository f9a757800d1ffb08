"""A number that calls again takes its place back, and is not called back too."""

from datetime import timedelta

import pytest

from acd.events import (
    CallAbandoned,
    CallConnected,
    CallDeclined,
    CallerEntered,
    PlaceTakenBack,
)
from acd.messages import (
    CallerLeaves,
    CancelCallBack,
    LeaveQueue,
    Offer,
    TalkEnd,
    TalkEnds,
    Withdraw,
)
from acd.queue_rules import Admission, Overflow, OverflowWhen, QueueRules
from acd.redials import KeptPlace, Redials
from tests.unit.acd.desk import START, Desk, profile

CITIZEN, COMPANY = "+8613812345678", "+8653112345678"


def position_of(desk: Desk, call_id: str) -> int:
    entered = [e for e in desk.all(CallerEntered) if e.call_id == call_id]
    return entered[-1].position


def desk_where_one_hung_up(**rules: object) -> Desk:
    """The citizen waited for a minute and hung up; another one still waits."""
    desk = Desk(profile("a"), rules=(QueueRules(name="general", **rules),))  # type: ignore[arg-type]
    desk.enter("1", caller=CITIZEN)
    desk.wait(30)
    desk.enter("other")
    desk.wait(30)
    desk.send(CallerLeaves(call_id="1"))
    return desk


def test_number_that_calls_again_has_its_place_back() -> None:
    desk = desk_where_one_hung_up()
    desk.wait(200)
    desk.enter("2", caller=CITIZEN)
    assert position_of(desk, "2") == 1
    taken = desk.last(PlaceTakenBack)
    assert (taken.from_call_id, taken.since, taken.call_back) == ("1", START, False)
    desk.log_in("a")
    assert desk.last(Offer).call_id == "2"


def test_wait_that_is_told_counts_from_the_entry_of_the_call_itself() -> None:
    desk = desk_where_one_hung_up()
    desk.enter("2", caller=CITIZEN)
    desk.wait(5)
    desk.log_in("a")
    desk.answer()
    assert desk.last(CallConnected).wait_seconds == 6


def test_place_is_given_back_once_and_for_a_while_only() -> None:
    desk = desk_where_one_hung_up()
    desk.enter("2", caller=CITIZEN)
    desk.enter("3", caller=CITIZEN)
    assert position_of(desk, "3") == 3
    late = desk_where_one_hung_up()
    late.wait(300)
    late.enter("2", caller=CITIZEN)
    assert position_of(late, "2") == 2
    assert late.all(PlaceTakenBack) == []


def test_place_of_one_who_hangs_up_again_is_still_the_first_one() -> None:
    desk = desk_where_one_hung_up()
    for call in ("2", "3"):
        desk.enter(call, caller=CITIZEN)
        desk.wait(100)
        desk.send(CallerLeaves(call_id=call))
    desk.enter("4", caller=CITIZEN)
    assert desk.last(PlaceTakenBack).since == START


def test_withheld_number_and_another_queue_take_no_place_back() -> None:
    desk = Desk(rules=(QueueRules(name="general"), QueueRules(name="tax")))
    for call, caller in (("1", ""), ("2", CITIZEN)):
        desk.enter(call, caller=caller)
        desk.send(CallerLeaves(call_id=call))
    desk.enter("3", caller="")
    desk.enter("4", "tax", caller=CITIZEN)
    assert desk.all(PlaceTakenBack) == []


def test_queue_that_keeps_no_places_gives_none_back() -> None:
    desk = desk_where_one_hung_up(redial_seconds=0)
    desk.enter("2", caller=CITIZEN)
    assert desk.all(PlaceTakenBack) == []


def test_place_that_was_taken_back_is_not_declined_in_a_flood() -> None:
    flood = Admission(places_per_agent=1, least_places=2)
    desk = desk_where_one_hung_up(admission=flood)
    desk.enter("filler")
    desk.enter("stranger")
    desk.enter("2", caller=CITIZEN)
    assert [declined.call_id for declined in desk.all(CallDeclined)] == ["stranger"]


def test_place_that_was_taken_back_does_not_lengthen_the_line() -> None:
    way = Overflow(when=OverflowWhen.LENGTH, limit=2)
    desk = desk_where_one_hung_up(overflow=(way,))
    desk.enter("filler")
    desk.enter("stranger")
    desk.enter("2", caller=CITIZEN)
    assert [left.call_id for left in desk.all(LeaveQueue)] == ["stranger"]
    assert position_of(desk, "2") == 1


def test_call_back_that_waits_gives_its_place_to_the_citizen_who_calls_himself() -> (
    None
):
    desk = Desk(profile("a"))
    early = desk.now
    desk.wait(600)
    desk.enter("other")
    desk.enter("debt", caller=CITIZEN, call_back_id="m1", since=early)
    desk.enter("live", caller=CITIZEN)
    assert desk.last(CancelCallBack) == CancelCallBack(call_id="debt")
    taken = desk.last(PlaceTakenBack)
    assert (taken.call_id, taken.from_call_id, taken.call_back) == (
        "live",
        "debt",
        True,
    )
    assert position_of(desk, "live") == 1
    assert "debt" not in desk.engine.waiting
    desk.send(CallerLeaves(call_id="debt"))
    assert desk.all(CallAbandoned) == []


def test_call_that_was_here_before_the_promise_leaves_the_call_back_alone() -> None:
    desk = Desk(profile("a"))
    here_since = desk.now
    desk.wait(60)
    desk.enter("debt", caller=COMPANY, call_back_id="m1")
    desk.wait(5)
    desk.enter("another", caller=COMPANY, here_since=here_since)
    assert desk.all(CancelCallBack) == []
    assert sorted(desk.engine.waiting) == ["another", "debt"]


def test_phone_that_rings_for_a_call_back_rings_for_the_citizen_who_calls_himself() -> (
    None
):
    desk = Desk(profile("a"))
    desk.log_in("a")
    desk.enter("debt", caller=CITIZEN, call_back_id="m1", since=START)
    first = desk.last(Offer)
    desk.enter("other")
    desk.enter("live", caller=CITIZEN)
    assert desk.last(Withdraw).offer_id == first.offer_id
    assert desk.last(CancelCallBack).call_id == "debt"
    assert desk.last(PlaceTakenBack).since == START
    assert (desk.last(Offer).call_id, desk.last(Offer).agent_id) == ("live", "a")
    assert desk.answer() == "a"
    assert list(desk.engine.waiting) == ["other"]


def test_call_back_that_an_agent_has_picked_up_goes_on() -> None:
    desk = Desk(profile("a"))
    desk.log_in("a")
    desk.enter("debt", caller=CITIZEN, call_back_id="m1")
    desk.answer()
    desk.enter("live", caller=CITIZEN)
    assert desk.all(CancelCallBack) == []


@pytest.mark.parametrize("picked_up", [False, True])
def test_call_back_to_one_who_is_calling_keeps_its_place_for_him(
    picked_up: bool,
) -> None:
    desk = Desk(profile("a"))
    desk.wait(60)
    if picked_up:
        desk.log_in("a")
    desk.enter("debt", caller=CITIZEN, call_back_id="m1", since=START)
    if picked_up:
        desk.answer()
    desk.send(CallerLeaves(call_id="debt", keeps_place=True))
    assert not desk.engine.waiting
    assert not desk.engine.talks
    desk.enter("other", since=START + timedelta(seconds=30))
    desk.enter("live", caller=CITIZEN)
    assert desk.last(PlaceTakenBack).since == START
    assert position_of(desk, "live") == 1


def test_citizen_who_is_handed_on_keeps_his_place_and_leaves_the_kept_ones() -> None:
    rules = (QueueRules(name="general"), QueueRules(name="tax"))
    desk = Desk(profile("a"), rules=rules)
    desk.log_in("a")
    desk.enter("talks", caller=COMPANY)
    desk.answer()
    desk.wait(600)
    desk.enter("hung_up", "tax", caller=COMPANY)
    desk.send(CallerLeaves(call_id="hung_up"))
    desk.enter("stranger", "tax", since=START + timedelta(seconds=300))
    desk.send(TalkEnds(call_id="talks", end=TalkEnd.TRANSFERRED))
    desk.enter("talks", "tax", caller=COMPANY, since=START)
    assert position_of(desk, "talks") == 1
    assert desk.all(PlaceTakenBack) == []


def test_switchboard_gives_up_its_call_back_but_never_the_place_of_a_live_call() -> (
    None
):
    desk = Desk(profile("a"))
    desk.enter("first", caller=COMPANY)
    desk.wait(10)
    desk.enter("hung_up", caller=COMPANY)
    desk.wait(10)
    desk.send(CallerLeaves(call_id="hung_up"))
    desk.enter("debt", caller=COMPANY, call_back_id="m1", since=desk.now)
    desk.wait(10)
    desk.enter("second", caller=COMPANY)
    assert [(t.call_id, t.from_call_id) for t in desk.all(PlaceTakenBack)] == [
        ("second", "debt")
    ]
    assert sorted(desk.engine.waiting) == ["first", "second"]


def test_number_that_talks_is_live_too() -> None:
    desk = desk_where_one_hung_up()
    desk.log_in("a")
    desk.send(CallerLeaves(call_id="other"))
    desk.enter("talks", caller=COMPANY)
    desk.answer()
    desk.enter("1b", caller=COMPANY)
    desk.send(CallerLeaves(call_id="1b"))
    desk.enter("1c", caller=COMPANY)
    assert desk.all(PlaceTakenBack) == []


def test_memory_of_places_is_bounded_and_empties_itself() -> None:
    redials = Redials(most=2)
    until = START + timedelta(seconds=10)
    for number in ("1", "2", "3"):
        place = KeptPlace(call_id=number, since=START, until=until)
        redials.keep((number, "general"), place)
    assert len(redials) == 2
    assert redials.take(("1", "general"), START) is None
    redials.expire(("2", "general"), until)
    assert len(redials) == 1
    assert redials.take(("3", "general"), until) is None
