"""The engine at work: the in-process `Link`, its clock and its mailboxes.

Messages go straight into the engine, commands into the mailbox of their call, events
to the bus. One timer of the loop wakes the engine at the moment it named.
"""

import asyncio
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from acd.agent import Agent, AgentProfile
from acd.engine import Engine
from acd.events import AgentState, AgentStateChanged, CallEvent, Event
from acd.floor import Doing, UnknownQueue
from acd.messages import (
    Command,
    Message,
    TimePasses,
    call_in_question,
    is_question,
)
from acd.queue import Queue, heir_of
from acd.queue_rules import QueueRules
from config.bus import EventBus
from config.clock import LoopClock


class Mailbox(Protocol):
    """Where a call finds its commands, in order."""

    async def get(self) -> Command:
        """Wait for the next command."""

    def get_nowait(self) -> Command:
        """The next command, which must be there."""

    def empty(self) -> bool:
        """Whether there is no command now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentView:
    """An agent as seen from outside. `since` is aware UTC.

    `queues` are names, `skills` his levels, `penalties` those that he has by queue.
    `overdue` tells that his pause is longer than its reason allows.
    """

    id: str
    name: str
    contact: str
    queues: tuple[str, ...]
    skills: dict[str, int]
    penalties: dict[str, int]
    state: AgentState
    reason: str
    call_id: str
    since: datetime
    overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAhead:
    """What comes next for an agent by himself.

    `after_talk` is what he wished for the end of his talk, with its `reason`; None when
    he goes on as always. `wrap_up_ends_at` is aware UTC, None while he has no wrap-up.
    """

    after_talk: AgentState | None
    reason: str
    wrap_up_ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """A queue as seen from outside."""

    name: str
    waiting: int
    talking: int
    longest_wait_seconds: float
    agents: dict[AgentState, int]


class Link(Protocol):
    """The seam between calls and engine; in one process, or over a broker."""

    def send(self, message: Message) -> None:
        """Tell the engine; its refusals are raised here."""

    def mailbox(self, call_id: str) -> AbstractContextManager[Mailbox]:
        """Receive the commands for a call while inside the `with` block."""

    @property
    def queue_names(self) -> Collection[str]:
        """The queues that there are, always as they are now."""

    def is_staffed(self, queue: str) -> bool:
        """Whether any agent of the queue is logged in."""

    def rules_of(self, queue: str) -> QueueRules:
        """The rules of a queue as they are now; `UnknownQueue` when there is none.

        For one that was removed, those of the queue that took its place.
        """

    def room(self) -> dict[str, int]:
        """For each queue the agents who are ready, less the calls that wait."""

    def queues(self) -> list[QueueView]:
        """All queues as they are now."""

    def agents(self) -> list[AgentView]:
        """All agents as they are now."""


class Distributor:
    """Drives an `Engine` on the running loop."""

    def __init__(self, engine: Engine, clock: LoopClock, bus: EventBus) -> None:
        self._engine, self._clock, self._bus = engine, clock, bus
        self._mailboxes: dict[str, asyncio.Queue[Command]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def send(self, message: Message) -> None:
        """Tell the engine, and do what it answers.

        What is due goes first: it is not lost when the message is refused.
        """
        now = self._clock.now()
        if (due := self._engine.next_due()) and due <= now:
            self._hand_over(TimePasses(), now)
        self._hand_over(message, now)

    def _hand_over(self, message: Message, now: datetime) -> None:
        doings = self._engine.handle(message, now)
        self._set_timer()
        for doing in doings:
            self._carry_out(doing)

    @contextmanager
    def mailbox(self, call_id: str) -> Iterator[asyncio.Queue[Command]]:
        """Receive the commands for a call while inside the `with` block."""
        mailbox: asyncio.Queue[Command] = asyncio.Queue()
        self._mailboxes[call_id] = mailbox
        try:
            yield mailbox
        finally:
            del self._mailboxes[call_id]

    def is_staffed(self, queue: str) -> bool:
        """Whether any agent of the queue is logged in."""
        known = self._engine.queues.get(queue)
        return known is not None and known.logged_in > 0

    def rules_of(self, queue: str) -> QueueRules:
        """The rules of a queue as they are now; `UnknownQueue` when there is none.

        For one that was removed, those of the queue that took its place.
        """
        name = heir_of(self._engine.queues, queue)
        if name not in self._engine.queues:
            raise UnknownQueue(f"there is no queue {queue!r}")
        return self._engine.queues[name].rules

    def room(self) -> dict[str, int]:
        """For each queue the agents who are ready, less the calls that wait."""
        return {
            queue.name: queue.agents[AgentState.READY] - queue.waiting
            for queue in self.queues()
        }

    def close(self) -> None:
        """Wake the engine no more."""
        if self._timer:
            self._timer.cancel()

    def agents(self) -> list[AgentView]:
        """All agents, by id."""
        agents = sorted(self._engine.agents.items())
        return [_agent_view(agent) for _, agent in agents if _is_seen(agent)]

    def ahead_of(self, agent_id: str) -> AgentAhead:
        """What comes next for an agent who is known."""
        agent = self._engine.agents[agent_id]
        return AgentAhead(
            after_talk=agent.wish,
            reason=agent.wish_reason if agent.wish else "",
            wrap_up_ends_at=self._engine.wrap_up_ends_at(agent_id),
        )

    @property
    def profiles(self) -> Mapping[str, AgentProfile]:
        """The agents' profiles by id, always as they are now."""
        return _Profiles(self._engine.agents)

    @property
    def queue_names(self) -> Collection[str]:
        """The queues that there are, always as they are now."""
        return _QueueNames(self._engine.queues)

    def queues(self) -> list[QueueView]:
        """All queues, in the order of the settings."""
        return [self._queue_view(name) for name in self.queue_names]

    def _queue_view(self, name: str) -> QueueView:
        queue = self._engine.queues[name]
        now = self._clock.now()
        waits = [(now - call.entered_at).total_seconds() for call in queue.line]
        return QueueView(
            name=name,
            waiting=len(queue.line),
            talking=self._talking(name),
            longest_wait_seconds=max(waits, default=0.0),
            agents=dict(queue.agents_by_state()),
        )

    def _talking(self, queue: str) -> int:
        """Citizens of the queue who speak with an agent; a question is none."""
        talks = self._engine.talks.values()
        return sum(t.queue == queue and not is_question(t.call_id) for t in talks)

    def _carry_out(self, doing: Doing) -> None:
        if isinstance(doing, CallEvent) and is_question(doing.call_id):
            return  # a question to an agent is no citizen's call
        if isinstance(doing, AgentStateChanged) and is_question(doing.call_id):
            doing = replace(doing, call_id=call_in_question(doing.call_id))
        if isinstance(doing, Event):
            self._bus.publish(doing)
        elif mailbox := self._mailboxes.get(doing.call_id):
            mailbox.put_nowait(doing)

    def _set_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        due = self._engine.next_due()
        if due is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(self._clock.loop_time(due), self._wake)

    def _wake(self) -> None:
        self._timer = None
        self.send(TimePasses())


