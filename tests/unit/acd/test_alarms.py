"""Alarms ring at their moment, and time always goes on."""

from datetime import timedelta

import pytest

from acd.alarms import Alarms
from acd.messages import LeaveQueue, Offer, TellPosition
from acd.queue_rules import Overflow, OverflowWhen, QueueRules, RelaxStep
from tests.unit.acd.desk import START, Desk, profile

NAME = ("announce", "c")


def test_alarm_that_is_set_again_for_now_rings_later_and_not_at_once() -> None:
    alarms = Alarms(START)
    alarms.set(NAME, START)
    rung = []
    for name in alarms.ring(START):
        rung.append(name)
        alarms.set(name, START)
    assert rung == [NAME]
    due = alarms.next_due()
    assert due is not None
    assert due > START
    assert list(alarms.ring(due)) == [NAME]


def test_alarm_set_by_another_for_now_rings_in_the_same_moment() -> None:
    alarms = Alarms(START)
    alarms.set(NAME, START)
    rung = []
    for name in alarms.ring(START):
        rung.append(name)
        if name == NAME:
            alarms.set(("relax", "c"), START - timedelta(seconds=1))
    assert rung == [NAME, ("relax", "c")]


@pytest.mark.parametrize("seconds", [1e-9, 4e-7, 1e-3])
def test_tiny_time_between_announcements_stops_nothing(seconds: float) -> None:
    rules = QueueRules(name="general", announce_position_seconds=seconds)
    desk = Desk(rules=(rules,))
    desk.enter("c")
    desk.wait(0.05)
    assert 1 <= len(desk.all(TellPosition)) <= 52


@pytest.mark.parametrize("seconds", [1e-9, 10 / 3, 33.33333333333333])
def test_wait_that_no_clock_shows_exactly_still_ends(seconds: float) -> None:
    way = Overflow(when=OverflowWhen.WAIT, limit=seconds)
    desk = Desk(rules=(QueueRules(name="general", overflow=(way,)),))
    desk.enter("c")
    desk.wait(40)
    assert desk.last(LeaveQueue).call_id == "c"


@pytest.mark.parametrize("seconds", [1e-9, 10 / 3, 33.33333333333333])
def test_step_that_no_clock_shows_exactly_is_taken(seconds: float) -> None:
    step = RelaxStep(after_seconds=seconds, lower_skills_by=1)
    rules = QueueRules(name="general", skills=(("law", 1),), relax=(step,))
    desk = Desk(profile("a"), rules=(rules,))
    desk.log_in("a")
    desk.enter("c")
    desk.wait(40)
    assert desk.all(Offer)[0].call_id == "c"


def test_phones_that_ring_for_no_time_at_all_let_time_go_on() -> None:
    rules = QueueRules(
        name="general",
        ring_seconds=1e-9,
        no_answer_delay_seconds=1e-9,
        auto_pause_after=0,
    )
    desk = Desk(profile("a"), rules=(rules,))
    desk.log_in("a")
    desk.enter("c")
    desk.wait(0.02)
    assert 1 <= len(desk.all(Offer)) <= 21
