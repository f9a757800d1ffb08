"""The distributor's mind: pure and synchronous, (state, message, now) in, doings out.

No I/O, no clock, no chance. The same engine serves live calls, replays a recorded day
and is searched by property tests. A doing is a `Command` for the calls, or an `Event`
for whoever listens; both come in the order in which they happened.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from acd import messages as m
from acd.agent import Agent, AgentLoggedOut, AgentProfile, UnknownAgent
from acd.alarms import Alarms
from acd.events import AgentState, CallerEntered, Event
from acd.offers import Offers, OpenOffer, Talk
from acd.queue import Queue, WaitingCall
from acd.queue_rules import QueueRules
from acd.routing import STRATEGIES

REST_SECONDS = 10.0
"""Pause before a phone that refused, or could not be reached, is rung again."""

Doing = m.Command | Event


class UnknownQueue(Exception):
    """There is no queue with this name."""

    error_id = "queue_unknown"


class Engine:
    """Queues, agents, offers and talks, and the one place where they change."""

    def __init__(
        self,
        queues: Iterable[QueueRules],
        agents: Iterable[AgentProfile],
        now: datetime,
    ) -> None:
        self.queues = {rules.name: Queue(rules) for rules in queues}
        self.agents = {
            profile.id: Agent(profile=profile, since=now, idle_since=now)
            for profile in agents
        }
        self.waiting: dict[str, WaitingCall] = {}
        self.offers = Offers()
        self.talks: dict[str, Talk] = {}
        self._alarms = Alarms()
        self._entered = 0
        self._doings: list[Doing] = []

    def restore(self, agent_id: str, state: AgentState, reason: str) -> None:
        """Bring an agent back who was logged in before a restart; tells nothing.

        Only ready and paused can outlive a restart.
        """
        agent = self.agents[agent_id]
        agent.move_to(AgentState.READY, agent.since)
        if state is AgentState.PAUSED:
            agent.move_to(AgentState.PAUSED, agent.since, reason=reason)

    def handle(self, message: m.Message, now: datetime) -> list[Doing]:
        """Take one message in; returns what is to be done and what has happened.

        A message about a call or an offer that is over does nothing: that is an
        ordinary race. `UnknownAgent`, `AgentLoggedOut` and `UnknownQueue` refuse.
        """
        self._ring_alarms(now)
        self._handle(message, now)
        self._dispatch(now)
        doings, self._doings = self._doings, []
        return doings

    def next_due(self) -> datetime | None:
        """When the engine wants a `TimePasses`."""
        return self._alarms.next_due()

    def _handle(self, message: m.Message, now: datetime) -> None:
        match message:
            case m.CallerEnters():
                self._caller_enters(message, now)
            case m.CallerLeaves():
                self._caller_leaves(message.call_id, now)
            case m.TalkEnds():
                self._talk_ends(message, now)
            case m.OfferRings() | m.OfferAnswered() | m.OfferFailed():
                self._offer_moves(message, now)
            case m.TimePasses():
                pass
            case _:
                self._agent_asks(message, now)

    def _offer_moves(
        self, message: m.OfferRings | m.OfferAnswered | m.OfferFailed, now: datetime
    ) -> None:
        offer = self.offers.get(message.offer_id)
        if offer is None:
            return
        match message:
            case m.OfferRings():
                self._offer_rings(offer, now)
            case m.OfferAnswered():
                self._offer_answered(offer, now)
            case m.OfferFailed():
                self._offer_failed(offer, message.failure, now)

    # The citizen

    def _caller_enters(self, message: m.CallerEnters, now: datetime) -> None:
        if message.call_id in self.waiting or message.call_id in self.talks:
            return
        queue = self.queues.get(message.queue)
        if queue is None:
            raise UnknownQueue(f"there is no queue {message.queue!r}")
        self._entered += 1
        call = WaitingCall(
            call_id=message.call_id,
            queue=message.queue,
            rank=(not message.at_head, -message.priority, now, self._entered),
            entered_at=now,
        )
        self.waiting[call.call_id] = call
        position = queue.add(call)
        self._tell(
            CallerEntered(
                at=now, call_id=call.call_id, queue=call.queue, position=position
            )
        )
        if queue.rules.announce_position_seconds:
            self._alarms.set(("announce", call.call_id), now)

    def _caller_leaves(self, call_id: str, now: datetime) -> None:
        call = self.waiting.get(call_id)
        if call is None:
            # An agent picked up in the moment in which the citizen hung up.
            self._talk_ends(m.TalkEnds(call_id=call_id, end=m.TalkEnd.CALLER), now)
            return
        offer = self.offers.get(call.offer_id)
        position = self.queues[call.queue].position(call)
        self._tell(call.abandoned(now, position))
        if offer:
            self._withdraw(offer)
            self._free(self.agents[offer.agent_id], now)
        self._leave_line(call)

    def _leave_line(self, call: WaitingCall) -> None:
        self.queues[call.queue].remove(call)
        del self.waiting[call.call_id]
        self._alarms.cancel(("announce", call.call_id))

    # Offers

    def _dispatch(self, now: datetime) -> None:
        while pair := self._best_pair(now):
            self._offer(*pair, now)

    def _best_pair(self, now: datetime) -> tuple[WaitingCall, Agent] | None:
        """The first waiting call, over all queues, that somebody can take."""
        if len(self.waiting) == len(self.offers):
            return None
        free = [agent for agent in self.agents.values() if agent.can_take(now)]
        if not free:
            return None
        heads = (next(queue.not_offered(), None) for queue in self.queues.values())
        for call in sorted((h for h in heads if h), key=lambda head: head.rank):
            able = [agent for agent in free if call.queue in agent.profile.queues]
            if able:
                strategy = self.queues[call.queue].rules.strategy
                return call, STRATEGIES[strategy](able)
        return None

    def _offer(self, call: WaitingCall, agent: Agent, now: datetime) -> None:
        call.offers += 1
        offer = OpenOffer(
            id=f"{call.call_id}-{call.offers}",
            call_id=call.call_id,
            queue=call.queue,
            agent_id=agent.profile.id,
            offered_at=now,
        )
        call.offer_id = offer.id
        self.offers.add(offer)
        self._tell(agent.move_to(AgentState.OFFERED, now, call_id=call.call_id))
        self._tell(offer.offered(), offer.command())
        ring_seconds = self.queues[call.queue].rules.ring_seconds
        self._alarms.set(("ring", offer.id), now + timedelta(seconds=ring_seconds))

    def _offer_rings(self, offer: OpenOffer, now: datetime) -> None:
        agent = self.agents[offer.agent_id]
        if agent.state is AgentState.OFFERED:
            self._tell(agent.move_to(AgentState.RINGING, now, call_id=offer.call_id))

    def _offer_answered(self, offer: OpenOffer, now: datetime) -> None:
        call, agent = self.waiting[offer.call_id], self.agents[offer.agent_id]
        self._close(offer)
        self._leave_line(call)
        agent.unanswered = 0
        self.talks[call.call_id] = offer.talk(now)
        self._tell(agent.move_to(AgentState.TALKING, now, call_id=call.call_id))
        self._tell(offer.connected(now, call.entered_at), offer.connect())

    def _offer_failed(
        self, offer: OpenOffer, failure: m.OfferFailure, now: datetime
    ) -> None:
        agent = self.agents[offer.agent_id]
        self._close(offer)
        self._tell(offer.unanswered(now, failure))
        self._after_failure(agent, failure, self.queues[offer.queue].rules, now)

    def _after_failure(
        self,
        agent: Agent,
        failure: m.OfferFailure,
        rules: QueueRules,
        now: datetime,
    ) -> None:
        silent = failure in (m.OfferFailure.NO_ANSWER, m.OfferFailure.UNREACHABLE)
        agent.unanswered += silent
        if (
            silent
            and rules.auto_pause_after
            and (agent.unanswered >= rules.auto_pause_after)
        ):
            agent.unanswered = 0
            self._tell(agent.move_to(AgentState.PAUSED, now, reason=failure))
            return
        agent.rests_until = now + timedelta(seconds=REST_SECONDS)
        self._alarms.set(("rest", agent.profile.id), agent.rests_until)
        self._free(agent, now)

    def _withdraw(self, offer: OpenOffer) -> None:
        self._close(offer)
        self._tell(offer.withdraw())

    def _close(self, offer: OpenOffer) -> None:
        self.offers.remove(offer)
        self.waiting[offer.call_id].offer_id = ""
        self._alarms.cancel(("ring", offer.id))

    # Talks

    def _talk_ends(self, message: m.TalkEnds, now: datetime) -> None:
        talk = self.talks.pop(message.call_id, None)
        if talk is None:
            return
        agent = self.agents[talk.agent_id]
        agent.idle_since = now
        self._tell(talk.ended(now, message.end))
        if message.end in m.NOT_SERVED:
            self._tell(talk.requeued(now))
        if message.end is m.TalkEnd.AGENT_LEG_DIED:
            self._lose_agent(agent, now)
        else:
            self._wrap_up(agent, talk, now)

    def _lose_agent(self, agent: Agent, now: datetime) -> None:
        """His phone died: no more calls to it."""
        if agent.wish is AgentState.LOGGED_OUT:
            self._free(agent, now)
            return
        agent.wish, agent.wish_reason = None, ""
        self._tell(agent.move_to(AgentState.PAUSED, now, reason="leg_died"))

    def _wrap_up(self, agent: Agent, talk: Talk, now: datetime) -> None:
        self._tell(agent.move_to(AgentState.WRAP_UP, now, call_id=talk.call_id))
        seconds = self.queues[talk.queue].rules.wrap_up_seconds
        if not seconds:
            self._free(agent, now)
            return
        due = now + timedelta(seconds=seconds)
        self._alarms.set(("wrap_up", agent.profile.id), due)

    # Agents

    def _agent_asks(
        self,
        message: m.AgentLogsIn | m.AgentLogsOut | m.AgentPauses | m.AgentGetsReady,
        now: datetime,
    ) -> None:
        agent = self.agents.get(message.agent_id)
        if agent is None:
            raise UnknownAgent(f"there is no agent {message.agent_id!r}")
        match message:
            case m.AgentLogsIn():
                self._log_in(agent, now)
            case m.AgentLogsOut():
                self._stop(agent, AgentState.LOGGED_OUT, "", now)
            case m.AgentPauses():
                _check_logged_in(agent)
                self._stop(agent, AgentState.PAUSED, message.reason, now)
            case m.AgentGetsReady():
                _check_logged_in(agent)
                self._get_ready(agent, now)

    def _log_in(self, agent: Agent, now: datetime) -> None:
        agent.wish, agent.wish_reason = None, ""
        if agent.state is AgentState.LOGGED_OUT:
            agent.idle_since, agent.unanswered = now, 0
            self._tell(agent.move_to(AgentState.READY, now))

    def _get_ready(self, agent: Agent, now: datetime) -> None:
        agent.wish, agent.wish_reason = None, ""
        agent.unanswered, agent.rests_until = 0, None
        if agent.state in (AgentState.PAUSED, AgentState.WRAP_UP):
            self._alarms.cancel(("wrap_up", agent.profile.id))
            self._tell(agent.move_to(AgentState.READY, now))

    def _stop(self, agent: Agent, new: AgentState, reason: str, now: datetime) -> None:
        """Pause or log out: at once, or after the talk that he is in."""
        if agent.state is AgentState.TALKING:
            agent.wish, agent.wish_reason = new, reason
            return
        if offer := self.offers.of_agent(agent.profile.id):
            self._withdraw(offer)
        self._alarms.cancel(("wrap_up", agent.profile.id))
        agent.wish = None
        if agent.state is not new:
            self._tell(agent.move_to(new, now, reason=reason))

    def _free(self, agent: Agent, now: datetime) -> None:
        """Back to ready, or to what he wished for during his talk."""
        new, reason = agent.wish or AgentState.READY, agent.wish_reason
        agent.wish, agent.wish_reason = None, ""
        self._tell(agent.move_to(new, now, reason=reason))

    # Time

    def _ring_alarms(self, now: datetime) -> None:
        for name in self._alarms.ring(now):
            match name:
                case ("ring", str(offer_id)):
                    self._ring_ends(offer_id, now)
                case ("wrap_up", str(agent_id)):
                    self._free(self.agents[agent_id], now)
                case ("announce", str(call_id)):
                    self._announce(self.waiting[call_id], now)

    def _ring_ends(self, offer_id: str, now: datetime) -> None:
        offer = self.offers.get(offer_id)
        if offer:
            self._tell(offer.withdraw())
            self._offer_failed(offer, self._why_silent(offer), now)

    def _why_silent(self, offer: OpenOffer) -> m.OfferFailure:
        """Nobody picked up; or the phone is not there, for it never even rang."""
        rang = self.agents[offer.agent_id].state is AgentState.RINGING
        return m.OfferFailure.NO_ANSWER if rang else m.OfferFailure.UNREACHABLE

    def _announce(self, call: WaitingCall, now: datetime) -> None:
        queue = self.queues[call.queue]
        pause = timedelta(seconds=queue.rules.announce_position_seconds)
        self._alarms.set(("announce", call.call_id), now + pause)
        if not call.offer_id:
            self._tell(
                m.TellPosition(call_id=call.call_id, position=queue.position(call))
            )

    def _tell(self, *doings: Doing) -> None:
        self._doings.extend(doings)


def _check_logged_in(agent: Agent) -> None:
    if agent.state is AgentState.LOGGED_OUT:
        raise AgentLoggedOut(f"agent {agent.profile.id} is logged out; log in first")
