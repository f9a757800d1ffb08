"""Reasons for a pause by the API: told, changed while people work, and kept."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from acd.messages import AgentLogsIn
from acd.pauses.reasons import PAUSE_REASONS as KEPT_REASONS
from acd.pauses.reasons import Reasons
from acd.run_time.seeded import Seeded
from config.agent_settings import PAUSE_REASONS
from tests.fakes.console import SmallService, small_service

pytestmark = pytest.mark.integration
API = "/api/v1"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SmallService]:
    async with small_service(tmp_path, pause_reasons=PAUSE_REASONS) as service:
        yield service


async def test_pause_reasons_are_told_and_others_refused(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    reasons = (await client.get(f"{API}/pause-reasons")).json()
    assert reasons[0] == {"id": "break", "title": "休息", "max_seconds": 900}
    service.distributor.send(AgentLogsIn(agent_id="1001"))
    path = f"{API}/agents/1001/state"
    answer = await client.post(path, json={"state": "paused", "reason": "lunch"})
    assert answer.status_code == 422
    assert answer.json() == {
        "error_id": "pause_reason_unknown",
        "message": "There is no pause reason 'lunch'; known: break, meal, training, meeting, other, other_post",
        "field": "reason",
    }
    for reason in ("meal", ""):
        answer = await client.post(path, json={"state": "paused", "reason": reason})
        assert answer.json()["state"] == "paused"


async def after_a_new_start(service: SmallService) -> Reasons:
    """The reasons that a service has which begins now, with this file."""
    parts = service.database, service.clock, KEPT_REASONS
    return (await Seeded.open(*parts, PAUSE_REASONS)).now


async def test_pause_reasons_change_while_people_work_and_after_a_new_start(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    tea = {"id": "tea", "title": "茶歇", "max_seconds": 600}
    answer = await client.put(f"{API}/pause-reasons?by=Li", json={"reasons": [tea]})
    assert (answer.status_code, answer.json()["reasons"]) == (200, [tea])
    service.distributor.send(AgentLogsIn(agent_id="1001"))
    path = f"{API}/agents/1001/state"
    for reason, status in (("tea", 200), ("meal", 422)):
        answer = await client.post(path, json={"state": "paused", "reason": reason})
        assert answer.status_code == status, answer.text
    assert [each.model_dump() for each in await after_a_new_start(service)] == [tea]
    (line,) = (await client.get(f"{API}/rule-changes?name=pause_reasons")).json()[
        "items"
    ]
    assert (line["changed_by"], line["kind"]) == ("Li", "pauses")
    assert list(line["old"])[:2] == ["break", "meal"]
    await client.put(f"{API}/pause-reasons", json={"reasons": []})
    assert await after_a_new_start(service) == ()


async def test_pause_reasons_of_the_file_count_until_somebody_changes_them(
    service: SmallService,
) -> None:
    assert await after_a_new_start(service) == PAUSE_REASONS


@pytest.mark.parametrize(
    ("reasons", "words"),
    [
        ([{"id": "tea"}, {"id": "tea"}], "several pause reasons tea"),
        ([{"id": "no_answer"}], "the distributor pauses agents"),
    ],
)
async def test_pause_reasons_that_cannot_be_meant_are_refused(
    client: httpx.AsyncClient, reasons: list[dict[str, str]], words: str
) -> None:
    answer = await client.put(f"{API}/pause-reasons", json={"reasons": reasons})
    assert (answer.status_code, answer.json()["error_id"]) == (422, "rules_contradict")
    assert words in answer.json()["message"]
    assert len((await client.get(f"{API}/pause-reasons")).json()) == len(PAUSE_REASONS)
