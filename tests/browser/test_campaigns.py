"""Campaigns in a browser: made, filled from a file, started, watched and reviewed, by keyboard."""

import csv
import io

import pytest
from playwright.async_api import Page, expect

from console.accounts.account import Role
from outbound.archive import campaign_of, contacts_page
from outbound.campaign import CampaignState
from tests.browser.desk import Desk
from tests.fakes.follow_ups import (
    STANDING,
    called_campaign,
    fill_campaign,
    follow_up,
    keep_its_recording,
    stand,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
WIDE = {"width": 1440, "height": 900}
SAY_WHAT_IS_TOLD = """() => document.body.addEventListener("campaigns-changed", () => {
  document.body.dataset.told = "yes";
})"""
LIST = """order_id,number,closed_at,unit
B-1,13812345678,2026-03-01T09:00,市水务局
B-2,110,2026-03-01T09:00,市水务局
B-3,13812345679,昨天,市水务局
B-4,13812345670,2026-03-01T09:00,历下区,多余
"""
HEARD = "() => document.getElementById('review-clip').currentTime > 0"
OPEN = "summary => { summary.focus(); summary.click(); }"
"""At once: a refresh that comes between focus and key would take the key away."""


async def press(page: Page, name: str) -> None:
    """Press a button by keyboard, once it is there."""
    button = page.get_by_role("button", name=name, exact=True)
    await expect(button).to_be_visible()
    await button.press("Enter")


async def test_campaign_is_made_and_filled_from_a_file(desk: Desk) -> None:
    page = await desk.logged_in(
        Role.CAMPAIGN_MANAGER, viewport=WIDE, accept_downloads=True
    )
    await page.wait_for_url("**/campaigns")
    await desk.looks_good(page, "campaigns-none")
    await page.get_by_role("textbox", name="名称").fill("november")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/campaigns/november/import")
    await page.locator("#import-file").set_input_files(
        {"name": "orders.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    )
    await press(page, "预览")
    await expect(page.get_by_role("heading", name="预览结果")).to_be_focused()
    await expect(page.get_by_role("cell", name="不是市民的电话号码")).to_be_visible()
    await desk.looks_good(page, "campaign-import")
    async with page.expect_download() as waiting:
        await press(page, "下载未通过的行（CSV）")
    text = (await (await waiting.value).path()).read_text(encoding="utf-8-sig")
    refused = [row["order_id"] for row in csv.DictReader(io.StringIO(text))]
    assert refused == ["B-2", "B-3", "B-4"]
    await press(page, "确认导入 1 条")
    await expect(page.get_by_text("已导入 1 条")).to_be_visible()
    await desk.looks_good(page, "campaign-imported")
    campaign = await campaign_of(desk.service.database, "november")
    assert campaign.state is CampaignState.PAUSED


async def test_file_that_is_too_large_is_told_before_it_is_sent(desk: Desk) -> None:
    await fill_campaign(desk.service, 1)
    page = await desk.logged_in(Role.CAMPAIGN_MANAGER)
    await page.goto(f"{desk.url}/campaigns/november/import")
    content = b"x" * (3 * 1024 * 1024)
    await page.locator("#import-file").set_input_files(
        {"name": "orders.csv", "mimeType": "text/csv", "buffer": content}
    )
    await press(page, "预览")
    await expect(page.get_by_role("alert")).to_contain_text("文件过大")


async def test_campaign_is_started_watched_and_paused(desk: Desk) -> None:
    await fill_campaign(desk.service, 12)
    page = await desk.logged_in(Role.CAMPAIGN_MANAGER, viewport=WIDE)
    await page.get_by_role("link", name="november").press("Enter")
    await page.wait_for_url("**/campaigns/november")
    await page.locator("body[data-follows]").wait_for(state="attached")
    await expect(page.locator("#campaign-numbers table").first).to_be_visible()
    await page.locator("[data-keep=start] summary").press("Enter")
    await expect(page.get_by_text("有 12 位待回访")).to_be_visible()
    await desk.looks_good(page, "campaign-start")
    await press(page, "确认启动")
    await expect(page.locator("#campaign-live .mark").first).to_have_text("进行中")
    await page.locator("body[data-follows]").wait_for(state="attached")
    await page.evaluate(SAY_WHAT_IS_TOLD)
    await follow_up(desk.service, "CALL1")
    await page.locator("body[data-told]").wait_for(state="attached")
    await expect(page.locator("#campaign-live")).to_contain_text("12 件工单已结束 1 件")
    await page.locator("[data-keep=pause] summary").evaluate(OPEN)
    await press(page, "确认暂停")
    await expect(page.locator("#campaign-live .mark").first).to_have_text("已暂停")
    campaign = await campaign_of(desk.service.database, "november")
    assert campaign.state is CampaignState.PAUSED


async def test_rates_are_shown_and_plotted(desk: Desk) -> None:
    await called_campaign(desk.service)
    stand(desk.service, STANDING)
    page = await desk.logged_in(Role.CAMPAIGN_MANAGER, viewport=WIDE)
    await expect(page.get_by_text("有 3 位市民等待人工")).to_be_visible()
    await desk.looks_good(page, "campaigns")
    await page.goto(f"{desk.url}/campaigns/november")
    rates = page.locator(".rates")
    await expect(rates).to_contain_text("7/12 · n = 12")
    for place in ("campaign-days", "campaign-units"):
        await page.locator(f"#{place}[data-drawn]").wait_for()
    await expect(page.locator("#campaign-contacts tbody tr")).to_have_count(12)
    await desk.looks_good(page, "campaign")
    await page.locator("select[name=state]").select_option("done")
    await expect(page.locator("#campaign-contacts tbody tr")).to_have_count(5)
    report = page.get_by_role("link", name="可阅读、可打印的报告")
    async with page.context.expect_page() as opened:
        await report.click()
    other = await opened.value
    await expect(other.locator("svg").first).to_be_visible()
    desk.faults.clear()  # axe is not run there; the report's own policy asks for no icon


async def test_shift_manager_reads_in_english(desk: Desk) -> None:
    await called_campaign(desk.service)
    page = await desk.logged_in(Role.SHIFT_MANAGER, locale="en-GB", viewport=WIDE)
    await page.get_by_role("link", name="Campaigns").press("Enter")
    await page.wait_for_url("**/campaigns")
    await page.get_by_role("link", name="november").press("Enter")
    await expect(page.locator(".rates")).to_contain_text("Solution rate")
    assert await page.get_by_role("button", name="Start").count() == 0
    assert await page.locator("#campaign-contacts").count() == 0


async def test_doubtful_answers_are_heard_and_set_by_one_key_each(desk: Desk) -> None:
    await called_campaign(desk.service)
    await keep_its_recording(desk.service, "CALL6")
    page = await desk.logged_in(Role.CAMPAIGN_MANAGER, viewport=WIDE)
    await page.goto(f"{desk.url}/campaigns/november")
    await page.get_by_role("link", name="复核存疑答案").press("Enter")
    await page.wait_for_url("**/reviews?campaign=november")
    await desk.looks_good(page, "reviews")
    await page.keyboard.press("k")
    await page.wait_for_function(HEARD)
    await page.keyboard.press("3")
    await expect(page.locator(".told")).to_contain_text("识别为“听不清”")
    await expect(page.locator("#review-title")).to_be_focused()
    await expect(page.locator("#review")).to_contain_text("41 %")
    await page.keyboard.press("1")
    await expect(page.get_by_text("没有待复核的答案")).to_be_visible()
    await desk.looks_good(page, "reviews-none")
    records = await contacts_page(desk.service.database, "november")
    set_ = {
        each.contact.order_id: [
            (answer.answer, review.answer)
            for answer, review in zip(each.answers, each.reviews, strict=False)
        ]
        for each in records
        if each.reviews
    }
    assert set_ == {"A-1": [("yes", "yes")], "A-6": [("unclear", "no")]}


async def test_answer_is_left_and_keys_can_be_turned_off(desk: Desk) -> None:
    await called_campaign(desk.service)
    page = await desk.logged_in(Role.AUDITOR)
    await page.goto(f"{desk.url}/reviews")
    assert await page.locator("[data-key]").count() == 0, "an auditor sets nothing"
    manager = await desk.logged_in(Role.CAMPAIGN_MANAGER)
    await manager.goto(f"{desk.url}/reviews")
    await manager.locator("#review-keys").uncheck()
    await manager.keyboard.press("3")
    await manager.locator("#review-keys").check()
    await manager.keyboard.press("s")
    await manager.wait_for_url("**before=CALL6**")
    records = await contacts_page(desk.service.database, "november")
    assert [each for each in records if each.reviews] == []
    assert await manager.locator("audio").get_attribute("src") == (
        "/api/v1/reviews/CALL1/solved/clip"
    )


async def test_agent_has_no_way_to_the_campaigns(desk: Desk) -> None:
    page = await desk.logged_in(Role.AGENT)
    answer = await page.goto(f"{desk.url}/campaigns")
    assert answer
    assert answer.status == 403
    assert await page.get_by_role("link", name="回访任务").count() == 0
    desk.faults.clear()  # the browser tells of the 403 itself
