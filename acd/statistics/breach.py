"""When the rolling connect rate will fall below what the norm asks for, or rise again.

The window of 24 hours moves: each minute one leaves it, whose calls are known, and one
enters it, which is taken to be like the last hour: as many calls a minute, as large a
share of them answered. No season is guessed, so nothing is foretold beyond
`HORIZON_MINUTES`, and nothing at all from fewer than `LEAST_CALLS`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from acd.statistics.counted_call import Share, share

TARGET = 0.95
"""The connect rate that GB/T 33358-2016 asks for over any 24 hours."""

RECENT_MINUTES = 60
HORIZON_MINUTES = 360
LEAST_CALLS = 30
Z = 1.96
"""Of the 95 % interval of the last hour's share (Wilson 1927)."""

Minute = tuple[int, int]
"""Calls offered (decided, redials folded) and answered in a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """When the rate crosses the target, downward, or upward when it is below now.

    `expected` is for the last hour's share, `earliest` and `latest` for the ends of its
    95 % interval; each is None when that does not come within `horizon_minutes`.
    `recent` is the evidence: the last `recent_minutes` whole minutes.
    """

    below_target: bool
    expected: datetime | None
    earliest: datetime | None
    latest: datetime | None
    recent: Share
    recent_minutes: int = RECENT_MINUTES
    horizon_minutes: int = HORIZON_MINUTES


def foresee(minutes: Sequence[Minute], now: datetime) -> Forecast:
    """Look ahead from the minutes of the window, the oldest first.

    The last one is not over, and no evidence.
    """
    offered = sum(minute[0] for minute in minutes)
    answered = sum(minute[1] for minute in minutes)
    recent = _recent(minutes)
    below = answered < TARGET * offered
    crossings = [_crossing(minutes, recent, at) for at in _likely_shares(recent)]
    expected, *ends = [now + wait if wait else None for wait in crossings]
    known = sorted(end for end in ends if end)
    return Forecast(
        below_target=below,
        expected=expected,
        earliest=known[0] if known else None,
        latest=known[-1] if len(known) == len(ends) and ends else None,
        recent=recent,
    )


def _recent(minutes: Sequence[Minute]) -> Share:
    last = minutes[-RECENT_MINUTES - 1 : -1]
    return share(sum(m[1] for m in last), sum(m[0] for m in last))


def _likely_shares(recent: Share) -> tuple[float | None, ...]:
    """The share, and the ends of its interval; None for what too few calls tell."""
    if recent.rate is None or recent.whole < LEAST_CALLS:
        return (None, None, None)
    n, p = recent.whole, recent.rate
    centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return (p, max(0.0, centre - half), min(1.0, centre + half))


def _crossing(
    minutes: Sequence[Minute], recent: Share, answered_share: float | None
) -> timedelta | None:
    if answered_share is None:
        return None
    entering = recent.whole / RECENT_MINUTES
    offered = float(sum(minute[0] for minute in minutes))
    answered = float(sum(minute[1] for minute in minutes))
    below = answered < TARGET * offered
    for number, (gone, gone_answered) in enumerate(minutes[:HORIZON_MINUTES], 1):
        offered += entering - gone
        answered += entering * answered_share - gone_answered
        if (answered < TARGET * offered) is not below:
            return timedelta(minutes=number)
    return None
