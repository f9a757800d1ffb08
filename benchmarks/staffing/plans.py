"""Days under the emergency plans, lived minute by minute with the rules of the service.

What came is a fluid, too: calls as they were counted, agents as the roster and the plans
give them. Plan 1 adds a fifth of the agents after five minutes, plan 2 three tenths after
thirty.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from acd.adjustments.foreseen import DayAhead, QueueAhead
from acd.plans.foresight import Now, Reserve, look_ahead
from acd.staffing.escalation import (
    PLAN_1,
    PLAN_2,
    Escalation,
    PlanDecision,
    PlanRules,
    Turn,
    looked,
    ordered,
)
from acd.staffing.fluid import FluidLine
from acd.staffing.forecast import DayForecast, forecast_day
from acd.staffing.forecast_lines import ForecastDay, ForecastLine
from acd.staffing.gamma_ratios import Floats
from acd.staffing.requirement import CITY
from acd.staffing.roster import CELLS
from acd.staffing.surge import STEPS, SurgeNow, SurgeWatch, foreseen_steps, surge_now
from acd.statistics.queue_intervals import ALL
from benchmarks.staffing.bank_calls import BankCalls
from benchmarks.staffing.staffed import HANDLE_SECONDS, PATIENCE_SECONDS
from benchmarks.staffing.surges import BEGINS

SEATED: Final = (0.2, 5)
"""Of the agents, and after so many minutes."""
RECALLED: Final = (0.3, 30)
SURGE: Final = 1.5
SURGE_MINUTES: Final = 120
LOOKED_BEFORE: Final = 10
HELD_BY_PLAN_1: Final = 60.0
"""A recall is justified when with plan 1 alone somebody would have waited so long."""
AUTOMATIC: Final = tuple(replace(rules, automatic=True) for rules in (PLAN_1, PLAN_2))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDay:
    """`counts` by five minutes, `agents` by quarters; both begin in the city's cell
    `opens`. `come` is the share of the recalled who do come, `orders` the levels that a
    person wants, by minute. It is lived from the minute `since` to before `until`."""

    made: DayForecast
    counts: Floats
    agents: Sequence[int]
    plans: Sequence[PlanRules] = AUTOMATIC
    opens: int = 0
    come: float = 1.0
    orders: Mapping[int, int] = field(default_factory=dict)
    since: int = 0
    until: int = CELLS * 15


@dataclass(slots=True)
class LivedDay:
    """What became of it: decisions by their minutes, and each minute's figures."""

    decided: list[tuple[int, PlanDecision]] = field(default_factory=list)
    levels: dict[int, int] = field(default_factory=dict)
    waits: dict[int, float] = field(default_factory=dict)
    calls: dict[int, float] = field(default_factory=dict)
    gone: dict[int, float] = field(default_factory=dict)
    alarm: int | None = None

    def begun(self, level: int) -> int | None:
        """The minute in which a level was first called."""
        return next((m for m, now in self.levels.items() if now >= level), None)

    def abandoned(self, since: int, until: int) -> float:
        """Of the calls of some minutes, the share that hung up, in %."""
        minutes = [m for m in self.calls if since <= m < until]
        return (
            100
            * sum(self.gone[m] for m in minutes)
            / sum(self.calls[m] for m in minutes)
        )


