"""Offered calls of a day by intervals: foreseen before it, and better as it goes on.

The day ahead is what is usual for such a day. As the day goes on, what was seen of it
conditions the rest (the best linear unbiased prediction of a Gaussian): one Cholesky
factor of the covariance gives every horizon and every quantile at once. A surprise of
more than `HUBER` standard deviations counts as so many only, so that a storm does not
carry away the evening. The interval that goes on tells less, the less of it is over.
Small and new queues follow one level instead.

Nothing is read, drawn or asked for here: a forecast depends on its arguments alone, and
of the counts only on those of days before and of the intervals seen.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from acd.staffing.calls_level import level_day
from acd.staffing.day_ahead import alike_mean, usual_day
from acd.staffing.day_history import (
    DayHistory,
    Learnable,
    are_silences,
    learnable,
    without_impossible,
)
from acd.staffing.day_kind import DayKind
from acd.staffing.day_spread import day_covariance, poisson_variance
from acd.staffing.gamma_ratios import Floats
from acd.staffing.last_year import with_last_year
from acd.staffing.outlook import NormalOutlook, Outlook, RunningQuarter

HUBER = 3.0
RESIDUAL_DAYS = 90
FIRST_RESIDUAL = 12
FEWEST_DAYS = 3
RECENT_DAYS = 250
"""What lies farther back only tells what last year's same day was."""
SMALL_CALLS = 4.0
"""A queue whose busier half of intervals has fewer calls on average is a small one."""


