"""The end of the publisher, its last will, and brokers that refuse it."""

import asyncio
import contextlib
import gc
import os
import signal
import sys
from pathlib import Path

import pytest

from console import mqtt_broker
from tests.fakes.mosquitto import MOSQUITTO, Broker, listening
from tests.fakes.ports import free_port
from tests.fakes.publishing import (
    House,
    answered,
    calls,
    until_connected,
    until_empty,
    until_logged,
)

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(MOSQUITTO is None, reason="mosquitto is not installed"),
]


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
from tests.fakes.publishing import House
async def main():
    house = House()
    async with house.publisher(sys.argv[1]):
        await asyncio.sleep(60)
asyncio.run(main())
"""


async def test_last_will_tells_of_a_service_that_was_killed(broker: Broker) -> None:
    root = Path(__file__).parents[3]
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
    assert loop.time() - stopping < 30
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
        async with asyncio.timeout(60):
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
            async with asyncio.timeout(60):
                while len(broker.connections) < 3:
                    await asyncio.sleep(0.05)
            assert not publisher.connected
            loop = asyncio.get_running_loop()
            stopping = loop.time()
        assert loop.time() - stopping < 30


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
        async with asyncio.timeout(60):
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
            await until_logged(caplog, "Not authorized")
            assert not publisher.connected
    assert "secret" not in caplog.text


# TLS


async def certificate(directory: Path) -> tuple[str, ...]:
    """Make a certificate for 127.0.0.1 that vouches for itself; Mosquitto's lines."""
    openssl = await asyncio.create_subprocess_exec(
        *("openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"),
        *("-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=127.0.0.1"),
        *("-addext", "subjectAltName=IP:127.0.0.1"),
        *("-keyout", "key.pem", "-out", "certificate.pem"),
        cwd=directory,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert await openssl.wait() == 0
    return (
        "allow_anonymous true",
        f"certfile {directory / 'certificate.pem'}",
        f"keyfile {directory / 'key.pem'}",
    )


async def test_broker_with_a_known_certificate_is_reached_over_tls(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = await certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    async with Broker(tmp_path, *lines) as broker:
        url = broker.url.replace("mqtt:", "mqtts:")
        async with house.publisher(url) as publisher:
            await until_connected(publisher)
            await until_empty(publisher)


# paho leaves the socket of a failed handshake to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_broker_with_an_unknown_certificate_is_not_trusted(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lines = await certificate(tmp_path)
    async with Broker(tmp_path, *lines) as broker:
        url = broker.url.replace("mqtt:", "mqtts:")
        async with house.publisher(url) as publisher:
            await until_logged(caplog, "certificate verify failed")
            assert not publisher.connected
    gc.collect()
