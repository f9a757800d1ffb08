"""A day's forecast: what it knows, what it must not know, and how sure it is."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.staffing.calls_level import LevelDay
from acd.staffing.day_history import DayHistory
from acd.staffing.day_kind import DayType, kind_of
from acd.staffing.forecast import DayForecast, NormalDay, forecast_day
from acd.staffing.gamma_ratios import Floats
from tests.unit.acd.staffing.made_up_weeks import CALENDAR, FIRST, course, weeks

HISTORY = weeks(57)
NOTHING = np.empty(0)


def forecast(history: DayHistory, number: int = -1) -> DayForecast:
    """Of one of the history's own days."""
    return forecast_day(history, history.days[number], history.kinds[number])


@cache
def own(number: int) -> DayForecast:
    """Of one of HISTORY's days, made once."""
    return forecast(HISTORY, number)


def wrong_by(foreseen: Floats, actual: Floats) -> float:
    """The mean error as a share of all calls (WAPE)."""
    return float(np.abs(foreseen - actual).sum() / actual.sum())


def test_a_spike_in_the_future_changes_nothing() -> None:
    spiked = HISTORY.counts.copy()
    spiked[40:] *= 12
    later = replace(HISTORY, counts=spiked)
    for number in (30, 39):
        before, after = own(number), forecast(later, number)
        seen = HISTORY.counts[number, :40]
        now, then = before.outlook(seen), after.outlook(seen)
        assert np.array_equal(now.calls(), then.calls())
        assert np.array_equal(
            now.rate_quantile([0.1, 0.9]), then.rate_quantile([0.1, 0.9])
        )
        assert before.words == after.words


def test_a_day_seen_so_far_tells_the_rest_better() -> None:
    days = range(30, 57)
    made = [own(n) for n in days]
    rest = [HISTORY.counts[n, 48:] for n in days]
    seen = [HISTORY.counts[n, :48] for n in days]
    ahead = [f.outlook(NOTHING).calls()[48:] for f in made]
    noon = [f.outlook(s).calls()[48:] for f, s in zip(made, seen, strict=True)]
    early, late = (wrong_by(np.array(f), np.array(rest)) for f in (ahead, noon))
    floor = wrong_by(np.array(noon), np.random.default_rng(2).poisson(np.array(noon)))
    assert late < early
    assert late < 1.15 * floor


def test_four_of_five_intervals_come_to_lie_where_they_should() -> None:
    inside = []
    for number in range(30, 57):
        outlook = own(number).outlook(HISTORY.counts[number, :40])
        low, high = outlook.calls_quantile([0.1, 0.9])
        came = HISTORY.counts[number]
        inside.append(((low <= came) & (came <= high))[40:])
    assert np.mean(inside) == pytest.approx(0.8, abs=0.06)


def test_a_storm_of_one_hour_does_not_carry_away_the_evening() -> None:
    made, seen = own(-1), HISTORY.counts[-1, :48].copy()
    usual = made.outlook(seen).calls()[60:].sum()
    seen[44:48] *= 12
    assert made.outlook(seen).calls()[60:].sum() < 1.35 * usual


def test_a_gap_of_today_is_left_out_and_the_rest_counts() -> None:
    made, seen = own(-1), 1.3 * HISTORY.counts[-1, :48]
    holed = seen.copy()
    holed[30:34] = np.nan
    whole, gapped = made.outlook(seen).calls(), made.outlook(holed).calls()
    assert gapped[48:] == pytest.approx(whole[48:], rel=0.05)
    assert not np.array_equal(gapped, whole)


def test_a_gap_at_the_end_is_as_if_it_had_not_been_reached() -> None:
    made, seen = own(-1), HISTORY.counts[-1, :48]
    with_gap = np.concatenate([seen, [np.nan, np.nan]])
    shorter, longer = made.outlook(seen), made.outlook(with_gap)
    assert longer.calls() == pytest.approx(shorter.calls())
    shares = [0.1, 0.9]
    assert longer.rate_quantile(shares) == pytest.approx(shorter.rate_quantile(shares))


