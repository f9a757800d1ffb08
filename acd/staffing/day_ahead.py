"""The day ahead: what is usual for such a day, before any call of it has come.

Days are rows of square roots, sqrt(calls + 1/4), in which Poisson noise is even. Two
guesses are mixed: the exponentially weighted mean of alike days, and the main factors
of all days (SVD), whose scores are regressed on the calendar and carry over from day to
day (AR(1) on a smoothed residual). Beside the mean day the result is smooth. Source: H. Shen, J. Huang, Interday forecasting and
intraday updating of call center arrivals, MSOM 10(3), 2008.
"""

from collections.abc import Sequence

import numpy as np

from acd.staffing.day_kind import WEEKDAY_TERMS, WORKED_TERMS, DayKind
from acd.staffing.gamma_ratios import Floats

FACTORS = 4
DAYS = 250
ALIKE_DAYS, ALIKE_HALF_LIFE = 12, 8.0
ALIKE_SHARE = 0.3
HALF_LIFE_DAYS = 120.0
CARRY_HALF_LIFE = 1.4
SHRINK_WORKED, SHRINK_WEEKDAY, SHRINK_PLACE = 0.1, 1.0, 1.0
SMOOTH = np.array([1, 4, 6, 4, 1]) / 16
_FEWEST_ALIKE = 3
_FEWEST_DAYS = 5


def usual_day(days: Floats, kinds: Sequence[DayKind], kind: DayKind) -> Floats:
    """The square roots to expect on a day of this kind, from those before it in order.

    `days` is (days, intervals) without gaps, one at least.
    """
    days, kinds = days[-DAYS:], kinds[-DAYS:]
    alike = alike_mean(days, kinds, kind)
    if len(days) < _FEWEST_DAYS:
        return alike
    main = _by_factors(days, _terms(kinds), kind.terms())
    level = (main @ alike) / (alike @ alike)
    mixed = (1 - ALIKE_SHARE) * main + ALIKE_SHARE * level * alike
    return smoothed(mixed, days.mean(0))


def smoothed(usual: Floats, mean: Floats) -> Floats:
    """Smooth in proportion to the mean day: its steps, as at an opening, are kept."""
    ratios = np.pad(usual / mean, len(SMOOTH) // 2, mode="edge")
    return mean * np.convolve(ratios, SMOOTH, mode="valid")


def alike_mean(days: Floats, kinds: Sequence[DayKind], kind: DayKind) -> Floats:
    """The mean of the last days that are most alike, the latest counting most."""
    places = _alike(kinds, kind)[-ALIKE_DAYS:][::-1]
    weights = 0.5 ** (np.arange(len(places)) / ALIKE_HALF_LIFE)
    mean: Floats = weights @ days[places] / weights.sum()
    return mean


def _alike(kinds: Sequence[DayKind], kind: DayKind) -> list[int]:
    """The same usual day; too few: all that are worked, or not, like it; else all."""
    every = range(len(kinds))
    same = [n for n in every if kinds[n].usual == kind.usual]
    if len(same) >= _FEWEST_ALIKE:
        return same
    similar = [n for n in every if kinds[n].is_worked == kind.is_worked]
    return similar or list(every)


def _terms(kinds: Sequence[DayKind]) -> Floats:
    return np.array([kind.terms() for kind in kinds])


def _by_factors(days: Floats, terms: Floats, wanted: Floats) -> Floats:
    """The mean day and its main factors, each with a score foretold."""
    ages = np.arange(len(days))[::-1]
    weights = 0.5 ** (ages / HALF_LIFE_DAYS)
    mean = weights @ days / weights.sum()
    _, _, axes = np.linalg.svd(
        (days - mean) * np.sqrt(weights)[:, None], full_matrices=False
    )
    axes = axes[:FACTORS]
    scores = (days - mean) @ axes.T
    effects = _ridge(terms, scores, weights)
    carried = _carried(scores - terms @ effects, weights)
    forecast: Floats = mean + (wanted @ effects + carried) @ axes
    return forecast


def _ridge(terms: Floats, scores: Floats, weights: Floats) -> Floats:
    """What each term of the calendar adds to the scores; rare terms are shrunk."""
    shrink = np.full(terms.shape[1], SHRINK_PLACE)
    shrink[:WORKED_TERMS] = SHRINK_WORKED
    shrink[WORKED_TERMS : WORKED_TERMS + WEEKDAY_TERMS] = SHRINK_WEEKDAY
    weighted = terms * weights[:, None]
    return np.asarray(
        np.linalg.solve(weighted.T @ terms + np.diag(shrink), weighted.T @ scores),
        float,
    )


def _carried(residuals: Floats, weights: Floats) -> Floats:
    """What goes on from the last days: the smoothed residual times its persistence."""
    gain = 1 - 0.5 ** (1 / CARRY_HALF_LIFE)
    before = np.zeros_like(residuals)
    smooth = np.zeros(residuals.shape[1])
    for number, residual in enumerate(residuals):
        before[number] = smooth
        smooth = smooth + gain * (residual - smooth)
    w = weights[:, None]
    together = (w * residuals * before).sum(0)
    persistence = together / ((w * before**2).sum(0) + 1e-9)
    carried: Floats = np.clip(persistence, 0, 1) * smooth
    return carried
