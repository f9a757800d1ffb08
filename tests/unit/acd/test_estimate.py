"""How long a caller will wait: told after enough evidence, and measured afterwards."""

from datetime import datetime, timedelta

from acd.estimate import LEAST, Pace
from acd.events import WaitEstimated
from acd.messages import CallerLeaves, TalkEnd, TalkEnds, TellPosition
from acd.queue_rules import QueueRules
from tests.unit.acd.desk import START, Desk, profile


def pace_of(*times: float) -> Pace:
    """A queue in which somebody always waited, and answers came after these times."""
    pace, now = Pace(), START
    pace.answered(now, START)
    for seconds in times:
        now += timedelta(seconds=seconds)
        pace.answered(now, START)
    return pace


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_estimate_is_the_position_times_the_mean_time_between_answers() -> None:
    pace = pace_of(*[20.0] * LEAST)
    assert pace.wait_seconds(1, at(205), START) == 20
    assert pace.wait_seconds(4, at(205), START) == 80


def test_nothing_is_told_before_there_is_enough_evidence() -> None:
    assert pace_of(*[20.0] * (LEAST - 1)).wait_seconds(1, at(200), START) is None


def test_nothing_is_told_from_answers_that_are_too_old() -> None:
    pace = pace_of(*[20.0] * LEAST)
    assert pace.wait_seconds(1, at(1821), START) is None


def test_nothing_is_told_when_the_times_differ_too_much() -> None:
    wild = [1.0] * (LEAST - 1) + [600.0]
    assert pace_of(*wild).wait_seconds(1, at(610), START) is None


def test_answers_without_a_line_say_nothing_of_how_fast_it_moves() -> None:
    pace = Pace()
    for number in range(LEAST + 5):
        now = START + timedelta(seconds=60 * number)
        pace.answered(now, now)
    assert pace.wait_seconds(1, now, START) is None


def test_line_that_has_stopped_makes_the_estimate_longer() -> None:
    pace = pace_of(*[20.0] * LEAST)
    stopped = pace.wait_seconds(1, at(200 + 130), START)
    assert stopped is not None
    assert abs(stopped - 30) < 0.01


def moving_desk() -> Desk:
    """One agent takes a call every 20 s; twenty calls wait, the last for a while."""
    rules = QueueRules(name="general", wrap_up_seconds=0)
    desk = Desk(profile("a"), rules=(rules,))
    desk.log_in("a")
    for number in range(20):
        desk.enter(str(number))
    for number in range(12):
        desk.answer()
        desk.wait(20)
        desk.send(TalkEnds(call_id=str(number), end=TalkEnd.CALLER))
    desk.answer()
    desk.enter("new")
    desk.wait(0)
    return desk


def test_caller_is_told_the_wait_with_his_position_and_it_is_measured() -> None:
    desk = moving_desk()
    assert desk.last(TellPosition) == TellPosition(
        call_id="new", position=8, wait_seconds=160
    )
    desk.wait(45)
    desk.send(CallerLeaves(call_id="new"))
    measured = [e for e in desk.all(WaitEstimated) if e.call_id == "new"]
    assert [(e.told_seconds, e.actual_seconds, e.connected) for e in measured] == [
        (160, 45, False)
    ]


def test_first_wait_that_was_told_is_the_one_that_counts() -> None:
    desk = moving_desk()
    for number in range(12, 20):
        desk.wait(20)
        desk.send(TalkEnds(call_id=str(number), end=TalkEnd.CALLER))
        desk.answer()
    measured = desk.last(WaitEstimated)
    assert (measured.call_id, measured.connected) == ("new", True)
    assert (measured.told_seconds, measured.actual_seconds) == (160, 160)
