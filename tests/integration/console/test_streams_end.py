"""Live events go on no longer than their reader may read them, over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from ipaddress import ip_address

import httpx
import pytest

from acd import events as e
from acd.rule_changes.rows import Author
from config.database import Database
from console.accounts import doorkeeper
from console.accounts.account import Role
from console.accounts.desk import AccountDesk
from console.accounts.store import AccountStore
from console.permissions import OPERATIONS
from console.server import HttpServer
from tests.fakes.accounts import KEY, browser, cheap_passwords, csrf_of, give_password
from tests.fakes.console import SmallService
from tests.fakes.programs import program

pytestmark = pytest.mark.integration
STREAMS = ("/api/v1/events", "/api/v1/wallboard/events", "/api/v1/agents/1001/events")
NEVER_SECONDS = 3600.0
Turn = Callable[[SmallService, httpx.AsyncClient], Awaitable[object]]


@asynccontextmanager
async def agent_of(service: SmallService) -> AsyncIterator[httpx.AsyncClient]:
    """The agent 1001's browser, over the network."""
    async with (
        HttpServer(service.app, ip_address("127.0.0.1"), 0) as server,
        browser(service.app) as page,
    ):
        await give_password(page, "agent")
        headers = {"x-csrf-token": await csrf_of(page)}
        async with program(
            base_url=server.url,
            headers=headers,
            cookies=dict(page.cookies),
        ) as client:
            yield client
            service.view.let_readers_go()


async def read_on(
    client: httpx.AsyncClient, path: str, begun: asyncio.Event, **more: str
) -> str:
    """All that a stream tells until it ends in order."""
    told = ""
    async with client.stream("GET", path, headers=more) as response:
        assert response.status_code == 200
        async for text in response.aiter_text():
            told += text
            begun.set()  # again with each text
    return told


def later() -> e.CallEnded:
    """What everybody sees who is logged in."""
    ended = e.Outcome.ANSWERED
    now = datetime.now(UTC)
    return e.CallEnded(at=now, call_id="later", outcome=ended, cause="peer_hung_up")


async def log_out(_: SmallService, client: httpx.AsyncClient) -> None:
    """The agent does it himself."""
    assert (await client.post("/log-out")).status_code == 303


async def disable(service: SmallService, _: httpx.AsyncClient) -> object:
    return await service.view.accounts.disable("agent")


async def change_role(service: SmallService, _: httpx.AsyncClient) -> object:
    return await service.view.accounts.set_role("agent", Role.AUDITOR)


async def change_password(service: SmallService, _: httpx.AsyncClient) -> object:
    return await service.view.accounts.set_password("agent", "other words of the city")


def elsewhere(database: Database) -> AccountDesk:
    """The desk as a command of another process has it."""
    now = partial(datetime.now, UTC)
    return AccountDesk(AccountStore(database), cheap_passwords(), KEY, now)


async def disable_by_command(service: SmallService, _: httpx.AsyncClient) -> None:
    async with Database(service.database.url) as other:
        await elsewhere(other).disable("agent")


async def let_leave(service: SmallService, _: httpx.AsyncClient) -> None:
    """The people table has him no more."""
    await service.view.people.remove("1001", Author(name="li", peer=""))


async def ends(service: SmallService, path: str, turn: Turn) -> str:
    """Read a stream, let something happen, and then an event; what was told."""
    async with agent_of(service) as client:
        begun = asyncio.Event()
        reading = asyncio.create_task(read_on(client, path, begun), name="reading")
        await begun.wait()
        await turn(service, client)
        told = await reading
        service.bus.publish(later())
        assert service.view.live.readers == service.view.screens.readers == 0
        return told


@pytest.mark.parametrize(
    ("path", "turn"),
    [
        *((path, log_out) for path in STREAMS),
        *((STREAMS[0], turn) for turn in (disable, change_role, change_password)),
    ],
)
async def test_stream_ends_at_once_when_its_reader_may_no_longer_be_here(
    service: SmallService, path: str, turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody looks by himself here: only the change ends it."""
    monkeypatch.setattr(doorkeeper, "LOOK_SECONDS", NEVER_SECONDS)
    assert "later" not in await ends(service, path, turn)


@pytest.mark.parametrize("turn", [disable_by_command, let_leave])
async def test_stream_ends_when_another_process_or_table_says_so(
    service: SmallService, turn: Turn
) -> None:
    assert "later" not in await ends(service, STREAMS[0], turn)


@pytest.mark.parametrize("in_house", [True, False])
async def test_stream_of_a_revoked_token_ends(
    service: SmallService, in_house: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, known = service.view.accounts, list(OPERATIONS)
    token, secret = await desk.add_token("board", ["follow_events"], "li", known)
    if in_house:
        monkeypatch.setattr(doorkeeper, "LOOK_SECONDS", NEVER_SECONDS)
    async with (
        HttpServer(service.app, ip_address("127.0.0.1"), 0) as server,
        program(base_url=server.url) as client,
        Database(service.database.url) as other,
    ):
        begun = asyncio.Event()
        bearer = {"authorization": f"Bearer {secret}"}
        reading = asyncio.create_task(
            read_on(client, STREAMS[0], begun, **bearer), name="reading"
        )
        await begun.wait()
        revoking = desk if in_house else elsewhere(other)
        await revoking.revoke_token(token.id)
        await reading
        answer = await client.get(STREAMS[0], headers=bearer)
        assert answer.status_code == 401


async def test_stream_of_others_goes_on_when_one_is_sent_away(
    service: SmallService,
) -> None:
    """Also of one whose session is younger than the newest look."""
    async with agent_of(service) as first, agent_of(service) as second:
        begun = [asyncio.Event(), asyncio.Event()]
        tasks = [
            asyncio.create_task(read_on(client, STREAMS[0], start), name="reading")
            for client, start in zip((first, second), begun, strict=True)
        ]
        for start in begun:
            await start.wait()
        await log_out(service, first)
        await tasks[0]
        assert service.view.live.readers == 1
        begun[1].clear()
        service.bus.publish(later())
        await begun[1].wait()
        service.view.let_readers_go()
        assert "later" in await tasks[1]
