"""Campaigns as pages: made, started, watched, counted; by whom, and what others see."""

import pytest

from console.accounts.account import Role
from outbound.archive import campaign_of
from tests.fakes.accounts import logged_in
from tests.fakes.console import SmallService
from tests.fakes.follow_ups import (
    STANDING,
    called_campaign,
    fill_campaign,
    stand,
)

pytestmark = pytest.mark.integration
ONE = "/campaigns/november"


async def test_campaign_is_made_started_and_paused(service: SmallService) -> None:
    async with logged_in(service.app, Role.CAMPAIGN_MANAGER) as client:
        assert "还没有回访任务" in (await client.get("/campaigns")).text
        made = await client.post(
            "/campaigns",
            data={"name": "november", "mode": "progressive", "queue": "general"},
        )
        assert made.status_code == 303
        assert made.headers["location"] == f"{ONE}/import"
        for turn, state in (("start", "running"), ("pause", "paused")):
            answer = await client.post(f"{ONE}/turn", data={"turn": turn})
            assert (answer.status_code, answer.headers["location"]) == (303, ONE)
            campaign = await campaign_of(service.database, "november")
            assert campaign.state.value == state
        text = (await client.get("/campaigns")).text
        assert "坐席回访（渐进式）" in text
        lines = await service.view.audit.lines(limit=9, before_id=None)
        assert [line.operation for line in lines][:3] == [
            "page_turn_campaign",
            "page_turn_campaign",
            "page_add_campaign",
        ]


async def test_campaign_is_ended_for_good_with_a_reason(service: SmallService) -> None:
    await fill_campaign(service, 3)
    async with logged_in(service.app, Role.CAMPAIGN_MANAGER) as client:
        assert "待回访的 3 个工单将撤回" in (await client.get(ONE)).text
        without = await client.post(f"{ONE}/end", data={"reason": " "})
        assert (without.status_code, "请写明终止原因" in without.text) == (422, True)
        answer = await client.post(f"{ONE}/end", data={"reason": "改为信函回访"})
        assert (answer.status_code, answer.headers["location"]) == (303, ONE)
        text = (await client.get(ONE)).text
        assert "已终止" in text
        assert "改为信函回访" in text
        assert "确认终止" not in text
        again = await client.post(f"{ONE}/turn", data={"turn": "start"})
        assert (again.status_code, "该任务已终止" in again.text) == (422, True)
        (line, *_) = await service.view.audit.lines(
            limit=9, before_id=None, operation="page_end_campaign"
        )
        assert line.result == "303"
    campaign = await campaign_of(service.database, "november")
    assert campaign.ending
    assert campaign.ending.by == line.who


async def test_campaign_has_its_own_number_flow_and_hours(
    service: SmallService,
) -> None:
    await fill_campaign(service, 1)
    form = {
        "caller_number": "053112345",
        "flow": "follow_up_water",
        "windows": "09:30-11:30，15:00-17:00",
    }
    async with logged_in(service.app, Role.CAMPAIGN_MANAGER) as client:
        answer = await client.post(f"{ONE}/rules", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, ONE)
        text = (await client.get(ONE)).text
        assert "<option selected>053112345</option>" in text
        assert "<option selected>follow_up_water</option>" in text
        assert 'value="09:30-11:30, 15:00-17:00"' in text
        wrong = await client.post(f"{ONE}/rules", data={"windows": "22:00-23:00"})
        assert (wrong.status_code, "须在 08:00 至 21:00 之间" in wrong.text) == (
            422,
            True,
        )
    own = (await campaign_of(service.database, "november")).own
    assert own.windows == ("09:30-11:30", "15:00-17:00")


async def test_campaign_that_cannot_be_made_is_refused_in_words(
    service: SmallService,
) -> None:
    await fill_campaign(service, 1)
    wrong = {
        "已有同名回访任务": {"name": "november"},
        "名称由小写字母": {"name": "November!"},
        "由坐席回访时请选择队列": {"name": "december", "mode": "preview"},
    }
    async with logged_in(service.app, Role.CAMPAIGN_MANAGER) as client:
        for words, form in wrong.items():
            answer = await client.post("/campaigns", data=form)
            assert answer.status_code == 422
            assert 'role="alert"' in answer.text
            assert words in answer.text


