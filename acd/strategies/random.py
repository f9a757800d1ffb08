"""Any of them, each with the same chance."""

from acd.agent import Agent
from acd.race import Race

BY_CHANCE = True


def key(_agent: Agent, _queue: str, race: Race) -> float:
    """When he arrives in a race of equals."""
    return race.enter(1.0)