@pytest.mark.parametrize("wrong", [-3.0, 1e9, np.nan, 0.0, np.inf])
def test_what_cannot_be_right_today_is_doubted_and_left_out(wrong: float) -> None:
    made, seen = own(-1), HISTORY.counts[-1, :48].copy()
    plain = made.outlook(seen).calls()
    seen[40] = wrong
    assert made.doubted(seen)[40] == (not np.isnan(wrong))
    assert made.outlook(seen).calls()[48:] == pytest.approx(plain[48:], rel=0.03)


def test_absurd_days_past_are_told_and_not_learned_from() -> None:
    counts = HISTORY.counts.copy()
    counts[50, 40:44] *= 12
    counts[51, 3] = -7
    counts[52, 40:48] = 0
    counts[53] = np.nan
    counts[54, 60:70] = np.nan
    made = forecast(replace(HISTORY, counts=counts))
    plain = own(-1).expected
    assert made.expected.sum() == pytest.approx(plain.sum(), rel=0.03)
    words = "\n".join(made.words)
    assert f"{HISTORY.days[50]}: " in words
    assert "far beyond the usual" in words
    assert f"{HISTORY.days[51]}: -7 are no count of calls" in words
    assert "taken as a gap" in words
    assert "1 of 56 days were hardly recorded" in words
    assert "intervals of days past are missing" in words


@pytest.mark.parametrize("days", [0, 1, 2, 3, 4, 6, 9, 13, 21])
def test_little_history_is_enough_to_go_on(days: int) -> None:
    history = replace(
        HISTORY,
        days=HISTORY.days[:days],
        kinds=HISTORY.kinds[:days],
        counts=HISTORY.counts[:days],
    )
    day = FIRST + timedelta(days=max(days, 1))
    made = forecast_day(history, day, kind_of(day, CALENDAR))
    seen = HISTORY.counts[max(days, 1), :48]
    foreseen = made.outlook(seen).calls()
    assert np.isfinite(foreseen).all()
    assert (foreseen >= 0).all()
    if days < 3:
        assert f"{days} days are known" in made.words[-1]
    else:
        assert foreseen[48:].sum() == pytest.approx(
            HISTORY.counts[days, 48:].sum(), rel=0.2
        )


def test_zero_calls_at_night_stay_zero() -> None:
    counts = HISTORY.counts.copy()
    counts[:, :24] = 0
    outlook = forecast(replace(HISTORY, counts=counts)).outlook(np.zeros(10))
    assert outlook.calls()[:24].max() < 0.05
    assert outlook.rate_quantile(0.9)[:24].max() < 0.3


def test_a_small_queue_follows_its_level() -> None:
    small = weeks(40, calls=60)
    made = forecast(small)
    assert isinstance(made.model, LevelDay)
    twice = made.outlook(2 * course(60)[:48]).calls()
    assert twice[48:].sum() > made.expected[48:].sum()
    assert made.expected.sum() == pytest.approx(60, rel=0.4)
    assert isinstance(own(-1).model, NormalDay)


def test_a_holiday_never_seen_is_like_a_weekend() -> None:
    qingming = HISTORY.days.index(date(2026, 4, 6))
    assert HISTORY.kinds[qingming].type is DayType.HOLIDAY
    before = HISTORY.before(date(2026, 4, 4))
    made = forecast_day(before, date(2026, 4, 6), HISTORY.kinds[qingming])
    weekend = HISTORY.counts[[5, 6, 12, 13, 19, 20]].sum(1).mean()
    assert made.expected.sum() == pytest.approx(weekend, rel=0.15)


@settings(max_examples=20, deadline=None)
@given(
    calls=st.floats(1, 30_000),
    intervals=st.integers(0, 96),
    factor=st.floats(0, 15),
    seed=st.integers(0, 3),
)
def test_quantiles_are_ordered_and_no_forecast_is_below_zero(
    calls: float, intervals: int, factor: float, seed: int
) -> None:
    history = weeks(16, calls=calls, seed=seed)
    seen = np.round(factor * history.counts[-1, :intervals])
    outlook = forecast(history).outlook(seen)
    shares = [0.01, 0.1, 0.5, 0.9, 0.99]
    for quantiles in (outlook.calls_quantile(shares), outlook.rate_quantile(shares)):
        assert (np.diff(quantiles, axis=0) >= -1e-9).all()
        assert (quantiles >= 0).all()
        assert np.isfinite(quantiles).all()
    assert (outlook.calls() >= 0).all()
