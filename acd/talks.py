"""Talks of citizens and agents, and what follows them for the agent."""

from dataclasses import replace
from datetime import datetime, timedelta

from acd import messages as m
from acd.agent import Agent
from acd.events import AgentState
from acd.floor import Floor
from acd.offers import Talk

_MAY_RETURN = m.NOT_SERVED | {m.TalkEnd.TRANSFERRED}
"""Ends after which the same call may wait again, so that its offers are numbered on."""


class Talks:
    """Ends the talks of a floor."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def ends(self, call_id: str, end: m.TalkEnd, now: datetime) -> None:
        """The talk is over; when there is none, only whom he was left to may have failed him."""
        talk = self._floor.end_talk(call_id)
        if talk is None:
            left = self._floor.returning.get(call_id)
            if left and end in m.NOT_SERVED:
                self._floor.tell(left.requeued(now))
            return
        agent = self._end_his_part(talk, end, now)
        if end in m.NOT_SERVED:
            self._floor.tell(talk.requeued(now))
        if end in _MAY_RETURN:
            self._floor.returning[call_id] = talk
        if end is m.TalkEnd.AGENT_LEG_DIED:
            self._lose_agent(agent, now)
        else:
            self._wrap_up(agent, talk, now)

    def moves(self, message: m.TalkMoves, now: datetime) -> None:
        """The citizen speaks with the agent who was asked; nothing if that one is gone.

        Who asked may have hung up already. `UnknownAgent` refuses.
        """
        floor, other = self._floor, self._floor.agent(message.agent_id)
        asks = floor.talks.get(message.call_id)
        talk = asks or floor.returning.get(message.call_id)
        question = floor.talks.get(other.call_id)
        if talk is None or question is None or question is talk:
            return
        if question.agent_id != message.agent_id:  # he wraps up a call that moved on
            return
        floor.end_talk(question.call_id)
        self._end_his_part(question, m.TalkEnd.TRANSFERRED, now)
        if asks:
            self._end_his_part(asks, m.TalkEnd.TRANSFERRED, now)
        floor.end_talk(talk.call_id)
        floor.returning.pop(talk.call_id, None)
        moved = replace(talk, agent_id=other.profile.id, connected_at=now)
        floor.begin_talk(moved)
        other.calls_taken += 1
        floor.move(other, AgentState.TALKING, now, call_id=talk.call_id)
        floor.tell(talk.moved(other.profile.id, now))
        if asks:
            self._wrap_up(floor.agents[asks.agent_id], asks, now)

    def _end_his_part(self, talk: Talk, end: m.TalkEnd, now: datetime) -> Agent:
        agent = self._floor.agents[talk.agent_id]
        agent.idle_since = now
        agent.talk_seconds += (now - talk.connected_at).total_seconds()
        self._floor.tell(talk.ended(now, end))
        return agent

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
