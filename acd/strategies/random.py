"""Any of them, each with the same chance."""

from random import Random

from acd.agent import Agent


def key(_agent: Agent, _queue: str, chance: Random) -> float:
    """A number that he draws when he becomes free."""
    return chance.random()
