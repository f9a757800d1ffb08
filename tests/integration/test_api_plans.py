"""The history of the emergency plans over HTTP."""

from pathlib import Path

import pytest

from tests.fakes.console import small_service

pytestmark = pytest.mark.integration


async def test_decisions_come_in_pages_the_newest_first(tmp_path: Path) -> None:
    async with small_service(tmp_path) as service, service.client() as client:
        for level in (1, 0):
            answer = await client.post("/api/v1/plans", json={"level": level})
            assert answer.status_code == 200
        decisions = "/api/v1/plans/decisions?limit=1"
        first = (await client.get(decisions)).json()
        second = (await client.get(f"{decisions}&before={first['next']}")).json()
        last = (await client.get(f"{decisions}&before={second['next']}")).json()
    levels = [page["items"][0]["decision"]["level"] for page in (first, second)]
    assert levels == [0, 1]
    assert last == {"items": [], "next": None}
