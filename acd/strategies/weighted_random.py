"""Any of them, each with a chance in proportion to his weight."""

from acd.agent import Agent
from acd.race import Race

BY_CHANCE = True


def key(agent: Agent, _queue: str, race: Race) -> float:
    """When he arrives in a race, the faster the heavier he is."""
    return race.enter(agent.profile.weight)
