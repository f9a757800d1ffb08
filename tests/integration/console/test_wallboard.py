"""The wallboard over HTTP: the board now, its stream, its curve, and the page."""

import json
from collections.abc import AsyncIterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest

from acd.messages import AgentLogsIn
from config.queue_settings import QueueSection
from console.accounts.account import Role
from console.live import READERS_MOST
from console.server import HttpServer
from tests.fakes.accounts import add_accounts, logged_in
from tests.fakes.console import BEARER, SmallService, small_service
from tests.fakes.programs import program

pytestmark = pytest.mark.integration
BOARD = "/api/v1/wallboard"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SmallService]:
    """A small service with an account for each role."""
    async with small_service(tmp_path) as service:
        await add_accounts(service.view.accounts)
        yield service


@pytest.fixture
async def client(service: SmallService) -> AsyncIterator[httpx.AsyncClient]:
    """A program over the network."""
    async with (
        HttpServer(service.app, ip_address("127.0.0.1"), 0) as server,
        program(base_url=server.url, headers=BEARER) as client,
    ):
        yield client
        service.view.let_readers_go()


async def events(response: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    """The events of a stream by name."""
    name = ""
    async for line in response.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        if line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


async def until_board(
    stream: AsyncIterator[tuple[str, Any]], **states: int
) -> dict[str, Any]:
    """Read on until a board tells so many agents of states."""
    async for name, told in stream:
        if name == "board" and states.items() <= told["agents"]["states"].items():
            return told  # type: ignore[no-any-return]
    raise EOFError


async def test_board_tells_agents_queues_rates_and_plan(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    service.distributor.send(AgentLogsIn(agent_id="1003"))
    board = (await client.get(BOARD)).json()
    assert (board["waiting"], board["waiting_since"]) == (0, None)
    assert board["agents"]["states"]["ready"] == 1
    assert {queue["name"] for queue in board["queues"]} == {"general", "tax"}
    assert board["day"]["target"] == 0.95
    assert board["day"]["connect"] == {"part": 0, "whole": 0, "rate": None}
    assert (board["plan"]["level"], board["plan"]["surge"]) == (0, False)


async def test_change_reaches_the_stream_without_being_asked_for(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    async with client.stream("GET", f"{BOARD}/events") as response:
        stream = events(response)
        await until_board(stream, ready=0)
        service.distributor.send(AgentLogsIn(agent_id="1001"))
        await until_board(stream, ready=1)


async def test_curve_has_the_quarters_of_the_day(client: httpx.AsyncClient) -> None:
    curve = (await client.get(f"{BOARD}/curve")).json()
    assert len(curve["quarters"]) == 96
    assert curve["quarters"][0]["forecast"] is None


async def test_one_screen_too_many_is_refused(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    service.view.screens.readers = READERS_MOST
    answer = await client.get(f"{BOARD}/events")
    assert (answer.status_code, answer.json()["error_id"]) == (503, "too_many_readers")


async def test_service_that_ends_lets_its_screens_go(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    async with client.stream("GET", f"{BOARD}/events") as response:
        stream = events(response)
        await until_board(stream)
        service.view.let_readers_go()
        with pytest.raises((EOFError, StopAsyncIteration)):
            await until_board(stream, ready=99)


@pytest.mark.parametrize("role", Role)
async def test_everybody_who_is_logged_in_sees_the_page(
    service: SmallService, role: Role
) -> None:
    async with logged_in(service.app, role) as browser:
        answer = await browser.get("/wallboard")
    assert answer.status_code == 200
    assert "热线大屏" in answer.text
    assert '<span class="beside" lang="en">Wallboard</span>' in answer.text


async def test_page_is_english_alone_for_who_wants_that(service: SmallService) -> None:
    async with logged_in(service.app, Role.SHIFT_MANAGER) as browser:
        browser.cookies.set("hotline_language", "en")
        answer = await browser.get("/wallboard")
    assert "Longest wait" in answer.text
    assert 'class="beside"' not in answer.text


async def test_queues_have_their_titles(service: SmallService) -> None:
    heating = QueueSection(name="heating", title="供暖 </script>")
    author = {"by": "Li"}
    async with service.client() as client:
        body = heating.model_dump(mode="json", include={"name", "title"})
        answer = await client.post("/api/v1/queues", json=body, params=author)
        assert answer.status_code == 201
        text = (await client.get("/wallboard")).text
    start = text.index('id="wallboard-titles">') + len('id="wallboard-titles">')
    titles = json.loads(text[start : text.index("</script>", start)])
    assert titles == {"heating": "供暖 </script>"}


async def test_bare_page_says_so_to_its_style(service: SmallService) -> None:
    async with service.client() as client:
        assert " data-bare " in (await client.get("/wallboard?bare=1")).text
        assert " data-bare " not in (await client.get("/wallboard")).text
