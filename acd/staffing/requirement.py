"""Waits, abandonment and the agents required: Erlang B, Erlang C and exact Erlang A.

Calls come at random (Poisson), handle times and patience are exponential, whoever came
first is served first. With x = n mu / theta and y = lambda / theta the wait that a
citizen of endless patience would find in Erlang A has the tail

    P(V > t) = P(V > 0) P(x, y e^(-theta t)) / P(x, y),
    P(V > 0) = A / (A + 1/B - 1),  A = P(x, y) / poisson(x; y),  B = Erlang B

where P is the lower regularised gamma function. Sources: C. Palm, Research on telephone
traffic, 1957; Garnett, Mandelbaum, Reiman, Designing a call center with impatient
customers, MSOM 4(3), 2002. Everything is vectorised: scalars and arrays broadcast.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from acd.staffing.gamma_ratios import Floats
from acd.staffing.waiting_lines import (
    ImpatientLine,
    Line,
    PatientLine,
)

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What is offered: calls per second, mean handle and mean patience in seconds.

    The handle time is talk, hold and wrap-up (AHT). With endless patience (inf) nobody
    hangs up: Erlang C.
    """

    calls_per_second: ArrayLike
    handle_seconds: ArrayLike
    patience_seconds: ArrayLike = math.inf

    @property
    def erlangs(self) -> Floats:
        """The offered load: how many would be served at once if nobody had to wait."""
        return np.multiply(self.calls_per_second, self.handle_seconds, dtype=float)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The share (0 to 1) of offered calls that is to be answered within so long."""

    share: float = 0.95
    within_seconds: float = 15.0

    def __str__(self) -> str:
        return f"{100 * self.share:g} % in {self.within_seconds:g} s"


CITY = Target()
"""95 % within 15 seconds: what a city's hotline is measured by (GB/T 33358-2016)."""


def erlang_c(agents: ArrayLike, erlangs: ArrayLike) -> Floats:
    """The share of calls that wait when nobody hangs up; 1 with too few agents."""
    traffic = Traffic(calls_per_second=erlangs, handle_seconds=1.0)
    return offered_wait_tail(traffic, agents, 0.0)


def offered_wait_tail(
    traffic: Traffic, agents: ArrayLike, seconds: ArrayLike
) -> Floats:
    """P(V > t): the share of calls that would wait longer if they waited to the end.

    At 0 seconds: the share of calls that find no free agent.
    """
    return _asked(lambda line: line.offered_tail(), traffic, agents, seconds)


def abandoned_share(
    traffic: Traffic, agents: ArrayLike, within_seconds: ArrayLike = math.inf
) -> Floats:
    """The share of offered calls that hang up within t seconds; by default at all."""
    return _asked(lambda line: line.abandoned(), traffic, agents, within_seconds)


def service_level(
    traffic: Traffic, agents: ArrayLike, within_seconds: ArrayLike = 15.0
) -> Floats:
    """The share of offered calls that are answered within t seconds."""
    level = _asked(
        lambda line: 1 - line.tail() - line.abandoned(),
        traffic,
        agents,
        within_seconds,
    )
    return np.clip(level, 0, 1)


def mean_wait_seconds(traffic: Traffic, agents: ArrayLike) -> Floats:
    """The mean wait of all offered calls, those that hang up included.

    inf where nobody hangs up and the agents are too few.
    """
    return _asked(lambda line: line.mean_wait(), traffic, agents, math.inf)


def agents_required(traffic: Traffic, target: Target = CITY) -> Counts:
    """The fewest agents that reach the target, in the shape of the traffic.

    Where there are no calls it is 0. The target's share must be below 1.
    """
    least, enough = _bracket(traffic, target)
    while np.any(enough - least > 1):
        middle = (least + enough) // 2
        reached = _reaches(traffic, middle, target)
        least = np.where(reached, least, middle)
        enough = np.where(reached, middle, enough)
    return np.where(_load(traffic) > 0, enough, 0)


def _bracket(traffic: Traffic, target: Target) -> tuple[Counts, Counts]:
    """Agents that do not reach the target (or -1), and agents that do."""
    load = _load(traffic)
    step = np.ceil(np.sqrt(load)).astype(np.int64) + 1
    least = np.full_like(step, -1)
    enough = np.ceil(load).astype(np.int64)
    while np.any(missed := ~_reaches(traffic, enough, target)):
        least = np.where(missed, enough, least)
        enough = np.where(missed, enough + step, enough)
    return least, enough


def _reaches(traffic: Traffic, agents: Counts, target: Target) -> NDArray[np.bool_]:
    level = service_level(traffic, np.maximum(agents, 0), target.within_seconds)
    return np.asarray((level >= target.share) | (_load(traffic) == 0))


def _load(traffic: Traffic) -> Floats:
    """Erlangs in the shape of all of the traffic's values."""
    shape = np.broadcast_shapes(
        traffic.erlangs.shape, np.shape(traffic.patience_seconds)
    )
    return np.broadcast_to(traffic.erlangs, shape)


def _asked(
    question: Callable[[Line], Floats],
    traffic: Traffic,
    agents: ArrayLike,
    seconds: ArrayLike,
) -> Floats:
    values = (
        agents,
        traffic.erlangs,
        traffic.handle_seconds,
        traffic.patience_seconds,
        seconds,
    )
    flat = _floats(*values)
    endless = np.isinf(flat[3])
    answer = np.empty_like(flat[0])
    with np.errstate(over="ignore"):
        for kind, here in ((PatientLine, endless), (ImpatientLine, ~endless)):
            if here.any():
                answer[here] = question(kind.of(*(value[here] for value in flat)))
    return answer.reshape(np.broadcast_shapes(*map(np.shape, values)))


def _floats(*values: ArrayLike) -> tuple[Floats, ...]:
    """The values as flat float arrays of one length."""
    arrays = np.broadcast_arrays(*(np.asarray(value, float) for value in values))
    return tuple(np.array(array, float).reshape(-1) for array in arrays)
