"""The agent who has talked least since he logged in."""

from acd.agent import Agent
from acd.race import Race


def key(agent: Agent, _queue: str, _race: Race) -> float:
    """For how many seconds he has talked."""
    return agent.talk_seconds
