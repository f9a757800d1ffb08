"""Events through a real Mosquitto: topics, order, restarts, losses on the way."""

import asyncio
import logging
import signal
from pathlib import Path

import jsonschema
import pytest

from acd.messages import (
    AgentLogsIn,
    AgentPauses,
    CallerEnters,
    QueueJoins,
    QueueLeaves,
)
from acd.queue_rules import QueueRules
from config.settings import MqttSection
from console import mqtt as mqtt_module
from console.mqtt import MqttPublisher
from console.mqtt_broker import IN_FLIGHT
from console.mqtt_topics import TOPICS, schema_of
from outbound.events import FollowUpResult
from tests.fakes.mosquitto import MOSQUITTO, Broker, Heard, Road, listening
from tests.fakes.publishing import (
    House,
    answered,
    calls,
    until_connected,
    until_empty,
    until_heard,
    until_logged,
    without_repetition,
)
from tests.integration.records.reading import until
from tests.unit.console.test_follow_up_metrics import RESULT

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(MOSQUITTO is None, reason="mosquitto is not installed"),
]


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
    def knows_of_the_pause() -> bool:
        told = early.on("queues/general/status")
        return bool(told) and told[-1].payload["agents"]["paused"] == 1

    async with (
        listening(broker.port) as early,
        house.publisher(broker.url) as publisher,
    ):
        await until_connected(publisher)
        house.distributor.send(AgentLogsIn(agent_id="1001"))
        house.distributor.send(AgentPauses(agent_id="1001", reason="lunch"))
        await until(knows_of_the_pause)
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


async def test_status_of_a_removed_queue_is_taken_back_and_told_again_when_it_returns(
    house: House, broker: Broker
) -> None:
    tax = QueueRules(name="tax")
    async with house.publisher(broker.url) as publisher:
        await until_connected(publisher)
        async with listening(broker.port) as listener:
            house.distributor.send(QueueJoins(rules=tax))
            await listener.until(1, "queues/tax/status")
            house.distributor.send(QueueLeaves(queue="tax", to="general"))
            await listener.until(2, "queues/tax/status")
        assert listener.on("queues/tax/status")[-1].payload == {}
        async with listening(broker.port) as late:
            await late.until(1, "queues/general/status")
            house.distributor.send(QueueJoins(rules=tax))
            await late.until(1, "queues/tax/status")
        (status,) = late.on("queues/tax/status")
        assert (status.retained, status.payload["name"]) == (False, "tax")


async def test_status_of_a_queue_removed_while_the_broker_is_away_is_taken_back(
    house: House, broker: Broker
) -> None:
    house.distributor.send(QueueJoins(rules=QueueRules(name="tax")))
    async with Road(broker.port) as road, house.publisher(road.url) as publisher:
        await until_connected(publisher)
        await until_empty(publisher)
        async with listening(broker.port) as listener:
            await listener.until(1, "queues/tax/status")
            await road.cut()
            house.distributor.send(QueueLeaves(queue="tax", to="general"))
            await road.open()
            await listener.until(2, "queues/tax/status")
    assert listener.on("queues/tax/status")[-1].payload == {}


async def test_status_of_a_queue_removed_in_an_earlier_run_is_taken_back(
    house: House, broker: Broker
) -> None:
    house.distributor.send(QueueJoins(rules=QueueRules(name="tax")))
    async with house.publisher(broker.url) as publisher:
        await until_connected(publisher)
        await until_empty(publisher)
    house.distributor.send(QueueLeaves(queue="tax", to="general"))
    async with (
        listening(broker.port) as listener,
        house.publisher(broker.url, removed=["tax"]),
    ):
        await listener.until(2, "queues/tax/status")
    kept, gone = listener.on("queues/tax/status")
    assert (kept.payload["name"], gone.payload) == ("tax", {})


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


async def test_result_of_a_follow_up_call_is_told_without_number_or_words(
    house: House, broker: Broker
) -> None:
    async with listening(broker.port) as listener, house.publisher(broker.url):
        house.bus.publish(RESULT)
        await listener.until(1, "follow_ups/01C/result")
    (message,) = listener.on("follow_ups")
    schema = schema_of(FollowUpResult)
    assert jsonschema.Draft202012Validator(schema).is_valid(message.payload)
    told = ("order_id", "reason", "state", "redo")
    assert [message.payload[name] for name in told] == ["A-1", "partial", "done", True]
    answer = message.payload["answers"][0]
    assert (answer["question"], answer["answer"]) == ("solved", "no")
    assert not {"number", "caller", "transcript"} & (set(message.payload) | set(answer))
    assert not message.retained


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
                await road.open()
                house.tell(number + 1, number + 150)
                number += 150
                await listener.until(20, "/answered")
                # What is in flight now is heard, but its PUBACK does not arrive.
                road.loses_answers = True
                await asyncio.sleep(0.05)
                await road.cut()
                road.loses_answers = False
                await until_heard(listener, publisher)
            heard += listener.heard
            await broker.stop(signal.SIGKILL)
            await broker.start()
        async with listening(broker.port) as listener:
            await road.open()
            await until_connected(publisher)
            await until_empty(publisher)
            await until_heard(listener, publisher)
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
        await listener.until(IN_FLIGHT, "/answered")
        assert publisher.pending >= 40
        await road.cut()
        road.loses_answers = False
        await road.open()
        await until_connected(publisher)
        await until_empty(publisher)
        await listener.until(IN_FLIGHT + 40, "/answered")
    assert answered(listener.heard) == calls(1, IN_FLIGHT) + calls(1, 40)
    assert answered(without_repetition(listener.heard)) == calls(1, 40)


async def test_service_runs_on_without_a_broker_and_tells_it_all_later(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broker = Broker(tmp_path)
    road = Road(broker.port)
    async with house.publisher(road.url) as publisher:
        house.tell(1, 50)
        await until_logged(caplog, "cannot be reached")
        await asyncio.sleep(0.3)
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
