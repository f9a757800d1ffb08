"""The API of call-backs: pages, one with its attempts, and what a person may do."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from acd.events import CallMissed, Outcome
from tests.fakes.console import SmallService, small_service

pytestmark = pytest.mark.integration

CALLERS = {"01AAA": "+8613812345678", "01BBB": "+8613912345678", "01CCC": ""}


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SmallService]:
    """Two numbers are owed a call-back, a withheld one is not."""
    async with small_service(tmp_path) as service:
        for call_id, caller in CALLERS.items():
            await service.record(
                CallMissed(
                    at=service.clock.now(),
                    call_id=call_id,
                    caller=caller,
                    called="12345",
                    queue="general",
                    stage=Outcome.ABANDONED_IN_QUEUE,
                )
            )
        await service.desk.fold()
        yield service


async def ids(client: httpx.AsyncClient, **query: str) -> list[str]:
    """The debts that a query lists."""
    response = await client.get("/api/v1/call-backs", params=query)
    assert response.status_code == 200
    return [item["id"] for item in response.json()["items"]]


async def test_debts_are_listed_newest_first_in_pages_and_by_filters(
    client: httpx.AsyncClient,
) -> None:
    assert await ids(client) == ["01BBB", "01AAA"]
    assert await ids(client, limit="1") == ["01BBB"]
    assert await ids(client, limit="1", before="01BBB") == ["01AAA"]
    assert await ids(client, state="done") == []
    assert await ids(client, kind="missed", queue="general") == ["01BBB", "01AAA"]
    assert await ids(client, number="+8613812345678") == ["01AAA"]


@pytest.mark.parametrize("change", ["place", "retry", "cancel"])
@pytest.mark.parametrize("part", ["0", "01AA", "AAA"])
async def test_part_of_an_id_changes_nothing(
    client: httpx.AsyncClient, service: SmallService, change: str, part: str
) -> None:
    response = await client.post(f"/api/v1/call-backs/{part}/{change}", json={})
    assert response.status_code == 404
    assert await ids(client, state="owed") == ["01BBB", "01AAA"]


async def test_debt_is_placed_by_its_whole_id(
    client: httpx.AsyncClient, service: SmallService
) -> None:
    response = await client.post("/api/v1/call-backs/01AAA/place")
    assert (response.status_code, response.json()["state"]) == (200, "owed")
    assert service.desk.placed == ["01AAA"]


async def test_debt_that_has_ended_is_not_ended_again(
    client: httpx.AsyncClient,
) -> None:
    path = "/api/v1/call-backs/01AAA/cancel"
    ended = await client.post(path, json={"refused": True})
    assert (ended.status_code, ended.json()["state"]) == (200, "refused")
    again = await client.post(path, json={})
    assert (again.status_code, again.json()["error_id"]) == (409, "call_back_not_open")
    retried = await client.post("/api/v1/call-backs/01AAA/retry")
    assert retried.status_code == 409


async def test_debt_is_looked_up_by_a_part_of_its_id(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get("/api/v1/call-backs/aaa")
    assert response.json()["debt"]["id"] == "01AAA"


@pytest.mark.parametrize("part", ["01ZZZ", "01", "%"])
async def test_unknown_or_ambiguous_id_is_refused_in_words(
    client: httpx.AsyncClient, part: str
) -> None:
    response = await client.get(f"/api/v1/call-backs/{part}")
    assert response.status_code == 404
    assert response.json()["error_id"] == "call_back_unknown"
