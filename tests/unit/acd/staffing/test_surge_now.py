"""The surge of a day so far, as the loop sees it."""

import numpy as np
import pytest

from acd.staffing.surge import surge_after
from tests.unit.acd.staffing.test_surge import MADE, day

TEN = 120


def quarters(counts: np.ndarray) -> np.ndarray:
    return counts[: len(counts) // 3 * 3].reshape(-1, 3).sum(1)


def test_usual_day_is_calm_and_a_storm_is_told_with_its_size() -> None:
    usual, storm = day(1), day(1, factor=3.0, since=TEN)
    calm = surge_after(MADE, quarters(usual[: TEN + 6]), usual[: TEN + 6])
    hit = surge_after(MADE, quarters(storm[: TEN + 6]), storm[: TEN + 6])
    assert not calm.surge
    assert hit.surge
    assert 2.4 < hit.ratio < 3.6
    assert 0.7 < calm.ratio < 1.4


def test_size_is_told_by_what_came_since_the_surge_began() -> None:
    """The first five minutes tell it; what came before them makes it no smaller."""
    usual, storm = day(1), day(1, factor=1.6, since=TEN)
    counts = storm[: TEN + 1]
    hit = surge_after(MADE, quarters(counts), counts)
    assert hit.surge
    assert hit.ratio == pytest.approx(storm[TEN] / usual[TEN], rel=0.2)


def test_forecast_from_which_a_surge_is_measured_does_not_learn_of_it() -> None:
    storm = day(1, factor=2.0, since=TEN)
    early, late = (
        surge_after(MADE, quarters(storm[:step]), storm[:step])
        for step in (TEN + 3, TEN + 24)
    )
    assert early.usual == late.usual
    assert late.ratio == pytest.approx(2.0, rel=0.15)


def test_size_of_a_surge_that_fades_is_that_of_its_last_half_hour() -> None:
    storm = day(1, factor=3.0, since=TEN)
    storm[TEN + 12 :] = day(1, factor=1.5, since=TEN)[TEN + 12 :]
    counts = storm[: TEN + 24]
    faded = surge_after(MADE, quarters(counts), counts)
    assert faded.ratio == pytest.approx(1.5, rel=0.15)


def test_steps_that_are_not_known_make_a_surge_no_smaller() -> None:
    counts = day(1, factor=2.0, since=TEN)[: TEN + 6]
    counts[TEN + 4] = np.nan
    hit = surge_after(MADE, quarters(counts)[:40], counts)
    assert hit.ratio == pytest.approx(2.0, rel=0.2)


def test_day_that_has_not_begun_is_calm() -> None:
    nothing = surge_after(MADE, np.zeros(0), np.zeros(0))
    assert (nothing.surge, nothing.ratio) == (False, 1.0)
