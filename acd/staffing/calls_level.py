"""Small and new queues: one level that follows the calls (discounted gamma-Poisson).

The course of a day is known from alike days, or taken from other queues, or even; the
level by which it is multiplied is gamma, learned from counts, of which old ones fade.
"""

from dataclasses import dataclass

import numpy as np

from acd.staffing.gamma_ratios import Floats
from acd.staffing.outlook import GammaOutlook, RunningQuarter

KEPT_A_DAY = 0.8
KEPT_AN_INTERVAL = 0.98
PRIOR_CALLS = 0.5
"""How much the first guess counts: like half a call seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelDay:
    """A `course` of expected calls, and a level of gamma(`shape`, `exposure`)."""

    course: Floats
    shape: float
    exposure: float

    def outlook(
        self, seen: Floats, running: RunningQuarter | None = None
    ) -> GammaOutlook:
        """After the counts of the first intervals (NaN: not known) and of a part of the
        next one."""
        course = self.course[: len(seen)]
        fades = KEPT_AN_INTERVAL ** np.arange(len(seen))[::-1]
        known = np.isfinite(seen)
        kept = KEPT_AN_INTERVAL ** len(seen)
        calls = float((fades * np.where(known, seen, 0)).sum())
        expected = float((fades * np.where(known, course, 0)).sum())
        shape = kept * self.shape + calls
        exposure = kept * self.exposure + expected
        if running:
            shape += running.calls
            exposure += running.share * float(self.course[len(seen)])
        return GammaOutlook(shape=shape, scale=self.course / exposure)


def level_day(course: Floats, days: Floats) -> LevelDay:
    """The level after days past (rows of counts without gaps), the last counting most."""
    fades = KEPT_A_DAY ** np.arange(len(days))[::-1]
    calls = float((fades * days.sum(1)).sum()) if len(days) else 0.0
    expected = float(fades.sum() * course.sum())
    return LevelDay(
        course=course,
        shape=PRIOR_CALLS + calls,
        exposure=PRIOR_CALLS + expected,
    )
