"""How days leave their usual course: the covariance of an interval with all others.

The residuals of days past are few, so their covariance is mostly a law of four numbers:
a day is busier or quieter as a whole, waves come and fade within it, both in proportion
to the usual day, and counting adds noise. A share of it is learned interval by
interval.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.optimize import nnls
from scipy.special import ndtri

from acd.staffing.gamma_ratios import Floats

LAW_SHARE = 0.95
FACTORS = 5
HALF_LIFE_DAYS = 70.0
FADES = ((0.5, 0.9), (0.5, 0.95), (0.6, 0.97))
"""What is left of a fast and a slow wave after an interval; the best pair is taken."""
POISSON = 0.25
"""The variance of the square root of a Poisson count that is not small."""
FEWEST_DAYS = 8
CALIBRATION_DAYS = 40

_WHOLE, _FAST, _SLOW = 0.004, 0.001, 0.002
"""Variances as shares of the usual square, for want of days to learn them from."""


def poisson_variance(usual: Floats) -> Floats:
    """The variance of sqrt(Poisson + 1/4), which vanishes where nobody calls."""
    calls = np.maximum(usual**2 - 0.25, 0)
    return POISSON * -np.expm1(-1.6 * calls)


def day_covariance(residuals: Floats, usual: Floats, wanted: Floats) -> Floats:
    """The covariance of a day whose usual square roots are `wanted`.

    `residuals` and `usual` are (days, intervals) of days past.
    """
    noise = poisson_variance(wanted) + 1e-6
    if len(residuals) < FEWEST_DAYS:
        waves = _waves(wanted, FADES[0])
        shares = np.array([_WHOLE, _FAST, _SLOW])
        return np.tensordot(shares, waves, 1) + np.diag(noise)
    sample = _sample(residuals)
    law = _law(sample, usual.mean(0), wanted)
    learned = _factors(sample, noise)
    mixed = LAW_SHARE * law + (1 - LAW_SHARE) * learned
    return mixed * _calibration(mixed, residuals[-CALIBRATION_DAYS:])


def _calibration(covariance: Floats, residuals: Floats) -> float:
    """By how much eight of ten past surprises were smaller than they should be.

    What sticks out of the rest widens a variance more than it widens a quantile.
    """
    factor = np.linalg.cholesky(covariance)
    surprises = solve_triangular(factor, residuals.T, lower=True, check_finite=False)
    wide = float(np.quantile(np.abs(surprises), 0.8) / ndtri(0.9))
    return min(max(wide**2, 0.25), 4.0)


def _sample(residuals: Floats) -> Floats:
    weights = 0.5 ** (np.arange(len(residuals))[::-1] / HALF_LIFE_DAYS)
    sample: Floats = (residuals * weights[:, None]).T @ residuals / weights.sum()
    return sample


def _waves(usual: Floats, fades: tuple[float, float]) -> Floats:
    """The whole day, a fast and a slow wave, as covariances for one unit of each."""
    roots = np.sqrt(np.maximum(usual**2 - 0.25, 0))
    scale = np.sqrt(roots * roots.mean())
    distance = np.abs(np.subtract.outer(np.arange(len(usual)), np.arange(len(usual))))
    together = np.outer(scale, scale)
    return np.stack([together, *(together * fade**distance for fade in fades)])


def _law(sample: Floats, usual: Floats, wanted: Floats) -> Floats:
    """The law that fits the sample best (least squares), applied to the wanted day."""
    _, shares, fades = min(_fits(sample, usual), key=lambda fit: fit[0])
    waves = np.tensordot(shares[:3], _waves(wanted, fades), 1)
    noise = max(1.0, shares[3]) * poisson_variance(wanted) + 1e-6
    law: Floats = waves + np.diag(noise)
    return law


Fit = tuple[float, Floats, tuple[float, float]]


def _fits(sample: Floats, usual: Floats) -> Iterator[Fit]:
    upper = np.triu_indices(len(usual))
    noise = np.diag(poisson_variance(usual))
    for fades in FADES:
        columns = np.stack([*_waves(usual, fades), noise])[:, upper[0], upper[1]]
        shares, error = nnls(columns.T, sample[upper])
        yield error, shares, fades


def _factors(sample: Floats, noise: Floats) -> Floats:
    """The sample's main factors, and a noise of each interval that is left of it."""
    values, axes = np.linalg.eigh(sample - np.diag(noise))
    kept: NDArray[np.int64] = np.argsort(values)[::-1][:FACTORS]
    loads = axes[:, kept] * np.sqrt(np.maximum(values[kept], 0))
    left = np.maximum(np.diag(sample) - (loads**2).sum(1), noise)
    even = (left / noise).mean() * noise
    factors: Floats = loads @ loads.T + np.diag((left + even) / 2)
    return factors
