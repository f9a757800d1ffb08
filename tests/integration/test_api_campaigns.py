"""The API of campaigns: contacts come in once, refused ones are told."""

import csv
import io
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from outbound.contact_reading import LONGEST_UNIT
from tests.fakes.console import small_service

pytestmark = pytest.mark.integration

CONTACTS = "/api/v1/campaigns/november/contacts"


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with small_service(tmp_path) as service, service.client() as client:
        yield client


def order(nth: int, **changes: Any) -> dict[str, Any]:
    """A good contact."""
    return {
        "order_id": f"A-{nth}",
        "number": f"1381234{nth:04}",
        "closed_at": "2026-03-01T09:00",
        "unit": "市水务局",
        **changes,
    }


async def send(client: httpx.AsyncClient, *contacts: dict[str, Any]) -> dict[str, Any]:
    """The report of contacts that were sent."""
    response = await client.post(CONTACTS, json={"contacts": contacts})
    assert response.status_code == 200
    report: dict[str, Any] = response.json()
    return report


async def test_same_orders_twice_are_there_once(client: httpx.AsyncClient) -> None:
    first = await send(client, order(1), order(2), order(2, number="13900000000"))
    assert first == {"new": 2, "known": 1, "refused": []}
    again = await send(client, order(1), order(2), order(3))
    assert again == {"new": 1, "known": 2, "refused": []}
    items = (await client.get(CONTACTS)).json()["items"]
    assert {item["contact"]["order_id"] for item in items} == {"A-1", "A-2", "A-3"}
    assert {item["contact"]["number"] for item in items} == {
        f"+861381234000{n}" for n in (1, 2, 3)
    }


async def test_thousand_contacts_with_long_units_come_in_one_request(
    client: httpx.AsyncClient,
) -> None:
    unit = "市" * LONGEST_UNIT
    contacts = [order(n, order_id=f"{n:064}", unit=unit) for n in range(1000)]
    body = json.dumps({"contacts": contacts})  # each letter of a unit is escaped
    response = await client.post(
        CONTACTS, content=body, headers={"content-type": "application/json"}
    )
    report = response.json()
    assert (report["new"], report["refused"]) == (1000, [])


async def test_refused_contacts_are_told_and_keep_nobody_out(
    client: httpx.AsyncClient,
) -> None:
    report = await send(client, order(1), order(2, number="110"), order(3, order_id=""))
    assert report["new"] == 1
    assert [line["place"] for line in report["refused"]] == [2, 3]
    assert "no citizen's telephone number" in report["refused"][0]["reason"]


async def test_preview_tells_what_would_come_and_enters_nobody(
    client: httpx.AsyncClient,
) -> None:
    await send(client, order(1))
    wanted = [order(1), order(2), order(2), order(3, number="110"), {"order_id": "x"}]
    answer = await client.post(f"{CONTACTS}/preview", json={"contacts": wanted})
    foretold = answer.json()
    assert (foretold["new"], foretold["known"]) == (1, 2)
    assert [
        (line["place"], line["field"], line["fault"]) for line in foretold["refused"]
    ] == [(4, "number", "no_number"), (5, "number", "missing")]
    assert len((await client.get(CONTACTS)).json()["items"]) == 1
    assert await send(client, *wanted) == foretold


async def test_preview_makes_no_campaign(client: httpx.AsyncClient) -> None:
    path = "/api/v1/campaigns/{}/contacts/preview"
    answer = await client.post(path.format("new"), json={"contacts": [order(1)]})
    assert answer.json()["new"] == 1
    assert (await client.get("/api/v1/campaigns")).json() == []
    bad = await client.post(path.format("No!"), json={"contacts": []})
    assert bad.json()["error_id"] == "campaign_name_refused"


async def test_campaign_is_made_once_with_its_mode(client: httpx.AsyncClient) -> None:
    wanted = {"name": "december", "mode": "progressive", "queue": "general"}
    made = await client.post("/api/v1/campaigns", json=wanted)
    assert made.status_code == 201
    assert (made.json()["state"], made.json()["mode"]["queue"]) == ("paused", "general")
    again = await client.post("/api/v1/campaigns", json={"name": "december"})
    assert (again.status_code, again.json()["error_id"]) == (409, "campaign_exists")
    (campaign,) = (await client.get("/api/v1/campaigns")).json()
    assert campaign["mode"]["mode"] == "progressive"
    for body, error_id in (
        ({"name": "No!"}, "campaign_name_refused"),
        ({"name": "x", "mode": "preview"}, "campaign_mode_refused"),
    ):
        refused = await client.post("/api/v1/campaigns", json=body)
        assert (refused.status_code, refused.json()["error_id"]) == (422, error_id)


