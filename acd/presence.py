"""Agents come, go, pause and get ready."""

from datetime import datetime

from acd import messages as m
from acd.agent import Agent, AgentLoggedOut
from acd.events import AgentState
from acd.floor import Floor
from acd.offering import Offering

AgentAsks = (
    m.AgentLogsIn | m.AgentLogsOut | m.AgentPauses | m.AgentGetsReady | m.AgentLeaves
)


class Presence:
    """What agents ask for themselves."""

    def __init__(self, floor: Floor, offering: Offering) -> None:
        self._floor, self._offering = floor, offering

    def restore(self, agent: Agent, state: AgentState, reason: str) -> None:
        """Bring an agent back who was logged in before a restart; tells nothing."""
        self._floor.move(agent, AgentState.READY, agent.since)
        if state is AgentState.PAUSED:
            self._floor.move(agent, AgentState.PAUSED, agent.since, reason=reason)
        self._floor.take_doings()

    def asks(self, message: AgentAsks, now: datetime) -> None:
        """Do it, or refuse with `UnknownAgent` or `AgentLoggedOut`."""
        agent = self._floor.agent(message.agent_id)
        match message:
            case m.AgentLogsIn():
                self._log_in(agent, now)
            case m.AgentLogsOut():
                self._stop(agent, AgentState.LOGGED_OUT, "", now)
            case m.AgentLeaves():
                self._stop(agent, AgentState.LOGGED_OUT, "removed", now)
                self._floor.remove_agent(agent)
            case m.AgentPauses():
                _check_logged_in(agent)
                self._stop(agent, AgentState.PAUSED, message.reason, now)
            case m.AgentGetsReady():
                _check_logged_in(agent)
                self._get_ready(agent, now)

    def rest_ends(self, agent: Agent) -> None:
        """His phone may be rung again."""
        agent.rests_until = None
        self._floor.settle(agent)

    def _log_in(self, agent: Agent, now: datetime) -> None:
        agent.wish, agent.wish_reason = None, ""
        if agent.state is AgentState.LOGGED_OUT:
            agent.idle_since, agent.unanswered = now, 0
            agent.calls_taken, agent.talk_seconds = 0, 0.0
            self._floor.move(agent, AgentState.READY, now)

    def _get_ready(self, agent: Agent, now: datetime) -> None:
        agent.wish, agent.wish_reason = None, ""
        agent.unanswered = 0
        self._floor.alarms.cancel(("rest", agent.profile.id))
        self.rest_ends(agent)
        if agent.state in (AgentState.PAUSED, AgentState.WRAP_UP):
            self._floor.alarms.cancel(("wrap_up", agent.profile.id))
            self._floor.move(agent, AgentState.READY, now)

    def _stop(self, agent: Agent, new: AgentState, reason: str, now: datetime) -> None:
        """Pause or log out: at once, or after the talk that he is in."""
        if agent.state is AgentState.TALKING:
            agent.wish, agent.wish_reason = new, reason
            return
        if offer := self._floor.offers.of_agent(agent.profile.id):
            self._offering.withdraw(offer)
        self._floor.alarms.cancel(("wrap_up", agent.profile.id))
        agent.wish = None
        if agent.state is not new:
            self._floor.move(agent, new, now, reason=reason)


def _check_logged_in(agent: Agent) -> None:
    if agent.state is AgentState.LOGGED_OUT:
        raise AgentLoggedOut(f"agent {agent.profile.id} is logged out; log in first")
