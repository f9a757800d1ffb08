"""Always from the first to the last, as the agents are set in order."""

from acd.agent import Agent
from acd.race import Race


def key(agent: Agent, _queue: str, _race: Race) -> int:
    """His place in the order."""
    return agent.profile.order
