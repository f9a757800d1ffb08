"""How many agents the closed form would have put on duty for what a simulated day met."""

import numpy as np

from acd.staffing.measures import TARGET_SHARE, Measures
from acd.staffing.requirement import Target, Traffic, agents_required


def agents_needed(measured: Measures) -> tuple[int, ...]:
    """The fewest agents for 95 % in time in each interval, by exact Erlang A.

    Offered calls are those of the interval, the handle time is what a talk
    took of an agent's time over the day, and everybody answers everything: queues that
    share no agents need more.
    """
    day, whole = measured.day, measured.whole
    talks = whole.answered + whole.called_back
    if not talks:
        return (0,) * day.intervals
    busy = sum(sum(time.busy) for time in day.times.values())
    offered = np.array([interval.offered for interval in measured.intervals], float)
    traffic = Traffic(
        calls_per_second=offered / day.interval_seconds,
        handle_seconds=busy / talks,
        patience_seconds=max(day.behaviour.patience_seconds, 1.0),
    )
    target = Target(share=TARGET_SHARE, within_seconds=measured.within_seconds)
    return tuple(agents_required(traffic, target).tolist())
