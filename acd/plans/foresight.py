"""What would happen at each level of the plans, from now on; pure.

The fluid model with the forecast. In a surge as many times as many come as now, for
nobody knows when it ends: it is taken to last, where a forecast lets it fade. Agents come with a level after its lead time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from acd.adjustments.foreseen import DayAhead
from acd.staffing.escalation import Foresight
from acd.staffing.fluid import Ahead, FluidLine
from acd.staffing.gamma_ratios import Floats
from acd.staffing.roster import CELL_MINUTES

HORIZON_MINUTES = 60
RECALL_MINUTES = 30
AT_MINUTES = (10, 30, 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """What a level adds to the one before: agents after so many minutes, and the share of
    new calls that goes elsewhere."""

    agents: float = 0.0
    after_minutes: float = 0.0
    share_elsewhere: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """The line at a moment. `agents` are those on the phones in each of the day's cells
    with the present `level`; those of its plans are in them already.

    Where the hour goes on after midnight, they go on in the cells of the next day, and
    `tomorrow` is its forecast; without it the day's last quarter goes on.
    """

    at: datetime
    minute: int
    citizens: float
    agents: Sequence[int]
    level: int
    tomorrow: DayAhead | None = None

    def in_minutes(self, cells: Sequence[float] | Floats) -> Floats:
        """What holds in each minute of the next hour, of cells from the day's midnight on;
        after the last one it stays as in it."""
        places = (self.minute + np.arange(HORIZON_MINUTES)) // CELL_MINUTES
        held: Floats = np.asarray(cells, float)[np.minimum(places, len(cells) - 1)]
        return held


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelAhead:
    """A level in figures for people: waits in seconds at 10, 30 and 60 minutes from now,
    and how many hang up in the hour as a share of its calls: 1 where those who wait
    already make it more."""

    level: int
    agents: int
    waits: tuple[float, ...]
    abandoned: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """All levels from normal on, and the surge that they were reckoned with.

    `missing` are the agents whom plan 1 leaves missing from half an hour on.
    """

    at: datetime
    surge: bool
    surge_ratio: float
    missing: int
    levels: tuple[LevelAhead, ...]


def look_ahead(
    ahead: DayAhead, now: Now, reserves: Sequence[Reserve]
) -> tuple[Foresight, Sight]:
    """Every level; `reserves` are those of plan 1, 2 and so on."""
    outcomes = [_level(ahead, now, reserves, n) for n in range(len(reserves) + 1)]
    foresight = Foresight(
        at=now.at,
        surge=ahead.surge.surge,
        waits=[outcome.waits.tolist() for outcome, _ in outcomes],
    )
    sight = Sight(
        at=now.at,
        surge=ahead.surge.surge,
        surge_ratio=round(ahead.surge.ratio, 2),
        missing=missing_agents(ahead, now, reserves),
        levels=tuple(
            _told(n, outcome, agents) for n, (outcome, agents) in enumerate(outcomes)
        ),
    )
    return foresight, sight


def missing_agents(ahead: DayAhead, now: Now, reserves: Sequence[Reserve]) -> int:
    """The load from `RECALL_MINUTES` on, less the agents of plan 1: whom to recall."""
    whole = ahead.whole
    if whole is None:
        return 0
    load = _calls(ahead, now) * whole.handle_seconds / 60
    short = (load - _agents(now, reserves, 1))[RECALL_MINUTES:]
    return max(int(np.ceil(short.max())), 0)


def _told(level: int, outcome: Ahead, agents: Floats) -> LevelAhead:
    return LevelAhead(
        level=level,
        agents=round(float(agents[-1])),
        waits=tuple(round(float(outcome.waits[m - 1]), 1) for m in AT_MINUTES),
        abandoned=round(min(outcome.abandoned_share(), 1.0), 3),
    )


def _level(
    ahead: DayAhead, now: Now, reserves: Sequence[Reserve], level: int
) -> tuple[Ahead, Floats]:
    agents = _agents(now, reserves, level)
    elsewhere = sum(reserve.share_elsewhere for reserve in reserves[:level])
    calls = _calls(ahead, now) * max(1 - elsewhere, 0.0)
    whole = ahead.whole
    line = FluidLine(
        in_system=now.citizens,
        handle_seconds=whole.handle_seconds if whole else 1.0,
        patience_seconds=whole.patience_seconds if whole else 1.0,
    )
    return line.ahead(calls, agents), agents


def _agents(now: Now, reserves: Sequence[Reserve], level: int) -> Floats:
    """Those of the present level, with the reserves of more levels, without those of fewer."""
    minutes = np.arange(HORIZON_MINUTES)
    agents = now.in_minutes(now.agents)
    for reserve in reserves[now.level : level]:
        agents = agents + reserve.agents * (minutes >= reserve.after_minutes)
    for reserve in reserves[level : now.level]:
        agents = agents - reserve.agents
    return np.maximum(agents, 0.0)


def _calls(ahead: DayAhead, now: Now) -> Floats:
    """Calls of each minute ahead."""
    if ahead.whole is None:
        return np.zeros(HORIZON_MINUTES)
    calls = _forecast(ahead)
    if ahead.surge.surge:
        calls = np.maximum(calls, ahead.surge.ratio * np.array(ahead.surge.usual))
    if now.tomorrow and now.tomorrow.whole:
        times = max(ahead.surge.ratio, 1.0) if ahead.surge.surge else 1.0
        calls = np.concatenate([calls, times * _forecast(now.tomorrow)])
    return now.in_minutes(calls) / CELL_MINUTES


def _forecast(ahead: DayAhead) -> Floats:
    lines = ahead.whole.forecast.lines if ahead.whole else ()
    return np.array([line.forecast for line in lines])
