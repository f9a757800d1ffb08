"""Statistics over the API: days, agents, the clock, and calls left out of it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from acd.statistics.edges import interval_of
from console.server import HttpServer
from hotline.statistics_commands import app
from tests.fakes import call_events as told
from tests.fakes.console import TOKEN, SmallService, small_service

pytestmark = pytest.mark.integration
STATISTICS = "/api/v1/statistics"


def an_hour_ago(service: SmallService) -> datetime:
    """The beginning of an interval, so that no midnight cuts what follows."""
    return interval_of(service.clock.now() - timedelta(hours=1))


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SmallService]:
    """One call was answered and one given up, an hour ago; the third waits."""
    async with small_service(tmp_path) as service:
        ago = an_hour_ago(service)
        await service.record(*told.answered_call("A", start=ago))
        await service.record(*told.abandoned_call("B", start=ago, caller=""))
        await service.record(told.arrived("C", ago), told.entered("C", ago))
        yield service


def day_of(service: SmallService) -> dict[str, str]:
    """The city's day on which they called."""
    ago = an_hour_ago(service)
    return {"date": ago.astimezone(service.view.statistics.zone).date().isoformat()}


async def test_day_is_told_by_intervals_and_as_a_whole(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    answer = await client.get(f"{STATISTICS}/intervals", params=day_of(service))
    assert answer.status_code == 200
    (line,) = answer.json()["intervals"]
    assert (line["queue"], line["counts"]["offered"]) == ("general", 3)
    assert line["rates"]["connect"] == {"part": 1, "whole": 2, "rate": 0.5}
    assert line["handling"]["talk_seconds"] == 50
    totals = answer.json()["totals"]
    assert [whole["queue"] for whole in totals] == ["general", "all"]
    none = await client.get(
        f"{STATISTICS}/intervals", params=day_of(service) | {"queue": "tax"}
    )
    assert none.json()["intervals"] == []


async def test_agent_is_told_by_intervals_and_as_a_whole(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    answer = await client.get(f"{STATISTICS}/agents/1001", params=day_of(service))
    whole = answer.json()["whole"]
    assert whole["calls"]["answered"] == 1
    assert whole["seconds"]["talking"] == pytest.approx(50)
    assert sum(i["seconds"]["talking"] for i in answer.json()["intervals"]) == (
        pytest.approx(50)
    )


async def test_staff_of_a_queue_without_agents_is_empty(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    answer = await client.get(
        f"{STATISTICS}/staff", params=day_of(service) | {"queue": "tax"}
    )
    assert (answer.status_code, answer.json()["intervals"]) == (200, [])


async def test_agent_nobody_knows_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{STATISTICS}/agents/10011")
    assert (answer.status_code, answer.json()["error_id"]) == (404, "agent_unknown")


async def test_a_day_of_another_calendar_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{STATISTICS}/intervals", params={"date": "20.07.2026"})
    assert (answer.status_code, answer.json()["error_id"]) == (422, "invalid_request")


async def test_clock_counts_what_the_bus_told(client: httpx.AsyncClient) -> None:
    shown = (await client.get(f"{STATISTICS}/clock")).json()
    assert shown["rates"]["connect"] == {"part": 1, "whole": 2, "rate": 0.5}
    assert shown["counts"]["waiting"] == 1
    assert shown["forecast"]["below_target"] is True
    assert shown["forecast"]["expected"] is None


async def test_excluded_call_leaves_the_adjusted_rate_with_a_name_and_a_reason(
    client: httpx.AsyncClient,
) -> None:
    wish = {"call_id": "B", "reason": "test_call", "name": "Zhang Wei"}
    answer = await client.post(f"{STATISTICS}/exclusions", json=wish)
    assert answer.status_code == 200
    rates = (await client.get(f"{STATISTICS}/clock")).json()["rates"]
    assert rates["connect_adjusted"] == {"part": 1, "whole": 1, "rate": 1.0}
    assert rates["connect"]["whole"] == 2
    metrics = (await client.get("/metrics")).text
    assert 'hotline_connect_rate_24h{form="adjusted"} 1.0' in metrics
    again = await client.post(
        f"{STATISTICS}/exclusions", json=wish | {"excluded": False}
    )
    assert again.status_code == 200
    log = (await client.get(f"{STATISTICS}/exclusions")).json()["items"]
    assert [(line["name"], line["excluded"]) for line in log] == [
        ("Zhang Wei", False),
        ("Zhang Wei", True),
    ]


async def test_exclusions_come_in_pages(client: httpx.AsyncClient) -> None:
    wish = {"call_id": "B", "reason": "test_call", "name": "Zhang Wei"}
    for excluded in (True, False, True):
        body = wish | {"excluded": excluded}
        await client.post(f"{STATISTICS}/exclusions", json=body)
    read, before = [], ""
    for _ in range(3):
        path = f"{STATISTICS}/exclusions?limit=2{before}"
        page = (await client.get(path)).json()
        read += [line["excluded"] for line in page["items"]]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    assert read == [True, False, True]


@pytest.mark.parametrize(
    ("wish", "status", "error_id"),
    [
        ({"call_id": "nobody"}, 404, "call_unknown"),
        ({"call_id": "C"}, 409, "exclusion_refused"),
        ({"call_id": "A", "excluded": False}, 409, "exclusion_refused"),
        ({"call_id": "A", "reason": "we lost it"}, 422, "invalid_request"),
        ({"call_id": "A", "name": ""}, 422, "invalid_request"),
    ],
)
async def test_exclusion_without_call_reason_or_name_is_refused(
    client: httpx.AsyncClient, wish: dict[str, object], status: int, error_id: str
) -> None:
    whole = {"reason": "test_call", "name": "Zhang Wei"} | wish
    answer = await client.post(f"{STATISTICS}/exclusions", json=whole)
    assert (answer.status_code, answer.json()["error_id"]) == (status, error_id)
    assert (await client.get(f"{STATISTICS}/exclusions")).json()["items"] == []


async def test_command_excludes_a_call_and_counts_it_in_again(
    service: SmallService, tmp_path: Path
) -> None:
    async with HttpServer(service.app, ip_address("127.0.0.1"), 0) as server:
        file = tmp_path / "hotline.toml"
        place = f'hotline.data_dir = "{tmp_path}"\nconsole.port = {server.port}\n'
        file.write_text(place, encoding="utf-8")
        (tmp_path / "api-token").write_text(TOKEN)
        (tmp_path / "api-token").chmod(0o600)

        async def says(command: str) -> Result:
            words = ("B", "--reason", "nuisance", "--name", "Zhang Wei")
            return await asyncio.to_thread(
                CliRunner().invoke, app, [command, *words, "--config", str(file)]
            )

        for command, said, whole in (
            ("exclude", "Excluded; the raw rate still has it.", 1),
            ("include", "Counted in again.", 2),
        ):
            result = await says(command)
            assert (result.exit_code, result.output.strip()) == (0, said)
            rates = service.view.statistics.read().rates
            assert rates.connect_adjusted.whole == whole
        result = await says("include")
        assert (result.exit_code, result.stderr.strip()) == (
            1,
            "call B is not excluded",
        )
