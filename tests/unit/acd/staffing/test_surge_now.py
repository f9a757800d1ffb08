"""The surge of a day so far, as the loop sees it."""

import numpy as np

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


def test_day_that_has_not_begun_is_calm() -> None:
    nothing = surge_after(MADE, np.zeros(0), np.zeros(0))
    assert (nothing.surge, nothing.ratio) == (False, 1.0)
