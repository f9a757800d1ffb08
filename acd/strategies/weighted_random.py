"""Any of them, each with a chance in proportion to his weight."""

import math
from random import Random

from acd.agent import Agent


def key(agent: Agent, _queue: str, chance: Random) -> float:
    """A drawn number that is the smallest as often as his weight's share of all.

    Efraimidis and Spirakis, Weighted random sampling with a reservoir (2006): the key
    u^(1/weight), here as -ln(u)/weight, so that the smallest comes first. Weight 0 is
    asked when nobody else is there.
    """
    drawn = -math.log(1.0 - chance.random())
    weight = agent.profile.weight
    return drawn / weight if weight > 0 else math.inf
