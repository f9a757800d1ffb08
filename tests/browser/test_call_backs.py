"""Missed calls and call-backs in a browser, found and paid by keyboard."""

import pytest

from console.accounts.account import Role
from tests.browser.desk import Desk
from tests.fakes import call_events as told
from tests.fakes.call_events import after

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CALL = "01AAAAAFIRST"


async def test_shift_manager_finds_a_missed_caller_and_calls_him_back(
    desk: Desk,
) -> None:
    await desk.service.record(
        *told.abandoned_call(CALL, caller="+8613812345678"),
        *told.abandoned_call("01BBBB", start=after(600), caller="+8613999990000"),
    )
    await desk.service.desk.fold()
    page = await desk.logged_in(Role.SHIFT_MANAGER)
    await page.goto(f"{desk.url}/call-backs")
    await desk.looks_good(page, "call-backs")
    await page.get_by_role("textbox", name="号码").focus()
    await page.keyboard.type("13812345678")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**number=13812345678**")
    assert await page.locator("tbody tr").count() == 1
    await page.locator("tbody a").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/call-backs/{CALL}")
    await desk.looks_good(page, "call-back")
    await page.get_by_role("button", name="立即回拨").focus()
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    assert desk.service.desk.placed == [CALL]
    async with page.expect_navigation():
        await page.get_by_role("button", name="市民不需要回拨").press("Enter")
    assert await page.locator(".facts .mark").inner_text() == "不需要回拨"
    await page.goto(f"{desk.url}/call-backs/missed")
    await desk.looks_good(page, "missed-calls")


async def test_agent_has_no_way_to_the_ledger(desk: Desk) -> None:
    page = await desk.logged_in(Role.AGENT)
    assert await page.get_by_role("link", name="回拨").count() == 0
