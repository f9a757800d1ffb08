"""Days made up to try things with: their profiles are assumptions, not records.

They have the size of real cities' days (Jinan: 22,600 calls), a quiet night, a busy
morning that holds a tenth of the calls in its busiest hour, and a busy afternoon.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from acd.staffing.day import Day, DayCall

HOURLY: Sequence[float] = (
    *(0.8, 0.5, 0.4, 0.3, 0.4, 0.8, 1.8, 4.0, 7.5, 10.0, 9.5, 7.0),
    *(4.8, 5.2, 7.8, 8.0, 7.5, 6.0, 4.5, 4.0, 3.6, 2.8, 2.0, 1.3),
)
"""The hours' shares of a day's calls; they sum up to about 100."""

HOUR = 3600.0
STORM_BEGINS = 19 * HOUR
STORM = ((300.0, 12.0), (3600.0, 10.0))
"""Seconds from its beginning, and how many times the usual calls come until then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpDay:
    """What a made-up day is like; `usual_calls` have the days before it."""

    words: str
    calls: int
    usual_calls: int
    storm: bool = False


MADE_UP_DAYS = {
    "city": MadeUpDay(
        words="a city of 6 million, Xuzhou's size", calls=5_800, usual_calls=5_800
    ),
    "city-busy": MadeUpDay(
        words="a busy day of such a city", calls=7_800, usual_calls=5_800
    ),
    "large": MadeUpDay(
        words="a city of 9 million, Jinan's size", calls=22_600, usual_calls=22_600
    ),
    "busy": MadeUpDay(
        words="a busy day of such a city", calls=31_000, usual_calls=22_600
    ),
    "storm": MadeUpDay(
        words="Jinan's size, and at 19:00 the power fails: x12 for 5 minutes, then x10 until 20:00",
        calls=22_600,
        usual_calls=22_600,
        storm=True,
    ),
}


def make_up(kind: MadeUpDay, start: datetime, queues: Sequence[str], seed: int) -> Day:
    """Draw the day that begins at `start`; the queues share it by turns.

    The first queue has most of the calls, each further one half of the one before.
    """
    chance = Random(seed)
    usual = kind.calls / sum(HOURLY)
    moments = _usual_moments(chance, kind.calls)
    if kind.storm:
        moments += _storm_moments(chance, usual * HOURLY[int(STORM_BEGINS // HOUR)])
    shares = shares_of(queues)
    chosen = chance.choices(queues, list(shares.values()), k=len(moments))
    return Day.of(
        start,
        (
            DayCall(at_seconds=moment, queue=queue)
            for moment, queue in zip(moments, chosen, strict=True)
        ),
    )


def shares_of(queues: Sequence[str]) -> dict[str, float]:
    """The share of the calls that each queue has."""
    weights = [0.5**place for place in range(len(queues))]
    whole = sum(weights)
    return {queue: w / whole for queue, w in zip(queues, weights, strict=True)}


def _usual_moments(chance: Random, calls: int) -> list[float]:
    hours = chance.choices(range(len(HOURLY)), HOURLY, k=calls)
    return [HOUR * (hour + chance.random()) for hour in hours]


def _storm_moments(chance: Random, calls_an_hour: float) -> list[float]:
    """The calls beyond the usual ones."""
    moments: list[float] = []
    begins = 0.0
    for until, times in STORM:
        count = round(calls_an_hour * (times - 1) * (until - begins) / HOUR)
        moments += [STORM_BEGINS + chance.uniform(begins, until) for _ in range(count)]
        begins = until
    return moments
