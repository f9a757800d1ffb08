"""The surge detector on days made up from a known law."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.staffing.forecast import DayForecast, forecast_day
from acd.staffing.gamma_ratios import Floats
from acd.staffing.surge import (
    FROZEN_STEPS,
    MOST,
    STEPS,
    Foreseen,
    SurgeWatch,
    foreseen_steps,
)
from tests.unit.acd.staffing.made_up_weeks import weeks

HISTORY = weeks(40, calls=20_000)
MADE = forecast_day(HISTORY, HISTORY.days[-1], HISTORY.kinds[-1])
USUAL = np.repeat(HISTORY.counts[-1] / STEPS, STEPS)
EIGHT = 8 * 12


def day(seed: int, factor: float = 1.0, since: int = 120) -> Floats:
    """Five-minute counts, so many times the usual from a step on."""
    rates = USUAL.copy()
    rates[since:] *= factor
    return np.random.default_rng(seed).poisson(rates).astype(float)


def alarms(made: DayForecast, counts: Floats) -> list[int]:
    """The steps at which an alarm begins."""
    quarters = counts.reshape(-1, STEPS).sum(1)
    watch, found = SurgeWatch(), []
    for step in range(EIGHT, 21 * 12):
        was = watch.surge
        watch = watch.see(counts[step], foreseen_steps(made, quarters, step))
        if watch.surge and not was:
            found.append(step)
    return found


@pytest.mark.parametrize(
    ("factor", "most_minutes"), [(1.3, 30), (1.5, 10), (2.0, 5), (12.0, 5)]
)
def test_a_surge_is_noticed_soon(factor: float, most_minutes: int) -> None:
    delays = []
    for seed in range(5):
        found = [step for step in alarms(MADE, day(seed, factor)) if step >= 120]
        delays.append(5 * (found[0] - 120 + 1) if found else 999)
    assert np.median(delays) <= most_minutes


def test_usual_days_have_no_alarm() -> None:
    assert sum(bool(alarms(MADE, day(seed))) for seed in range(5)) == 0


def test_a_surge_does_not_hide_itself_in_the_forecast() -> None:
    quarters = day(1).reshape(-1, STEPS).sum(1)
    surge = quarters.copy()
    step = 40 * STEPS
    surge[40 - FROZEN_STEPS // STEPS :] *= 3
    assert foreseen_steps(MADE, surge, step) == foreseen_steps(MADE, quarters, step)


def test_the_end_of_a_surge_is_seen_within_the_hour() -> None:
    counts = day(2, 2.0)
    counts[150:] = day(2)[150:]
    quarters = counts.reshape(-1, STEPS).sum(1)
    watch, states = SurgeWatch(), []
    for step in range(EIGHT, 165):
        watch = watch.see(counts[step], foreseen_steps(MADE, quarters, step))
        states.append(watch.surge)
    assert states[140 - EIGHT]
    assert not states[162 - EIGHT]


def test_a_step_that_is_not_known_changes_nothing() -> None:
    watch = SurgeWatch(score=3.0)
    foreseen = Foreseen(mean=20.0, variance=4.0)
    assert watch.see(float("nan"), foreseen) == watch
    assert watch.see(5.0, Foreseen(mean=0.0, variance=0.0)) == watch


@settings(max_examples=40, deadline=None)
@given(
    counts=st.lists(st.integers(0, 500), max_size=60),
    mean=st.floats(0.01, 300),
    spread=st.floats(0, 1),
)
def test_score_stays_in_its_bounds_and_more_calls_never_speak_against_a_surge(
    counts: list[int], mean: float, spread: float
) -> None:
    foreseen = Foreseen(mean=mean, variance=(spread * mean) ** 2)
    fewer, more = SurgeWatch(), SurgeWatch()
    for count in counts:
        fewer, more = fewer.see(count, foreseen), more.see(count + 1, foreseen)
        assert 0 <= fewer.score <= more.score <= MOST
