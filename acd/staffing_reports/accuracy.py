"""How far forecasts were from what came, as the rounds made them; pure.

Errors are absolute ones as a share of all calls (WAPE), each beside what counting alone
makes of it: the mean error of a Poisson count whose mean was foreseen rightly.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import numpy as np

from acd.adjustments.round import Round
from acd.staffing.cover import WHOLE
from acd.staffing.outlook import poisson_error
from acd.staffing_reports.ahead import Bounds, Key, ahead_of, bounds_of
from acd.statistics.edges import INTERVAL
from acd.statistics.queue_intervals import QueueInterval


class Horizon(StrEnum):
    """How far ahead. A quarter of an hour is foreseen 15 minutes ahead when it begins."""

    MINUTES_15 = "15_minutes"
    MINUTES_60 = "60_minutes"
    REST_OF_DAY = "rest_of_day"
    DAY_AHEAD = "day_ahead"


CELLS_AHEAD = {Horizon.MINUTES_15: 0, Horizon.MINUTES_60: 3}
Foreseen = Iterator[tuple[Horizon, Key, Bounds]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """Of `forecasts` of a quarter of an hour, `calls` that came in them all in all.

    `error` is the share that was foreseen wrongly, `chance` what of it no forecast can
    avoid, `ratio` one by the other; `bias` is above 0 when too many were foreseen; `inside`
    the share that came to lie between the 10 and the 90 % quantile. None without calls.
    """

    queue: str
    horizon: Horizon
    forecasts: int
    calls: int
    error: float | None
    chance: float | None
    ratio: float | None
    bias: float | None
    inside: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAccuracy:
    """One day of the whole, at each horizon that there was a round for."""

    day: date
    rounds: int
    horizons: tuple[Accuracy, ...]


@dataclass(slots=True)
class _Sum:
    """Pairs of what was foreseen and what came."""

    foreseen: list[float] = field(default_factory=list)
    actual: list[int] = field(default_factory=list)
    inside: int = 0

    def add(self, bounds: Bounds, actual: int) -> None:
        self.foreseen.append(bounds.calls)
        self.actual.append(actual)
        self.inside += bounds.low <= actual <= bounds.high

    def add_all(self, other: "_Sum") -> None:
        self.foreseen += other.foreseen
        self.actual += other.actual
        self.inside += other.inside

    def accuracy(self, queue: str, horizon: Horizon) -> Accuracy:
        foreseen, actual = np.array(self.foreseen), np.array(self.actual)
        calls = int(actual.sum())
        error = _share(float(np.abs(foreseen - actual).sum()), calls)
        chance = _share(float(poisson_error(foreseen).sum()), calls)
        return Accuracy(
            queue=queue,
            horizon=horizon,
            forecasts=len(actual),
            calls=calls,
            error=error,
            chance=chance,
            ratio=round(error / chance, 2) if error is not None and chance else None,
            bias=_share(float((foreseen - actual).sum()), calls),
            inside=_share(self.inside, len(actual)),
        )


def _share(part: float, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


_Sums = dict[tuple[str, Horizon], _Sum]


class AccuracyCounter:
    """Adds up days, in any order."""

    def __init__(self) -> None:
        self._sums: _Sums = {}
        self._days: list[DayAccuracy] = []

    def add(
        self, day: date, rounds: Sequence[Round], actual: Mapping[Key, int]
    ) -> None:
        """Count a day in. `actual` has the calls of each queue's quarters that are known,
        0 where nobody called."""
        made = list(_first_of_each(rounds))
        sums: _Sums = {}
        for horizon, key, bounds in _foreseen(rounds, made):
            if key in actual:
                held = sums.setdefault((key[0], horizon), _Sum())
                held.add(bounds, actual[key])
        for at, day_sum in sums.items():
            self._sums.setdefault(at, _Sum()).add_all(day_sum)
        if made:
            self._days.append(
                DayAccuracy(
                    day=day,
                    rounds=len(made),
                    horizons=_accuracies(
                        {at: s for at, s in sums.items() if at[0] == WHOLE}
                    ),
                )
            )

    def queues(self) -> tuple[Accuracy, ...]:
        """Every queue by name, the whole last, the nearest horizon first."""
        named = sorted(
            self._sums, key=lambda at: (at[0] == WHOLE, at[0], _ORDER[at[1]])
        )
        return tuple(self._sums[at].accuracy(*at) for at in named)

    def days(self) -> tuple[DayAccuracy, ...]:
        """The whole by day; those without a round are not there."""
        return tuple(sorted(self._days, key=lambda each: each.day))


_ORDER = {horizon: n for n, horizon in enumerate(Horizon)}


def actual(
    calls: Iterable[QueueInterval],
    quarters: Sequence[tuple[datetime, int]],
    rounds: Iterable[Round],
    now: datetime,
) -> dict[Key, int]:
    """The calls of the queues that rounds foresaw, a number that called again soon once.

    `quarters` are the day's starts and cells; only those are known that are over and that
    the clock has once.
    """
    cells = Counter(cell for _, cell in quarters)
    known = {s: c for s, c in quarters if cells[c] == 1 and s + INTERVAL <= now}
    queues = {queue.queue for made in rounds for queue in made.queues}
    counts = {(queue, cell): 0 for queue in queues for cell in known.values()}
    for each in calls:
        if each.start in known:
            for queue in {each.queue, WHOLE} & queues:
                once = each.counts.offered - each.counts.redialled
                counts[queue, known[each.start]] += once
    return counts


def _accuracies(sums: _Sums) -> tuple[Accuracy, ...]:
    named = sorted(sums, key=lambda at: _ORDER[at[1]])
    return tuple(sums[at].accuracy(*at) for at in named)


def _first_of_each(rounds: Iterable[Round]) -> Iterator[Round]:
    """One round a quarter of an hour: those that somebody asked for in between count not."""
    seen: set[int] = set()
    for made in rounds:
        if made.cell not in seen:
            seen.add(made.cell)
            yield made


def _foreseen(rounds: Sequence[Round], made: Sequence[Round]) -> Foreseen:
    for one in made:
        for queue in one.queues:
            for line in queue.lines:
                for horizon in _horizons(line.cell - one.cell):
                    yield horizon, (queue.queue, line.cell), bounds_of(line)
    for key, ahead in ahead_of(rounds).items():
        if ahead.day_ahead:
            yield Horizon.DAY_AHEAD, key, ahead.day_ahead


def _horizons(cells: int) -> Iterator[Horizon]:
    if cells >= 0:
        yield Horizon.REST_OF_DAY
    yield from (h for h, ahead in CELLS_AHEAD.items() if ahead == cells)
