"""Small days and plans to simulate."""

from datetime import UTC, datetime
from random import Random

from acd.agent import AgentProfile
from acd.queue_rules import QueueRules
from acd.staffing.behaviour import Behaviour
from acd.staffing.day import Day, DayCall
from acd.staffing.plan import Duty, Plan, PlannedAgent

START = datetime(2026, 3, 2, tzinfo=UTC)
PLAIN = QueueRules(name="general", wrap_up_seconds=0)

STEADY = Behaviour(
    talk_seconds=100,
    talk_shape="fixed",
    patience_seconds=float("inf"),
    answer_seconds=0,
)
"""Everybody talks for 100 seconds, nobody hangs up, phones are picked up at once."""


def day(*calls: DayCall | float) -> Day:
    """Calls, or only their moments."""
    return Day.of(
        START,
        [c if isinstance(c, DayCall) else DayCall(at_seconds=c) for c in calls],
    )


def agent(
    agent_id: str, *queues: str, duties: tuple[Duty, ...] = ((0.0, float("inf")),)
) -> PlannedAgent:
    """An agent of "general", or of some queues."""
    profile = AgentProfile(id=agent_id, contact="", queues=queues or ("general",))
    return PlannedAgent(profile=profile, duties=duties)


def plan(*agents: PlannedAgent, rules: tuple[QueueRules, ...] = (PLAIN,)) -> Plan:
    """A plan without a flow: callers enter the queue at once."""
    return Plan(name="plan", queues=rules, agents=agents)


def steady_arrivals(calls_per_second: float, seconds: float, seed: int) -> Day:
    """Poisson arrivals at one rate."""
    chance = Random(seed)
    moments: list[float] = []
    moment = chance.expovariate(calls_per_second)
    while moment < seconds:
        moments.append(moment)
        moment += chance.expovariate(calls_per_second)
    return day(*moments)
