"""All that the engine knows of now: queues, agents, calls, offers, talks, alarms.

Whoever changes an agent or a waiting call does it here, so that the indexes always
tell who is free and which calls want somebody.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from acd import messages as m
from acd.agent import Agent, AgentProfile, UnknownAgent
from acd.alarms import Alarms
from acd.asking import Ask
from acd.city import City
from acd.events import AgentState, Event, PauseOverdue
from acd.free_agents import FreeAgents
from acd.line import WaitingCall
from acd.numbers import Numbers
from acd.offers import Offers, OpenOffer, Talk
from acd.promises import Promises
from acd.queue import Queue
from acd.queue_rules import QueueRules
from acd.wanting import Wanting

Doing = m.Command | Event

CALL_ALARMS = ("announce", "relax", "overflow", "hold")
"""What may ring for a waiting call."""


class UnknownQueue(Exception):
    """There is no queue with this name."""

    error_id = "queue_unknown"


class CallNotWaiting(Exception):
    """The call does not wait in a queue, or no more."""

    error_id = "call_not_waiting"


class Floor:
    """The state that the engine's parts share.

    `freed` became free since the last match, `unexplained` entered or lost their phones
    since then. `returning` are the talks of citizens who lost their agents or are
    handed on, until they wait again or leave.
    """

    def __init__(
        self,
        queues: Iterable[QueueRules],
        agents: Iterable[AgentProfile],
        now: datetime,
        city: City,
        pause_limits: Mapping[str, float],
        chance: Random,
    ) -> None:
        self.city, self._pause_limits = city, pause_limits
        self.queues = {rules.name: Queue(rules) for rules in queues}
        for queue in self.queues.values():
            self.check_queues_of(queue.rules)
        self.agents = {
            profile.id: Agent(profile=profile, since=now, idle_since=now)
            for profile in agents
        }
        for agent in self.agents.values():
            self._count(agent, agent.state, 1)
        self._changed: dict[str, Agent] = {}
        self._unstaffed: dict[str, Queue] = {}
        self._changed_rules: dict[str, Queue] = {}
        self._unrung: dict[str, WaitingCall] = {}
        self.unexplained: dict[str, WaitingCall] = {}
        self.waiting: dict[str, WaitingCall] = {}
        self.wanting = Wanting()
        self.free = FreeAgents(self.queues, chance)
        self.freed: dict[str, Agent] = {}
        self.offers = Offers()
        self.talks: dict[str, Talk] = {}
        self.returning: dict[str, Talk] = {}
        self.numbers = Numbers()
        self.promises = Promises()
        self.alarms = Alarms(now)
        self._doings: list[Doing] = []

    def queue(self, name: str) -> Queue:
        """The queue with this name, or `UnknownQueue`; one that was removed is unknown."""
        queue = self.queues.get(name)
        if queue is None or queue.heir:
            raise UnknownQueue(f"there is no queue {name!r}")
        return queue

    def add_queue(self, rules: QueueRules) -> Queue:
        """There is this queue; one that was removed is back under these rules."""
        self.check_queues_of(rules)
        if known := self.queues.get(rules.name):
            known.heir = ""
            known.take(rules)
            return known
        queue = self.queues[rules.name] = Queue(rules)
        self.free.add_queue(rules.name)
        return queue

    def agent(self, agent_id: str) -> Agent:
        """The agent with this id, or `UnknownAgent`."""
        agent = self.agents.get(agent_id)
        if agent is None or agent.is_removed:
            raise UnknownAgent(f"there is no agent {agent_id!r}")
        return agent

    def add_agent(self, profile: AgentProfile, now: datetime) -> None:
        """He is in the team, logged out; who was removed is back as this."""
        if profile.id not in self.agents:
            nobody = replace(profile, queues=())
            agent = Agent(profile=nobody, since=now, idle_since=now)
            self.agents[profile.id] = agent
        self.agents[profile.id].is_removed = False
        self.take_profile(self.agents[profile.id], profile)

    def remove_agent(self, agent: Agent) -> None:
        """Nobody knows him any more; a talk that he is in goes on."""
        agent.is_removed = True
        self.take_profile(agent, replace(agent.profile, queues=(), penalties=()))

    def waiting_call(self, call_id: str) -> WaitingCall:
        """The waiting call with this id, or `CallNotWaiting`."""
        if call_id not in self.waiting:
            raise CallNotWaiting(f"call {call_id} does not wait in a queue now")
        return self.waiting[call_id]

    def tell(self, *doings: Doing) -> None:
        """Add to what the engine answers."""
        self._doings.extend(doings)

    def take_doings(self) -> list[Doing]:
        """What was told since this was last asked."""
        doings, self._doings = self._doings, []
        return doings

    def move(
        self,
        agent: Agent,
        new: AgentState,
        now: datetime,
        *,
        reason: str = "",
        call_id: str = "",
    ) -> None:
        """Change an agent's state, and tell it."""
        self._count(agent, agent.state, -1)
        self.tell(agent.move_to(new, now, reason=reason, call_id=call_id))
        self._count(agent, new, 1)
        self.settle(agent)
        self._limit_pause(agent, now)
        if not agent.is_there:
            self._changed[agent.profile.id] = agent
        if new is AgentState.LOGGED_OUT:
            self._note_all_unstaffed(agent)

    def take_profile(self, agent: Agent, profile: AgentProfile) -> None:
        """He is this from now on."""
        if agent in self.free:
            self.free.remove(agent)
        self._count(agent, agent.state, -1)
        self._note_all_unstaffed(agent)
        agent.take(profile)
        self._count(agent, agent.state, 1)
        self._changed[agent.profile.id] = agent
        self.settle(agent)

    def note_unstaffed(self, queue: Queue) -> None:
        """Somebody shall look at those who wait if nobody works in the queue."""
        if not queue.logged_in:
            self._unstaffed[queue.rules.name] = queue

    def take_unstaffed(self) -> list[Queue]:
        """The queues that nobody works in since this was last asked."""
        unstaffed, self._unstaffed = self._unstaffed, {}
        return list(unstaffed.values())

    def note_changed_rules(self, queue: Queue) -> None:
        """Somebody shall look whether the line is too long now."""
        self._changed_rules[queue.rules.name] = queue

    def take_changed_rules(self) -> list[Queue]:
        """The queues with other rules since this was last asked."""
        if not self._changed_rules:
            return []
        changed, self._changed_rules = self._changed_rules, {}
        return list(changed.values())

    def take_changed(self) -> list[Agent]:
        """The agents who went away or are others since this was last asked."""
        changed, self._changed = self._changed, {}
        return list(changed.values())

    def take_unrung(self) -> list[WaitingCall]:
        """The waiting calls for which phones stopped ringing since this was asked."""
        unrung, self._unrung = self._unrung, {}
        return [call for call in unrung.values() if call.call_id in self.waiting]

    def is_open(self, queue: Queue, now: datetime) -> bool:
        """Whether it is within the queue's hours, on the city's clock."""
        return queue.rules.hours is None or self.city.is_open(queue.rules.hours, now)

    def is_taken_at_once(self, call: WaitingCall) -> bool:
        """Whether an agent is free for it, and no other call before it."""
        return self.wanting.is_alone(call) and self.free.best(call.ask) is not None

    def would_be_taken_at_once(self, ask: Ask) -> bool:
        """Whether an agent is free for a call that would ask this, and none before it."""
        return not self.wanting.is_asked(ask) and self.free.best(ask) is not None

    def settle(self, agent: Agent) -> None:
        """Keep him among the free ones exactly while he can take a call."""
        can = agent.can_take()
        if can and agent not in self.free:
            self.free.add(agent)
            self.freed[agent.profile.id] = agent
        elif not can and agent in self.free:
            self.free.remove(agent)
            self.freed.pop(agent.profile.id, None)

    def free_up(self, agent: Agent, now: datetime) -> None:
        """Back to ready, or to what he wished for while he was busy."""
        new, reason = agent.wish or AgentState.READY, agent.wish_reason
        agent.wish, agent.wish_reason = None, ""
        self.move(agent, new, now, reason=reason)

    def rerank(self, call: WaitingCall, priority: int) -> None:
        """The call stands in its line as one of this priority does."""
        queue = self.queues[call.queue]
        queue.remove(call)
        self.wanting.remove(call)
        call.take_priority(priority)
        queue.add(call)
        self.sort_in(call)

    def sort_in(self, call: WaitingCall) -> None:
        """Keep a call among those that want somebody exactly while it does."""
        at_once = self.queues[call.queue].strategy.all_at_once
        wants = call.call_id in self.waiting and (at_once or not call.offer_ids)
        if not wants:
            self.wanting.remove(call)
        elif self.wanting.ask_of(call) != call.ask:
            self.wanting.remove(call)
            self.wanting.add(call)

    def check_queues_of(self, rules: QueueRules) -> None:
        """Refuse rules that name a queue which is not there."""
        for step in rules.relax:
            for name in step.also_queues:
                self.queue(name)
        for way in rules.overflow:
            if way.to:
                self.queue(way.to)

    def rings(self, offer: OpenOffer) -> None:
        """A phone rings for a waiting call."""
        call = self.waiting[offer.call_id]
        if not call.offer_ids:
            self.queues[call.queue].begins_ringing(call)
        call.offer_ids.append(offer.id)
        self.offers.add(offer)

    def stops_ringing(self, offer: OpenOffer) -> None:
        """That phone rings no more."""
        call = self.waiting[offer.call_id]
        call.offer_ids.remove(offer.id)
        self.offers.remove(offer)
        self.alarms.cancel(("ring", offer.id))
        if not call.offer_ids:
            self.queues[call.queue].stops_ringing(call)
            self._unrung[call.call_id] = self.unexplained[call.call_id] = call
        self.sort_in(call)

    def join_line(self, call: WaitingCall) -> None:
        """The call waits in its queue."""
        self.waiting[call.call_id] = self.unexplained[call.call_id] = call
        self.queues[call.queue].add(call)
        self.numbers.add(call.wish)

    def leave_line(self, call: WaitingCall) -> None:
        """The call, for which no phone rings any more, waits no more."""
        self.numbers.remove(call.wish)
        self._unrung.pop(call.call_id, None)
        del self.waiting[call.call_id]
        self.queues[call.queue].remove(call)
        self.sort_in(call)
        for kind in CALL_ALARMS:
            self.alarms.cancel((kind, call.call_id))

    def begin_talk(self, talk: Talk) -> None:
        """Citizen and agent speak."""
        self.talks[talk.call_id] = talk
        self.numbers.add(talk.wish)

    def end_talk(self, call_id: str) -> Talk | None:
        """They no longer do; None when they did not."""
        talk = self.talks.pop(call_id, None)
        if talk:
            self.numbers.remove(talk.wish)
        return talk

    def limit_pauses(self, limits: Mapping[str, float], now: datetime) -> None:
        """So long may pauses last, also those that go on."""
        before, self._pause_limits = self._pause_limits, limits
        for agent in self.agents.values():
            is_other = before.get(agent.reason) != limits.get(agent.reason)
            if agent.state is AgentState.PAUSED and is_other:
                agent.is_overdue = False
                self._limit_pause(agent, now)

    def _limit_pause(self, agent: Agent, now: datetime) -> None:
        name = ("pause", agent.profile.id)
        self.alarms.cancel(name)
        seconds = self._pause_limits.get(agent.reason)
        if agent.state is AgentState.PAUSED and seconds:
            due = agent.since + timedelta(seconds=seconds)
            self.alarms.set(name, max(due, now))

    def pause_is_overdue(self, agent: Agent, now: datetime) -> None:
        """His pause has lasted as long as its reason allows."""
        limit = self._pause_limits.get(agent.reason)
        if limit:
            agent.is_overdue = True
            self.tell(
                PauseOverdue(
                    at=now,
                    agent_id=agent.profile.id,
                    reason=agent.reason,
                    limit_seconds=limit,
                )
            )

    def _count(self, agent: Agent, state: AgentState, by: int) -> None:
        for name in agent.standings:
            if name in self.queues:
                self.queues[name].agents[state] += by

    def _note_all_unstaffed(self, agent: Agent) -> None:
        for name in agent.standings:
            if name in self.queues:
                self.note_unstaffed(self.queues[name])