async def test_where_nobody_is_called_there_is_no_dialler(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/api/v1/dialler")
    assert (answer.status_code, answer.json()) == (200, None)


async def test_results_come_as_a_sheet(client: httpx.AsyncClient) -> None:
    await send(client, order(1), order(2, unit=""))
    path = "/api/v1/campaigns/november/results/sheet"
    answer = await client.get(path)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="november-unit_day.csv"' in answer.headers["content-disposition"]
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[:6] == [
        *("承办单位", "最后回访日期", "办结工单"),
        *("回访率", "回访率: 分子", "回访率: 分母"),
    ]
    assert [row[:6] for row in rows] == [
        ["未注明单位", "尚未回访", "1", "0.0", "0", "1"],
        ["市水务局", "尚未回访", "1", "0.0", "0", "1"],
    ]
    english = await client.get(f"{path}?by=total&language=en&format=xlsx")
    assert english.content.startswith(b"PK")


async def test_new_campaign_is_paused_and_counted(client: httpx.AsyncClient) -> None:
    await send(client, order(1), order(2))
    (campaign,) = (await client.get("/api/v1/campaigns")).json()
    assert campaign == (await client.get("/api/v1/campaigns/november")).json()
    assert (campaign["name"], campaign["state"]) == ("november", "paused")
    assert campaign["contacts"]["waiting"] == 2


async def test_contacts_come_in_pages_and_confidential_ones_are_masked(
    client: httpx.AsyncClient,
) -> None:
    await send(client, order(1), order(2, confidential=True), order(3))
    page = (await client.get(CONTACTS, params={"limit": 2})).json()
    rest = (await client.get(CONTACTS, params={"before": page["next"]})).json()
    contacts = [item["contact"] for item in page["items"] + rest["items"]]
    numbers = {contact["order_id"]: contact["number"] for contact in contacts}
    assert numbers["A-1"] == "+8613812340001"
    assert numbers["A-2"] == "138****0002"
    assert len(numbers) == 3
    done = (await client.get(CONTACTS, params={"state": "done"})).json()
    assert done["items"] == []


async def test_campaign_that_is_not_there_and_bad_names_are_refused(
    client: httpx.AsyncClient,
) -> None:
    for path in ("/api/v1/campaigns/nothing", "/api/v1/campaigns/nothing/contacts"):
        response = await client.get(path)
        assert response.status_code == 404
        assert response.json()["error_id"] == "campaign_unknown"
    bad = await client.post("/api/v1/campaigns/No!/contacts", json={"contacts": []})
    assert (bad.status_code, bad.json()["error_id"]) == (422, "campaign_name_refused")


async def test_what_takes_all_contacts_is_read_in_one_process_beside_the_calls(
    tmp_path: Path,
) -> None:
    async with small_service(tmp_path) as service, service.client() as client:
        await send(client, order(1), order(2))
        reports = service.view.campaign_reports
        assert reports.process_id is None
        (total,) = (await client.get("/api/v1/campaigns/november/results")).json()
        reader = reports.process_id
        assert reader
        assert reader != os.getpid()
        assert total["attempted"]["n"] == 2
        page = await client.get("/api/v1/campaigns/november/report")
        assert page.text.startswith("<!DOCTYPE html>")
        assert reports.process_id == reader
        unknown = await client.get("/api/v1/campaigns/nothing/results")
        assert unknown.status_code == 404


async def test_ended_campaign_takes_nobody_and_cannot_be_started(
    client: httpx.AsyncClient,
) -> None:
    await send(client, order(1))
    end = "/api/v1/campaigns/november/end"
    without = await client.post(end, json={"reason": ""})
    assert (without.status_code, without.json()["error_id"]) == (
        422,
        "campaign_end_refused",
    )
    ended = await client.post(f"{end}?by=li", json={"reason": "asked by letter"})
    assert ended.json()["state"] == "ended"
    assert ended.json()["ending"]["reason"] == "asked by letter"
    for path, body in (
        (end, {"reason": "again"}),
        ("/api/v1/campaigns/november/start", {}),
        ("/api/v1/campaigns/november/mode", {"mode": "agentless"}),
        (CONTACTS, {"contacts": [order(2)]}),
        (f"{CONTACTS}/preview", {"contacts": [order(2)]}),
    ):
        refused = await client.post(path, json=body)
        assert (refused.status_code, refused.json()["error_id"]) == (
            409,
            "campaign_ended",
        )


OWN = {
    "caller_number": "053112345",
    "flow": "follow_up_water",
    "windows": ["09:30-11:30", "15:00-17:00"],
}


async def test_campaign_has_a_number_a_flow_and_windows_of_its_own(
    client: httpx.AsyncClient,
) -> None:
    await send(client, order(1))
    rules = "/api/v1/campaigns/november/rules"
    changed = await client.post(rules, json=OWN)
    assert (changed.status_code, changed.json()["own"]) == (200, OWN)
    (campaign,) = (await client.get("/api/v1/campaigns")).json()
    assert campaign["own"] == OWN
    for wrong in (
        {"caller_number": "110"},
        {"flow": "citizen"},
        {"windows": ["07:00-09:00"]},
    ):
        refused = await client.post(rules, json=OWN | wrong)
        assert (refused.status_code, refused.json()["error_id"]) == (
            422,
            "campaign_rules_refused",
        )
    again = await client.post(rules, json={})
    assert again.json()["own"] == {"caller_number": "", "flow": "", "windows": []}
