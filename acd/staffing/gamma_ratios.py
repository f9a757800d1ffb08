"""Poisson and gamma terms in logarithms, which keep their digits.

Erlang's formulas are ratios of such terms. Each alone may leave the range of a float
(10 agents for 2,000 erlang), their ratios do not. Arguments and results are float
arrays of one shape.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

_TINY = 1e-280
"""Below this the regularised gamma functions lose digits; series take over."""

_STIRLING_FROM = 16.0
_NEAR = 0.03
_ENOUGH = 1e-18


def log_poisson(k: Floats, mean: Floats) -> Floats:
    """log(e^-mean mean^k / k!) for real k >= 0 and mean > 0.

    By the deviance and Stirling's remainder (C. Loader, Fast and accurate computation
    of binomial probabilities, 2000), for k log(mean) - mean - log k! would cancel.
    """
    few = special.xlogy(k, mean) - mean - special.gammaln(k + 1)
    return np.where(
        k < _STIRLING_FROM, few, _by_deviance(np.maximum(k, _STIRLING_FROM), mean)
    )


def log_upper(n: Floats, mean: Floats) -> Floats:
    """log Q(n, mean), the upper regularised gamma function; -inf for n = 0."""
    share: Floats = special.gammaincc(n, mean)
    logs: Floats = np.full_like(share, -np.inf)
    np.log(share, where=share >= _TINY, out=logs)
    small = (share < _TINY) & (n > 0)
    if small.any():
        k, a = n[small], mean[small]
        logs[small] = log_poisson(k, a) + np.log(_falling(k, a))
    return logs


def log_lower(x: Floats, y: Floats) -> Floats:
    """log P(x, y), the lower regularised gamma function, for x >= 0 and y > 0."""
    share: Floats = special.gammainc(x, y)
    logs: Floats = np.zeros_like(share)
    np.log(share, where=share >= _TINY, out=logs)
    small = share < _TINY
    if small.any():
        k, mean = x[small], y[small]
        logs[small] = log_poisson(k, mean) + np.log(rising(k, mean)[0])
    return logs


def rising(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The sum of y^j / ((x+1)...(x+j)), and the same with each term taken j times."""
    term, total, weighted = np.ones_like(x), np.ones_like(x), np.zeros_like(x)
    j = 0
    while j == 0 or np.any(j * term > _ENOUGH * weighted):
        j += 1
        term = term * y / (x + j)
        total, weighted = total + term, weighted + j * term
    return total, weighted


def _falling(n: Floats, a: Floats) -> Floats:
    """n/a + n(n-1)/a^2 + ..., for a well above n."""
    term, total, j = np.ones_like(n), np.zeros_like(n), 0
    while j == 0 or np.any(term > _ENOUGH * total):
        term = term * np.maximum(n - j, 0) / a
        total, j = total + term, j + 1
    return total


def _by_deviance(k: Floats, mean: Floats) -> Floats:
    deviance = k * _less_log(mean / k, (mean - k) / k)
    return -deviance - 0.5 * np.log(2 * np.pi * k) - _stirling_remainder(k)


def _less_log(ratio: Floats, excess: Floats) -> Floats:
    """ratio - 1 - log(ratio), where excess = ratio - 1; by its series near 0."""
    u = np.clip(excess, -_NEAR, _NEAR)
    series = np.zeros_like(u)
    for power in range(12, 1, -1):
        series = 1 / power - u * series
    return np.where(np.abs(excess) < _NEAR, u * u * series, excess - np.log(ratio))


def _stirling_remainder(k: Floats) -> Floats:
    """log k! less Stirling's approximation, for k >= 16 (DLMF 5.11.1)."""
    s = 1 / (k * k)
    rest = 1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * 691 / 360360))
    return (1 / 12 - s * (1 / 360 - s * rest)) / k
