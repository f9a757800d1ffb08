"""The engine in virtual time: what is to happen, in order, and nothing in between."""

import heapq
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from acd.call_backs.rules import Mode
from acd.engine import Engine
from acd.events import AgentState, Event
from acd.messages import (
    Command,
    Message,
    OfferAnswered,
    OfferFailed,
    OfferFailure,
    OfferRings,
    TimePasses,
)
from acd.queue_rules import QueueRules
from acd.staffing.plan import Plan

Act = Callable[[], None]


BUSY_SECONDS = 0.2
"""So soon a busy phone says so."""


class Caller(Protocol):
    """Whoever the engine's commands for a call are for."""

    def carry_out(self, command: Command) -> None:
        """Do as the engine says; what it leads to is put on the floor's agenda."""

    def leave_for_good(self) -> None:
        """Hang up, unless he speaks with an agent, and do not call again today."""


class VirtualFloor:
    """Engine, clock and agenda. This alone knows how to speak with the engine.

    Once it `is_closed` nobody is sent into a queue any more.
    """

    def __init__(
        self, plan: Plan, start: datetime, hear: Callable[[Event], None]
    ) -> None:
        self.now = self._start = start
        self.queues = tuple(rules.name for rules in plan.queues)
        self.callers: dict[str, Caller] = {}
        self.is_closed = False
        self._hear = hear
        self._agenda: list[tuple[datetime, int, Act]] = []
        self._added = 0
        self._engine = Engine(
            (_unannounced(rules, plan) for rules in plan.queues),
            (agent.profile for agent in plan.agents),
            start,
            city=plan.city,
        )

    def seconds(self) -> float:
        """The time now, in seconds since the day began."""
        return (self.now - self._start).total_seconds()

    def at(self, moment: datetime, act: Act) -> None:
        """Let something happen then; things of one moment keep their order."""
        self._added += 1
        heapq.heappush(self._agenda, (moment, self._added, act))

    def after(self, seconds: float, act: Act) -> None:
        """Let something happen so many seconds from now."""
        self.at(self.now + timedelta(seconds=seconds), act)

    def send(self, message: Message) -> None:
        """Tell the engine; its commands reach their calls, its events whoever hears."""
        for doing in self._engine.handle(message, self.now):
            if isinstance(doing, Event):
                self._hear(doing)
            elif caller := self.callers.get(doing.call_id):
                caller.carry_out(doing)

    def run(self) -> None:
        """Until there is nothing left to happen."""
        while self._agenda:
            due = self._engine.next_due()
            if due is not None and due <= self._agenda[0][0]:
                self.now = max(due, self.now)
                self.send(TimePasses())
            else:
                self.now, _, act = heapq.heappop(self._agenda)
                act()

    def ring(
        self,
        offer_id: str,
        seconds: float,
        failure: OfferFailure | None,
        silent: Callable[[str], None],
    ) -> None:
        """An agent's phone rings, and is picked up, or refused, after so long.

        A busy one fails at once; nobody touches one that is not answered. `silent` is
        told of the offer that failed.
        """
        if failure is not OfferFailure.BUSY:
            self.after(0, partial(self.send, OfferRings(offer_id=offer_id)))
        match failure:
            case None:
                answered = OfferAnswered(offer_id=offer_id)
                self.after(seconds, partial(self.send, answered))
            case OfferFailure.BUSY:
                self._fail(offer_id, BUSY_SECONDS, failure, silent)
            case OfferFailure.REJECTED:
                self._fail(offer_id, seconds, failure, silent)

    def _fail(
        self,
        offer_id: str,
        seconds: float,
        failure: OfferFailure,
        silent: Callable[[str], None],
    ) -> None:
        def fails() -> None:
            silent(offer_id)
            self.send(OfferFailed(offer_id=offer_id, failure=failure))

        self.after(seconds, fails)

    def settle(self, seconds: float) -> None:
        """Let the engine do what is still due within so long; nobody calls any more."""
        end = self.now + timedelta(seconds=seconds)
        while (due := self._engine.next_due()) is not None and due <= end:
            self.now = max(due, self.now)
            self.send(TimePasses())

    def left_behind(self) -> list[str]:
        """Calls that wait or talk, and agents who are at work, by their ids."""
        engine = self._engine
        at_work = (
            agent_id
            for agent_id, agent in engine.agents.items()
            if agent.state is not AgentState.LOGGED_OUT
        )
        return [*self.callers, *engine.waiting, *engine.talks, *at_work]

    def is_staffed(self, queue: str) -> bool:
        """Whether any agent of the queue is logged in."""
        return self._engine.queues[queue].logged_in > 0

    def room(self, queue: str) -> int:
        """The agents of a queue who are ready, less the calls that wait."""
        known = self._engine.queues[queue]
        return known.agents[AgentState.READY] - known.waiting

    def agents_there(self, queue: str, besides: str, *, ready: bool) -> list[str]:
        """The agents of a queue who are at work, or `ready` for a call, but for one."""
        return [
            agent_id
            for agent_id, agent in self._engine.agents.items()
            if agent_id != besides
            and queue in agent.standings
            and (agent.can_take() if ready else agent.is_there)
        ]

    def state_of(self, agent_id: str) -> AgentState:
        """What an agent is doing."""
        return self._engine.agents[agent_id].state


def _unannounced(rules: QueueRules, plan: Plan) -> QueueRules:
    """Positions change nothing, but for call-backs that ring the citizen near the head."""
    call_backs = plan.call_backs
    near_head = call_backs.mode_of(rules.name) is Mode.CITIZEN_FIRST
    if plan.can_call and near_head:
        return rules
    return replace(rules, announce_position_seconds=0)
