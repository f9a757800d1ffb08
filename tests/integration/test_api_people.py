"""People taken in while calls wait: agents at once, numbers sealed, the same list twice."""

import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest

from acd.events import CallOffered
from acd.messages import AgentLogsIn, CallerEnters
from acd.people.archive import all_people
from tests.fakes.console import SmallService

pytestmark = pytest.mark.integration
API = "/api/v1/people"
LI = {
    "id": "2001",
    "name": "李强",
    "posts": "dispatch;phones",
    "contact": "sip:2001@127.0.0.1:5272",
    "queues": "tax",
    "skills": "tax=2",
    "qualifications": "上岗证=2027-06-30",
    "recall_number": "13812345678",
    "home_minutes": "20",
    "leave": "2026-12-01..2026-12-03",
}
CLERK = {"id": "3001", "name": "赵敏", "posts": "quality"}


async def taken(client: httpx.AsyncClient, *people: dict[str, str]) -> dict[str, Any]:
    """What came of a list."""
    answer = await client.post(f"{API}?by=boss", json={"people": people})
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    return report


def counts(report: dict[str, Any]) -> tuple[int, int, int, int]:
    """new, changed, known and refused."""
    return report["new"], report["changed"], report["known"], len(report["refused"])


async def test_person_on_the_phones_is_rung_without_a_new_start(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    rung: list[str] = []
    service.bus.subscribe(CallOffered, lambda event: rung.append(event.agent_id))
    assert counts(await taken(client, LI, CLERK)) == (2, 0, 0, 0)
    service.distributor.send(AgentLogsIn(agent_id="2001"))
    service.distributor.send(CallerEnters(call_id="A", queue="tax"))
    assert rung == ["2001"]
    assert "3001" not in [agent.id for agent in service.distributor.agents()]


async def test_same_list_twice_changes_nothing(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    await taken(client, LI, CLERK)
    before = await all_people(service.database)
    changes = (await client.get("/api/v1/rule-changes")).json()
    assert counts(await taken(client, LI, CLERK)) == (0, 0, 2, 0)
    exported = (await client.get(API)).json()["items"]
    assert counts(await taken(client, *exported)) == (0, 0, 5, 0)
    assert await all_people(service.database) == before
    assert (await client.get("/api/v1/rule-changes")).json() == changes


async def test_number_is_sealed_in_the_file_and_masked_in_answers(
    service: SmallService, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    await taken(client, LI)
    line = (await client.get(f"{API}/2001")).json()
    assert line["recall_number"] == "138****5678"
    assert (await service.view.people.person("2001")).recall_number == "+8613812345678"
    everything = b"".join(file.read_bytes() for file in tmp_path.glob("*.sqlite*"))
    assert b"13812345678" not in everything
    changes = (await client.get("/api/v1/rule-changes")).text
    assert "138" not in changes
    with sqlite3.connect(tmp_path / "hotline.sqlite") as database:
        query = "SELECT recall_number FROM people WHERE id = '2001'"
        ((kept,),) = database.execute(query)
    database.close()
    assert kept.startswith("1:")


async def test_agent_who_leaves_the_phones_is_no_agent_and_keeps_the_rest(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    await taken(client, LI)
    assert counts(await taken(client, {"id": "2001", "posts": "training"}))[1] == 1
    assert "2001" not in [agent.id for agent in service.distributor.agents()]
    line = (await client.get(f"{API}/2001")).json()
    assert (line["posts"], line["recall_number"]) == ("training", "138****5678")
    again = {"id": "2001", "posts": "phones", "queues": "general"}
    assert counts(await taken(client, again)) == (0, 1, 0, 0)
    assert service.distributor.profiles["2001"].queues == ("general",)


async def test_clerk_who_is_added_as_an_agent_keeps_his_name_and_posts(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    await taken(client, CLERK)
    agent = {"id": "3001", "contact": "sip:3001@127.0.0.1:5273", "queues": ["tax"]}
    assert (await client.post("/api/v1/agents", json=agent)).status_code == 201
    line = (await client.get(f"{API}/3001")).json()
    assert (line["name"], line["posts"]) == ("赵敏", "quality;phones")


async def test_new_name_reaches_the_engine(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    await taken(client, {"id": "1001", "name": "王芳"})
    assert service.distributor.profiles["1001"].name == "王芳"


async def test_wrong_lines_are_reported_and_keep_no_other_out(
    client: httpx.AsyncClient,
) -> None:
    report = await taken(
        client,
        {"id": "a b", "posts": "phones"},
        LI | {"queues": "gold"},
        LI | {"recall_number": "110"},
        CLERK,
    )
    assert counts(report) == (1, 0, 0, 3)
    words = {each["place"]: each["reason"] for each in report["refused"]}
    assert words[1].startswith("id: ")
    assert "gold" in words[2]
    assert "no telephone number" in words[3]
    assert [line["id"] for line in (await client.get(API)).json()["items"]][3:] == [
        "3001"
    ]


async def test_person_who_is_removed_is_unknown_and_his_number_wiped(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    await taken(client, LI, CLERK | {"recall_number": "13812345679"})
    for person in ("2001", "3001"):
        answer = await client.delete(f"{API}/{person}?by=boss")
        assert (answer.status_code, answer.json()) == (200, {"name": person})
        gone = await client.get(f"{API}/{person}")
        assert (gone.status_code, gone.json()["error_id"]) == (404, "person_unknown")
    assert (await client.delete(f"{API}/3001")).status_code == 404
    with sqlite3.connect(tmp_path / "hotline.sqlite") as database:
        query = "SELECT count(*) FROM people WHERE recall_number != ''"
        assert database.execute(query).fetchone() == (0,)
    database.close()
    assert counts(await taken(client, LI, CLERK)) == (2, 0, 0, 0)


async def test_who_changed_a_person_is_kept(client: httpx.AsyncClient) -> None:
    await taken(client, CLERK)
    await taken(client, {"id": "3001", "posts": "quality;training"})
    last, first = (await client.get("/api/v1/rule-changes")).json()["items"]
    assert (last["kind"], last["name"], last["changed_by"]) == (
        "person",
        "3001",
        "boss",
    )
    assert (first["old"], last["old"]["posts"]) == ({}, ["quality"])
    assert last["new"]["posts"] == ["quality", "training"]


async def test_people_come_in_pages_by_id(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    people = [{"id": f"4{n:03}", "posts": "quality"} for n in range(5)]
    await client.post(API, json={"people": people})
    seen: list[str] = []
    before: str | None = ""
    while before is not None:
        answer = await client.get(API, params={"limit": 3, "before": before})
        page = answer.json()
        assert len(page["items"]) <= 3
        seen += [line["id"] for line in page["items"]]
        before = page["next"]
    assert seen == ["1001", "1002", "1003", *(line["id"] for line in people)]
