"""One after the other, going on where the queue stopped, whoever came or went."""

from acd.agent import Agent
from acd.race import Race


def key(agent: Agent, queue: str, _race: Race) -> int:
    """When he was last rung for this queue, in the order of all offers; 0 for never."""
    return agent.last_offers.get(queue, 0)
