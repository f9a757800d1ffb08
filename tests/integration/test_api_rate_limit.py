"""Who asks too fast is told how long to wait; health and metrics are never refused."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from config.settings import ApiSection
from tests.fakes.console import small_service

pytestmark = pytest.mark.integration


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Of a service that takes three requests, and one more in a thousand seconds."""
    api = ApiSection(requests_per_second=0.001, request_burst=3)
    async with small_service(tmp_path, api=api) as service, service.client() as client:
        yield client


async def test_request_beyond_the_burst_is_refused_with_the_wait(
    client: httpx.AsyncClient,
) -> None:
    answers = [await client.get("/api/v1/queues") for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert answers[3].json()["error_id"] == "too_many_requests"
    assert 990 < int(answers[3].headers["retry-after"]) <= 1000


async def test_health_and_metrics_are_always_answered(
    client: httpx.AsyncClient,
) -> None:
    for path in ("/health/live", "/health/ready", "/metrics") * 4:
        assert (await client.get(path)).status_code == 200


async def test_files_of_pages_use_up_nobodys_share(client: httpx.AsyncClient) -> None:
    page = (await client.get("/wallboard")).text
    files = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    assert len(files) > 5
    for file in files:
        assert (await client.get(file)).status_code == 200
    assert (await client.get("/api/v1/queues")).status_code == 200


async def test_request_without_the_token_uses_up_nobodys_share(
    client: httpx.AsyncClient,
) -> None:
    for _ in range(5):
        wrong = {"authorization": "Bearer wrong"}
        assert (await client.get("/api/v1/queues", headers=wrong)).status_code == 401
    assert (await client.get("/api/v1/queues")).status_code == 200
