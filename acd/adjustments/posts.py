"""Keeps agents to what a move says: on the phones they are ready, elsewhere they pause.

Only whom a move concerns is touched, and of pauses only those that a move has made:
an agent's own pause is his own.
"""

import logging
from typing import Protocol

from acd.agent import AgentError
from acd.distributor import AgentView
from acd.events import AgentState
from acd.messages import AgentGetsReady, AgentPauses, Message
from acd.people.person import Post

logger = logging.getLogger(__name__)

AT_ANOTHER_POST = "other_post"
"""The pause reason of who is needed elsewhere."""


class Floor(Protocol):
    """The distributor, as far as it is needed here."""

    def agents(self) -> list[AgentView]:
        """All agents."""

    def send(self, message: Message) -> None:
        """Tell the engine."""


class Posts:
    """Tells the engine where somebody belongs now."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def keep(self, person_id: str, post: Post | None) -> None:
        """He belongs to `post` now (None: a break, which he takes himself).

        A talk is never cut: he pauses after it.
        """
        agent = next((a for a in self._floor.agents() if a.id == person_id), None)
        if agent is None or agent.state is AgentState.LOGGED_OUT:
            return
        message = _message(agent, post)
        if message is None:
            return
        try:
            self._floor.send(message)
        except AgentError as error:
            logger.warning("a move was not carried out on the phones: %s", error)


def _message(agent: AgentView, post: Post | None) -> Message | None:
    elsewhere = agent.state is AgentState.PAUSED and agent.reason == AT_ANOTHER_POST
    if post is Post.PHONES:
        return AgentGetsReady(agent_id=agent.id) if elsewhere else None
    if post is None or elsewhere:
        return None
    return AgentPauses(agent_id=agent.id, reason=AT_ANOTHER_POST)
