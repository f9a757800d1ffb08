"""What became of a round's hour: counted as its expectation was."""

from dataclasses import replace
from datetime import timedelta

import pytest

from acd.adjustments.effect import Measured, measured_quarters
from acd.adjustments.round import Effect, Round
from acd.staffing.cover import WHOLE
from acd.statistics.counted_call import CallFacts
from tests.unit.acd.staffing_reports.rounds import CITY, made, start

TEN = 40
ARRIVED = start(TEN)


def expected(cell: int, queue: str = WHOLE) -> Effect:
    return Effect(
        queue=queue,
        cell=cell,
        required=3,
        before=2,
        after=3,
        in_time_before=0.5,
        in_time_after=0.9,
    )


def the_round() -> Round:
    whole = made(TEN, [])
    return Round(
        at=whole.at,
        day=whole.day,
        cell=TEN,
        queues=whole.queues,
        proposed=(),
        effects=(expected(TEN), expected(TEN + 1)),
        queue_effects=(expected(TEN, "tax"),),
        absent=(),
        words=(),
    )


def call(waited: float | None, queue: str = "general", minutes: int = 0) -> CallFacts:
    """It waited so long for an agent; None: it hung up, or never asked for one."""
    entered = ARRIVED + timedelta(minutes=minutes) if queue else None
    connected = (
        entered + timedelta(seconds=waited) if entered and waited is not None else None
    )
    return CallFacts(
        id=f"{queue}{minutes}{waited}",
        caller="",
        arrived_at=ARRIVED + timedelta(minutes=minutes),
        queue=queue,
        entered_at=entered,
        connected_at=connected,
        ended_at=ARRIVED + timedelta(hours=1),
        outcome="answered" if connected else "left" if not queue else None,
    )


CALLS = [call(10), call(18), call(None, minutes=3), call(25, "tax"), call(None, "")]


@pytest.mark.parametrize(
    ("within", "whole", "tax"), [(15, 1 / 4, 0.0), (20, 2 / 4, 0.0), (30, 3 / 4, 1.0)]
)
def test_in_time_is_what_the_city_has_set(
    within: float, whole: float, tax: float
) -> None:
    quarter = timedelta(minutes=15)
    later = [call(5, minutes=15)]
    told = measured_quarters(
        the_round(), CALLS + later, ARRIVED + quarter, CITY, within
    )
    assert told == (
        Measured(cell=TEN, offered=4, in_time=whole),
        Measured(cell=TEN, offered=1, in_time=tax, queue="tax"),
    )


def test_in_time_is_what_the_round_expected_in_each_queue() -> None:
    made = the_round()
    effects = (replace(made.effects[0], within_seconds=10.0),)
    of_tax = (replace(made.queue_effects[0], within_seconds=30.0),)
    told = measured_quarters(
        replace(made, effects=effects, queue_effects=of_tax),
        CALLS,
        ARRIVED + timedelta(minutes=15),
        CITY,
        20,
    )
    assert told == (
        Measured(cell=TEN, offered=4, in_time=1 / 4),
        Measured(cell=TEN, offered=1, in_time=1.0, queue="tax"),
    )


def test_quarter_without_calls_has_no_share() -> None:
    half_hour = ARRIVED + timedelta(minutes=30)
    told = measured_quarters(the_round(), CALLS, half_hour, CITY, 15)
    assert told[1] == Measured(cell=TEN + 1, offered=0, in_time=None)
