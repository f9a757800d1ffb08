"""Ringing agents for waiting calls: an offer from its start to its end."""

from datetime import datetime, timedelta

from acd import messages as m
from acd.agent import Agent
from acd.alarms import SOONEST
from acd.decisions import Decisions
from acd.events import AgentState
from acd.floor import Floor
from acd.line import WaitingCall
from acd.offers import OpenOffer, Talk
from acd.queue_rules import QueueRules

_SILENT = frozenset({m.OfferFailure.NO_ANSWER, m.OfferFailure.UNREACHABLE})


class Offering:
    """Makes, follows and ends the offers of a floor."""

    def __init__(self, floor: Floor, decisions: Decisions) -> None:
        self._floor, self._decisions = floor, decisions
        self._made = 0

    def offer(self, call: WaitingCall, agents: list[Agent], now: datetime) -> None:
        """Ring these agents for the call."""
        self._decisions.offered(call, agents[0].profile.id, now)
        for agent in agents:
            self._ring(call, agent, now)
        self._floor.sort_in(call)

    def news(
        self, message: m.OfferRings | m.OfferAnswered | m.OfferFailed, now: datetime
    ) -> None:
        """What a phone did; nothing when its offer is over."""
        offer = self._floor.offers.get(message.offer_id)
        if offer is None:
            return
        match message:
            case m.OfferRings():
                self._rings(offer, now)
            case m.OfferAnswered():
                self._answered(offer, now)
            case m.OfferFailed():
                self._failed(offer, message.failure, now)

    def ring_ends(self, offer_id: str, now: datetime) -> None:
        """The phone has rung long enough."""
        offer = self._floor.offers.get(offer_id)
        if offer:
            self._floor.tell(offer.withdraw())
            self._failed(offer, self._why_silent(offer), now)

    def withdraw(self, offer: OpenOffer) -> None:
        """Stop ringing; the agent's state is left to the caller of this."""
        self._floor.stops_ringing(offer)
        self._floor.tell(offer.withdraw())

    def withdraw_all(self, call: WaitingCall, now: datetime) -> None:
        """The call is gone, or somebody has it: stop ringing and free the agents."""
        for offer_id in tuple(call.offer_ids):
            offer = self._floor.offers[offer_id]
            self.withdraw(offer)
            self._floor.free_up(self._floor.agents[offer.agent_id], now)

    def _ring(self, call: WaitingCall, agent: Agent, now: datetime) -> None:
        floor = self._floor
        call.offers += 1
        self._made += 1
        taken_for = _taken_for(call, agent)
        agent.last_offers[taken_for] = self._made
        floor.free.asked(agent, taken_for)
        offer = OpenOffer(
            id=f"{call.call_id}-{call.offers}",
            call_id=call.call_id,
            queue=call.queue,
            agent_id=agent.profile.id,
            offered_at=now,
        )
        floor.rings(offer)
        floor.move(agent, AgentState.OFFERED, now, call_id=call.call_id)
        floor.tell(offer.offered(), offer.command())
        ring_seconds = floor.queues[call.queue].rules.ring_seconds
        lasts = max(timedelta(seconds=ring_seconds), SOONEST)
        floor.alarms.set(("ring", offer.id), now + lasts)

    def _rings(self, offer: OpenOffer, now: datetime) -> None:
        agent = self._floor.agents[offer.agent_id]
        if agent.state is AgentState.OFFERED:
            self._floor.move(agent, AgentState.RINGING, now, call_id=offer.call_id)

    def _answered(self, offer: OpenOffer, now: datetime) -> None:
        floor = self._floor
        call, agent = floor.waiting[offer.call_id], floor.agents[offer.agent_id]
        floor.stops_ringing(offer)
        self.withdraw_all(call, now)
        floor.leave_line(call)
        agent.unanswered = 0
        floor.begin_talk(_talk(call, offer, now))
        floor.move(agent, AgentState.TALKING, now, call_id=call.call_id)
        floor.tell(offer.connected(now, call.entered_at), offer.connect())
        floor.tell(*call.estimated(now, connected=True))
        if not call.is_question:
            self._count(call, agent, now)

    def _count(self, call: WaitingCall, agent: Agent, now: datetime) -> None:
        """A citizen was served: it tells how fast the queue works, and how much the agent."""
        queue = self._floor.queues[call.queue]
        agent.calls_taken += 1
        queue.pace.answered(now, call.joined_at)

    def _failed(self, offer: OpenOffer, failure: m.OfferFailure, now: datetime) -> None:
        agent = self._floor.agents[offer.agent_id]
        self._floor.stops_ringing(offer)
        self._floor.tell(offer.unanswered(now, failure))
        queue = self._floor.queues[offer.queue]
        rules, silent = queue.rules, failure in _SILENT
        # One call that rang everywhere in vain says nothing of any one agent.
        if silent and not queue.strategy.all_at_once:
            agent.unanswered += 1
        if silent and 0 < rules.auto_pause_after <= agent.unanswered:
            agent.unanswered = 0
            self._floor.move(agent, AgentState.PAUSED, now, reason=failure)
        else:
            self._rest(agent, _delay_seconds(rules, failure), now)

    def _rest(self, agent: Agent, seconds: float, now: datetime) -> None:
        until = now + timedelta(seconds=seconds)
        if until > now:
            agent.rests_until = until
            self._floor.alarms.set(("rest", agent.profile.id), until)
        self._floor.free_up(agent, now)

    def _why_silent(self, offer: OpenOffer) -> m.OfferFailure:
        """Nobody picked up; or the phone is not there, for it never even rang."""
        rang = self._floor.agents[offer.agent_id].state is AgentState.RINGING
        return m.OfferFailure.NO_ANSWER if rang else m.OfferFailure.UNREACHABLE


def _talk(call: WaitingCall, offer: OpenOffer, now: datetime) -> Talk:
    return Talk(
        wish=call.wish,
        agent_id=offer.agent_id,
        queue=call.queue,
        connected_at=now,
        offers=call.offers,
        decisions=call.decisions,
    )


def _taken_for(call: WaitingCall, agent: Agent) -> str:
    """The queue by which he came to the call."""
    his = (queue for queue in call.ask.queues if queue in agent.standings)
    return next(his, call.queue)


def _delay_seconds(rules: QueueRules, failure: m.OfferFailure) -> float:
    match failure:
        case m.OfferFailure.REJECTED:
            return rules.reject_delay_seconds
        case m.OfferFailure.BUSY:
            return rules.busy_delay_seconds
        case _:
            return rules.no_answer_delay_seconds