class DayModel(Protocol):
    """What is known of a day before it begins."""

    def outlook(self, seen: Floats, running: RunningQuarter | None = None) -> Outlook:
        """The day after the counts of its first intervals (NaN: not known), and what
        came so far in the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalDay:
    """Usual square roots, the Cholesky factor of their covariance, and the variance of
    each interval after so many were seen."""

    usual: Floats
    factor: Floats
    variances: Floats

    @classmethod
    def of(cls, usual: Floats, covariance: Floats) -> "NormalDay":
        """The day; the covariance is positive definite."""
        factor: Floats = np.asarray(np.linalg.cholesky(covariance), dtype=np.float64)
        learned = np.cumsum(factor.T**2, axis=0)
        start = np.zeros((1, len(usual)))
        whole = (factor**2).sum(1)
        left = np.maximum(whole - np.concatenate([start, learned]), 0)
        return cls(usual=usual, factor=factor, variances=left)

    def outlook(
        self, seen: Floats, running: RunningQuarter | None = None
    ) -> NormalOutlook:
        """Of intervals that were seen, it says what is known of them."""
        known = np.isfinite(seen)
        if not known.all():
            return self._with_gaps(seen, known, running)
        n = len(seen)
        surprises = _surprises(
            self.factor[:n, :n], np.sqrt(seen + 0.25) - self.usual[:n]
        )
        roots = self.usual + self.factor[:, :n] @ surprises
        found = NormalOutlook(roots=roots, variance=self.variances[n])
        return self._running(found, n, running) if running else found

    def _running(
        self, found: NormalOutlook, n: int, running: RunningQuarter
    ) -> NormalOutlook:
        """The square root of the calls of a part has the noise of a whole: what they
        would come to in a whole has as much more as the part is smaller."""
        own, noise = self.factor[n, n] ** 2, poisson_variance(self.usual)[n]
        variance = own + noise * (1 / running.share - 1)
        gain = self.factor[:, n] * self.factor[n, n] / variance
        gain[n] = max(own - noise, 0) / variance
        root = np.sqrt((running.calls + 0.25) / running.share)
        spread = np.sqrt(variance)
        surprise = np.clip((root - found.roots[n]) / spread, -HUBER, HUBER)
        return NormalOutlook(
            roots=found.roots + gain * spread * surprise,
            variance=np.maximum(found.variance - gain**2 * variance, 0),
        )

    def _with_gaps(
        self, seen: Floats, known: Floats, running: RunningQuarter | None
    ) -> NormalOutlook:
        """The same with the known intervals in front, the one that goes on behind them,
        and the order restored after."""
        here = np.flatnonzero(known)
        first = np.append(here, len(seen)) if running else here
        order = np.concatenate([first, np.setdiff1d(np.arange(len(self.usual)), first)])
        covariance = (self.factor @ self.factor.T)[np.ix_(order, order)]
        sorted_day = NormalDay.of(self.usual[order], covariance)
        found = sorted_day.outlook(seen[here], running)
        back = np.argsort(order)
        return NormalOutlook(roots=found.roots[back], variance=found.variance[back])


@dataclass(frozen=True, slots=True, kw_only=True)
class DayForecast:
    """A day's model, and in words what was wrong with what it was learned from.

    `expected` are the calls of each interval before the day began.
    """

    day: date
    model: DayModel
    expected: Floats
    words: tuple[str, ...] = ()

    def outlook(self, seen: Floats, running: RunningQuarter | None = None) -> Outlook:
        """The day after the counts of its first intervals, and of a part of the next
        one; `doubted` ones are left out."""
        seen = np.asarray(seen, float)
        known = np.where(self.doubted(seen), np.nan, seen)
        if running and self._can_be(running, len(seen)):
            return self.model.outlook(known, running)
        return self.model.outlook(known)

    def _can_be(self, running: RunningQuarter, place: int) -> bool:
        expected = self.expected[place : place + 1] * running.share
        calls = np.array([running.calls])
        _, wrong = without_impossible(calls)
        return not (wrong | are_silences(calls, expected)).any()

    def doubted(self, seen: Floats) -> NDArray[np.bool_]:
        """Which counts of today cannot be right, or are missing in the records."""
        _, wrong = without_impossible(seen)
        return wrong | are_silences(seen, self.expected[: len(seen)])


def forecast_day(history: DayHistory, day: date, kind: DayKind) -> DayForecast:
    """What the days before tell of a day. Later days of the history are not looked at."""
    learned = learnable(history.before(day))
    recent = learned.since(day - timedelta(days=RECENT_DAYS))
    words = learned.words
    if len(recent.roots) < FEWEST_DAYS:
        words = (*words, f"{len(recent.roots)} days are known: a level is followed")
        model: DayModel = _small(recent, kind, history.counts.shape[1])
    else:
        usual = usual_day(recent.roots, recent.kinds, kind)
        model = _model(recent, kind, with_last_year(usual, learned, day, kind))
    expected = model.outlook(np.empty(0)).calls()
    return DayForecast(day=day, model=model, expected=expected, words=words)


def _model(learned: Learnable, kind: DayKind, usual: Floats) -> DayModel:
    if _busy_mean(usual) < SMALL_CALLS:
        return _small(learned, kind, len(usual))
    return NormalDay.of(usual, _covariance(learned, usual))


def _surprises(factor: Floats, residuals: Floats) -> Floats:
    """What each interval brought beyond what those before it told, in deviations."""
    n = len(residuals)
    if not n:
        return residuals
    surprises: Floats = solve_triangular(
        factor, residuals, lower=True, check_finite=False
    )
    beyond = np.abs(surprises) > HUBER
    if beyond.any():
        first = int(beyond.argmax())
        for k in range(first, n):
            left = residuals[k] - factor[k, :k] @ surprises[:k]
            surprises[k] = min(max(left / factor[k, k], -HUBER), HUBER)
    return surprises


def _covariance(learned: Learnable, wanted: Floats) -> Floats:
    """From how the last days left what had been foreseen for them."""
    n = len(learned.roots)
    first = max(FIRST_RESIDUAL, n - RESIDUAL_DAYS)
    usual = [
        usual_day(learned.roots[:k], learned.kinds[:k], learned.kinds[k])
        for k in range(first, n)
    ]
    if not usual:
        usual = [learned.roots.mean(0)]
        return day_covariance(np.empty((0, len(wanted))), np.array(usual), wanted)
    return day_covariance(learned.roots[first:] - usual, np.array(usual), wanted)


def _small(learned: Learnable, kind: DayKind, intervals: int) -> DayModel:
    if not len(learned.roots):
        return level_day(np.ones(intervals), np.empty((0, intervals)))
    days = learned.roots**2 - 0.25
    course = alike_mean(days, learned.kinds, kind)
    even = max(course.mean(), 1 / intervals)
    return level_day(_smooth(course) + 0.02 * even, days[-14:])


def _smooth(course: Floats) -> Floats:
    """An hour's mean at each place: few calls do not tell quarters of an hour apart."""
    padded = np.pad(course, 2, mode="edge")
    return np.convolve(padded, np.ones(5) / 5, mode="valid")


def _busy_mean(usual: Floats) -> float:
    calls = np.sort(np.maximum(usual**2 - 0.25, 0))
    return float(calls[len(calls) // 2 :].mean())
