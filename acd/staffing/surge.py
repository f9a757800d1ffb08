"""Is this a surge? A running test of five-minute counts against a frozen forecast.

Page's CUSUM of the log-likelihood ratio of two negative binomials: calls come as they
were foreseen, or `RATIO` times as many. It adds up what speaks for a surge and forgets
what spoke against one. The forecast must be the one that was made at least half an hour
ago: one that has learned the surge hides it. Sources: E. Page, Continuous inspection
schemes, Biometrika 41, 1954; M. Hoehle, M. Paul, Count data regression charts for the
monitoring of surveillance time series, CSDA 52(9), 2008.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log, log1p

import numpy as np

from acd.staffing.forecast import DayForecast
from acd.staffing.gamma_ratios import Floats

RATIO = 1.3
"""The least surge that matters."""

ALARM, CLEAR = 10.0, 3.0
"""The score from which it is a surge, and below which it is none any more."""

MOST = 2 * ALARM
"""The score is kept from growing beyond this, so that the end of a surge is seen."""

SPREAD = 4.0
"""How much wider the mean is taken to be than foreseen: a forecast that is wrong stays so
for a while, and steps that are wrong together tell less than steps on their own."""

STEP_SECONDS = 300
STEPS = 3
"""So many steps are an interval of the forecast."""

FROZEN_STEPS = 6
"""So many steps before, the forecast was made."""

RECENT_STEPS = 6
"""The size of a surge is told by so many of its last steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """The calls of a step: their mean, and the mean's own variance."""

    mean: float
    variance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SurgeWatch:
    """The score so far, for how many `steps` it has been above 0, and `surge` from an
    alarm until it is cleared."""

    score: float = 0.0
    steps: int = 0
    surge: bool = False

    def see(self, count: float, foreseen: Foreseen) -> "SurgeWatch":
        """After the count of a step; one that is not known (NaN) tells nothing."""
        steps = self.steps + 1 if self.steps else 0
        if count != count or foreseen.mean <= 0:
            return replace(self, steps=steps)
        score = min(max(self.score + _evidence(count, foreseen), 0.0), MOST)
        surge = score >= (CLEAR if self.surge else ALARM)
        return SurgeWatch(score=score, steps=max(steps, 1) if score else 0, surge=surge)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurgeNow:
    """How it stands after a day's steps.

    `usual` are the calls of each interval as they were foreseen half an hour before the
    surge began, and `ratio` how many times as many came since, in its last half hour; 1
    where nobody knows.
    """

    surge: bool
    score: float
    ratio: float
    usual: Sequence[float] = ()


CALM = SurgeNow(surge=False, score=0.0, ratio=1.0)


def surge_after(made: DayForecast, seen: Floats, counts: Floats) -> SurgeNow:
    """After the counts of a day's first steps; `seen` are its intervals that are over."""
    watch = SurgeWatch()
    for step, count in enumerate(counts):
        watch = watch.see(float(count), foreseen_steps(made, seen, step))
    return surge_now(watch, made, seen, counts)


def surge_now(
    watch: SurgeWatch, made: DayForecast, seen: Floats, counts: Floats
) -> SurgeNow:
    """The same with the watch of all these counts; without a surge the last quarter of an
    hour is told of.

    The forecast from which the surge is measured never learns of it, however long it
    lasts: what is usual times the ratio is the surge as it is now.
    """
    now = len(counts)
    began = now - (watch.steps if watch.surge else STEPS)
    usual = made.outlook(seen[: _frozen(max(began, 0))]).calls()
    recent = np.arange(max(began, now - RECENT_STEPS, 0), now)
    known = recent[np.isfinite(counts[recent])]
    mean = float(usual[known // STEPS].sum()) / STEPS
    ratio = float(counts[known].sum()) / mean if mean > 0 else 1.0
    return SurgeNow(
        surge=watch.surge, score=watch.score, ratio=ratio, usual=usual.tolist()
    )


def _evidence(count: float, foreseen: Foreseen) -> float:
    """log f(count; RATIO mean) - log f(count; mean), both of the same size r."""
    mean = foreseen.mean
    if foreseen.variance <= 1e-9 * mean:
        return count * log(RATIO) - mean * (RATIO - 1)
    size = mean**2 / foreseen.variance
    shrinks = log1p(mean / size) - log1p(RATIO * mean / size)
    return count * (log(RATIO) + shrinks) + size * shrinks


def foreseen_steps(made: DayForecast, seen: Floats, step: int) -> Foreseen:
    """A step of the day as it was foreseen, from intervals that were over well before.

    `seen` may hold more: what came less than `FROZEN_STEPS` before is not looked at.
    """
    outlook = made.outlook(seen[: _frozen(step)])
    place = step // STEPS
    low, high = outlook.rate_quantile([0.16, 0.84])[:, place]
    mean = float(outlook.calls()[place]) / STEPS
    deviation = float(high - low) / 2 / STEPS
    return Foreseen(mean=mean, variance=SPREAD * deviation**2)


def _frozen(step: int) -> int:
    """How many intervals were over when the forecast for a step was frozen."""
    return max(step - FROZEN_STEPS, 0) // STEPS
