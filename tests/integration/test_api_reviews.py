"""Doubtful answers and deliveries over the API: the list, the sound, and what was heard."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
import pytest
import soundfile

from outbound.campaign import CampaignState
from outbound.contact import FollowUpOutcome
from outbound.deliveries.store import ResultBook
from outbound.store import CampaignStore
from recordings.entry import Recording, State
from tests.fakes.console import SmallService, small_service
from tests.integration.records.test_campaign_store import ANSWER, MONDAY, ORDER, RULES

pytestmark = pytest.mark.integration
CLIP = "/api/v1/reviews/CALL/solved"
RATE = 8000


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SmallService]:
    """A follow-up call whose answer, from 6.5 s to 10.5 s, is hard to hear."""
    async with small_service(tmp_path) as service:
        store = CampaignStore(
            service.database, ResultBook(service.database, delivers=True)
        )
        await store.add("november", [ORDER], MONDAY)
        await store.turn("november", CampaignState.RUNNING, MONDAY)
        (contact,) = await store.due(MONDAY, 1)
        await store.lease(contact.id, "CALL", MONDAY, RULES)
        given = [replace(ANSWER, confidence=0.4)]
        await store.ended("CALL", FollowUpOutcome.COMPLETED, given, MONDAY, RULES)
        yield service


@pytest.fixture
async def client(service: SmallService) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the token."""
    async with service.client() as client:
        yield client


async def record(service: SmallService, seconds: int) -> None:
    """Second `n` of the recording is the constant 100 n on the left, its negative right."""
    left = np.repeat(np.arange(seconds) * 100, RATE).astype(np.int16)
    file = service.archive.root / "2026" / "CALL.flac"
    file.parent.mkdir(parents=True)
    soundfile.write(file, np.column_stack([left, -left]), RATE)
    entry = Recording(
        call_id="CALL",
        state=State.CLOSED,
        started_at=service.clock.now(),
        path="2026/CALL.flac",
        seconds=float(seconds),
    )
    await service.archive.store.append(entry)


@pytest.mark.parametrize("file_format", ["wav", "flac"])
async def test_clip_is_the_part_of_the_recording_with_a_little_around_it(
    service: SmallService, client: httpx.AsyncClient, file_format: str
) -> None:
    await record(service, 20)
    response = await client.get(f"{CLIP}/clip?format={file_format}")
    assert response.headers["content-type"] == f"audio/{file_format}"
    sound, rate = soundfile.read(io.BytesIO(response.content), dtype="int16")
    assert (rate, sound.shape) == (RATE, (round(4.6 * RATE), 2))
    assert set(sound[:, 0]) == {600, 700, 800, 900, 1000}
    assert (sound[:, 1] == -sound[:, 0]).all()


async def test_clip_that_cannot_be_had_is_refused(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    told = [(await client.get(f"{CLIP}/clip")).json()["error_id"]]
    await record(service, 5)
    told.append((await client.get(f"{CLIP}/clip")).json()["error_id"])
    other = await client.get("/api/v1/reviews/CALL/satisfied/clip")
    told.append(other.json()["error_id"])
    assert told == ["recording_unknown", "clip_failed", "clip_unknown"]
    async with service.client(headers={}) as stranger:
        assert (await stranger.get(f"{CLIP}/clip")).status_code == 401


async def test_what_a_person_heard_is_set_and_both_stay(
    client: httpx.AsyncClient,
) -> None:
    (item,) = (await client.get("/api/v1/reviews")).json()["items"]
    assert (item["clip"], item["doubts"]) == ("CALL:solved", ["low_confidence"])
    refused = await client.post(CLIP, json={"answer": "maybe", "by": "王"})
    assert (refused.status_code, refused.json()["error_id"]) == (422, "review_refused")
    review = (await client.post(CLIP, json={"answer": "no", "by": "王"})).json()
    assert (review["answer"], review["reviewed_by"]) == ("no", "王")
    assert (await client.get("/api/v1/reviews")).json()["items"] == []
    contacts = (await client.get("/api/v1/campaigns/november/contacts")).json()
    (contact,) = contacts["items"]
    assert [each["answer"] for each in contact["answers"]] == ["yes"]
    assert [each["answer"] for each in contact["reviews"]] == ["no"]
    (total,) = (await client.get("/api/v1/campaigns/november/results")).json()
    assert (total["solved"]["share"], total["reviewed"]) == (0, 1)


async def test_deliveries_are_listed_and_sent_again(client: httpx.AsyncClient) -> None:
    page = (await client.get("/api/v1/deliveries?state=pending")).json()
    (delivery,) = page["items"]
    again = await client.post(f"/api/v1/deliveries/{delivery['id']}/again")
    assert again.json()["since"] > delivery["since"]
    unknown = await client.post("/api/v1/deliveries/nothing/again")
    assert (unknown.status_code, unknown.json()["error_id"]) == (
        404,
        "delivery_unknown",
    )
    dead = await client.post("/api/v1/deliveries/again")
    assert dead.json() == {"count": 0}


async def test_report_is_a_page_that_browsers_may_show_and_nothing_more(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get("/api/v1/campaigns/november/report")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert response.text.count("<svg") == 6
    assert "1 / 1 · n = 1" in response.text
    unknown = await client.get("/api/v1/campaigns/nothing/report")
    assert (unknown.status_code, unknown.json()["error_id"]) == (
        404,
        "campaign_unknown",
    )
