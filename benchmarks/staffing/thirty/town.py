"""Who calls, and how often: pure, from a seed and a number."""

from dataclasses import replace
from itertools import pairwise
from random import Random

from hotline.demo.script import SEED, Citizen, FirstRing, Script, Story

TALK_SECONDS, LEAST_TALK_SECONDS = 18.0, 6.0
PATIENCE_SECONDS, LEAST_PATIENCE_SECONDS = 60.0, 5.0
_RATES = (
    (0.0, 6.0),
    (4.0, 6.0),
    (14.0, 16.0),
    (23.0, 16.0),
    (25.0, 6.0),
    (30.0, 6.0),
)
"""Minutes since the first call, and calls a minute by then; straight in between."""


def calls_a_minute(minutes: float) -> float:
    """How many calls come in a minute, so many minutes after the first."""
    for (start, low), (end, high) in pairwise(_RATES):
        if minutes < end:
            share = (minutes - start) / (end - start)
            return low + share * (high - low)
    return _RATES[-1][1]


class Town(Script):
    """Citizens who all want a person, at random moments, more and more and then fewer."""

    def __init__(self, seed: int = SEED) -> None:
        super().__init__(seed)
        self._chance = Random(seed)
        self._pauses: list[float] = []
        self._minutes = 0.0

    def citizen(self, index: int) -> Citizen:
        """The citizen who calls as number `index`; talks and patience are exponential."""
        usual, chance = super().citizen(index), Random(f"town {index}")
        talk = chance.expovariate(1 / (TALK_SECONDS - LEAST_TALK_SECONDS))
        patience = chance.expovariate(1 / PATIENCE_SECONDS)
        return replace(
            usual,
            story=Story.PRESSES_ONE,
            first_ring=FirstRing.ANSWERED,
            pause_seconds=self._pause(index),
            talk_seconds=LEAST_TALK_SECONDS + min(talk, 3 * TALK_SECONDS),
            patience_seconds=max(patience, LEAST_PATIENCE_SECONDS),
            agent_hangs_up=False,
        )

    def _pause(self, index: int) -> float:
        while len(self._pauses) <= index:
            pause = self._chance.expovariate(calls_a_minute(self._minutes) / 60)
            self._minutes += pause / 60
            self._pauses.append(pause)
        return self._pauses[index]
