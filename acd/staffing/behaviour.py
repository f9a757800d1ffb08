"""How citizens and agents behave in a simulation, and the chance that decides."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.random import Generator

from acd.staffing.day import DayCall

Shape = Literal["lognormal", "exponential", "fixed"]

TALK_SPREAD = 0.8
"""Standard deviation of lognormal talk times, as a share of their mean."""

ANSWER_SPREAD = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """Means in seconds and shares from 0 to 1; all of them are assumptions.

    Patience is exponential (inf: nobody hangs up) and counts from the entry into the
    queue. Of those who hang up `redial_share` call again, after `redial_seconds`. Of the
    offers `no_answer_share` are not taken; an agent whom this pauses comes back after
    `pause_seconds`.
    """

    talk_seconds: float = 260.0
    talk_shape: Shape = "lognormal"
    patience_seconds: float = 360.0
    answer_seconds: float = 4.0
    no_answer_share: float = 0.0
    pause_seconds: float = 60.0
    redial_share: float = 0.0
    redial_seconds: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What chance has decided for one call. `redials_after` is None for one who does not."""

    talk_seconds: float
    patience_seconds: float
    answer_seconds: float
    redials_after: float | None


class Chance:
    """Draws the fates of calls; the same seed draws the same, whatever the plan.

    The n-th call of the day has the same fate in each plan, so that two plans differ by
    what they do and not by luck. Calls that are made again draw from a line of their own.
    """

    def __init__(self, behaviour: Behaviour, calls: int, seed: int) -> None:
        self._behaviour = behaviour
        self._fates = _fates(behaviour, calls, np.random.default_rng([seed, 1]))
        self._later = np.random.default_rng([seed, 2])
        self._phones = np.random.default_rng([seed, 3])

    def fate(self, number: int, call: DayCall) -> Fate:
        """What happens to the call; what the day itself tells goes before chance."""
        return _told(self._fates[number], call)

    def later_fate(self, call: DayCall) -> Fate:
        """What happens to a call that is made again."""
        return _told(_fates(self._behaviour, 1, self._later)[0], call)

    def is_answered(self) -> bool:
        """Whether an agent takes the call that he is offered."""
        share = self._behaviour.no_answer_share
        return not share or self._phones.random() >= share


def _told(fate: Fate, call: DayCall) -> Fate:
    talk, patience = call.talk_seconds, call.patience_seconds
    if patience is None:  # an exponential patience has no memory of the time waited
        patience = call.waited_seconds + fate.patience_seconds
    return Fate(
        talk_seconds=fate.talk_seconds if talk is None else talk,
        patience_seconds=patience,
        answer_seconds=fate.answer_seconds,
        redials_after=fate.redials_after,
    )


def _fates(behaviour: Behaviour, calls: int, chance: Generator) -> list[Fate]:
    talks = _times(behaviour.talk_seconds, behaviour.talk_shape, calls, chance)
    waits = _patience(behaviour.patience_seconds, calls, chance)
    answers = _lognormal(behaviour.answer_seconds, ANSWER_SPREAD, calls, chance)
    again = chance.random(calls) < behaviour.redial_share
    after = chance.exponential(behaviour.redial_seconds, calls)
    columns = (talks, waits, answers, again, after)
    return [
        Fate(
            talk_seconds=talk,
            patience_seconds=patience,
            answer_seconds=answer,
            redials_after=after if redials else None,
        )
        for talk, patience, answer, redials, after in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]


Draws = np.ndarray[tuple[int], np.dtype[np.float64]]


def _times(mean: float, shape: Shape, calls: int, chance: Generator) -> Draws:
    match shape:
        case "lognormal":
            return _lognormal(mean, TALK_SPREAD, calls, chance)
        case "exponential":
            return chance.exponential(mean, calls)
        case "fixed":
            return np.full(calls, mean)


def _lognormal(mean: float, spread: float, calls: int, chance: Generator) -> Draws:
    variance = math.log1p(spread**2)
    return mean * chance.lognormal(-variance / 2, math.sqrt(variance), calls)


def _patience(mean: float, calls: int, chance: Generator) -> Draws:
    drawn = chance.exponential(1.0, calls)
    return np.full(calls, math.inf) if math.isinf(mean) else mean * drawn
