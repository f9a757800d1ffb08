"""How many agents calls keep busy: the modified offered load.

Calls that came a while ago are still being served, so the load of an interval is the
rate of arrivals convolved with the survival function of the handle time. The rate is
taken as even within an interval and the handle time as exponential, for which the
convolution has a closed form without an end that would have to be cut: the weights of
all intervals add up to the mean handle time. Source: O. Jennings, A. Mandelbaum, W.
Massey, W. Whitt, Server staffing to meet time-varying demand, Management Science
42(10), 1996.
"""

import numpy as np
from numpy.typing import ArrayLike

from acd.staffing.gamma_ratios import Floats

INTERVAL_SECONDS = 900.0


def modified_offered_load(
    calls: ArrayLike,
    handle_seconds: ArrayLike,
    interval_seconds: float = INTERVAL_SECONDS,
) -> Floats:
    """Erlangs in each interval, for calls an interval along the last axis.

    `handle_seconds` has the shape of `calls` without that axis, or is one for all.
    Before the first interval calls came as they do in it.
    """
    rates = np.asarray(calls, float) / interval_seconds
    handle = np.maximum(np.asarray(handle_seconds, float), 0.0)[..., np.newaxis]
    with np.errstate(divide="ignore"):
        lengths = interval_seconds / handle
    fades, within = np.exp(-lengths), -np.expm1(-lengths) / lengths
    before = (1 - fades) * _earlier(rates, fades)
    load: Floats = handle * ((1 - within) * rates + within * before)
    return load


def _earlier(rates: Floats, fades: Floats) -> Floats:
    """What is left at each interval of all rates before it, which fade by q in each."""
    left = rates[..., :1] / (1 - fades)
    earlier = np.empty_like(rates)
    for interval in range(rates.shape[-1]):
        earlier[..., interval : interval + 1] = left
        left = rates[..., interval : interval + 1] + fades * left
    return earlier
