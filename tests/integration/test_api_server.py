"""The HTTP server over a real socket: its start, its end, and what may go wrong."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import AsyncIterator
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from console import server as server_module
from console.server import HttpServer, ServerError, url_of
from tests.fakes.console import BEARER, SmallService, small_service
from tests.fakes.programs import program

pytestmark = pytest.mark.integration
LOOPBACK = ip_address("127.0.0.1")


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SmallService]:
    """A small service."""
    async with small_service(tmp_path) as service:
        yield service


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A client over the network."""
    async with program(headers=BEARER) as client:
        yield client


async def slow_app(scope: Scope, receive: Receive, send: Send) -> None:
    """An app whose requests never end."""
    if scope["type"] == "http":
        await asyncio.Event().wait()


async def test_server_answers_on_its_address(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    async with HttpServer(service.app, LOOPBACK, 0) as server:
        answer = await client.get(f"{server.url}/api/v1/queues")
    assert answer.status_code == 200
    assert "server" not in answer.headers


async def test_server_answers_on_ipv6(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    async with HttpServer(service.app, ip_address("::1"), 0) as server:
        assert server.url == f"http://[::1]:{server.port}"
        assert (await client.get(f"{server.url}/health/live")).status_code == 200


async def test_port_in_use_names_it_and_says_what_to_do(service: SmallService) -> None:
    async with HttpServer(service.app, LOOPBACK, 0) as server:
        with pytest.raises(ServerError) as caught:
            async with HttpServer(service.app, LOOPBACK, server.port):
                pass
    message = str(caught.value)
    assert f"127.0.0.1, port {server.port}: Address already in use" in message
    assert "[console]" in message


async def test_address_of_another_machine_is_refused(service: SmallService) -> None:
    with pytest.raises(ServerError, match=r"192\.0\.2\.1, port 22010"):
        async with HttpServer(service.app, ip_address("192.0.2.1"), 22010):
            pass


async def test_port_is_free_again_at_once(service: SmallService) -> None:
    async with HttpServer(service.app, LOOPBACK, 0) as server:
        pass
    async with HttpServer(service.app, LOOPBACK, server.port) as again:
        assert again.port == server.port


async def test_signals_stay_with_the_service(service: SmallService) -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    async with HttpServer(service.app, LOOPBACK, 0):
        during = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    assert before == during


async def test_idle_connection_does_not_hold_up_the_stop(
    service: SmallService, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "GRACE_SECONDS", 30)
    monkeypatch.setattr(server_module, "STOP_SECONDS", 30)
    async with HttpServer(service.app, LOOPBACK, 0) as server:
        await client.get(f"{server.url}/health/live")
        loop = asyncio.get_running_loop()
        stopping = loop.time()
    assert loop.time() - stopping < 15


async def test_request_that_never_ends_is_cut_off(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "GRACE_SECONDS", 0)
    monkeypatch.setattr(server_module, "STOP_SECONDS", 30)
    async with HttpServer(slow_app, LOOPBACK, 0) as server:
        asking = asyncio.create_task(client.get(server.url), name="asking")
        await asyncio.sleep(0.1)
        loop = asyncio.get_running_loop()
        stopping = loop.time()
    assert loop.time() - stopping < 15
    with pytest.raises(httpx.HTTPError):
        (await asking).raise_for_status()


async def test_app_that_cannot_start_is_an_error_and_no_exit() -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "lifespan.startup.failed", "message": "no"})

    with pytest.raises(ServerError, match="did not start"):
        async with HttpServer(broken, LOOPBACK, 0):
            pass


async def test_cancel_start(service: SmallService) -> None:
    server = HttpServer(service.app, LOOPBACK, 0)
    starting = asyncio.create_task(server.__aenter__(), name="starting")
    await asyncio.sleep(0)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    with contextlib.closing(socket.socket()) as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", server.port))


async def test_cancel_stop(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "GRACE_SECONDS", 30)
    server = await HttpServer(slow_app, LOOPBACK, 0).__aenter__()
    asking = asyncio.create_task(client.get(server.url), name="asking")
    await asyncio.sleep(0.1)
    stopping = asyncio.create_task(server.__aexit__(), name="stopping")
    await asyncio.sleep(0.1)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    assert [t for t in asyncio.all_tasks() if t.get_name() == "http server"] == []
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_stop_twice(service: SmallService) -> None:
    server = await HttpServer(service.app, LOOPBACK, 0).__aenter__()
    await server.__aexit__()
    await server.__aexit__()


async def test_query_with_a_number_is_in_no_log(
    service: SmallService,
    client: httpx.AsyncClient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("httpcore").setLevel(logging.WARNING)
    async with HttpServer(service.app, LOOPBACK, 0) as server:
        await client.get(f"{server.url}/api/v1/calls?caller=%2B8613812345678")
    logging.getLogger("httpx").setLevel(logging.NOTSET)
    logging.getLogger("httpcore").setLevel(logging.NOTSET)
    ours = [r for r in caplog.records if r.name.startswith(("console", "uvicorn"))]
    assert ours
    assert not [r for r in ours if "13812345678" in r.getMessage()]


async def test_garbage_on_the_socket_is_refused(service: SmallService) -> None:
    async with HttpServer(service.app, LOOPBACK, 0) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
        answer = await reader.read()
        writer.close()
    assert answer.startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080"),
        ("0.0.0.0", "http://localhost:8080"),
        ("::", "http://localhost:8080"),
        ("::1", "http://[::1]:8080"),
        ("192.0.2.7", "http://192.0.2.7:8080"),
    ],
)
def test_url_is_one_that_this_machine_reaches(address: str, url: str) -> None:
    assert url_of(ip_address(address), 8080) == url


async def test_peer_who_takes_nothing_is_cut_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server_module, "SILENT_PEER_SECONDS", 0.2)
    cut_off = asyncio.Event()

    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        await send({"type": "http.response.start", "status": 200})
        more = {"type": "http.response.body", "body": b"x" * 65536, "more_body": True}
        sending = asyncio.create_task(send_for_ever(send, more))
        while (await receive())["type"] != "http.disconnect":
            pass
        sending.cancel()
        cut_off.set()

    async with HttpServer(endless, LOOPBACK, 0) as server:
        with socket.create_connection(("127.0.0.1", server.port)) as peer:
            peer.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await cut_off.wait()


async def send_for_ever(send: Send, message: Message) -> None:
    """Send it again and again."""
    while True:
        await send(message)
