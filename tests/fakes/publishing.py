"""An engine with two agents whose events go to a broker, and how they are read."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from acd.agent import AgentProfile
from acd.distributor import Distributor
from acd.engine import Engine
from acd.events import CallAnswered
from acd.queue_rules import QueueRules
from config.bus import EventBus
from config.clock import LoopClock
from config.settings import MqttSection
from console.mqtt import MqttPublisher
from tests.fakes.mosquitto import Heard, Listener


class House:
    """A bus, an engine with two agents, and the publishers that hear them."""

    def __init__(self) -> None:
        self.bus, self.clock = EventBus(), LoopClock()
        agents = [
            AgentProfile(id=id, contact=f"sip:{id}@127.0.0.1", queues=("general",))
            for id in ("1001", "1002")
        ]
        engine = Engine([QueueRules(name="general")], agents, self.clock.now())
        self.distributor = Distributor(engine, self.clock, self.bus)

    def publisher(
        self, url: str, pending_most: int = 1000, removed: Iterable[str] = ()
    ) -> MqttPublisher:
        """A publisher to this broker; these queues were removed in an earlier run."""
        return MqttPublisher(
            MqttSection(url=url),
            self.bus,
            self.distributor,
            self.clock,
            pending_most=pending_most,
            removed=removed,
        )

    def tell(self, first: int, last: int) -> None:
        """Calls number `first` to `last` are answered."""
        for number in range(first, last + 1):
            self.bus.publish(
                CallAnswered(at=datetime.now(UTC), call_id=f"C{number:04}")
            )


def answered(messages: list[Heard]) -> list[str]:
    """The calls in the order in which their answers were heard."""
    return [m.payload["call_id"] for m in messages if m.topic.endswith("/answered")]


def calls(first: int, last: int) -> list[str]:
    """The ids that `House.tell` uses."""
    return [f"C{number:04}" for number in range(first, last + 1)]


def without_repetition(messages: list[Heard]) -> list[Heard]:
    """What docs/mqtt.md tells a reader to do with a sequence that he knows."""
    kept: list[Heard] = []
    last = 0
    for message in messages:
        if sequence_of(message) > last:
            last = sequence_of(message)
            kept.append(message)
    return kept


async def until_connected(publisher: MqttPublisher) -> None:
    """Wait until the broker takes events."""
    async with asyncio.timeout(60):
        while not publisher.connected:
            await asyncio.sleep(0.01)


async def until_empty(publisher: MqttPublisher) -> None:
    """Wait until the broker has everything."""
    async with asyncio.timeout(60):
        while publisher.pending:
            await asyncio.sleep(0.01)


async def until_heard(listener: Listener, publisher: MqttPublisher) -> None:
    """Wait until the listener has all that the broker has acknowledged."""
    acknowledged = publisher._sequence - publisher.pending
    async with asyncio.timeout(60):
        while max(map(sequence_of, listener.heard), default=0) < acknowledged:
            await asyncio.sleep(0.01)


async def until_logged(caplog: pytest.LogCaptureFixture, text: str) -> None:
    """Wait until the log tells it."""
    async with asyncio.timeout(60):
        while text not in caplog.text:
            await asyncio.sleep(0.01)


def sequence_of(message: Heard) -> int:
    """A message's place in its run; 0 for the status of the service."""
    return int(message.payload.get("sequence", 0))
