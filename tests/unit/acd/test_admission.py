"""Who has a place in a flood, who is promised a call-back, and who hears that it is full."""

from datetime import timedelta

import pytest

from acd.admission import admission
from acd.events import CallDeclined
from acd.messages import (
    AgentLogsIn,
    AgentLogsOut,
    CallBacksOwed,
    CallerLeaves,
    Decline,
    Declined,
    Offer,
)
from acd.queue_rules import EMERGENCY, Admission, QueueRules
from tests.unit.acd.desk import Desk, profile

RULES = Admission(places_per_agent=2, least_places=1, promises_per_agent=1)


@pytest.mark.parametrize(
    ("waiting", "logged_in", "owed", "withheld", "answer"),
    [
        (3, 2, 0, False, None),
        (4, 2, 0, False, Declined.CALL_BACK),
        (4, 2, 1, False, Declined.CALL_BACK),
        (4, 2, 2, False, Declined.MESSAGE),
        (4, 2, 0, True, Declined.MESSAGE),
        (0, 0, 0, False, None),
        (1, 0, 0, False, Declined.MESSAGE),
    ],
)
def test_rule_gives_one_of_three_answers(
    waiting: int, logged_in: int, owed: int, withheld: bool, answer: Declined | None
) -> None:
    given = admission(
        RULES, waiting=waiting, logged_in=logged_in, owed=owed, withheld=withheld
    )
    assert given is answer


def test_without_numbers_there_is_no_limit() -> None:
    flood = {"waiting": 10_000, "logged_in": 1, "owed": 10_000, "withheld": False}
    assert admission(Admission(), **flood) is None
    no_limit_of_promises = Admission(places_per_agent=1)
    assert admission(no_limit_of_promises, **flood) is Declined.CALL_BACK


def flooded_desk() -> Desk:
    """Agent a is rung, and the line is full."""
    rules = QueueRules(name="general", admission=RULES)
    desk = Desk(profile("a"), rules=(rules,))
    desk.log_in("a")
    for call in ("rung", "1", "2"):
        desk.enter(call, caller="+861")
    return desk


def test_flood_is_answered_by_place_promise_and_message_in_turn() -> None:
    desk = flooded_desk()
    desk.enter("3", caller="+8613")
    desk.enter("4", caller="+8614")
    assert desk.all(Decline) == [
        Decline(call_id="3", kind=Declined.CALL_BACK),
        Decline(call_id="4", kind=Declined.MESSAGE),
    ]
    assert len(desk.all(CallDeclined)) == 2
    assert sorted(desk.engine.waiting) == ["1", "2", "rung"]


def test_flood_never_declines_who_goes_first_or_was_promised() -> None:
    desk = flooded_desk()
    desk.enter("emergency", priority=EMERGENCY)
    desk.enter("returned", at_head=True)
    desk.enter("promised", call_back_id="m1")
    assert desk.all(Decline) == []


def test_call_backs_that_wait_take_no_place_from_those_on_the_line() -> None:
    desk = flooded_desk()
    for call in ("1", "2"):
        desk.send(CallerLeaves(call_id=call))
    for call in ("promised", "promised too"):
        desk.enter(call, call_back_id=call, since=desk.now - timedelta(minutes=9))
    for call in ("3", "4", "5"):
        desk.enter(call, caller=f"+861{call}")
    assert [decline.call_id for decline in desk.all(Decline)] == ["5"]
    desk.send(AgentLogsOut(agent_id="a"))
    assert desk.engine.queues["general"].live_waiting == 3


def test_caller_whom_an_agent_can_take_at_once_has_a_place() -> None:
    rules = QueueRules(
        name="general", admission=Admission(places_per_agent=0.1, least_places=0)
    )
    desk = Desk(profile("a"), rules=(rules,))
    desk.log_in("a")
    desk.enter("1")
    assert desk.last(Offer).call_id == "1"
    desk.enter("2")
    desk.enter("3")
    assert [declined.call_id for declined in desk.all(Decline)] == ["3"]


def owed(desk: Desk) -> int:
    """How many promises the engine counts."""
    return desk.engine.promises.owed("general")


def test_promise_counts_from_the_moment_in_which_it_is_given() -> None:
    desk = flooded_desk()
    desk.enter("3", caller="+8613")
    assert owed(desk) == 1
    desk.send(CallBacksOwed(queue="general", owed=0))
    assert owed(desk) == 1, "the ledger was counted before it was written"
    desk.send(CallerLeaves(call_id="3", promised=True))
    desk.send(CallerLeaves(call_id="3"))
    desk.send(CallBacksOwed(queue="general", owed=0))
    assert owed(desk) == 1, "the count had begun when it was written"
    desk.send(CallBacksOwed(queue="general", owed=1, noted=frozenset({"3"})))
    assert owed(desk) == 1
    desk.send(CallBacksOwed(queue="general", owed=0))
    assert owed(desk) == 0, "it is kept"


def test_limit_of_promises_holds_however_old_the_ledgers_count_is() -> None:
    desk = flooded_desk()
    for call in ("3", "4", "5"):
        desk.enter(call, caller=f"+861{call}")
        desk.send(CallBacksOwed(queue="general", owed=0))
    assert [d.kind for d in desk.all(Decline)] == [
        Declined.CALL_BACK,
        Declined.MESSAGE,
        Declined.MESSAGE,
    ]


def test_promise_that_could_not_be_noted_leaves_room_for_the_next() -> None:
    desk = flooded_desk()
    for call in ("3", "4"):
        desk.enter(call, caller=f"+861{call}")
        desk.send(CallerLeaves(call_id=call))
    assert {d.kind for d in desk.all(Decline)} == {Declined.CALL_BACK}
    assert owed(desk) == 0


def test_promise_that_a_waiting_citizen_asked_for_counts_at_once() -> None:
    desk = flooded_desk()
    desk.send(CallerLeaves(call_id="2", promised=True))
    assert owed(desk) == 1
    desk.send(CallBacksOwed(queue="general", owed=1, noted=frozenset({"2"})))
    assert owed(desk) == 1


def test_call_back_that_is_connected_is_owed_until_the_ledger_says_otherwise() -> None:
    """His phone may ring in vain yet: a promise more now would be one too many."""
    desk = Desk(profile("a"))
    desk.send(CallBacksOwed(queue="general", owed=2))
    desk.log_in("a")
    desk.enter("debt", call_back_id="m1")
    desk.answer()
    assert owed(desk) == 2


def test_every_caller_of_a_storm_against_75_seats_gets_one_of_three_answers() -> None:
    """33 calls a second for forty seconds, as the shipped rule answers them."""
    rule = Admission(places_per_agent=3, least_places=20, promises_per_agent=10)
    seats = [profile(str(seat)) for seat in range(75)]
    desk = Desk(*seats, rules=(QueueRules(name="general", admission=rule),))
    for seat in seats:
        desk.send(AgentLogsIn(agent_id=seat.id))
    callers = [f"+86139{number:08}" for number in range(33 * 40)]
    for number in callers:
        desk.enter(number, caller=number)
        desk.wait(1 / 33)
    declined = {d.call_id: d.kind for d in desk.all(Decline)}
    promised = [c for c, kind in declined.items() if kind is Declined.CALL_BACK]
    assert len(desk.all(Decline)) == len(declined), "nobody is told twice"
    assert set(desk.engine.waiting) | set(declined) == set(callers)
    assert not set(desk.engine.waiting) & set(declined)
    assert len(desk.engine.waiting) == 75 + 3 * 75, (
        "those who are rung, and three a seat"
    )
    assert promised == list(declined)[:750], "the first ones, ten a seat"
