"""An engine at a desk of its own: time is moved by hand, doings are kept."""

from datetime import UTC, datetime, timedelta
from typing import TypeVar

from acd.agent import AgentProfile
from acd.engine import Doing, Engine
from acd.events import AgentState
from acd.messages import AgentLogsIn, CallerEnters, Message, TimePasses
from acd.queue_rules import QueueRules

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
D = TypeVar("D")


def profile(agent_id: str, *queues: str) -> AgentProfile:
    """An agent of some queues; of "general" when none is named."""
    return AgentProfile(
        id=agent_id,
        contact=f"sip:{agent_id}@127.0.0.3",
        queues=queues or ("general",),
    )


class Desk:
    """Hands messages to an engine; `told` is everything that it has answered."""

    def __init__(
        self, *agents: AgentProfile, rules: tuple[QueueRules, ...] = ()
    ) -> None:
        self.now = START
        self.engine = Engine(rules or (QueueRules(name="general"),), agents, START)
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

    def enter(self, call_id: str, queue: str = "general", priority: int = 0) -> None:
        """A citizen asks for a person."""
        self.send(CallerEnters(call_id=call_id, queue=queue, priority=priority))

    def state(self, agent: str) -> AgentState:
        """What an agent is doing."""
        return self.engine.agents[agent].state

    def all(self, kind: type[D]) -> list[D]:
        """Everything told of one kind, in order."""
        return [doing for doing in self.told if isinstance(doing, kind)]

    def last(self, kind: type[D]) -> D:
        """The latest told of one kind."""
        return self.all(kind)[-1]
