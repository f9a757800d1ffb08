"""The engine in virtual time: what is to happen, in order, and nothing in between."""

import heapq
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from acd.engine import Engine
from acd.events import AgentState, Event
from acd.messages import Command, Message, OfferAnswered, OfferRings, TimePasses
from acd.staffing.plan import Plan

Act = Callable[[], None]


class Caller(Protocol):
    """Whoever the engine's commands for a call are for."""

    def carry_out(self, command: Command) -> None:
        """Do as the engine says; what it leads to is put on the floor's agenda."""

    def leave_for_good(self) -> None:
        """Hang up, unless he speaks with an agent, and do not call again today."""


class VirtualFloor:
    """Engine, clock and agenda. This alone knows how to speak with the engine."""

    def __init__(
        self, plan: Plan, start: datetime, hear: Callable[[Event], None]
    ) -> None:
        self.now = start
        self.callers: dict[str, Caller] = {}
        self._hear = hear
        self._agenda: list[tuple[datetime, int, Act]] = []
        self._added = 0
        self._engine = Engine(
            (replace(rules, announce_position_seconds=0) for rules in plan.queues),
            (agent.profile for agent in plan.agents),
            start,
            city=plan.city,
        )

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

    def ring(self, offer_id: str, answer_seconds: float | None) -> None:
        """An agent's phone rings, and is picked up after so long; None: it is not."""
        self.after(0, partial(self.send, OfferRings(offer_id=offer_id)))
        if answer_seconds is not None:
            answered = OfferAnswered(offer_id=offer_id)
            self.after(answer_seconds, partial(self.send, answered))

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

    def state_of(self, agent_id: str) -> AgentState:
        """What an agent is doing."""
        return self._engine.agents[agent_id].state
