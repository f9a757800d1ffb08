"""Phones: two agents at one, and contacts that lead back to the hotline."""

from collections.abc import Callable, Iterator, Sequence

from acd.agent import AgentProfile
from acd.rule_checks.finding import RuleFinding, of_agent

RingsItself = Callable[[str], bool]
"""Whether a SIP URI leads to the hotline's own address and port."""


def nobody(uri: str) -> bool:
    """Where the hotline's own address is not known."""
    return False


def check_contacts(
    agents: Sequence[AgentProfile], rings_itself: RingsItself
) -> Iterator[RuleFinding]:
    """Contacts that cannot be meant, and those that two agents share."""
    first: dict[str, str] = {}
    for agent in agents:
        if rings_itself(agent.contact):
            words = f"his contact {agent.contact} is the hotline's own address and port: it would ring itself"
            yield of_agent(agent.id, words, fatal=True)
        other = first.setdefault(agent.contact.lower(), agent.id)
        if other != agent.id:
            words = f"he has the same contact as agent {other!r}: when both are logged in, one phone is rung for two citizens at once"
            yield of_agent(agent.id, words)
