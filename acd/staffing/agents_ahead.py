"""Agents required for calls that are foreseen: modified offered load, then Erlang A."""

import numpy as np
from numpy.typing import ArrayLike

from acd.staffing.offered_load import INTERVAL_SECONDS, modified_offered_load
from acd.staffing.requirement import CITY, Counts, Target, Traffic, agents_required


def agents_ahead(
    calls: ArrayLike,
    handle_seconds: ArrayLike,
    patience_seconds: ArrayLike,
    target: Target = CITY,
    interval_seconds: float = INTERVAL_SECONDS,
) -> Counts:
    """The fewest agents for so many calls an interval, along the last axis.

    The seconds have the shape of `calls` without that axis, or are one for all.
    Queues that share agents are to be added up before, so that they count once.
    """
    handle = np.asarray(handle_seconds, float)
    load = modified_offered_load(calls, handle, interval_seconds)
    traffic = Traffic(
        calls_per_second=load / handle[..., None],
        handle_seconds=handle[..., None],
        patience_seconds=np.asarray(patience_seconds, float)[..., None],
    )
    return agents_required(traffic, target)
