"""Flows in a browser: a flow is tried by keys, typed and clicked."""

import pytest
from playwright.async_api import Page, expect

from console.accounts.account import Role
from tests.browser.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def opened(desk: Desk, role: Role) -> Page:
    """The page of the flow."""
    page = await desk.logged_in(role)
    await page.goto(f"{desk.url}/flows")
    await page.get_by_role("link", name="citizen").press("Enter")
    await page.wait_for_url("**/flows/citizen")
    return page


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
