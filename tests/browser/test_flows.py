"""Flows in a browser: a fault is told at its line, keys are tried, a version published."""

import re

import pytest
from playwright.async_api import Page, expect

from console.accounts.account import Role
from ivr_flows.flow import BUILT_IN
from tests.browser.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CITIZEN = (BUILT_IN / "citizen.yaml").read_text(encoding="utf-8")
FAULTY = CITIZEN.replace("    say: welcome", "    say: welcom")
RETITLED = CITIZEN.replace("title: 市民热线", "title: 泉城热线")


async def opened(desk: Desk, role: Role) -> Page:
    """The page of the flow."""
    page = await desk.logged_in(role)
    await page.goto(f"{desk.url}/flows")
    await page.get_by_role("link", name="citizen").press("Enter")
    await page.wait_for_url("**/flows/citizen")
    return page


async def test_fault_is_told_beside_its_line_as_one_types(desk: Desk) -> None:
    page = await opened(desk, Role.SHIFT_MANAGER)
    await desk.looks_good(page, "flow")
    text = page.get_by_role("textbox", name="流程的 YAML 文本")
    await text.fill(FAULTY)
    fault = page.locator(".flow-fault")
    await expect(fault).to_have_count(1)
    line = FAULTY[: FAULTY.index("welcom\n")].count("\n") + 1
    await expect(fault).to_contain_text(f"第 {line} 行第 5 列 没有这条语音")
    await expect(page.locator("#flow-lines .bad")).to_have_text(f"✗ {line}")
    place = await page.evaluate(
        """line => {
          const fault = document.querySelector(".flow-fault").getBoundingClientRect();
          const number = document.querySelectorAll("#flow-lines span")[line - 1].getBoundingClientRect();
          return Math.abs(fault.top - number.top);
        }""",
        line,
    )
    assert place < 30
    await fault.click()
    start = await text.evaluate("box => box.selectionStart")
    assert FAULTY[start:].startswith("say: welcom\n")
    await desk.looks_good(page, "flow-fault")
    await text.fill(CITIZEN)
    await expect(page.locator(".flow-verdict")).to_have_text("可以发布")
    await expect(fault).to_have_count(0)


async def edited(page: Page) -> None:
    """Somebody types at the end of the text."""
    text = page.get_by_role("textbox", name="流程的 YAML 文本")
    await text.press("Control+End")
    await page.keyboard.type("# a")


async def test_who_leaves_an_unsaved_text_is_asked_first(desk: Desk) -> None:
    page = await opened(desk, Role.SHIFT_MANAGER)
    await edited(page)
    ask = page.get_by_role("dialog", name="文本尚未保存")
    leave = [
        page.locator("main a[href='/flows']"),
        page.locator("#flow-versions").get_by_role("link", name="1", exact=True),
        page.locator(".log-out button"),
    ]
    for way in leave:
        await way.press("Enter")
        await expect(ask).to_be_visible()
        await expect(page.get_by_role("button", name="留在此页")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(ask).to_be_hidden()
    await page.evaluate(
        "htmx.ajax('GET', '/flows', {target: '#main', select: '#main'})"
    )
    await expect(ask).to_be_visible()
    await desk.looks_good(page, "flow-unsaved")
    await page.keyboard.press("Enter")
    await expect(page.locator("#flow-text")).to_have_value(re.compile("# a$"))
    async with page.expect_event("dialog") as closing:
        await page.close(run_before_unload=True)
    dialog = await closing.value
    assert dialog.type == "beforeunload"
    await dialog.dismiss()
    await page.locator("main a[href='/flows']").press("Enter")
    await page.get_by_role("button", name="放弃修改并离开").press("Enter")
    await page.wait_for_url("**/flows")


async def test_text_is_kept_by_one_key_and_nobody_is_asked(desk: Desk) -> None:
    page = await opened(desk, Role.SHIFT_MANAGER)
    await edited(page)
    await page.keyboard.press("Control+s")
    await page.wait_for_url("**told=saved")
    await page.locator("main a[href='/flows']").press("Enter")
    await page.wait_for_url("**/flows")


async def test_text_that_was_refused_is_not_lost_without_a_word(desk: Desk) -> None:
    page = await opened(desk, Role.SHIFT_MANAGER)
    text = page.get_by_role("textbox", name="流程的 YAML 文本")
    await text.fill(CITIZEN)
    await page.get_by_role("button", name="存为草稿").press("Enter")
    await expect(page.locator("[role=alert]:visible")).to_contain_text("1")
    await page.locator("main a[href='/flows']").press("Enter")
    await expect(page.get_by_role("dialog", name="文本尚未保存")).to_be_visible()
    desk.faults.clear()  # the browser tells of the 422 itself


async def test_flow_is_tried_by_keyboard_and_click(desk: Desk) -> None:
    page = await opened(desk, Role.AUDITOR)
    stands = page.locator("#flow-stands")
    await page.locator("#flow-try-title").focus()
    await page.keyboard.press("9")
    await expect(stands).to_have_attribute("data-step", "person")
    marked = page.locator(".flow-picture .step.at")
    await expect(marked).to_have_attribute("data-step", "person")
    await page.get_by_role("button", name="通话结束").click()
    await expect(stands).to_have_attribute("data-step", "opinion")
    await desk.looks_good(page, "flow-tried")
    await page.locator("#flow-try-title").focus()
    await page.keyboard.press("2")
    await expect(stands).to_have_text("通话已结束。")
    await page.get_by_role("button", name="退一步").click()
    await expect(stands).to_have_attribute("data-step", "opinion")
    await page.get_by_role("button", name="从头开始").click()
    await expect(stands).to_have_attribute("data-step", "greeting")


async def test_version_is_kept_published_and_rolled_back(desk: Desk) -> None:
    page = await opened(desk, Role.SHIFT_MANAGER)
    await page.get_by_role("textbox", name="流程的 YAML 文本").fill(RETITLED)
    await page.get_by_label("改了什么？").fill("改名")
    await page.get_by_role("button", name="存为草稿").press("Enter")
    await page.wait_for_url("**/flows/citizen?version=2&told=saved")
    await page.get_by_role("link", name="发布……").first.click()
    await page.wait_for_url("**/publish?version=2")
    assert "-title: 市民热线" in await page.locator("del").inner_text()
    await desk.looks_good(page, "flow-publish")
    await page.get_by_label("备注").fill("周一起")
    await page.get_by_role("button", name="发布").press("Enter")
    await page.wait_for_url("**/flows/citizen?version=2&told=published")
    assert desk.service.view.flows.published("citizen").title == "泉城热线"
    await desk.looks_good(page, "flow-published")
    await page.get_by_role("link", name="回退……").press("Enter")
    await page.wait_for_url("**/publish?version=1")
    await page.get_by_role("button", name="回退").press("Enter")
    await page.wait_for_url("**/flows/citizen?version=1&told=published")
    assert desk.service.view.flows.published("citizen").version == 1
    await page.goto(f"{desk.url}/flows")
    await desk.looks_good(page, "flows")
