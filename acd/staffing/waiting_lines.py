"""The line before n agents, exactly: Erlang A where citizens hang up, else Erlang C.

Both classes answer the same questions. All values are float arrays of one shape: agents
`n`, load `a` in erlang, mean `handle` and `patience` seconds, and the wait `t` in
seconds that is asked about.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from acd.staffing.gamma_ratios import (
    Floats,
    log_lower,
    log_poisson,
    log_upper,
    rising,
)

NOTHING = 1e-300
"""Stands for no load and for no time left: its logarithm is finite."""

_CANCELS = 0.002
"""Where a line's length is so small a share of the terms that it is the difference of,
a series without differences is taken instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientLine:
    """Nobody hangs up (Erlang C). With too few agents the line grows without end."""

    n: Floats
    a: Floats
    handle: Floats
    t: Floats

    @classmethod
    def of(
        cls, n: Floats, a: Floats, handle: Floats, patience: Floats, t: Floats
    ) -> Self:
        """The line; the patience is endless."""
        return cls(n=n, a=np.maximum(a, NOTHING), handle=handle, t=t)

    def offered_tail(self) -> Floats:
        """P(V > t)."""
        decay = np.exp(-self._free() * self.t / self.handle)
        return np.where(self._stable(), self._waits() * decay, 1.0)

    def tail(self) -> Floats:
        """P(W > t), the same: everybody stays."""
        return self.offered_tail()

    def abandoned(self) -> Floats:
        """Nobody."""
        return np.zeros_like(self.n)

    def mean_wait(self) -> Floats:
        """Seconds; inf with too few agents."""
        wait = self._waits() * self.handle / self._free()
        return np.where(self._stable(), wait, np.inf)

    def _waits(self) -> Floats:
        """P(V > 0) = n B / (n - a (1 - B)), where there are agents enough."""
        blocked = blocked_share(self.n, self.a)
        return self.n * blocked / (self._free() + self.a * blocked)

    def _stable(self) -> Floats:
        return np.asarray(self.n > self.a)

    def _free(self) -> Floats:
        return np.where(self._stable(), self.n - self.a, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpatientLine:
    """Citizens hang up (Erlang A): x = n mu / theta, y = lambda / theta.

    `y_left` is y e^(-theta t), `survivors` e^(-theta t). The logarithms of P(x, y) and
    P(x, y_left), and P(V > 0), are kept: each answer needs them several times.
    """

    n: Floats
    a: Floats
    patience: Floats
    x: Floats
    y: Floats
    y_left: Floats
    survivors: Floats
    log_all: Floats
    log_left: Floats
    waits: Floats

    @classmethod
    def of(
        cls, n: Floats, a: Floats, handle: Floats, patience: Floats, t: Floats
    ) -> Self:
        """The line; the patience is finite and above 0, t may be inf."""
        a = np.maximum(a, NOTHING)
        x, y = n * patience / handle, a * patience / handle
        survivors = np.exp(-t / patience)
        y_left, log_all = np.maximum(y * survivors, NOTHING), log_lower(x, y)
        return cls(
            n=n,
            a=a,
            patience=patience,
            x=x,
            y=y,
            y_left=y_left,
            survivors=survivors,
            log_all=log_all,
            log_left=log_lower(x, y_left),
            waits=_wait_share(n, a, log_all - log_poisson(x, y)),
        )

    def offered_tail(self) -> Floats:
        """P(V > t): what a citizen of endless patience would wait."""
        return self.waits * self._longer()

    def tail(self) -> Floats:
        """P(W > t): those who are still there after t."""
        return self.offered_tail() * self.survivors

    def abandoned(self) -> Floats:
        """The share of all that hang up within t: theta times the integral of P(W > s)."""
        length = _mean_length(self.x, self.y, self.log_all)
        later = self._longer() * _mean_length(self.x, self.y_left, self.log_left)
        return self.waits * (length - later) / self.y

    def mean_wait(self) -> Floats:
        """Seconds, of all: whoever waits hangs up at the rate theta."""
        return self.abandoned() * self.patience

    def _longer(self) -> Floats:
        """P(V > t | V > 0)."""
        return np.exp(self.log_left - self.log_all)


Line = PatientLine | ImpatientLine


def blocked_share(n: Floats, a: Floats) -> Floats:
    """Erlang B."""
    return 1 / (1 + np.exp(_log_free_odds(n, a)))


def _log_free_odds(n: Floats, a: Floats) -> Floats:
    """log(1/B - 1); -inf without agents."""
    return log_upper(n, a) - log_poisson(n, a)


def _wait_share(n: Floats, a: Floats, log_sum: Floats) -> Floats:
    """P(V > 0) = A / (A + 1/B - 1), of log A."""
    return 1 / (1 + np.exp(_log_free_odds(n, a) - log_sum))


def _mean_length(x: Floats, y: Floats, log_line: Floats) -> Floats:
    """How many wait on average while all agents are busy: sum j t_j / sum t_j."""
    length = y - x + x * np.exp(log_poisson(x, y) - log_line)
    cancels = length < _CANCELS * x
    if cancels.any():
        total, weighted = rising(x[cancels], y[cancels])
        length[cancels] = weighted / total
    return length
