"""The agent who has taken the fewest calls since he logged in."""

from random import Random

from acd.agent import Agent


def key(agent: Agent, _queue: str, _chance: Random) -> int:
    """How many calls he has taken."""
    return agent.calls_taken
