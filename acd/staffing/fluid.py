"""The wait ahead in an overload: calls as a fluid that agents drain and patience leaks.

With X citizens in the system and N agents, dX/dt = lambda - min(X, N) / handle -
max(X - N, 0) / patience. Whoever comes behind a line of Q is served when it has drained:
Q' = -N / handle - Q / patience, so he waits patience ln(1 + Q handle / (N patience)).
Chance is left out: below full load the fluid waits for nothing, so it tells overloads
only. Source: W. Whitt, Fluid models for multiserver queues with abandonments,
Operations Research 54(1), 2006.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from acd.staffing.gamma_ratios import Floats

MINUTE_SECONDS = 60.0
LONGEST_STEP_SECONDS = 5.0
NO_AGENTS_WAIT_SECONDS = 86400.0
"""Told where nobody answers and nobody hangs up: a day stands for without end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """For each minute ahead: the wait of who comes at its end, and how many hang up in it.

    `waits` in seconds; `abandoned` and `calls` in citizens.
    """

    waits: Floats
    abandoned: Floats
    calls: Floats

    def abandoned_share(self, minutes: int | None = None) -> float:
        """Of the calls of so many minutes ahead, the share that hangs up; 0 without calls."""
        calls = float(self.calls[:minutes].sum())
        return float(self.abandoned[:minutes].sum()) / calls if calls else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FluidLine:
    """Citizens in the system now (waiting and talking), and the means of their times.

    The patience may be inf.
    """

    in_system: float
    handle_seconds: float
    patience_seconds: float

    def ahead(self, calls_a_minute: ArrayLike, agents: ArrayLike) -> Ahead:
        """What comes of it, minute by minute; both arguments are for each minute."""
        calls, seats = np.broadcast_arrays(
            np.asarray(calls_a_minute, float), np.asarray(agents, float)
        )
        inside, waits, left = self.in_system, np.empty(len(calls)), np.empty(len(calls))
        for minute, (come, agent) in enumerate(zip(calls, seats, strict=True)):
            inside, left[minute] = self.minute(inside, float(come), float(agent))
            waits[minute] = self._wait(inside - agent, float(agent))
        return Ahead(waits=waits, abandoned=left, calls=calls)

    def minute(self, inside: float, calls: float, agents: float) -> tuple[float, float]:
        """Who is inside after a minute, and how many hung up in it."""
        steps, hung_up = self._steps(), 0.0
        come = calls / steps
        served = MINUTE_SECONDS / self.handle_seconds / steps
        leaves = MINUTE_SECONDS / self.patience_seconds / steps
        for _ in range(steps):
            line = inside - agents
            if line > 0:
                gone = line * leaves
                hung_up += gone
                inside += come - agents * served - gone
            else:
                inside += come - inside * served
        return inside, hung_up

    def _steps(self) -> int:
        fastest = min(self.handle_seconds, self.patience_seconds, MINUTE_SECONDS)
        return int(np.ceil(MINUTE_SECONDS / min(LONGEST_STEP_SECONDS, fastest / 4)))

    def _wait(self, line: float, agents: float) -> float:
        if line <= 0:
            return 0.0
        if agents <= 0:
            return NO_AGENTS_WAIT_SECONDS
        drain = line * self.handle_seconds / agents
        if not np.isfinite(self.patience_seconds):
            return drain
        return float(self.patience_seconds * np.log1p(drain / self.patience_seconds))