class _Profiles(Mapping[str, AgentProfile]):
    """Who was removed can be looked up, for his phone may ring a moment longer."""

    def __init__(self, agents: Mapping[str, Agent]) -> None:
        self._agents = agents

    def __getitem__(self, agent_id: str) -> AgentProfile:
        return self._agents[agent_id].profile

    def __iter__(self) -> Iterator[str]:
        return (id for id, agent in self._agents.items() if not agent.is_removed)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _QueueNames(Collection[str]):
    """Those that were not removed, in the order in which they came."""

    def __init__(self, queues: Mapping[str, Queue]) -> None:
        self._queues = queues

    def __contains__(self, name: object) -> bool:
        return name in self._queues and not self._queues[str(name)].heir

    def __iter__(self) -> Iterator[str]:
        return (name for name, queue in self._queues.items() if not queue.heir)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _is_seen(agent: Agent) -> bool:
    """Who was removed is seen until his last talk is over."""
    return not agent.is_removed or agent.state is not AgentState.LOGGED_OUT


def _agent_view(agent: Agent) -> AgentView:
    profile = agent.profile
    return AgentView(
        id=profile.id,
        name=profile.name,
        contact=profile.contact,
        queues=profile.queues,
        skills=dict(profile.skills),
        penalties=dict(profile.penalties),
        state=agent.state,
        reason=agent.reason,
        call_id=call_in_question(agent.call_id),
        since=agent.since,
        overdue=agent.is_overdue,
    )
