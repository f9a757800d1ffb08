"""Events through a real Mosquitto: order, restarts, losses on the way, last will."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest

from acd.agent import AgentProfile
from acd.distributor import Distributor
from acd.engine import Engine
from acd.events import CallAnswered
from acd.messages import AgentLogsIn, AgentPauses, CallerEnters
from acd.queue import QueueRules
from config.bus import EventBus
from config.clock import LoopClock
from config.settings import MqttSection
from console import mqtt as mqtt_module
from console import mqtt_broker
from console.mqtt import MqttPublisher
from console.mqtt_topics import TOPICS, schema_of
from tests.fakes.mosquitto import MOSQUITTO, Broker, Heard, Road, free_port, listening

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(MOSQUITTO is None, reason="mosquitto is not installed"),
]


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

    def publisher(self, url: str, pending_most: int = 1000) -> MqttPublisher:
        """A publisher to this broker."""
        return MqttPublisher(
            MqttSection(url=url),
            self.bus,
            self.distributor,
            self.clock,
            pending_most=pending_most,
        )

    def tell(self, first: int, last: int) -> None:
        """Calls number `first` to `last` are answered."""
        for number in range(first, last + 1):
            self.bus.publish(
                CallAnswered(at=datetime.now(UTC), call_id=f"C{number:04}")
            )


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A house of its own for each test."""
    house = House()
    yield house
    house.distributor.close()


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    """A broker of its own for each test."""
    async with Broker(tmp_path) as broker:
        yield broker


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Come back soon after a loss; the pauses as such are not what is tested."""
    monkeypatch.setattr(mqtt_module, "FIRST_RETRY_SECONDS", 0.05)
    monkeypatch.setattr(mqtt_module, "LONGEST_RETRY_SECONDS", 0.2)


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
        if message.payload.get("sequence", 0) > last:
            last = message.payload["sequence"]
            kept.append(message)
    return kept


async def until_connected(publisher: MqttPublisher) -> None:
    """Wait until the broker takes events."""
    async with asyncio.timeout(10):
        while not publisher.connected:
            await asyncio.sleep(0.01)


async def until_empty(publisher: MqttPublisher) -> None:
    """Wait until the broker has everything."""
    async with asyncio.timeout(10):
        while publisher.pending:
            await asyncio.sleep(0.01)


# Publishing


async def test_events_come_in_order_and_keep_to_their_schemas(
    house: House, broker: Broker
) -> None:
    async with listening(broker.port) as listener, house.publisher(broker.url):
        house.distributor.send(AgentLogsIn(agent_id="1001"))
        house.distributor.send(CallerEnters(call_id="A", queue="general"))
        house.tell(1, 100)
        await listener.until(100, "/answered")
    assert answered(listener.heard) == calls(1, 100)
    schemas = {kind.__name__: schema_of(kind) for kind in TOPICS}
    for message in listener.heard:
        schema = next(
            s
            for s in schemas.values()
            if set(s["properties"]) == set(message.payload)
            and jsonschema.Draft202012Validator(s).is_valid(message.payload)
        )
        assert schema
    sequences = [
        m.payload["sequence"] for m in listener.heard if "service" not in m.topic
    ]
    assert sequences == list(range(1, len(sequences) + 1))


async def test_late_listener_finds_service_agents_and_queues(
    house: House, broker: Broker
) -> None:
    async with house.publisher(broker.url) as publisher:
        await until_connected(publisher)
        house.distributor.send(AgentLogsIn(agent_id="1001"))
        house.distributor.send(AgentPauses(agent_id="1001", reason="lunch"))
        await asyncio.sleep(2 * mqtt_module.QUEUE_STATUS_SECONDS)
        await until_empty(publisher)
        async with listening(broker.port) as listener:
            await listener.until(4)
    found = {message.topic: message.payload for message in listener.heard[:4]}
    assert all(message.retained for message in listener.heard[:4])
    assert found["hotline/v1/service/status"]["status"] == "online"
    assert found["hotline/v1/agents/1001/state"]["new"] == "paused"
    assert found["hotline/v1/agents/1001/state"]["reason"] == "lunch"
    assert found["hotline/v1/agents/1002/state"]["new"] == "logged_out"
    assert found["hotline/v1/queues/general/status"]["agents"]["paused"] == 1


async def test_queue_in_a_rush_is_told_four_times_a_second_at_most(
    house: House, broker: Broker
) -> None:
    async with listening(broker.port) as listener, house.publisher(broker.url) as pub:
        await until_connected(pub)
        for number in range(50):
            house.distributor.send(CallerEnters(call_id=f"A{number}", queue="general"))
        await listener.until(2, "queues/general/status")
        await asyncio.sleep(2 * mqtt_module.QUEUE_STATUS_SECONDS)
    told = [m.payload["waiting"] for m in listener.on("queues/general/status")]
    assert told == [0, 50]


async def test_topic_prefix_is_the_city_s_choice(house: House, broker: Broker) -> None:
    settings = MqttSection(url=broker.url, topic_prefix="jinan/12345")
    async with (
        listening(broker.port) as listener,
        MqttPublisher(settings, house.bus, house.distributor, house.clock),
    ):
        house.tell(1, 1)
        await listener.until(1, "jinan/12345/calls/C0001/answered")


# The broker comes and goes


async def test_order_is_kept_when_the_broker_is_killed_and_started_again(
    house: House, broker: Broker
) -> None:
    async with Road(broker.port) as road, house.publisher(road.url) as publisher:
        async with listening(broker.port) as before:
            house.tell(1, 200)
            await before.until(200, "/answered")
        house.tell(201, 210)
        await until_empty(publisher)
        await road.cut()
        await broker.stop(signal.SIGKILL)
        house.tell(211, 400)
        await broker.start()
        house.tell(401, 500)
        async with listening(broker.port) as after:
            # The road opens only now, so that nothing goes by unheard.
            await road.open()
            await after.until(290, "/answered")
            await after.until(1, "agents/1001/state")
    assert answered(before.heard) == calls(1, 200)
    assert answered(after.heard) == calls(211, 500)
    assert publisher.dropped == 0


async def test_broker_that_is_killed_in_the_middle_costs_no_event(
    house: House, broker: Broker
) -> None:
    heard: list[Heard] = []
    async with Road(broker.port) as road, house.publisher(road.url) as publisher:
        number = 0
        for _ in range(3):
            async with listening(broker.port) as listener:
                await road.open() if road._server is None else None
                house.tell(number + 1, number + 150)
                number += 150
                await listener.until(20, "/answered")
                # What is in flight now is heard, but its PUBACK does not arrive.
                road.loses_answers = True
                await asyncio.sleep(0.05)
                await road.cut()
                road.loses_answers = False
                await asyncio.sleep(0.05)
            heard += listener.heard
            await broker.stop(signal.SIGKILL)
            await broker.start()
        async with listening(broker.port) as listener:
            await road.open()
            await until_connected(publisher)
            await until_empty(publisher)
            await asyncio.sleep(0.1)
        heard += listener.heard
    once = without_repetition(heard)
    assert answered(once) == calls(1, 450)


async def test_events_whose_acknowledgement_was_lost_come_twice_and_in_order(
    house: House, broker: Broker
) -> None:
    async with (
        listening(broker.port) as listener,
        Road(broker.port) as road,
        house.publisher(road.url) as publisher,
    ):
        await until_connected(publisher)
        await until_empty(publisher)
        road.loses_answers = True
        house.tell(1, 40)
        await listener.until(10, "/answered")
        assert publisher.pending >= 40
        await road.cut()
        road.loses_answers = False
        await road.open()
        await until_connected(publisher)
        await until_empty(publisher)
        await listener.until(40 + 10, "/answered")
    heard = answered(listener.heard)
    sent_again = len(heard) - 40
    assert heard == calls(1, sent_again) + calls(1, 40)
    assert answered(without_repetition(listener.heard)) == calls(1, 40)


async def test_service_runs_on_without_a_broker_and_tells_it_all_later(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broker = Broker(tmp_path)
    road = Road(broker.port)
    async with house.publisher(road.url) as publisher:
        house.tell(1, 50)
        await asyncio.sleep(0.5)
        assert (publisher.connected, publisher.pending) == (False, 50)
        told = [r.getMessage() for r in caplog.records if r.name == "console.mqtt"]
        assert len(told) == 1
        assert f"127.0.0.1, port {road.port} cannot be reached" in told[0]
        async with broker, listening(broker.port) as listener, road:
            await listener.until(50, "/answered")
    assert answered(listener.heard) == calls(1, 50)


async def test_too_many_events_for_the_memory_push_out_the_oldest(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broker = Broker(tmp_path)
    road = Road(broker.port)
    async with house.publisher(road.url, pending_most=10) as publisher:
        house.tell(1, 25)
        assert (publisher.pending, publisher.dropped) == (10, 15)
        lost = [r for r in caplog.records if r.levelno == logging.ERROR]
        assert len(lost) == 1
        async with broker, listening(broker.port) as listener, road:
            await listener.until(7, "/answered")
            await listener.until(1, "queues/general/status")
    heard = answered(listener.heard)
    assert heard == calls(26 - len(heard), 25)


# The end


async def test_service_that_stops_says_offline_after_its_last_event(
    house: House, broker: Broker
) -> None:
    async with listening(broker.port) as listener:
        async with house.publisher(broker.url) as publisher:
            await until_connected(publisher)
            house.tell(1, 100)
        await listener.until(2, "service/status")
    assert answered(listener.heard) == calls(1, 100)
    assert listener.heard[-1].payload["status"] == "offline"
    assert publisher.pending == 0


PUBLISHER = """
import asyncio, sys
from config.settings import MqttSection
from tests.integration.test_mqtt import House
async def main():
    house = House()
    async with house.publisher(sys.argv[1]):
        await asyncio.sleep(60)
