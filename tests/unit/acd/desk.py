"""An engine at a desk of its own: time is moved by hand, doings are kept."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from acd.agent import AgentProfile
from acd.engine import Engine
from acd.events import AgentState
from acd.floor import Doing
from acd.messages import (
    AgentGetsReady,
    AgentLogsIn,
    CallerEnters,
    Message,
    Offer,
    OfferAnswered,
    TalkEnd,
    TalkEnds,
    TimePasses,
)
from acd.queue_rules import QueueRules

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
D = TypeVar("D")


def profile(agent_id: str, *queues: str, **more: Any) -> AgentProfile:
    """An agent of some queues; of "general" when none is named."""
    return AgentProfile(
        id=agent_id,
        contact=f"sip:{agent_id}@127.0.0.3",
        queues=queues or ("general",),
        **more,
    )


class Desk:
    """Hands messages to an engine; `told` is everything that it has answered."""

    def __init__(
        self,
        *agents: AgentProfile,
        rules: tuple[QueueRules, ...] = (),
        **more: Any,
    ) -> None:
        self.now = START
        rules = rules or (QueueRules(name="general"),)
        self.engine = Engine(rules, agents, START, **more)
        self.told: list[Doing] = []

    def send(self, message: Message) -> list[Doing]:
        """Hand over a message now."""
        doings = self.engine.handle(message, self.now)
        self.told += doings
        return doings

    def wait(self, seconds: float) -> list[Doing]:
        """Let time pass, with a wake-up at each moment that the engine asked for."""
        end, before = self.now + timedelta(seconds=seconds), len(self.told)
        while (due := self.engine.next_due()) is not None and due <= end:
            self.now = max(due, self.now)
            self.send(TimePasses())
        self.now = end
        return self.told[before:]

    def log_in(self, *agents: str) -> None:
        """Log agents in, a second after each other."""
        for agent in agents:
            self.send(AgentLogsIn(agent_id=agent))
            self.wait(1)

    def enter(self, call_id: str, queue: str = "general", **more: Any) -> None:
        """A citizen asks for a person."""
        self.send(CallerEnters(call_id=call_id, queue=queue, **more))

    def answer(self) -> str:
        """The agent who was rung last picks up; returns who he is."""
        offer = self.last(Offer)
        self.send(OfferAnswered(offer_id=offer.offer_id))
        return offer.agent_id

    def serve(self, call_id: str, seconds: float = 60) -> str:
        """A call enters, is answered, talks and ends; returns the agent."""
        self.enter(call_id)
        agent = self.answer()
        self.wait(seconds)
        self.send(TalkEnds(call_id=call_id, end=TalkEnd.CALLER))
        self.send(AgentGetsReady(agent_id=agent))
        return agent

    def state(self, agent: str) -> AgentState:
        """What an agent is doing."""
        return self.engine.agents[agent].state

    def all(self, kind: type[D]) -> list[D]:
        """Everything told of one kind, in order."""
        return [doing for doing in self.told if isinstance(doing, kind)]

    def last(self, kind: type[D]) -> D:
        """The latest told of one kind."""
        return self.all(kind)[-1]
