"""Always from the first to the last, as the agents are set in order."""

from random import Random

from acd.agent import Agent


def key(agent: Agent, _queue: str, _chance: Random) -> int:
    """His place in the order."""
    return agent.profile.order
