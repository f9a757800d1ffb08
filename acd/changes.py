"""Rules, profiles and priorities that change while calls wait and agents work."""

from datetime import datetime

from acd import messages as m
from acd.agent import Agent
from acd.decisions import Decisions
from acd.events import AgentProfileChanged, QueueRulesChanged
from acd.floor import Floor
from acd.offering import Offering
from acd.places import Places
from acd.queue_rules import EMERGENCY
from acd.routing_words import RoutingRule
from acd.talk_events import CallPriorityChanged
from acd.ways_out import WaysOut


class Changes:
    """Brings changes to those who wait already, and to agents whatever they do."""

    def __init__(
        self,
        floor: Floor,
        offering: Offering,
        places: Places,
        ways_out: WaysOut,
        decisions: Decisions,
    ) -> None:
        self._floor, self._offering, self._decisions = floor, offering, decisions
        self._places, self._ways_out = places, ways_out

    def rules(self, message: m.QueueRulesChange, now: datetime) -> None:
        """The queue works by these rules; `UnknownQueue` refuses."""
        floor, rules = self._floor, message.rules
        queue = floor.queue(rules.name)
        floor.check_queues_of(rules)
        agents = [a for a in floor.agents.values() if rules.name in a.standings]
        free = [agent for agent in agents if agent in floor.free]
        for agent in free:
            floor.free.remove(agent)
        announced = queue.rules.announce_position_seconds
        queue.take(rules)
        for agent in free:
            floor.free.add(agent)
        for call in queue.calls():
            self._places.refresh(call, now)
            if not announced:
                self._places.announce(call, now)
        floor.tell(QueueRulesChanged(at=now, queue=rules.name))
        self._ways_out.look_at_line(queue, now)
        self._ways_out.await_closing(queue, now)
        floor.note_changed_rules(queue)

    def queue_joins(self, message: m.QueueJoins, now: datetime) -> None:
        """The queue is there from now on; `UnknownQueue` refuses rules that name another."""
        queue = self._floor.add_queue(message.rules)
        self._floor.tell(QueueRulesChanged(at=now, queue=message.rules.name))
        self._ways_out.await_closing(queue, now)

    def queue_leaves(self, message: m.QueueLeaves, now: datetime) -> None:
        """Nobody comes into the queue any more, and who waits there goes to another.

        He keeps his rank and what he has waited; phones that ring for him stop. Talks
        go on. `UnknownQueue` refuses.
        """
        floor, queue = self._floor, self._floor.queue(message.queue)
        floor.queue(message.to)
        queue.heir = message.to
        floor.alarms.cancel(("closing", message.queue))
        for call in queue.calls():
            self._offering.withdraw_all(call, now)
            self._ways_out.inherit(call, queue, now)
        floor.tell(QueueRulesChanged(at=now, queue=message.queue))

    def profile(self, message: m.AgentProfileChanges, now: datetime) -> None:
        """The agent is this from now on; `UnknownAgent` refuses.

        If he is rung for a queue that is no longer his, the phone stops ringing.
        """
        floor, agent = self._floor, self._floor.agent(message.profile.id)
        floor.take_profile(agent, message.profile)
        floor.tell(AgentProfileChanged(at=now, agent_id=agent.profile.id))
        offer = floor.offers.of_agent(agent.profile.id)
        if offer and not self._may_be_rung(agent, offer.call_id):
            self._offering.withdraw(offer)
            floor.free_up(agent, now)

    def joins(self, message: m.AgentJoins, now: datetime) -> None:
        """The agent is in the team from now on, and logged out."""
        self._floor.add_agent(message.profile, now)
        self._floor.tell(AgentProfileChanged(at=now, agent_id=message.profile.id))

    def priority(self, message: m.CallPriorityChanges, now: datetime) -> None:
        """The waiting call has this priority from now on; `CallNotWaiting` refuses.

        In an emergency it waits no longer for the agent whom it knows.
        """
        floor, priority = self._floor, message.priority
        call = floor.waiting_call(message.call_id)
        floor.rerank(call, priority)
        word = "emergency" if priority >= EMERGENCY else str(priority)
        self._decisions.record(call, RoutingRule.PRIORITY, now, detail=word)
        if call.held_for and call.goes_first:
            self._places.release(call, now)
        floor.tell(
            CallPriorityChanged(
                at=now,
                call_id=call.call_id,
                queue=call.queue,
                priority=priority,
                position=floor.queues[call.queue].position(call),
                asked_by=message.asked_by,
                peer=message.peer,
            ),
            m.KeepPriority(call_id=call.call_id, priority=priority),
        )
        self._ways_out.look_at(call, now)

    def _may_be_rung(self, agent: Agent, call_id: str) -> bool:
        ask = self._floor.waiting[call_id].ask
        his = any(queue in agent.standings for queue in ask.queues)
        return his or ask.only_agent == agent.profile.id
