"""What a measurement gives: spreads of times, single values, and facts beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Percentiles of `n` times, in milliseconds."""

    p50: float
    p95: float
    p99: float
    n: int

    @classmethod
    def of(cls, nanoseconds: Iterable[float]) -> Self | None:
        """From times in ns; None when there are none."""
        times = np.array(list(nanoseconds), float) / 1e6
        if not len(times):
            return None
        p50, p95, p99 = (round(float(p), 3) for p in np.percentile(times, (50, 95, 99)))
        return cls(p50=p50, p95=p95, p99=p99, n=len(times))


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A single figure and what it rests on, `n` calls for instance.

    `judged` is false when the run was too short for a verdict.
    """

    value: float
    n: int
    judged: bool = True


Figure = Spread | Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one measure found: figures by the key of their line, and facts for the JSON."""

    figures: Mapping[str, Figure | None]
    facts: Mapping[str, Any] = field(default_factory=dict)
