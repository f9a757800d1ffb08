"""The agent whose last talk, or login, lies back longest."""

from datetime import datetime

from acd.agent import Agent
from acd.race import Race


def key(agent: Agent, _queue: str, _race: Race) -> datetime:
    """Since when he has had no talk."""
    return agent.idle_since
