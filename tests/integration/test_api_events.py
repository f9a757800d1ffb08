"""The event stream over real sockets: kinds, resuming, who is too slow, the end."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest

from acd import events as e
from console import sse
from console.live import HEARTBEAT_SECONDS
from console.server import HttpServer
from tests.fakes.console import BEARER, TOKEN, SmallService, small_service
from tests.fakes.programs import program

pytestmark = pytest.mark.integration
AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
EVENTS = "/api/v1/events"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SmallService]:
    """A small service."""
    async with small_service(tmp_path) as service:
        yield service


@pytest.fixture
async def client(service: SmallService) -> AsyncIterator[httpx.AsyncClient]:
    """A client over the network."""
    async with (
        HttpServer(service.app, ip_address("127.0.0.1"), 0) as server,
        program(base_url=server.url, headers=BEARER) as client,
    ):
        yield client
        service.view.live.close()


class Reader:
    """Reads one stream, event by event."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def next(self) -> dict[str, Any]:
        """The next event with its id; heartbeats and the like are passed over."""
        id_ = ""
        async for line in self._lines:
            if line.startswith("id: "):
                id_ = line.removeprefix("id: ")
            if line.startswith("data: "):
                return {"id": id_, **json.loads(line.removeprefix("data: "))}
        raise EOFError


@asynccontextmanager
async def reading(
    client: httpx.AsyncClient, query: str = "", last_id: str = ""
) -> AsyncIterator[Reader]:
    """A stream that has begun."""
    headers = {"Last-Event-ID": last_id} if last_id else {}
    async with client.stream("GET", f"{EVENTS}{query}", headers=headers) as response:
        assert response.status_code == 200
        yield Reader(response)


def answered(call_id: str) -> e.CallAnswered:
    """An event."""
    return e.CallAnswered(at=AT, call_id=call_id)


async def until_read(service: SmallService, readers: int = 1) -> None:
    """Wait until so many streams are served."""
    while service.view.live.readers != readers:
        await asyncio.sleep(0.001)


async def test_event_is_told_as_it_happens(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    async with reading(client) as reader:
        await until_read(service)
        service.bus.publish(answered("one"))
        event = await reader.next()
    assert (event["kind"], event["call_id"]) == ("call_answered", "one")
    assert reader.response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert "content-length" not in reader.response.headers


async def test_only_the_kinds_that_are_asked_for(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    async with reading(client, "?kind=call_ended&kind=call_missed") as reader:
        await until_read(service)
        service.bus.publish(answered("one"))
        ended = e.Outcome.ANSWERED
        service.bus.publish(
            e.CallEnded(at=AT, call_id="one", outcome=ended, cause="peer_hung_up")
        )
        assert (await reader.next())["kind"] == "call_ended"


async def test_unknown_kind_is_refused_with_the_nearest(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get(f"{EVENTS}?kind=call_endet")
    assert (answer.status_code, answer.json()["field"]) == (422, "kind")
    assert "did you mean 'call_ended'?" in answer.json()["message"]


async def test_reader_who_comes_back_misses_nothing(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    async with reading(client) as reader:
        await until_read(service)
        service.bus.publish(answered("one"))
        last = await reader.next()
    for name in ("two", "three"):
        service.bus.publish(answered(name))
    async with reading(client, last_id=last["id"]) as reader:
        assert [(await reader.next())["call_id"] for _ in range(2)] == ["two", "three"]
    async with reading(client, f"?after={last['id']}") as reader:
        assert (await reader.next())["call_id"] == "two"


async def test_id_of_another_run_is_told_as_a_gap(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    service.bus.publish(answered("one"))
    async with reading(client, last_id="01JAAAAAAAAAAAAAAAAAAAAAAA-7") as reader:
        gap, event = await reader.next(), await reader.next()
    assert (gap["kind"], gap["reason"], gap["missed"]) == ("gap", "restarted", None)
    assert event["call_id"] == "one"


async def test_reader_who_leaves_is_forgotten(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    async with reading(client):
        await until_read(service)
    await until_read(service, 0)


async def test_streams_end_when_the_service_does(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    async with reading(client) as reader:
        await until_read(service)
        service.view.live.close()
        with pytest.raises(EOFError):
            await reader.next()


async def test_reader_who_takes_nothing_is_dropped_and_counted(
    service: SmallService, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "STALL_SECONDS", 0.05)
    with connected(client.base_url.port) as reader:
        ask = f"GET {EVENTS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}"
        reader.sendall(f"{ask}\r\n\r\n".encode())
        await until_read(service)
        while service.view.live.dropped == 0:
            for number in range(200):
                service.bus.publish(answered(str(number)))
            await asyncio.sleep(0)
        await until_read(service, 0)


@contextmanager
def connected(port: int | None) -> Iterator[socket.socket]:
    """A connection that takes in little before it is read."""
    with socket.socket() as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        reader.connect(("127.0.0.1", port))
        yield reader


async def test_stream_ends_after_a_while_so_that_its_reader_is_checked_again(
    service: SmallService, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "LIFE_SECONDS", 0.0)
    async with reading(client) as reader:
        with pytest.raises(EOFError):
            await reader.next()


async def test_metrics_tell_how_many_read(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    async with reading(client):
        await until_read(service)
        metrics = (await client.get("/metrics")).text
    assert "hotline_live_readers 1.0" in metrics
    assert "hotline_live_readers_dropped_total 0.0" in metrics


def test_heartbeat_is_shorter_than_what_proxies_allow() -> None:
    assert HEARTBEAT_SECONDS < 30
