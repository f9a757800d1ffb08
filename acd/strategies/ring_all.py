"""All at once: who answers first has the call, and the others stop ringing."""

from datetime import datetime
from random import Random

from acd.agent import Agent

ALL_AT_ONCE = True


def key(agent: Agent, _queue: str, _chance: Random) -> datetime:
    """Who has been idle longest is named first; all of them are rung."""
    return agent.idle_since
