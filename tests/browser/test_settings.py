"""Settings in a browser: a rule is changed by keyboard, and the change is told."""

import pytest

from console.accounts.account import Role
from tests.browser.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_shift_manager_changes_a_rule_by_keyboard(desk: Desk) -> None:
    page = await desk.logged_in(Role.SHIFT_MANAGER)
    await page.goto(f"{desk.url}/settings")
    await desk.looks_good(page, "settings")
    await page.get_by_role("link", name="general").press("Enter")
    await page.wait_for_url("**/settings/queues/general")
    field = page.get_by_label("振铃（秒）")
    await field.focus()
    await page.keyboard.press("Control+A")
    await page.keyboard.type("soon")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    assert "soon" in await page.get_by_role("alert").first.inner_text()
    assert await field.input_value() == "soon"
    await desk.looks_good(page, "setting-refused")
    desk.faults.clear()  # the browser tells of the 422 itself
    await field.fill("25")
    async with page.expect_navigation():
        await field.press("Enter")
    assert await page.get_by_role("status").inner_text() == "已保存并生效。"
    assert "ring_seconds: 20.0 → 25.0" in await page.locator("tbody").inner_text()
    rules = (await desk.service.view.rule_changes.rules("general")).rules
    assert rules.ring_seconds == 25
    await desk.looks_good(page, "setting")


async def test_profile_of_an_agent_and_the_history(desk: Desk) -> None:
    page = await desk.logged_in(Role.SHIFT_MANAGER)
    await page.goto(f"{desk.url}/settings/agents/1001")
    await page.get_by_label("技能").fill("tax=3")
    async with page.expect_navigation():
        await page.get_by_role("button", name="保存").press("Enter")
    await page.goto(f"{desk.url}/settings/history?name=1001")
    assert "skills" in await page.locator("tbody").inner_text()
    await desk.looks_good(page, "setting-history")


async def test_shift_manager_adds_a_reason_for_a_pause_by_keyboard(desk: Desk) -> None:
    page = await desk.logged_in(Role.SHIFT_MANAGER)
    await page.goto(f"{desk.url}/settings/pause-reasons")
    await page.get_by_label("编号 1").focus()
    await page.keyboard.type("tea")
    await page.keyboard.press("Tab")
    await page.keyboard.type("茶歇")
    await page.keyboard.press("Tab")
    await page.keyboard.type("10")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    assert await page.get_by_role("status").inner_text() == "已保存并生效。"
    (kept,) = desk.service.view.pause_reasons
    assert (kept.id, kept.title, kept.max_seconds) == ("tea", "茶歇", 600)
    await desk.looks_good(page, "pause-reasons")
