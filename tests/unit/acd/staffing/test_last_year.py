"""Holidays are foreseen better with last year's; plain days learn nothing from it."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np

from acd.staffing.day_ahead import usual_day
from acd.staffing.day_history import DayHistory, Learnable, learnable
from acd.staffing.forecast import forecast_day
from acd.staffing.gamma_ratios import Floats
from acd.staffing.last_year import LEVEL_DAYS, days_of_last_year, with_last_year
from acd.staffing.same_period import same_period
from tests.unit.acd.staffing.made_up_years import years

FIRST, NATIONAL_DAY, LAST = date(2025, 8, 15), date(2026, 10, 1), date(2026, 10, 8)
SEED = 11
"""The share of last year was chosen on seeds 1 to 6."""


@cache
def history() -> DayHistory:
    return years(FIRST, LAST, SEED)


def between(first: date, until: date) -> DayHistory:
    """The days of the history from one to before another."""
    n = (first - FIRST).days
    found = history().before(until)
    return DayHistory(
        days=found.days[n:], kinds=found.kinds[n:], counts=found.counts[n:]
    )


def foreseen(learned: Learnable, day: date) -> tuple[Floats, Floats]:
    """The square roots of a day without last year and with it, from 60 days before."""
    kind = history().kinds[(day - FIRST).days]
    recent = learned.since(day - timedelta(days=60))
    usual = usual_day(recent.roots, recent.kinds, kind)
    return usual, with_last_year(usual, learned, day, kind)


def wrong_by(roots: Floats, day: date) -> float:
    return float(np.abs(roots**2 - 0.25 - history().counts[(day - FIRST).days]).sum())


def test_days_of_a_break_are_foreseen_better_with_last_years() -> None:
    without, with_it = 0.0, 0.0
    for n in range(-1, 7):
        day = NATIONAL_DAY + timedelta(days=n)
        usual, mixed = foreseen(learnable(history().before(day)), day)
        without += wrong_by(usual, day)
        with_it += wrong_by(mixed, day)
    assert with_it < 0.7 * without


def test_forecast_of_a_holiday_is_better_with_the_days_of_last_year_that_are_read() -> (
    None
):
    recent = between(NATIONAL_DAY - timedelta(days=20), NATIONAL_DAY)
    days = days_of_last_year(NATIONAL_DAY)
    assert days is not None
    whole = recent.after(between(days[0], days[1] + timedelta(days=1)))
    kind = history().kinds[(NATIONAL_DAY - FIRST).days]
    without, with_it = (
        forecast_day(each, NATIONAL_DAY, kind) for each in (recent, whole)
    )
    actual = history().counts[(NATIONAL_DAY - FIRST).days]
    errors = [np.abs(made.expected - actual).sum() for made in (without, with_it)]
    assert errors[1] < 0.7 * errors[0]
    assert with_it.words == without.words


def test_plain_day_learns_nothing_from_a_year_ago() -> None:
    day = date(2026, 9, 16)
    usual, mixed = foreseen(learnable(history().before(day)), day)
    assert mixed is usual


def test_year_ago_that_is_not_known_changes_nothing() -> None:
    learned = learnable(history().before(NATIONAL_DAY))
    like = same_period(NATIONAL_DAY).day
    without_it = learned.since(like + timedelta(days=1))
    without_level = learned.since(like)
    for each in (without_it, without_level):
        usual, mixed = foreseen(each, NATIONAL_DAY)
        assert mixed is usual


def test_last_year_is_brought_to_this_years_level() -> None:
    learned = learnable(history().before(NATIONAL_DAY))
    _, mixed = foreseen(learned, NATIONAL_DAY)
    doubled = learned.roots.copy()
    here = [day > date(2026, 1, 1) for day in learned.days]
    doubled[here] *= 2
    _, grown = foreseen(replace(learned, roots=doubled), NATIONAL_DAY)
    assert abs(grown.sum() / mixed.sum() - 2) < 0.02


def test_days_to_read_are_those_of_the_holidays_near_and_the_weeks_before() -> None:
    assert days_of_last_year(date(2026, 7, 15)) is None
    days = days_of_last_year(date(2026, 9, 30))
    assert days is not None
    assert days[0] <= date(2025, 9, 30) - timedelta(days=LEVEL_DAYS)
    assert days[1] >= date(2025, 10, 8)


def test_older_days_are_put_before_and_none_is_taken_twice() -> None:
    early, late = (
        between(date(2025, 8, 15), date(2025, 9, 20)),
        between(date(2025, 9, 10), date(2025, 10, 1)),
    )
    whole = late.after(early)
    assert list(whole.days) == sorted(set(whole.days))
    assert whole.counts.shape == (len(whole.days), 96)
    assert whole.days[0] == date(2025, 8, 15)
