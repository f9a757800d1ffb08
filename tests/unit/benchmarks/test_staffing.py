"""The scoring of forecasts and the days lived through, on small known cases."""

from dataclasses import replace

import numpy as np
import pytest

from acd.staffing.gamma_ratios import Floats
from benchmarks.staffing.accuracy import AHEAD, REST, Walked, floor, ours, walk
from benchmarks.staffing.bank_calls import BankCalls, DataMissing, package
from benchmarks.staffing.staffed import LEAD, by_updates, lived, needed
from tests.unit.acd.staffing.made_up_weeks import weeks

HISTORY = weeks(30, calls=20_000)


def calls() -> BankCalls:
    """Made-up days; each quarter's calls come in equal thirds of it."""
    counts = np.round(HISTORY.counts / 3) * 3
    five_minutes = np.repeat(counts / 3, 3, axis=1)
    return BankCalls(
        history=HISTORY.before(HISTORY.days[-1]), five_minutes=five_minutes
    )


def test_error_is_counted_where_the_forecast_was_made_for() -> None:
    actual = np.full((1, 8), 10.0)
    foreseen = np.full((1, 8, 8), 10.0)
    foreseen[0, 5, 6] = 15  # after five quarters, two ahead
    errors = Walked(foreseen=foreseen, actual=actual).errors()
    assert errors["15 minutes ahead"] == 0
    assert errors["30 minutes"] == pytest.approx(100 * 5 / 30)
    assert errors["60 minutes"] == 0
    assert errors[REST] == pytest.approx(100 * 5 / 100)
    assert errors[AHEAD] == 0


def test_a_forecast_of_known_days_comes_near_the_floor() -> None:
    days = range(26, 29)
    walked = walk(calls(), ours(calls()), days)
    assert floor(walked) < walked.errors()["15 minutes ahead"] < 1.3 * floor(walked)


def test_no_number_of_agents_looks_ahead() -> None:
    """A spike changes nothing up to the quarter after it: what was decided by then."""
    spiked = HISTORY.counts.copy()
    spiked[27, 40:] *= 12
    later = replace(calls(), history=replace(HISTORY, counts=spiked))
    usual, after = (by_updates(each, range(27, 28), 0.9) for each in (calls(), later))
    assert np.array_equal(usual[0, : 40 + LEAD], after[0, : 40 + LEAD])
    assert after[0, 40 + LEAD + 1] > usual[0, 40 + LEAD + 1]


def test_what_is_missing_is_told_with_the_way_to_get_it() -> None:
    with pytest.raises(DataMissing, match="make bench-staffing installs it"):
        package("no_such_package_here")


def staffed(agents: Floats) -> tuple[float, float]:
    """Quarters on target and calls that hung up, in %, of two days."""
    found = lived(calls(), range(7, 9), agents.astype(np.int64))
    return found.met, found.abandoned


def test_many_agents_answer_all_and_few_lose_many() -> None:
    enough = needed(HISTORY.counts[7:9])
    met, gone = staffed(enough * 2 + 5)
    assert (met, gone) == (100, 0)
    _, lost = staffed(np.maximum(enough // 2, 1))
    assert lost > 20
    _, few = staffed(enough)
    assert 0 < few < 5
