"""The agent whose last talk, or login, lies back longest."""

from datetime import datetime
from random import Random

from acd.agent import Agent


def key(agent: Agent, _queue: str, _chance: Random) -> datetime:
    """Since when he has had no talk."""
    return agent.idle_since
