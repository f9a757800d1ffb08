"""The pages of calls: searching them, one with its story, and who sees which number."""

from typing import Any

import pytest
from sqlalchemy import insert

from acd.events import CallRouted
from acd.routing_words import RoutingRule
from acd.talk_events import CallMadeConfidential
from console.accounts.account import Role
from outbound.tables.store import attempts, contacts
from tests.fakes import call_events as story
from tests.fakes.accounts import logged_in
from tests.fakes.call_events import CALLER, START, after
from tests.fakes.console import SmallService

pytestmark = pytest.mark.integration
OTHER = "+8613900000009"


async def two_calls(service: SmallService) -> None:
    """One was answered by 1001 and told why, one gave up a minute later."""
    routed: dict[str, Any] = {"candidates": ["1001"], "skipped": {"paused": 2}}
    why = CallRouted(
        at=after(7.0),
        call_id="01ANSWERED",
        queue="general",
        record=1,
        rule=RoutingRule.STRATEGY,
        position=1,
        eligible=1,
        agent_id="1001",
        detail="longest_idle",
        **routed,
    )
    await service.record(*story.answered_call("01ANSWERED"), why)
    gave_up = story.abandoned_call("01GAVEUP", start=after(60), caller=OTHER)
    await service.record(*gave_up)


async def test_calls_are_searched_by_each_field(service: SmallService) -> None:
    await two_calls(service)
    async with logged_in(service.app, Role.SHIFT_MANAGER) as manager:
        for fields, found in (
            ({}, {"01ANSWERED", "01GAVEUP"}),
            ({"agent": "1001"}, {"01ANSWERED"}),
            ({"outcome": "answered"}, {"01ANSWERED"}),
            ({"queue": "tax"}, set()),
            ({"caller": "138 1234 5678"}, {"01ANSWERED"}),
            ({"caller": OTHER}, {"01GAVEUP"}),
            ({"since": "2026-07-20T09:01"}, {"01GAVEUP"}),
            ({"until": "2026-07-20T09:01"}, {"01ANSWERED"}),
            ({"order": "GD-1"}, set()),
        ):
            page = await manager.get("/calls", params=fields)
            assert page.status_code == 200, page.text
            shown = {name for name in ("01ANSWERED", "01GAVEUP") if name in page.text}
            assert shown == found, fields


async def test_order_leads_to_the_calls_that_were_placed_for_it(
    service: SmallService,
) -> None:
    await two_calls(service)
    contact = {
        "id": "X",
        "campaign": "c",
        "order_id": "GD-1",
        "number": CALLER,
        "language": "zh",
        "closed_at": START,
        "unit": "u",
        "confidential": False,
        "state": "queued",
        "entered_at": START,
        "changed_at": START,
        "tries": 0,
        "reason": "",
    }
    tried = {"call_id": "01GAVEUP", "contact_id": "X", "number": OTHER, "at": START}
    async with service.database.begin() as connection:
        await connection.execute(insert(contacts).values(contact))
        await connection.execute(insert(attempts).values(tried))
    async with logged_in(service.app, Role.CAMPAIGN_MANAGER) as manager:
        page = (await manager.get("/calls", params={"order": "GD-1"})).text
        assert "01GAVEUP" in page
        assert "01ANSWERED" not in page
        listed = await manager.get("/api/v1/calls", params={"order": "GD-1"})
        assert [call["id"] for call in listed.json()["items"]] == ["01GAVEUP"]
        assert "GD-1" in (await manager.get("/calls/01GAVEUP")).text


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CAMPAIGN_MANAGER])
async def test_who_sees_no_numbers_cannot_search_by_one(
    service: SmallService, role: Role
) -> None:
    await two_calls(service)
    async with logged_in(service.app, role) as reader:
        page = (await reader.get("/calls")).text
        assert CALLER not in page
        assert "138****5678" in page
        assert 'name="caller"' not in page
        for path in ("/calls", "/api/v1/calls"):
            answer = await reader.get(path, params={"caller": CALLER})
            assert answer.status_code == 403
        refused = await reader.get("/api/v1/calls", params={"caller": CALLER})
        assert refused.json()["error_id"] == "numbers_hidden"


async def test_manager_sees_whole_numbers_but_those_of_confidential_citizens(
    service: SmallService,
) -> None:
    await two_calls(service)
    async with logged_in(service.app, Role.SHIFT_MANAGER) as manager:
        assert CALLER in (await manager.get("/calls")).text
        assert CALLER in (await manager.get("/calls/01ANSWERED")).text
        secret = CallMadeConfidential(at=after(70), call_id="01ANSWERED")
        await service.record(secret)
        for path in ("/calls", "/calls/01ANSWERED"):
            page = (await manager.get(path)).text
            assert CALLER not in page
            assert "138****5678" in page


async def test_story_tells_what_happened_and_why_in_the_readers_language(
    service: SmallService,
) -> None:
    await two_calls(service)
    async with logged_in(service.app, Role.SHIFT_MANAGER) as manager:
        page = (await manager.get("/calls/01ANSWERED")).text
        assert "等待 8.0 秒后坐席 1001 接通市民" in page
        assert "按 空闲最久 策略首选坐席 1001" in page
        assert "2 人示忙" in page
        await manager.post("/preferences", data={"language": "en"})
        page = (await manager.get("/calls/01ANSWERED")).text
        assert "agent 1001 speaks with the citizen after a wait of 8.0 s" in page
        assert "agent 1001 is rung, the first by longest idle" in page


async def test_agent_reads_his_own_calls_and_no_others(service: SmallService) -> None:
    await two_calls(service)
    async with logged_in(service.app, Role.AGENT) as agent:
        own = await agent.get("/calls/01ANSWERED")
        assert own.status_code == 200
        assert "策略首选" not in own.text
        assert (await agent.get("/calls/01GAVEUP")).status_code == 403
        assert (await agent.get("/calls")).status_code == 403


async def test_older_calls_lie_behind_a_link_that_keeps_the_search(
    service: SmallService,
) -> None:
    for number in range(51):
        start = after(60.0 * number)
        await service.record(*story.abandoned_call(f"01C{number:02}", start=start))
    async with logged_in(service.app, Role.SHIFT_MANAGER) as manager:
        first = (await manager.get("/calls", params={"queue": "general"})).text
        assert "01C50" in first
        assert "01C00" not in first
        link = "/calls?queue=general&amp;before=01C01"
        assert link in first
        second = (await manager.get(link.replace("&amp;", "&"))).text
        assert "01C00" in second
        assert "01C01" not in second


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/calls?since=yesterday", 422),
        ("/calls?since=2026-02-31T10:00", 422),
        ("/calls?outcome=happy", 422),
        ("/calls?before=../x", 422),
        ("/calls/unknown", 404),
        ("/calls/..%2f..%2fetc", 404),
        ("/calls/a%20b", 422),
    ],
)
async def test_what_cannot_be_is_refused_as_a_page(
    service: SmallService, path: str, status: int
) -> None:
    async with logged_in(service.app, Role.SHIFT_MANAGER) as manager:
        answer = await manager.get(path)
    assert answer.status_code == status
    assert "<h1>" in answer.text
