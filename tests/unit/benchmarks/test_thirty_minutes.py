"""The thirty real minutes, as far as they are pure: who calls, what is remembered, drawn."""

from datetime import UTC, datetime, timedelta
from random import Random
from xml.etree import ElementTree

import pytest

from acd import events as e
from acd.statistics.counted_call import CallFacts
from benchmarks.staffing.thirty import minutes, weeks
from benchmarks.staffing.thirty.minutes import Happened
from benchmarks.staffing.thirty.picture import picture
from benchmarks.staffing.thirty.scene import zone_of_noon
from benchmarks.staffing.thirty.town import Town, calls_a_minute
from benchmarks.staffing.thirty.watch import Look
from hotline.demo.script import FirstRing, Story

NOW = datetime(2026, 11, 28, 7, 33, tzinfo=UTC)


def test_calls_come_faster_and_then_fewer() -> None:
    rates = [calls_a_minute(minute) for minute in range(31)]
    assert (rates[0], max(rates), rates[-1]) == (6.0, 16.0, 6.0)
    assert rates.index(16.0) == 14
    assert calls_a_minute(-60) == 6.0, "before the first call it was as at first"


def test_citizens_come_as_often_as_they_should_and_want_a_person() -> None:
    town, calls, seconds = Town(), 0, 0.0
    while (seconds := seconds + town.citizen(calls).pause_seconds) < 1800:
        calls += 1
    expected = sum(calls_a_minute(minute) for minute in range(30))
    assert calls == pytest.approx(expected, abs=3 * expected**0.5)
    some = [town.citizen(n) for n in range(calls)]
    assert {one.story for one in some} == {Story.PRESSES_ONE}
    assert {one.first_ring for one in some} == {FirstRing.ANSWERED}
    assert some == [Town().citizen(n) for n in range(calls)], "in both processes alike"


def test_past_days_have_the_rise_of_today_at_this_time_and_end_well() -> None:
    before, rise = weeks.usual_a_minute(-30), weeks.usual_a_minute(12)
    assert before == pytest.approx(6 / weeks.TODAY_TIMES)
    assert rise > 2 * before
    told = list(weeks._day(3, NOW, 1.0, Random(1)))
    kinds = [type(one) for one in told]
    assert kinds.count(e.CallEnded) == kinds.count(e.CallArrived) > 500
    assert all(one.at < NOW - timedelta(hours=60) for one in told)


@pytest.mark.parametrize("hour", [0, 7, 12, 23])
def test_it_is_noon_whenever_it_is_tried(hour: int) -> None:
    now = datetime(2026, 11, 28, hour, 59, tzinfo=UTC)
    assert now.astimezone(zone_of_noon(now)).hour == 12


def test_minute_tells_waits_of_its_own_calls_and_is_drawn() -> None:
    def call(seconds: float, wait: float, *, answered: bool) -> CallFacts:
        at = NOW + timedelta(seconds=seconds)
        end = at + timedelta(seconds=wait)
        return CallFacts(
            id="1",
            caller="",
            arrived_at=at,
            entered_at=at,
            connected_at=end if answered else None,
            ended_at=end,
        )

    calls = [
        call(1, 3, answered=True),
        call(2, 20, answered=True),
        call(50, 9, answered=False),
        call(61, 1, answered=True),
    ]
    looks = [
        Look(seconds=s, on_phones=n, waiting=0, longest_wait_seconds=0)
        for s, n in ((5, 2), (10, 4))
    ]
    one = minutes._minute(NOW, 0, calls, [], [], looks)
    assert (one.came, one.in_time, one.lost, one.longest_wait) == (3, 1, 1, 20.0)
    assert (one.on_phones, one.required) == (3, None)
    told = Happened(began=NOW, minutes=(one,) * 30, moves=(), rounds=())
    assert ElementTree.fromstring(picture(told)).tag.endswith("svg")
