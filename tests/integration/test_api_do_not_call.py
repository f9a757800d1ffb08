"""The do-not-call list through the API: who is on it is called by nobody."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from outbound.campaign import CampaignState
from outbound.contact import ContactState
from outbound.rules import FollowUpRules
from outbound.store import CampaignStore
from tests.fakes.console import SmallService
from tests.integration.test_api_campaigns import order, send

pytestmark = pytest.mark.integration

LIST = "/api/v1/do-not-call"


async def add(client: httpx.AsyncClient, *numbers: str) -> dict[str, Any]:
    """The report of numbers that were put on the list."""
    body = {"numbers": numbers, "reason": "asked by letter"}
    response = await client.post(LIST, params={"by": "li"}, json=body)
    assert response.status_code == 200
    report: dict[str, Any] = response.json()
    return report


async def states(client: httpx.AsyncClient) -> dict[str, str]:
    """Each contact's state, by order."""
    items = (await client.get("/api/v1/campaigns/november/contacts")).json()["items"]
    return {it["contact"]["order_id"]: it["contact"]["state"] for it in items}


async def test_contacts_who_wait_are_barred_at_once_and_stay_so(
    client: httpx.AsyncClient,
) -> None:
    await send(client, order(1), order(2))
    report = await add(client, "138 1234 0001", "110", "13812340001")
    assert report == {"new": 1, "known": 1, "barred": 1, "refused": [2]}
    assert await states(client) == {"A-1": "barred", "A-2": "waiting"}
    body = {"number": "13812340001", "reason": "asked to be called"}
    removed = await client.post(f"{LIST}/remove", params={"by": "li"}, json=body)
    assert removed.json() == {"number": "138****0001"}
    assert await states(client) == {"A-1": "barred", "A-2": "waiting"}
    again = await client.post(f"{LIST}/remove", json=body)
    assert (again.status_code, again.json()["error_id"]) == (404, "number_not_listed")


async def test_who_is_imported_later_is_not_leased(
    client: httpx.AsyncClient, service: SmallService
) -> None:
    await add(client, "13812340001")
    await send(client, order(1))
    store, now = CampaignStore(service.database), service.clock.now()
    await store.turn("november", CampaignState.RUNNING, now)
    (contact,) = await store.due(now, 10)
    assert await store.lease(contact.id, "call-1", now, FollowUpRules()) is None
    assert await states(client) == {"A-1": ContactState.BARRED}


async def test_list_is_masked_unless_whole_numbers_are_wanted(
    client: httpx.AsyncClient,
) -> None:
    await add(client, *(f"1381234000{n}" for n in range(3)))
    page = (await client.get(LIST, params={"limit": 2})).json()
    assert [it["number"] for it in page["items"]] == ["138****0002", "138****0001"]
    assert {(it["reason"], it["added_by"]) for it in page["items"]} == {
        ("asked by letter", "li")
    }
    params = {"before": page["next"], "full": "true"}
    (rest,) = (await client.get(LIST, params=params)).json()["items"]
    assert rest["number"] == "+8613812340000"


async def test_every_change_is_kept_with_who_and_why(
    client: httpx.AsyncClient, service: SmallService
) -> None:
    await add(client, "13812340001")
    body = {"number": "13812340001", "reason": "a mistake"}
    await client.post(f"{LIST}/remove", params={"by": "wang"}, json=body)
    query = text(
        "SELECT added, changed_by, reason FROM do_not_call_changes ORDER BY id"
    )
    async with service.database.read() as connection:
        rows = [tuple(row) for row in await connection.execute(query)]
    assert rows == [(1, "li", "asked by letter"), (0, "wang", "a mistake")]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
async def test_without_a_reason_nothing_is_changed(
    client: httpx.AsyncClient, reason: str
) -> None:
    body = {"numbers": ["13812340001"], "reason": reason}
    response = await client.post(LIST, json=body)
    assert (response.status_code, response.json()["field"]) == (422, "reason")
    assert (await client.get(LIST)).json()["items"] == []
