"""All at once: who answers first has the call, and the others stop ringing."""

from datetime import datetime

from acd.agent import Agent
from acd.race import Race

ALL_AT_ONCE = True


def key(agent: Agent, _queue: str, _race: Race) -> datetime:
    """Who has been idle longest is named first; all of them are rung."""
    return agent.idle_since
