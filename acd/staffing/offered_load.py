"""How many agents calls keep busy: the modified offered load.

Calls that came a while ago are still being served, so the load of an interval is the
rate of arrivals convolved with the survival function of the handle time. The rate is
taken as even within an interval and the handle time as exponential, for which the
convolution has a closed form without an end that would have to be cut: the weights of
all intervals add up to the mean handle time. Source: O. Jennings, A. Mandelbaum, W.
Massey, W. Whitt, Server staffing to meet time-varying demand, Management Science
42(10), 1996.
"""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.signal import lfilter

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
    handle = np.broadcast_to(np.asarray(handle_seconds, float), rates.shape[:-1])
    load = np.empty_like(rates)
    for place in np.ndindex(handle.shape):
        load[place] = _load(rates[place], float(handle[place]), interval_seconds)
    return load


def _load(rates: Floats, handle: float, interval: float) -> Floats:
    """w0 of this interval's rate, and what is left of all before, which fades by q."""
    if handle <= 0 or not rates.size:
        return np.zeros_like(rates)
    fades = math.exp(-interval / handle)
    within = -math.expm1(-interval / handle) * handle / interval
    before, _ = lfilter([0.0, 1.0], [1.0, -fades], rates, zi=[_start(rates, fades)])
    own: Floats = handle * (1 - within) * rates
    left: Floats = handle * within * (1 - fades) * before
    return own + left


def _start(rates: Floats, fades: float) -> float:
    return float(rates[0] / (1 - fades))
