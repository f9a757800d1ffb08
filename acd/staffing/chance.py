"""The chance of a simulation: the same seed draws the same day, whatever the plan."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

import numpy as np
from numpy.random import Generator

from acd.messages import OfferFailure
from acd.placing import WhyNot
from acd.staffing.behaviour import Behaviour, Shape
from acd.staffing.day import DayCall

TALK_SPREAD = 0.8
"""Standard deviation of lognormal talk times, as a share of their mean."""

ANSWER_SPREAD = 0.5

One = TypeVar("One")


class Turn(StrEnum):
    """What an agent does with his citizen besides talking with him, at half of the talk."""

    NONE = "none"
    CONSULT = "consult"
    ATTENDED = "attended"
    TO_QUEUE = "to_queue"
    TO_AGENT = "to_agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """What else chance has decided for a call: keys, the talk, the survey, a transfer.

    `transfer_fails` says why the flow's transfer finds nobody, None when it does.
    """

    leaves: bool = False
    wants_call_back: bool = False
    moves: bool = False
    turn: Turn = Turn.NONE
    consult_seconds: float = 0.0
    agent_ends: bool = False
    rates: bool = False
    transfer_fails: WhyNot | None = None
    transfer_talk_seconds: float = 0.0


PLAIN_MANNER = Manner()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What chance has decided for one call. `redials_after` is None for one who does not.

    `answer_seconds` is how long the first phone rings for it.
    """

    talk_seconds: float
    patience_seconds: float
    answer_seconds: float
    redials_after: float | None
    manner: Manner = PLAIN_MANNER


class Chance:
    """Draws the fates of calls, and what phones do.

    The n-th call of the day has the same fate in each plan, so that two plans differ by
    what they do and not by luck. Calls that are made again draw from a line of their own.
    """

    def __init__(self, behaviour: Behaviour, calls: int, seed: int) -> None:
        self._behaviour = behaviour
        lines = [np.random.default_rng([seed, line]) for line in range(1, 9)]
        self._later, self._later_manners = lines[1], lines[4]
        self._phones, self._homes, self._picks = lines[2], lines[5], lines[6]
        self._answers = lines[7]
        self._fates = _fates(behaviour, calls, lines[0], lines[3])

    def fate(self, number: int, call: DayCall) -> Fate:
        """What happens to the call; what the day itself tells goes before chance."""
        return _told(self._fates[number], call)

    def later_fate(self, call: DayCall) -> Fate:
        """What happens to a call that is made again."""
        fates = _fates(self._behaviour, 1, self._later, self._later_manners)
        return _told(fates[0], call)

    def offer_failure(self) -> OfferFailure | None:
        """Why an agent's phone does not take a call that he is offered; None: it does."""
        asked = self._behaviour
        shares = (asked.no_answer_share, asked.reject_share, asked.busy_share)
        if not any(shares):
            return None
        return _one_of(_FAILURES, shares, self._phones.random())

    def answer_seconds(self) -> float:
        """After how long an agent picks up whom a call's own fate does not tell of."""
        mean = self._behaviour.answer_seconds
        return float(_lognormal(mean, ANSWER_SPREAD, 1, self._answers)[0])

    def citizen_answers(self) -> bool:
        """Whether a citizen takes a call of ours."""
        share = self._behaviour.call_back_no_answer_share
        return not share or self._homes.random() >= share

    def pick(self, some: Sequence[One]) -> One | None:
        """One of them, None of none."""
        return some[int(self._picks.integers(len(some)))] if some else None


_FAILURES = (OfferFailure.NO_ANSWER, OfferFailure.REJECTED, OfferFailure.BUSY)
_TURNS = (Turn.CONSULT, Turn.ATTENDED, Turn.TO_QUEUE, Turn.TO_AGENT)
_TRANSFER_FAILURES = (WhyNot.BUSY, WhyNot.NO_ANSWER)


def _one_of(what: Sequence[One], shares: Sequence[float], drawn: float) -> One | None:
    """What a number from 0 to 1 falls on; None on what the shares leave."""
    for one, share in zip(what, shares, strict=True):
        if drawn < share:
            return one
        drawn -= share
    return None


def _told(fate: Fate, call: DayCall) -> Fate:
    talk, patience = call.talk_seconds, call.patience_seconds
    if patience is None:  # an exponential patience has no memory of the time waited
        patience = call.waited_seconds + fate.patience_seconds
    return replace(
        fate,
        talk_seconds=fate.talk_seconds if talk is None else talk,
        patience_seconds=patience,
    )


def _fates(
    behaviour: Behaviour, calls: int, chance: Generator, more: Generator
) -> list[Fate]:
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
            manner=manner,
        )
        for talk, patience, answer, redials, after, manner in zip(
            *(column.tolist() for column in columns),
            _manners(behaviour, calls, more),
            strict=True,
        )
    ]


def _manners(behaviour: Behaviour, calls: int, chance: Generator) -> list[Manner]:
    turns = tuple(getattr(behaviour, f"{turn}_share") for turn in _TURNS)
    fails = (behaviour.transfer_busy_share, behaviour.transfer_no_answer_share)
    shape = behaviour.talk_shape
    consults = _times(behaviour.consult_seconds, shape, calls, chance).tolist()
    talks = _times(behaviour.transfer_talk_seconds, shape, calls, chance).tolist()
    drawn = chance.random((calls, 6)).tolist()
    moves = _chosen(behaviour.move_share, calls, chance)
    return [
        Manner(
            leaves=leave < behaviour.leave_share,
            wants_call_back=call_back < behaviour.call_back_share,
            moves=move,
            turn=_one_of(_TURNS, turns, turn) or Turn.NONE,
            consult_seconds=consult,
            agent_ends=end < behaviour.agent_ends_share,
            rates=rate < behaviour.survey_share,
            transfer_fails=_one_of(_TRANSFER_FAILURES, fails, transfer),
            transfer_talk_seconds=talk,
        )
        for (leave, call_back, turn, end, rate, transfer), consult, talk, move in zip(
            drawn, consults, talks, moves, strict=True
        )
    ]


def _chosen(share: float, calls: int, chance: Generator) -> list[bool]:
    """Without a share nothing is drawn: the days of before stay as they are."""
    drawn = chance.random(calls) < share if share else np.zeros(calls, dtype=bool)
    return [bool(one) for one in drawn]


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
