"""A week built by the service's worker process, and how that is told."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import Result

from acd.people.person import Post
from acd.rosters.store import requirements_of, shifts_between
from console.server import HttpServer
from hotline.roster import commands
from hotline.roster.builder import RosterBuilder
from tests.fakes import call_events as told
from tests.fakes.console import SmallService
from tests.integration.test_api_commands import config
from tests.integration.test_queue_commands import run

pytestmark = pytest.mark.integration
API = "/api/v1/roster"
MONDAY, SUNDAY = date(2026, 11, 30), date(2026, 12, 6)
TEAM = [
    {"id": f"20{n:02}", "posts": "phones", "contact": f"sip:20{n:02}@127.0.0.1"}
    for n in range(8)
]
NOON = [2 if 48 <= n % 96 < 56 else 0 for n in range(672)]
WISH = {"monday": f"{MONDAY}", "needed": {"phones": NOON}, "seconds": 5}
FILE = "start,agents\n" + "".join(
    f"{h}:{m},2\n" for h in (12, 13) for m in ("00", 15, 30, 45)
)


@pytest.fixture
async def client(service: SmallService) -> AsyncIterator[httpx.AsyncClient]:
    async with service.client() as client:
        await client.post("/api/v1/people", json={"people": TEAM})
        yield client


async def ended(client: httpx.AsyncClient, wish: dict[str, Any]) -> dict[str, Any]:
    """A build that was ordered, when it is over."""
    answer = await client.post(f"{API}/builds?by=boss", json=wish)
    assert answer.status_code == 202, answer.text
    build: dict[str, Any] = answer.json()
    async with asyncio.timeout(60):
        while build["state"] == "running":
            await asyncio.sleep(0.05)
            build = (await client.get(f"{API}/builds/{build['id']}")).json()
    return build


async def test_week_is_built_kept_and_set_against_what_was_needed(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    build = await ended(client, WISH)
    assert (build["state"], build["error"], build["share"]) == ("done", "", 1)
    report = build["report"]
    assert (report["hours_needed"], report["hours_missing"]) == (28, 0)
    kept = await shifts_between(service.database, MONDAY, SUNDAY)
    assert len(kept) == report["shifts"] > 0
    needed = await requirements_of(service.database, date(2026, 12, 1))
    assert needed[Post.PHONES].needed == tuple(NOON[:96])
    day = (await client.get(f"{API}/days/2026-12-01")).json()["posts"][0]
    assert all(there >= 2 for there in day["rostered"][48:56])
    (change, *_) = (await client.get("/api/v1/rule-changes")).json()["items"]
    assert (change["kind"], change["changed_by"]) == ("roster", "boss")
    again = (await ended(client, WISH))["report"]
    assert (again["shifts"], again["replaced"]) == (0, 0)
    anew = (await ended(client, WISH | {"replace": True}))["report"]
    assert (anew["replaced"], anew["hours_missing"]) == (len(kept), 0)


async def test_build_that_is_not_kept_changes_nothing(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    report = (await ended(client, WISH | {"keep": False}))["report"]
    assert report["shifts"] > 0
    assert await shifts_between(service.database, MONDAY, SUNDAY) == []
    assert await requirements_of(service.database, MONDAY) == {}


async def test_only_one_week_is_built_at_a_time(client: httpx.AsyncClient) -> None:
    first = await client.post(f"{API}/builds", json=WISH)
    second = await client.post(f"{API}/builds", json=WISH)
    assert (first.status_code, second.status_code) == (202, 409)
    assert second.json()["error_id"] == "build_under_way"


async def test_wish_that_cannot_be_meant_is_refused(client: httpx.AsyncClient) -> None:
    for wrong in (
        {"monday": "2026-12-01"},
        {"needed": {"phones": [1]}},
        {"needed": {"cook": NOON}},
        {"needed": {"phones": [-1] * 672}},
        {"seconds": 1},
    ):
        answer = await client.post(f"{API}/builds", json=WISH | wrong)
        assert answer.status_code == 422, wrong
    gone = await client.get(f"{API}/builds/nothing")
    assert (gone.status_code, gone.json()["error_id"]) == (404, "build_unknown")


async def test_without_records_a_requirement_is_asked_for(
    client: httpx.AsyncClient,
) -> None:
    build = await ended(client, {"monday": f"{MONDAY}", "seconds": 5})
    assert build["state"] == "failed"
    assert "--requirement FILE" in build["error"]


async def test_forecast_says_how_many_when_nobody_else_does(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    for day in range(1, 15):
        start = datetime(2026, 11, day, 2, tzinfo=UTC)
        await service.record(*told.answered_call(f"call-{day}", start=start))
    wish = {"monday": f"{MONDAY}", "seconds": 5, "history_days": 60}
    build = await ended(client, wish)
    assert build["state"] == "done", build["error"]
    assert build["report"]["hours_needed"] > 0
    needed = await requirements_of(service.database, date(2026, 12, 2))
    assert needed[Post.PHONES].source == "forecast"


async def test_worker_that_is_killed_is_told_and_the_next_order_is_taken(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    builder = service.view.roster_builds
    assert isinstance(builder, RosterBuilder)
    first = (await client.post(f"{API}/builds", json=WISH)).json()
    async with asyncio.timeout(60):
        while builder.process_id is None:
            await asyncio.sleep(0.01)
    os.kill(builder.process_id, signal.SIGKILL)
    async with asyncio.timeout(60):
        while builder.build(first["id"]).state == "running":
            await asyncio.sleep(0.01)
    assert "ended; the log says why" in builder.build(first["id"]).error
    assert (await ended(client, WISH))["state"] == "done"


@pytest.fixture
async def build(
    service: SmallService, client: httpx.AsyncClient, tmp_path: Path
) -> AsyncIterator[Callable[..., Awaitable[Result]]]:
    """`hotline roster build` for the week, beside the service."""
    (tmp_path / "needed.csv").write_text(FILE, encoding="utf-8")

    async def command(*arguments: str) -> Result:
        needed = ("--requirement", str(tmp_path / "needed.csv"), "--seconds", "5")
        week = ("build", "--week", "2026-W49")
        return await run(commands.app, tmp_path, *week, *needed, *arguments)

    async with HttpServer(service.app, ip_address("127.0.0.1"), 0) as server:
        config(tmp_path, server.port)
        yield command


async def test_command_tells_what_was_made(
    build: Callable[..., Awaitable[Result]],
) -> None:
    result = await build()
    assert result.exit_code == 0, result.output
    assert "28 hours of people needed, 0 missing" in result.output


async def test_command_tells_who_is_missing_and_why(
    build: Callable[..., Awaitable[Result]], client: httpx.AsyncClient
) -> None:
    for person in everybody():
        await client.delete(f"/api/v1/people/{person}")
    result = await build("--dry-run")
    assert result.exit_code == 1
    assert "2026-12-01 12:00–14:00 phones: up to 2 missing" in result.output
    report = json.loads((await build("--dry-run", "--json")).stdout)
    assert report["hours_missing"] == 28


def everybody() -> list[str]:
    """Everybody on the phones."""
    return [person["id"] for person in TEAM] + ["1001", "1002", "1003"]
