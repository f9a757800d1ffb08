"""Modes and previews through the API."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from outbound.answer import GivenBy
from outbound.archive import contacts_page
from outbound.campaign import CampaignState
from outbound.contact import Contact, FollowUpOutcome
from outbound.previews import Previews, Wishes
from outbound.reviews.review import ClipUnknown
from outbound.store import CampaignStore
from tests.fakes.console import SmallService
from tests.integration.records.test_campaign_store import MONDAY, RULES
from tests.integration.test_api_campaigns import order, send

pytestmark = pytest.mark.integration

MODE = "/api/v1/campaigns/november/mode"


@pytest.fixture
async def client(service: SmallService) -> AsyncIterator[httpx.AsyncClient]:
    async with service.client() as client:
        await send(client, order(1))
        yield client


async def test_campaign_is_agentless_until_its_mode_is_set(
    client: httpx.AsyncClient,
) -> None:
    (campaign,) = (await client.get("/api/v1/campaigns")).json()
    assert campaign["mode"]["mode"] == "agentless"
    wanted = {"mode": "predictive", "queue": "general", "cap": 0.02, "wait_seconds": 3}
    turned = await client.post(MODE, json=wanted)
    assert turned.json()["mode"] == wanted
    (campaign,) = (await client.get("/api/v1/campaigns")).json()
    assert campaign["mode"] == wanted


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"mode": "progressive"}, "needs a queue whose agents speak: one of general"),
        ({"mode": "preview", "queue": "nowhere"}, "needs a queue"),
        ({"mode": "agentless", "queue": "general"}, "agentless needs no queue"),
        ({"mode": "predictive", "queue": "general", "cap": 0.04}, "3% at most"),
        ({"mode": "predictive", "queue": "general", "cap": 0}, "above 0"),
        ({"mode": "predictive", "queue": "general", "wait_seconds": 60}, "0.5 and 15"),
    ],
)
async def test_mode_that_cannot_be_is_refused_in_words(
    client: httpx.AsyncClient, wanted: dict[str, object], words: str
) -> None:
    refused = await client.post(MODE, json=wanted)
    assert (refused.status_code, refused.json()["error_id"]) == (
        422,
        "campaign_mode_refused",
    )
    assert words in refused.json()["message"]


async def test_mode_of_a_campaign_that_is_not_there_is_refused(
    client: httpx.AsyncClient,
) -> None:
    path = "/api/v1/campaigns/nothing/mode"
    refused = await client.post(path, json={"mode": "agentless"})
    assert (refused.status_code, refused.json()["error_id"]) == (
        404,
        "campaign_unknown",
    )


async def test_agent_accepts_or_skips_the_contact_that_he_is_shown_and_no_other(
    client: httpx.AsyncClient, service: SmallService
) -> None:
    called: list[tuple[str, str]] = []

    def call(contact: Contact, agent_id: str) -> str:
        called.append((contact.order_id, agent_id))
        return "" if agent_id == "1001" else "no line is free now"

    async def put_off(contact: Contact, until: datetime) -> None:
        called.append((contact.order_id, "later"))

    previews = Previews(service.bus, service.clock, Wishes(call=call, put_off=put_off))
    service.view.campaigns.attach(previews)
    contact = await _running_contact(service)
    for agent in ("1001", "1002"):
        previews.offer(agent, contact)
    shown = (await client.get("/api/v1/previews")).json()
    assert [each["agent_id"] for each in shown] == ["1001", "1002"]
    assert {each["contact"]["number"] for each in shown} == {"138****0001"}
    other = await client.post(
        "/api/v1/previews/1001/accept", json={"contact_id": "another"}
    )
    assert (other.status_code, other.json()["error_id"]) == (409, "preview_refused")
    body = {"contact_id": contact.id}
    assert (await client.post("/api/v1/previews/1001/accept", json=body)).is_success
    refused = await client.post("/api/v1/previews/1002/accept", json=body)
    assert refused.json()["message"] == "no line is free now"
    assert (await client.post("/api/v1/previews/1002/skip", json=body)).is_success
    assert (await client.get("/api/v1/previews")).json() == []
    assert called == [("A-1", "1001"), ("A-1", "1002"), ("A-1", "later")]


async def test_without_a_dialler_nothing_is_shown_or_accepted(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.get("/api/v1/previews")).json() == []
    refused = await client.post(
        "/api/v1/previews/1001/accept", json={"contact_id": "anything"}
    )
    assert (refused.status_code, refused.json()["error_id"]) == (409, "preview_refused")


async def _running_contact(service: SmallService) -> Contact:
    store, now = CampaignStore(service.database), datetime(2030, 1, 1, tzinfo=UTC)
    await service.view.campaigns.turn("november", CampaignState.RUNNING)
    (contact,) = await store.due(now, 10)
    return contact


async def test_what_a_citizen_told_an_agent_is_entered_and_counts(
    client: httpx.AsyncClient, service: SmallService
) -> None:
    contact = await _running_contact(service)
    store, desk = CampaignStore(service.database), service.view.follow_ups.reviews
    await store.lease(contact.id, "CALL", MONDAY, RULES)
    with pytest.raises(ClipUnknown):  # they speak still
        await desk.set("CALL", "solved", "yes", "li")
    await store.ended("CALL", FollowUpOutcome.TALKED, [], MONDAY, RULES)
    with pytest.raises(ClipUnknown):
        await desk.set("CALL", "weather", "fine", "li")
    assert await _rates(client) == {"reached": 1, "completed": 0, "solved": 0}
    told = {"contacted": "yes", "solved": "yes", "satisfied": "dissatisfied"}
    for question, answer in told.items():
        await desk.set("CALL", question, answer, "li")
    assert await _rates(client) == {"reached": 1, "completed": 1, "solved": 1}
    (record,) = await contacts_page(service.database, "november")
    assert {each.given_by for each in record.answers} == {GivenBy.AGENT}


async def _rates(client: httpx.AsyncClient) -> dict[str, int]:
    """Numerators of some rates."""
    path = "/api/v1/campaigns/november/results"
    (total,) = (await client.get(path)).json()
    return {it: total[it]["numerator"] for it in ("reached", "completed", "solved")}