async def test_mode_changes_and_keeps_its_cap(service: SmallService) -> None:
    await fill_campaign(service, 1)
    async with logged_in(service.app, Role.CAMPAIGN_MANAGER) as client:
        await client.post(
            f"/api/v1{ONE}/mode",
            json={"mode": "predictive", "queue": "tax", "cap": 0.01},
        )
        form = {"mode": "progressive", "queue": "general"}
        assert (await client.post(f"{ONE}/mode", data=form)).status_code == 303
        mode = (await campaign_of(service.database, "november")).mode
        assert (mode.mode.value, mode.queue, mode.cap) == (
            "progressive",
            "general",
            0.01,
        )
        refused = await client.post(f"{ONE}/mode", data={"mode": "preview"})
        assert refused.status_code == 422


async def test_progress_and_rates_are_told_with_what_they_are_made_of(
    service: SmallService,
) -> None:
    await called_campaign(service)
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        text = (await client.get(ONE)).text
        assert "12 件工单已结束" in text
        results = (await client.get(f"{ONE}/results")).text
        for words in ("58.3&nbsp;%", "7/12 · n = 12", "市水务局", "2026-11-03"):
            assert words in results
        assert '"by_day"' in results


async def test_what_holds_calls_back_is_said_in_words(service: SmallService) -> None:
    async with logged_in(service.app, Role.AUDITOR) as client:
        assert "本机不外呼" in (await client.get("/campaigns")).text
        stand(service, STANDING)
        text = (await client.get("/campaigns")).text
        assert "有 3 位市民等待人工：回访让出线路" in text
        assert "2 / 5" in text


async def test_contacts_are_listed_with_whole_numbers_only_for_the_campaign_manager(
    service: SmallService,
) -> None:
    await called_campaign(service)
    async with logged_in(service.app, Role.CAMPAIGN_MANAGER) as client:
        text = (await client.get(f"{ONE}/contacts")).text
        assert "+8613812340001" in text
        waiting = (await client.get(f"{ONE}/contacts?state=waiting")).text
        assert "A-12" in waiting
        assert "A-1<" not in waiting
    async with logged_in(service.app, Role.AUDITOR) as client:
        text = (await client.get(f"{ONE}/contacts")).text
        assert "138****0001" in text
        assert "13812340001" not in text
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        assert (await client.get(f"{ONE}/contacts")).status_code == 403
        assert "campaign-contacts" not in (await client.get(ONE)).text


async def test_contacts_come_in_pages(service: SmallService) -> None:
    await fill_campaign(service, 51)
    async with logged_in(service.app, Role.CAMPAIGN_MANAGER) as client:
        first = (await client.get(f"{ONE}/contacts")).text
        address = first.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
        rest = (await client.get(address)).text
        assert (first.count('scope="row"'), rest.count('scope="row"')) == (50, 1)


async def test_only_the_campaign_manager_is_offered_to_change_anything(
    service: SmallService,
) -> None:
    await fill_campaign(service, 1)
    for role in (Role.SHIFT_MANAGER, Role.AUDITOR):
        async with logged_in(service.app, role) as client:
            for path in ("/campaigns", ONE):
                text = (await client.get(path)).text
                assert 'method="post" action="/campaigns' not in text
    async with logged_in(service.app, Role.AGENT) as client:
        for path in ("/campaigns", ONE, "/reviews"):
            assert (await client.get(path)).status_code == 403


async def test_campaign_that_there_is_not_is_told(service: SmallService) -> None:
    async with logged_in(service.app, Role.CAMPAIGN_MANAGER) as client:
        for part in ("", "/import", "/results", "/contacts"):
            assert (await client.get(f"/campaigns/nothing{part}")).status_code == 404


async def test_command_of_a_foreign_page_is_refused(service: SmallService) -> None:
    await fill_campaign(service, 1)
    async with logged_in(service.app, Role.CAMPAIGN_MANAGER) as client:
        token = client.headers.pop("x-csrf-token")
        for path in (f"{ONE}/turn", f"{ONE}/import", "/campaigns"):
            answer = await client.post(path, data={"turn": "start"})
            assert answer.status_code == 403, path
        form = {"turn": "start", "csrf": token}
        assert (await client.post(f"{ONE}/turn", data=form)).status_code == 303
