"""Chance among agents: a race in which each draws when he starts and keeps his time.

An exponential time has no memory: whoever has run for a while is as far from the end
as one who starts now. So each asking is a fresh draw among all who are free, in
proportion to their weights, although each draws only once (the exponential form of
Efraimidis and Spirakis, Weighted random sampling with a reservoir, 2006).
"""

import math
from random import Random


class Race:
    """The race of one queue; its clock stands where the last agent was asked."""

    def __init__(self, chance: Random) -> None:
        self._chance, self._clock = chance, 0.0

    def enter(self, weight: float) -> float:
        """When he arrives who starts now; never, for weight 0: he is asked last."""
        if weight <= 0:
            return math.inf
        return self._clock - math.log(1.0 - self._chance.random()) / weight

    def reach(self, time: float) -> None:
        """He who arrives then was asked."""
        if math.isfinite(time):
            self._clock = max(self._clock, time)
