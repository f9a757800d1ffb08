"""What a forecast says: calls of each interval, and how sure that is."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from acd.staffing.day_spread import poisson_variance
from acd.staffing.gamma_ratios import Floats


def poisson_error(mean: Floats) -> Floats:
    """The mean error of knowing the mean of a Poisson count: E|Y - m| = 2 m p(m)."""
    mean = np.maximum(mean, 1e-9)
    whole = np.floor(mean)
    log_share = whole * np.log(mean) - mean - special.gammaln(whole + 1)
    error: Floats = 2 * mean * np.exp(log_share)
    return error


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningQuarter:
    """The calls so far of the interval that goes on, of which a `share` is over."""

    calls: float
    share: float


class Outlook(Protocol):
    """The whole day as it is foreseen after what has been seen of it."""

    def calls(self) -> Floats:
        """The mean of offered calls in each interval."""

    def calls_quantile(self, share: ArrayLike) -> Floats:
        """With this chance no more calls come: for comparing with what came."""

    def rate_quantile(self, share: ArrayLike) -> Floats:
        """With this chance the mean is no more: for staffing, which knows chance itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalOutlook:
    """Square roots of calls are normal: `roots`, and their `variance` with the noise."""

    roots: Floats
    variance: Floats

    def calls(self) -> Floats:
        """E[x^2] - 1/4: what the square takes from the mean is given back."""
        calls: Floats = np.maximum(self.roots**2 + self.variance - 0.25, 0)
        return calls

    def calls_quantile(self, share: ArrayLike) -> Floats:
        """Quantiles along a new first axis, if there are several."""
        return self._quantile(share, self.variance)

    def rate_quantile(self, share: ArrayLike) -> Floats:
        """The same without the noise of counting."""
        noise = poisson_variance(self.roots)
        return self._quantile(share, np.maximum(self.variance - noise, 0))

    def _quantile(self, share: ArrayLike, variance: Floats) -> Floats:
        z = np.asarray(special.ndtri(np.asarray(share, float)))[..., None]
        root: Floats = np.maximum(self.roots + z * np.sqrt(variance), 0)
        calls: Floats = np.maximum(root**2 - 0.25, 0)
        return calls


@dataclass(frozen=True, slots=True, kw_only=True)
class GammaOutlook:
    """The mean of each interval is gamma: `shape`, and `scale` of each interval."""

    shape: float
    scale: Floats

    def calls(self) -> Floats:
        """The mean."""
        return self.shape * self.scale

    def rate_quantile(self, share: ArrayLike) -> Floats:
        """Quantiles along a new first axis, if there are several."""
        unit = special.gammaincinv(self.shape, np.asarray(share, float))
        return np.asarray(unit)[..., None] * self.scale

    def calls_quantile(self, share: ArrayLike) -> Floats:
        """The fewest calls that are not exceeded with this chance: negative binomial."""
        wanted = np.asarray(share, float)[..., None]
        mean = self.calls()
        spread = np.sqrt(mean + mean * self.scale)
        most = np.ceil(mean + 12 * spread + 12)
        least, most = np.broadcast_arrays(np.full_like(mean, -1.0), most)
        least, most = np.broadcast_to(least, np.broadcast(wanted, mean).shape), most
        while np.any(most - least > 1):
            middle = np.floor((least + most) / 2)
            enough = self._cdf(middle) >= wanted
            least = np.where(enough, least, middle)
            most = np.where(enough, middle, most)
        return np.where(mean > 0, most, 0.0)

    def _cdf(self, calls: Floats) -> Floats:
        chance: Floats = special.betainc(
            self.shape, np.maximum(calls, 0) + 1, 1 / (1 + self.scale)
        )
        return np.where(calls < 0, 0.0, chance)
