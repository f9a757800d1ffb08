"""How far forecasts were from what came, as the rounds made them."""

from datetime import timedelta

import pytest

from acd.staffing.cover import WHOLE
from acd.staffing_reports.accuracy import Accuracy, AccuracyCounter, Horizon, actual
from acd.staffing_reports.accuracy_picture import LABELS, accuracy_picture
from tests.unit.acd.staffing_reports.rounds import (
    EVENING,
    FRIDAY,
    QUARTERS,
    SATURDAY,
    came,
    line,
    made,
    start,
)


def at(counter: AccuracyCounter, horizon: Horizon) -> Accuracy:
    """The whole at one horizon."""
    [found] = [a for a in counter.queues() if (a.queue, a.horizon) == (WHOLE, horizon)]
    return found


def test_each_horizon_takes_its_own_quarters() -> None:
    counter = AccuracyCounter()
    rounds = [made(40, [line(40, 90), line(42, 50), line(43, 130), line(44, 100)])]
    counter.add(FRIDAY, rounds, {(WHOLE, cell): 100 for cell in (40, 42, 43, 44)})
    near, hour = at(counter, Horizon.MINUTES_15), at(counter, Horizon.MINUTES_60)
    rest = at(counter, Horizon.REST_OF_DAY)
    assert (near.forecasts, near.error, near.bias) == (1, 0.1, -0.1)
    assert (hour.forecasts, hour.error, hour.bias) == (1, 0.3, 0.3)
    assert (rest.forecasts, rest.error, rest.bias) == (4, 0.225, -0.075)
    assert (near.inside, hour.inside, rest.inside) == (1.0, 0.0, 0.5)


def test_floor_is_the_mean_error_of_a_poisson_count() -> None:
    counter = AccuracyCounter()
    counter.add(FRIDAY, [made(40, [line(40, 100)])], {(WHOLE, 40): 104})
    near = at(counter, Horizon.MINUTES_15)
    # E|Y - 100| of a Poisson count is 2 * 100 * exp(-100) 100^100 / 100! = 7.972.
    assert near.chance == pytest.approx(7.972 / 104, abs=1e-4)
    assert near.ratio == pytest.approx(4 / 7.972, abs=0.01)


def test_round_that_somebody_asked_for_in_between_counts_not() -> None:
    counter = AccuracyCounter()
    rounds = [made(40, [line(40, 90)]), made(40, [line(40, 100)])]
    counter.add(FRIDAY, rounds, {(WHOLE, 40): 100})
    assert at(counter, Horizon.MINUTES_15).error == 0.1
    assert counter.days()[0].rounds == 1


def test_forecast_of_the_day_before_is_the_one_before_anything_came() -> None:
    counter = AccuracyCounter()
    rounds = [made(0, [line(40, 80)]), made(40, [line(40, 100)])]
    counter.add(FRIDAY, rounds, {(WHOLE, 40): 100})
    assert at(counter, Horizon.DAY_AHEAD).error == 0.2
    assert at(counter, Horizon.MINUTES_15).error == 0.0


def test_days_add_up_and_stand_alone() -> None:
    counter = AccuracyCounter()
    counter.add(SATURDAY, [made(40, [line(40, 50)], day=SATURDAY)], {(WHOLE, 40): 100})
    counter.add(FRIDAY, [made(40, [line(40, 300)])], {(WHOLE, 40): 300})
    assert at(counter, Horizon.MINUTES_15).error == 0.125
    errors = [(day.day, day.horizons[0].error) for day in counter.days()]
    assert errors == [(FRIDAY, 0.0), (SATURDAY, 0.5)]


def test_quarter_without_a_call_has_no_share() -> None:
    counter = AccuracyCounter()
    counter.add(FRIDAY, [made(40, [line(40, 0.5)])], {(WHOLE, 40): 0})
    near = at(counter, Horizon.MINUTES_15)
    assert (near.calls, near.error, near.ratio, near.bias) == (0, None, None, None)


def test_calls_are_known_where_quarters_are_over_and_the_clock_has_them_once() -> None:
    rounds = [made(0, [line(40, 1)]), made(0, [line(40, 1)], "general")]
    calls = [came(40, offered=5, redialled=2), came(41, "tax", offered=1)]
    known = actual(calls, QUARTERS, rounds, EVENING)
    assert len(known) == 2 * 96
    assert (known["general", 40], known[WHOLE, 40]) == (3, 3)
    assert (known["general", 41], known[WHOLE, 41]) == (0, 1)
    at_noon = actual(calls, QUARTERS, rounds, start(48) + timedelta(minutes=14))
    assert len(at_noon) == 2 * 48
    twice = [*QUARTERS, (EVENING - timedelta(hours=5), 40)]
    assert (WHOLE, 40) not in actual(calls, twice, rounds, EVENING)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_picture_shows_errors_and_bounds_in_both_languages(language: str) -> None:
    counter = AccuracyCounter()
    counter.add(FRIDAY, [made(40, [line(40, 90)])], {(WHOLE, 40): 100})
    drawn = accuracy_picture(counter.days(), language)
    assert [w for w in LABELS[language].values() if w not in drawn] == []
    assert "11-27" in drawn
    assert LABELS["en"].keys() == LABELS["zh"].keys()
