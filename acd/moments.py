"""Waits in steps that the clock can tell.

A rule says 33.333333333333336 s, the clock counts microseconds: an alarm that is set after
such a wait rings a hair before it. What is compared is therefore first made exact.
"""

from datetime import timedelta


def exactly(seconds: float) -> float:
    """A wait as the clock measures it, so that it has passed when its alarm rings."""
    return timedelta(seconds=seconds).total_seconds()
