"""The agent who has talked least since he logged in."""

from random import Random

from acd.agent import Agent


def key(agent: Agent, _queue: str, _chance: Random) -> float:
    """For how many seconds he has talked."""
    return agent.talk_seconds