class _Floor:
    """A day that is being lived."""

    def __init__(self, day: PlannedDay) -> None:
        self.day, self.lived = day, LivedDay()
        self.state, self.watch = Escalation(), SurgeWatch()
        self.quarters = day.counts.reshape(-1, STEPS).sum(1)
        self.called: dict[int, int] = {}
        self.ahead: DayAhead | None = None

    def live(self) -> LivedDay:
        day = self.day
        inside = self._calls(day.since) * HANDLE_SECONDS / 60
        for minute in range(0, min(day.until, 5 * len(day.counts))):
            if minute % 5 == 0 and day.plans:
                self._see(minute)
            if minute >= day.since:
                if day.plans:
                    self._decide(minute, inside)
                inside = self._minute(minute, inside)
        return self.lived

    def _see(self, minute: int) -> None:
        step = minute // 5 - 1
        if step >= 0:
            foreseen = foreseen_steps(self.day.made, self.quarters, step)
            self.watch = self.watch.see(float(self.day.counts[step]), foreseen)
        if self.watch.surge and self.lived.alarm is None:
            self.lived.alarm = minute
        if minute >= self.day.since:
            self.ahead = self._foreseen(minute)

    def _decide(self, minute: int, inside: float) -> None:
        assert self.ahead
        self.lived.levels[minute] = self.state.level
        if self._is_calm(minute, inside):
            return
        day, at = self.day, self._at(minute)
        now = Now(
            at=at,
            minute=day.opens * 15 + minute,
            citizens=inside,
            agents=self._rostered(minute),
            level=self.state.level,
        )
        foresight, _ = look_ahead(self.ahead, now, self._reserves(minute))
        if minute in day.orders:
            self._take(minute, *ordered(self.state, day.plans, day.orders[minute], at))
        self._take(minute, *looked(self.state, day.plans, foresight))
        self.lived.levels[minute] = self.state.level

    def _is_calm(self, minute: int, inside: float) -> bool:
        """A look would change nothing: there are agents for all who are foreseen."""
        if minute in self.day.orders or self.state != Escalation() or self.watch.surge:
            return False
        assert self.ahead and self.ahead.whole
        cell = self.day.opens + minute // 15
        lines = self.ahead.whole.forecast.lines[cell : cell + 5]
        quarters = self.day.agents[minute // 15 :][: len(lines)]
        load = max(line.forecast for line in lines) * HANDLE_SECONDS / 900
        return max(load, inside) <= min(quarters, default=0)

    def _take(
        self, minute: int, state: Escalation, decision: PlanDecision | None
    ) -> None:
        self.state = state
        if decision is None:
            return
        self.lived.decided.append((minute, decision))
        if decision.turn is Turn.CHANGED:
            begun = range(decision.before + 1, decision.level + 1)
            self.called |= dict.fromkeys(begun, minute)
            self.called = {n: m for n, m in self.called.items() if n <= decision.level}

    def _minute(self, minute: int, inside: float) -> float:
        calls, agents = self._calls(minute), self._base(minute)
        agents += self._seated(minute) + self._arrived(minute)
        line = self._line(inside)
        lived = self.lived
        lived.waits[minute] = float(line.ahead([calls], [agents]).waits[0])
        inside, gone = line.minute(inside, calls, agents)
        lived.calls[minute], lived.gone[minute] = calls, gone
        return inside

    def _line(self, inside: float) -> FluidLine:
        return FluidLine(
            in_system=inside,
            handle_seconds=HANDLE_SECONDS,
            patience_seconds=PATIENCE_SECONDS,
        )

    def _base(self, minute: int) -> float:
        return float(self.day.agents[min(minute // 15, len(self.day.agents) - 1)])

    def _seated(self, minute: int) -> float:
        share, after = SEATED
        there = 1 in self.called and minute >= self.called[1] + after
        return share * self._base(minute) if there else 0.0

    def _arrived(self, minute: int) -> float:
        share, after = RECALLED
        there = 2 in self.called and minute >= self.called[2] + after
        return self.day.come * share * self._base(minute) if there else 0.0

    def _rostered(self, minute: int) -> list[int]:
        """With those of plan 1 from its beginning on, for they are in the roster."""
        opens = self.day.opens
        agents = np.full(CELLS, float(self.day.agents[-1]))  # they stay for the last
        agents[opens : opens + len(self.day.agents)] = self.day.agents
        if self.state.level:
            agents *= 1 + SEATED[0]
        return [round(each + self._arrived(minute)) for each in agents.tolist()]

    def _reserves(self, minute: int) -> list[Reserve]:
        base = self._base(minute)
        is_on = self.state.level >= 2
        recalled = self._arrived(minute) if is_on else RECALLED[0] * base
        both = [
            Reserve(agents=SEATED[0] * base, after_minutes=SEATED[1]),
            Reserve(agents=recalled, after_minutes=RECALLED[1]),
        ]
        return both[: len(self.day.plans)]

    def _foreseen(self, minute: int) -> DayAhead:
        over, opens = minute // 15, self.day.opens
        calls = np.zeros(CELLS)
        outlook = self.day.made.outlook(self.quarters[:over]).calls()
        calls[opens : opens + len(outlook)] = outlook
        lines = (_line(n, c, opens + over) for n, c in enumerate(calls.tolist()))
        whole = QueueAhead(
            name=ALL,
            handle_seconds=HANDLE_SECONDS,
            patience_seconds=PATIENCE_SECONDS,
            forecast=ForecastDay(
                queue=ALL,
                target=CITY,
                lines=tuple(lines),
                expected_error=None,
                counting_error=None,
                words=(),
            ),
        )
        return DayAhead(
            day=self.day.made.day,
            at=self._at(minute),
            queues=(whole,),
            surge=self._surge(minute),
        )

    def _surge(self, minute: int) -> SurgeNow:
        counts = self.day.counts[: minute // 5]
        now = surge_now(self.watch, self.day.made, self.quarters, counts)
        ahead = np.zeros(CELLS)
        ahead[self.day.opens :][: len(now.usual)] = now.usual
        return replace(now, usual=ahead.tolist())

    def _calls(self, minute: int) -> float:
        return float(self.day.counts[minute // 5]) / 5

    def _at(self, minute: int) -> datetime:
        day = self.day.made.day
        opened = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return opened + timedelta(minutes=self.day.opens * 15 + minute)


def _line(interval: int, calls: float, over: int) -> ForecastLine:
    return ForecastLine(
        queue=ALL,
        interval=interval,
        is_over=interval < over,
        actual=None,
        forecast=calls,
        low=calls,
        high=calls,
        agents=0,
        agents_sure=0,
    )


def live(day: PlannedDay) -> LivedDay:
    """The day as the rules of the plans would have it."""
    return _Floor(day).live()


OPENS: Final = 28
"""The bank's first quarter begins at seven."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlansFound:
    """Minutes from the beginning of a surge of x1.5 to plan 2 (its median), the share in %
    of surges without it, calls that hung up in two hours of it in % without a plan, with
    plan 1, and with both; ordinary days with plan 1, with plan 2, and with a plan 2
    for which plan 1 would have been enough."""

    lead: float
    without: float
    abandoned: tuple[float, float, float]
    plan_1_days: int
    plan_2_days: int
    unjustified: int


def found_plans(calls: BankCalls, days: range, agents: np.ndarray) -> PlansFound:
    """Surges of two hours at ten and at two on each day, and the days as they were."""
    leads, gone = [], []
    for surge in _surges(calls, days, agents):
        both = live(surge)
        one, none = (live(replace(surge, plans=AUTOMATIC[:n])) for n in (1, 0))
        begins = surge.since + LOOKED_BEFORE
        called = both.begun(2)
        leads.append(np.inf if called is None else called - begins)
        span = begins, begins + SURGE_MINUTES
        gone.append([lived.abandoned(*span) for lived in (none, one, both)])
    ordinary = list(_ordinary(calls, days, agents))
    lived = [live(day) for day in ordinary]
    none, one, both = np.mean(gone, axis=0).tolist()
    return PlansFound(
        lead=float(np.median(leads)),
        without=100 * float(np.isinf(leads).mean()),
        abandoned=(none, one, both),
        plan_1_days=sum(day.begun(1) is not None for day in lived),
        plan_2_days=sum(day.begun(2) is not None for day in lived),
        unjustified=sum(map(_is_unjustified, ordinary, lived)),
    )


def _is_unjustified(day: PlannedDay, lived: LivedDay) -> bool:
    """Plan 2 was called, and with plan 1 alone nobody would have waited for a minute
    in the hour after."""
    called = lived.begun(2)
    if called is None:
        return False
    alone = live(replace(day, plans=AUTOMATIC[:1])).waits
    return max(alone.get(called + m, 0.0) for m in range(60)) < HELD_BY_PLAN_1


def _surges(calls: BankCalls, days: range, agents: np.ndarray) -> Iterator[PlannedDay]:
    """The roster is that of the day without a surge; it is looked from shortly before on."""
    chance = np.random.default_rng(2)
    for number, day in enumerate(days):
        for begins in BEGINS:
            counts = calls.five_minutes[day].copy()
            span = slice(begins, begins + SURGE_MINUTES // 5)
            counts[span] += chance.poisson((SURGE - 1) * counts[span])
            since = 5 * begins - LOOKED_BEFORE
            yield PlannedDay(
                made=_model(calls, day),
                counts=counts,
                agents=agents[number].tolist(),
                opens=OPENS,
                since=since,
                until=5 * begins + SURGE_MINUTES,
            )


def _ordinary(
    calls: BankCalls, days: range, agents: np.ndarray
) -> Iterator[PlannedDay]:
    for number, day in enumerate(days):
        yield PlannedDay(
            made=_model(calls, day),
            counts=calls.five_minutes[day],
            agents=agents[number].tolist(),
            opens=OPENS,
        )


def _model(calls: BankCalls, day: int) -> DayForecast:
    history = calls.history
    return forecast_day(history, history.days[day], history.kinds[day])