asyncio.run(main())
"""


async def test_last_will_tells_of_a_service_that_was_killed(broker: Broker) -> None:
    root = Path(__file__).parents[2]
    async with listening(broker.port) as listener:
        service = await asyncio.create_subprocess_exec(
            sys.executable, "-c", PUBLISHER, broker.url, cwd=root
        )
        await listener.until(1, "service/status")
        os.kill(service.pid, signal.SIGKILL)
        await service.wait()
        await listener.until(2, "service/status")
    told = [message.payload["status"] for message in listener.on("service/status")]
    assert told == ["online", "offline"]
    async with listening(broker.port, "hotline/v1/service/status") as late:
        await late.until(1)
    assert (late.heard[0].payload["status"], late.heard[0].retained) == (
        "offline",
        True,
    )


async def test_stop_without_a_broker_is_quick_and_says_what_is_lost(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async with house.publisher(f"mqtt://127.0.0.1:{free_port()}"):
        house.tell(1, 3)
        await asyncio.sleep(0.1)
        loop = asyncio.get_running_loop()
        stopping = loop.time()
    assert loop.time() - stopping < 1
    assert "3 events did not reach the broker" in caplog.text


class SilentBroker:
    """Takes connections and never says a word; its end waits until all are closed."""

    def __init__(self) -> None:
        self.connections: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "SilentBroker":
        self._server = await asyncio.start_server(self._hear, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"mqtt://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        async with asyncio.timeout(5):
            await asyncio.gather(*self.connections)

    async def _hear(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task
        self.connections.append(task)
        with contextlib.suppress(ConnectionError):
            while await reader.read(1000):
                pass
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def test_broker_that_never_answers_does_not_hold_up_the_stop(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mqtt_broker, "CONNECT_SECONDS", 0.3)
    async with SilentBroker() as broker:
        async with house.publisher(broker.url) as publisher:
            async with asyncio.timeout(10):
                while len(broker.connections) < 3:
                    await asyncio.sleep(0.05)
            assert not publisher.connected
            loop = asyncio.get_running_loop()
            stopping = loop.time()
        assert loop.time() - stopping < 2


async def test_cancel_start(house: House, broker: Broker) -> None:
    publisher = house.publisher(broker.url)
    starting = asyncio.create_task(publisher.__aenter__(), name="starting")
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    await publisher.__aexit__()


async def test_cancel_stop(house: House) -> None:
    async with SilentBroker() as broker:
        publisher = await house.publisher(broker.url).__aenter__()
        async with asyncio.timeout(10):
            while not broker.connections:
                await asyncio.sleep(0.01)
        stopping = asyncio.create_task(publisher.__aexit__(), name="stopping")
        await asyncio.sleep(0.1)
        stopping.cancel()
        with pytest.raises(asyncio.CancelledError):
            await stopping
        tasks = [t for t in asyncio.all_tasks() if t.get_name() == "mqtt publisher"]
        assert tasks == []


async def test_stop_twice(house: House, broker: Broker) -> None:
    publisher = await house.publisher(broker.url).__aenter__()
    await publisher.__aexit__()
    await publisher.__aexit__()
    house.tell(1, 1)
    assert publisher.pending == 0


# The broker says no


async def test_refused_event_is_counted_and_the_others_come(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rules = tmp_path / "acl"
    rules.write_text(
        "topic read #\ntopic write hotline/v1/calls/#\n"
        "topic write hotline/v1/service/#\n"
    )
    rules.chmod(0o700)
    lines = ("allow_anonymous true", f"acl_file {rules}")
    async with (
        Broker(tmp_path, *lines) as broker,
        listening(broker.port) as listener,
        house.publisher(broker.url) as publisher,
    ):
        await until_connected(publisher)
        house.tell(1, 20)
        await until_empty(publisher)
        await listener.until(20, "/answered")
        assert publisher.refused >= 3
    assert answered(listener.heard) == calls(1, 20)
    warnings = [r for r in caplog.records if "refuses an event" in r.getMessage()]
    assert len(warnings) == 1


async def test_broker_that_does_not_know_us_is_named_without_the_password(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Broker(tmp_path, "allow_anonymous false") as broker:
        url = broker.url.replace("//", "//city:secret@")
        async with house.publisher(url) as publisher:
            await asyncio.sleep(0.5)
            assert not publisher.connected
    assert "Not authorized" in caplog.text
    assert "secret" not in caplog.text
