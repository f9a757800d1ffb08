"""Days staffed by a forecast, and lived through call by call."""

from dataclasses import dataclass
from heapq import heapify, heappop, heappush, heapreplace
from typing import Final

import numpy as np
from numpy.random import Generator

from acd.staffing.agents_ahead import agents_ahead
from acd.staffing.forecast import forecast_day
from acd.staffing.gamma_ratios import Floats
from acd.staffing.requirement import Counts, Target
from benchmarks.staffing.bank_calls import BankCalls, package

HANDLE_SECONDS: Final = 300.0
PATIENCE_SECONDS: Final = 360.0
SPREAD: Final = 0.8
"""Of lognormal handle times, as a share of their mean."""
TARGET: Final = Target(share=0.8, within_seconds=20.0)
QUARTER, STEP = 900.0, 300.0
LEAD: Final = 1
"""So many quarters before its own the number of agents is decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffed:
    """Shares in %: of quarters that reached the target, of those below half, of calls
    that hung up; and agents beyond those of one who knows all counts."""

    met: float
    below_half: float
    abandoned: float
    beyond: float


def needed(calls: Floats) -> Counts:
    """The agents for calls known, along the last axis."""
    return agents_ahead(calls, HANDLE_SECONDS, PATIENCE_SECONDS, TARGET)


def by_updates(calls: BankCalls, days: range, sureness: float) -> Counts:
    """Our own: each quarter by what was known a quarter before, with a margin."""
    rates = []
    for day in days:
        history = calls.history
        made = forecast_day(history, history.days[day], history.kinds[day])
        counts = history.counts[day]
        row = counts.copy()
        for quarter in range(len(counts)):
            outlook = made.outlook(counts[: max(quarter - LEAD, 0)])
            row[quarter] = outlook.rate_quantile(sureness)[quarter]
        rates.append(row)
    return needed(np.array(rates))


def by_pyworkforce(foreseen: Floats) -> Counts:
    """Erlang C on the calls of each quarter, as the package does it."""
    erlang_c = package("pyworkforce.queuing").ErlangC
    known: dict[int, int] = {}

    def positions(calls: int) -> int:
        if calls not in known:
            queue = erlang_c(
                transactions=max(calls, 1), asa=20 / 60, aht=HANDLE_SECONDS / 60,
                interval=15, shrinkage=0.0,
            )  # fmt: skip
            found = queue.required_positions(service_level=0.8, max_occupancy=1.0)
            known[calls] = int(found["raw_positions"])
        return known[calls]

    of_each = np.vectorize(positions, otypes=[np.int64])
    return np.asarray(of_each(np.rint(foreseen).astype(int)), np.int64)


def lived(calls: BankCalls, days: range, agents: Counts) -> Staffed:
    """The days as they were, with these agents; the same seed for everybody."""
    levels, gone, offered = [], 0, 0
    for number, day in enumerate(days):
        chance = np.random.default_rng([7, day])
        in_time, lost = _day(calls.five_minutes[day], agents[number], chance)
        counts = calls.history.counts[day]
        levels.append(in_time / np.maximum(counts, 1))
        gone, offered = gone + lost, offered + int(counts.sum())
    rates = np.concatenate(levels)
    clairvoyant = needed(calls.history.counts[days.start : days.stop])
    return Staffed(
        met=100 * float((rates >= TARGET.share).mean()),
        below_half=100 * float((rates < 0.5).mean()),
        abandoned=100 * gone / offered,
        beyond=100 * (float(agents.sum() / clairvoyant.sum()) - 1),
    )


def _day(counts: Floats, agents: Counts, chance: Generator) -> tuple[Floats, int]:
    """Calls in time in each quarter, and how many hung up: first come, first served.

    Who comes at a quarter is free from then on; who leaves ends his talk first.
    """
    arrivals = _arrivals(counts, chance)
    handle, patience = _times(len(arrivals), chance)
    free, changes = _agents(agents)
    in_time, lost, place = np.zeros(len(agents)), 0, 0
    for at, talk, waits in zip(arrivals, handle, patience, strict=True):
        while place < len(changes) and changes[place][0] <= at:
            for _ in range(changes[place][1]):
                heappop(free)
            place += 1
        start = max(at, free[0])
        if start - at > waits:
            lost += 1
            continue
        heapreplace(free, start + talk)
        in_time[int(at // QUARTER)] += start - at <= TARGET.within_seconds
    return in_time, lost


def _arrivals(counts: Floats, chance: Generator) -> list[float]:
    steps = np.repeat(np.arange(len(counts)), counts.astype(int))
    drawn: list[float] = np.sort((steps + chance.random(len(steps))) * STEP).tolist()
    return drawn


def _times(number: int, chance: Generator) -> tuple[list[float], list[float]]:
    variance = np.log1p(SPREAD**2)
    talks = chance.lognormal(-variance / 2, np.sqrt(variance), number)
    patience = chance.exponential(PATIENCE_SECONDS, number)
    return (HANDLE_SECONDS * talks).tolist(), patience.tolist()


def _agents(agents: Counts) -> tuple[list[float], list[tuple[float, int]]]:
    """When each comes, as a heap, and how many go when."""
    free, going = [0.0] * int(agents[0]), []
    for quarter, change in enumerate(np.diff(agents).tolist(), start=1):
        for _ in range(change):
            heappush(free, quarter * QUARTER)
        if change < 0:
            going.append((quarter * QUARTER, -change))
    heapify(free)
    return free, going
