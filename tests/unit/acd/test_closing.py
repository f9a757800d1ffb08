"""Closing time and new rules for the length of the line reach those who wait already."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from acd.city import LOOK_AGAIN, City
from acd.events import AgentState, CallOverflowed, CallRouted
from acd.messages import (
    AgentLogsOut,
    ChangeQueue,
    LeaveQueue,
    OfferAnswered,
    OfferFailed,
    OfferFailure,
    QueueRulesChange,
    TalkEnd,
    TalkEnds,
)
from acd.queue_rules import EMERGENCY, Overflow, OverflowWhen, QueueRules
from config.calendar import Calendar
from ivr_flows.opening import OpeningTimes
from tests.unit.acd.desk import Desk, profile

CITY = City(timezone=ZoneInfo("Asia/Shanghai"), calendar=Calendar())
CLOSED = Overflow(when=OverflowWhen.CLOSED)
# The desk begins at 08:00 UTC on a Monday: 16:00 in the city.
UNTIL_FIVE = OpeningTimes.model_validate({"workday": "08:30-17:00"})
SHUT = OpeningTimes.model_validate({"workday": "08:30-09:00"})
OFFICE = QueueRules(name="general", hours=UNTIL_FIVE, overflow=(CLOSED,))


def desk_of(*rules: QueueRules, **more: Any) -> Desk:
    return Desk(profile("a"), profile("b", "tax"), rules=rules, city=CITY, **more)


def left(desk: Desk) -> list[str]:
    return [command.call_id for command in desk.all(LeaveQueue)]


def test_caller_who_waits_at_closing_time_goes_on_then() -> None:
    desk = desk_of(OFFICE)
    desk.enter("1")
    desk.enter("2")
    desk.wait(3599)
    assert left(desk) == []
    desk.wait(1)
    assert left(desk) == ["1", "2"]
    overflowed = desk.all(CallOverflowed)[0]
    assert (overflowed.reason, overflowed.wait_seconds) == (OverflowWhen.CLOSED, 3600)
    assert desk.all(CallRouted)[-1].detail == "closed to flow"


def test_queue_closes_every_day() -> None:
    desk = desk_of(OFFICE)
    desk.wait(23 * 3600)
    desk.enter("next day")
    desk.wait(3600 * 2)
    assert left(desk) == ["next day"]


def test_call_that_is_rung_at_closing_time_goes_on_when_nobody_answers() -> None:
    desk = desk_of(OFFICE)
    desk.wait(3590)
    desk.log_in("a")
    desk.enter("1")
    desk.enter("2")
    desk.wait(10)
    assert left(desk) == ["2"]
    offer_id = next(iter(desk.engine.waiting["1"].offer_ids))
    desk.send(OfferFailed(offer_id=offer_id, failure=OfferFailure.BUSY))
    assert left(desk) == ["2", "1"]


def test_call_that_is_rung_at_closing_time_may_still_be_answered() -> None:
    desk = desk_of(OFFICE)
    desk.wait(3590)
    desk.log_in("a")
    desk.enter("1")
    desk.wait(10)
    desk.send(OfferAnswered(offer_id=next(iter(desk.engine.waiting["1"].offer_ids))))
    assert desk.state("a") is AgentState.TALKING


def test_closing_time_does_not_concern_who_goes_first_or_is_owed_a_call() -> None:
    desk = desk_of(OFFICE)
    desk.enter("emergency", priority=EMERGENCY)
    desk.enter("returns", at_head=True)
    desk.enter("owed", caller="+861", call_back_id="m1")
    desk.enter("plain")
    desk.wait(3600 * 3)
    assert left(desk) == ["plain"]


def test_hours_that_change_reach_those_who_wait_at_once() -> None:
    rules = replace(OFFICE, hours=None)
    desk = desk_of(rules)
    desk.enter("1")
    desk.send(QueueRulesChange(rules=replace(rules, hours=SHUT)))
    assert left(desk) == ["1"]


def test_hours_that_are_taken_away_close_nothing() -> None:
    desk = desk_of(OFFICE)
    desk.enter("1")
    desk.send(QueueRulesChange(rules=replace(OFFICE, hours=None)))
    desk.wait(3600 * 24)
    assert left(desk) == []


def test_limit_of_the_wait_that_has_passed_already_sends_on_at_once() -> None:
    desk = desk_of(QueueRules(name="general"))
    desk.enter("1")
    desk.wait(50)
    desk.enter("2")
    way = Overflow(when=OverflowWhen.WAIT, limit=30)
    desk.send(QueueRulesChange(rules=QueueRules(name="general", overflow=(way,))))
    assert left(desk) == ["1"]
    desk.wait(30)
    assert left(desk) == ["1", "2"]


def test_shorter_line_sends_the_last_on_and_the_first_keep_their_places() -> None:
    desk = desk_of(QueueRules(name="general"), QueueRules(name="tax"))
    for call_id in "1234":
        desk.enter(call_id)
    desk.enter("emergency", priority=EMERGENCY)
    way = Overflow(when=OverflowWhen.LENGTH, limit=3, to="tax")
    desk.send(QueueRulesChange(rules=QueueRules(name="general", overflow=(way,))))
    assert [c.call_id for c in desk.all(ChangeQueue)] == ["4", "3"]
    line = [call.call_id for call in desk.engine.queues["general"].line]
    assert line == ["emergency", "1", "2"]


def test_calls_for_each_agent_count_when_the_rule_comes_not_when_agents_go() -> None:
    rules = QueueRules(name="general")
    desk = Desk(profile("a"), profile("b"), rules=(rules,))
    desk.log_in("a", "b")
    for call_id in ("t1", "t2"):
        desk.enter(call_id)
        desk.answer()
    for call_id in "123":
        desk.enter(call_id)
    way = Overflow(when=OverflowWhen.CALLS_PER_AGENT, limit=1)
    desk.send(QueueRulesChange(rules=replace(rules, overflow=(way,))))
    assert left(desk) == ["3"]
    desk.send(AgentLogsOut(agent_id="b"))
    desk.send(TalkEnds(call_id="t2", end=TalkEnd.CALLER))
    assert left(desk) == ["3"]


def test_call_that_an_agent_can_take_under_new_rules_is_not_sent_on() -> None:
    rules = QueueRules(name="general", skills=(("law", 1),))
    desk = Desk(profile("a"), rules=(rules,))
    desk.log_in("a")
    desk.enter("1")
    desk.enter("2")
    way = Overflow(when=OverflowWhen.LENGTH, limit=1)
    new = QueueRules(name="general", overflow=(way,))
    desk.send(QueueRulesChange(rules=new))
    assert left(desk) == []
    assert desk.state("a") is AgentState.OFFERED


@pytest.mark.parametrize(
    ("hours", "now", "closing"),
    [
        ({"workday": "08:30-17:30"}, "2026-03-02 12:00", "2026-03-02 17:30"),
        ({"workday": "08:30-17:30"}, "2026-03-02 17:30", "2026-03-03 17:30"),
        ({"workday": "08:30-17:30"}, "2026-03-06 18:00", "2026-03-09 17:30"),
        (
            {"workday": ["08:00-12:00", "12:00-18:00"]},
            "2026-03-02 9:00",
            "2026-03-02 18:00",
        ),
        ({"workday": "22:00-06:00"}, "2026-03-03 01:00", "2026-03-03 06:00"),
        ({"workday": "00:00-24:00"}, "2026-03-02 01:00", "2026-03-07 00:00"),
        (
            {"dates": {"2026-03-04": "09:00-10:00"}},
            "2026-03-02 01:00",
            "2026-03-04 10:00",
        ),
    ],
)
def test_next_closing_is_the_end_of_a_span_that_no_other_goes_on(
    hours: dict[str, Any], now: str, closing: str
) -> None:
    times = OpeningTimes.model_validate(hours)
    moment = datetime.strptime(now, "%Y-%m-%d %H:%M").replace(tzinfo=CITY.timezone)
    found = CITY.next_closing(times, moment.astimezone(UTC))
    assert found.astimezone(CITY.timezone).strftime("%Y-%m-%d %H:%M") == closing


def test_hours_that_never_close_are_looked_at_again() -> None:
    always = OpeningTimes.model_validate(
        {"workday": "00:00-24:00", "day_off": "00:00-24:00"}
    )
    now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    assert CITY.next_closing(always, now) == now + LOOK_AGAIN


def test_closing_in_the_hour_that_comes_twice_lies_ahead() -> None:
    city = City(timezone=ZoneInfo("Europe/Berlin"), calendar=Calendar())
    hours = OpeningTimes.model_validate({"day_off": "01:00-02:30"})
    now = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)  # 02:15 for the second time
    assert city.next_closing(hours, now) > now + timedelta(minutes=1)
