"""Shifts in and out by the API, each rule told, the same list twice changing nothing."""

from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from acd.people.person import Post
from acd.rosters.store import Requirement, keep_requirements
from tests.fakes.console import SmallService

pytestmark = pytest.mark.integration
API = "/api/v1/roster"
WEEK = {"first": "2026-11-30", "last": "2026-12-06"}
EARLY = {
    "person": "1001",
    "day": "2026-12-01",
    "start": "08:00",
    "end": "16:30",
    "post": "phones",
    "breaks": "12:00-12:30",
}
NIGHT = {
    "person": "1002",
    "day": "2026-12-01",
    "start": "22:00",
    "end": "06:00",
    "post": "phones",
}


async def taken(
    client: httpx.AsyncClient, *shifts: dict[str, str], replace: bool = False
) -> dict[str, Any]:
    """What came of a list."""
    body = {"shifts": shifts, "replace": replace}
    answer = await client.post(f"{API}/shifts?by=boss", json=body)
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    return report


async def kept(client: httpx.AsyncClient, **query: str) -> list[dict[str, str]]:
    """The shifts of the week."""
    answer = await client.get(f"{API}/shifts", params=WEEK | query)
    lines: list[dict[str, str]] = answer.json()
    return lines


async def test_shifts_are_kept_as_they_were_given(client: httpx.AsyncClient) -> None:
    assert (await taken(client, NIGHT, EARLY))["new"] == 2
    early, night = await kept(client)
    assert early.items() >= EARLY.items()
    assert night.items() >= NIGHT.items()
    assert await kept(client, person="1002") == [night]


async def test_same_list_twice_changes_nothing(client: httpx.AsyncClient) -> None:
    await taken(client, NIGHT, EARLY)
    before = await kept(client)
    for replace in (False, True):
        report = await taken(client, *before, replace=replace)
        assert (report["new"], report["changed"], report["known"]) == (0, 0, 2)
    assert await kept(client) == before
    (change,) = (await client.get("/api/v1/rule-changes")).json()["items"]
    assert (change["kind"], change["changed_by"]) == ("roster", "boss")
    assert change["new"]["kept"][0] == "1001 2026-12-01 08:00-16:30 phones"


async def test_each_refused_shift_is_told_with_its_rule(
    client: httpx.AsyncClient,
) -> None:
    await client.post(
        "/api/v1/people",
        json={"people": [{"id": "1003", "leave": "2026-12-02..2026-12-04"}]},
    )
    report = await taken(
        client,
        EARLY,
        EARLY | {"start": "16:00", "end": "20:00", "breaks": ""},
        EARLY | {"day": "2026-12-02", "start": "03:00", "end": "09:00", "breaks": ""},
        EARLY | {"person": "9"},
        EARLY | {"person": "1003", "day": "2026-12-03"},
        EARLY | {"person": "1002", "post": "quality"},
        EARLY | {"person": "1002", "end": "16:20"},
    )
    assert report["new"] == 1
    words = {each["place"]: each["reason"] for each in report["refused"]}
    assert list(words) == [2, 3, 4, 5, 6, 7]
    assert "it overlaps the shift of 2026-12-01 08:00–16:30" in words[2]
    assert "10.5 h of rest" in words[3]
    assert "there is nobody '9'" in words[4]
    assert "1003 is on leave on 2026-12-03" in words[5]
    assert "1002 does not have the post quality" in words[6]
    assert "16:20 is no quarter of an hour" in words[7]


async def test_person_is_off_on_a_day(client: httpx.AsyncClient) -> None:
    await taken(client, NIGHT, EARLY)
    path = f"{API}/shifts/1001/2026-12-01?by=boss"
    assert [line["start"] for line in (await client.delete(path)).json()] == ["08:00"]
    assert (await client.delete(path)).json() == []
    assert [line["person"] for line in await kept(client)] == ["1002"]


async def test_day_is_set_against_what_is_required(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    await taken(client, EARLY)
    needed = Requirement(
        day=date(2026, 12, 1),
        post=Post.PHONES,
        at=datetime(2026, 11, 20, tzinfo=UTC),
        source="file",
        needed=(2,) * 96,
    )
    async with service.database.begin() as connection:
        await keep_requirements(connection, [needed])
    day = (await client.get(f"{API}/days/2026-12-01")).json()
    (phones,) = day["posts"]
    assert (phones["post"], phones["required"]) == ("phones", [2] * 96)
    assert phones["rostered"][31:34] == [0, 1, 1]
    assert phones["rostered"][48:50] == [0, 0]


async def test_days_that_make_no_sense_are_refused(client: httpx.AsyncClient) -> None:
    for last in ("2026-11-29", "2027-03-01"):
        answer = await client.get(f"{API}/shifts", params=WEEK | {"last": last})
        assert (answer.status_code, answer.json()["field"]) == (422, "last")
