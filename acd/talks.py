"""Talks of citizens and agents, and what follows them for the agent."""

from datetime import datetime, timedelta

from acd import messages as m
from acd.agent import Agent
from acd.events import AgentState
from acd.floor import Floor
from acd.offers import Talk


class Talks:
    """Ends the talks of a floor."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def ends(self, call_id: str, end: m.TalkEnd, now: datetime) -> None:
        """The talk is over; nothing when there is none."""
        talk = self._floor.talks.pop(call_id, None)
        if talk is None:
            return
        agent = self._floor.agents[talk.agent_id]
        agent.idle_since = now
        agent.talk_seconds += (now - talk.connected_at).total_seconds()
        self._floor.tell(talk.ended(now, end))
        if end in m.NOT_SERVED:
            self._floor.tell(talk.requeued(now))
        if end is m.TalkEnd.AGENT_LEG_DIED:
            self._lose_agent(agent, now)
        else:
            self._wrap_up(agent, talk, now)

    def _lose_agent(self, agent: Agent, now: datetime) -> None:
        """His phone died: no more calls to it."""
        if agent.wish is AgentState.LOGGED_OUT:
            self._floor.free_up(agent, now)
            return
        agent.wish, agent.wish_reason = None, ""
        self._floor.move(agent, AgentState.PAUSED, now, reason="leg_died")

    def _wrap_up(self, agent: Agent, talk: Talk, now: datetime) -> None:
        """He finishes his work on it before any of his queues offers him a call."""
        self._floor.move(agent, AgentState.WRAP_UP, now, call_id=talk.call_id)
        seconds = self._floor.queues[talk.queue].rules.wrap_up_seconds
        if not seconds:
            self._floor.free_up(agent, now)
            return
        due = now + timedelta(seconds=seconds)
        self._floor.alarms.set(("wrap_up", agent.profile.id), due)
