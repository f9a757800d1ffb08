"""How fast the engine decides, how that grows with the hotline, and a simulated day.

No call is placed and no service started: the pure engine is driven by itself. Times are
this thread's own processor time, so that what else the machine does is not counted.
"""

import asyncio
import time
from datetime import UTC, datetime
from statistics import fmean
from typing import Any, Final

import numpy as np

from acd.agent import AgentProfile
from acd.queue_rules import QueueRules
from acd.staffing.behaviour import Behaviour
from acd.staffing.made_up_day import MADE_UP_DAYS, make_up
from acd.staffing.plan import Ivr, Plan, PlannedAgent
from acd.staffing.simulation import simulate
from benchmarks.figures import Figure, Found, Spread, Value
from benchmarks.routing_load import RoutingLoad, Size
from benchmarks.run import Run
from ivr_flows.flow import BUILT_IN, load_flow

SIZES: Final = {
    "smaller": Size(agents=100, queues=50, waiting=500),
    "full": Size(agents=1000, queues=50, waiting=5000),
    "larger": Size(agents=10_000, queues=50, waiting=50_000),
    "free": Size(agents=1000, queues=50, waiting=0),
    "skilled": Size(agents=1000, queues=50, waiting=5000, skills=20),
}
CHUNK: Final = 250
AGENTS_OF_A_BUSY_DAY: Final = 254


async def routing(run: Run) -> Found:
    """Messages and decisions at one size, at a tenth and at ten times it; then a day."""
    steps = run.sized(20_000, 2_000)
    run.expects(len(SIZES) * steps + steps)
    loads = {name: await _driven(size, steps, run) for name, size in SIZES.items()}
    seconds, facts = await asyncio.to_thread(_busy_day)
    run.advance(steps)
    growth = _cost(loads["larger"]) / _cost(loads["full"])
    return Found(
        figures={
            **_figures(loads["full"]),
            "routing_skilled": Spread.of(loads["skilled"].decision_times),
            "routing_growth": Value(value=round(growth, 2), n=steps),
            "simulated_day": Value(value=round(seconds, 1), n=facts["calls"]),
        },
        facts={
            "sizes": {name: _facts(load) for name, load in loads.items()},
            "simulated_day": facts,
        },
    )


async def _driven(size: Size, steps: int, run: Run) -> RoutingLoad:
    load = await asyncio.to_thread(RoutingLoad, size)
    for _ in range(0, steps, CHUNK):
        await asyncio.to_thread(load.steps, CHUNK)
        run.advance(CHUNK)
    return load


def _figures(load: RoutingLoad) -> dict[str, Figure | None]:
    rare = float(np.percentile(load.times, 99.9)) / 1e6
    a_second = load.decisions / (sum(load.times) / 1e9)
    return {
        "routing_message": Spread.of(load.times),
        "routing_message_p999": Value(value=round(rare, 3), n=len(load.times)),
        "routing_decision": Spread.of(load.decision_times),
        "routing_rate": Value(value=round(a_second), n=load.decisions),
    }


def _cost(load: RoutingLoad) -> float:
    """The mean of a decision, in ns."""
    return fmean(load.decision_times)


def _facts(load: RoutingLoad) -> dict[str, Any]:
    return {
        "messages_ms": Spread.of(load.times),
        "decisions_ms": Spread.of(load.decision_times),
        "mean_decision_ms": round(_cost(load) / 1e6, 4),
    }


def _busy_day() -> tuple[float, dict[str, Any]]:
    """Processor seconds of simulating 31,000 calls and 254 agents, flow and all."""
    day = make_up(
        MADE_UP_DAYS["busy"], datetime(2026, 3, 2, tzinfo=UTC), ["general"], seed=1
    )
    began, wall = time.thread_time(), time.monotonic()
    found = simulate(day, _busy_plan(), Behaviour())
    return time.thread_time() - began, {
        "calls": len(found.stories),
        "agents": AGENTS_OF_A_BUSY_DAY,
        "wall_seconds": round(time.monotonic() - wall, 1),
    }


def _busy_plan() -> Plan:
    agents = (
        AgentProfile(id=str(number), contact="", queues=("general",))
        for number in range(AGENTS_OF_A_BUSY_DAY)
    )
    return Plan(
        name="busy",
        queues=(QueueRules(name="general"),),
        agents=tuple(PlannedAgent(profile=profile) for profile in agents),
        ivr=Ivr(usual=load_flow(BUILT_IN / "citizen.yaml")),
    )
