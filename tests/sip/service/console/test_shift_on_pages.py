"""The shift manager's work on the running hotline, and what the telephones tell of it."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.sip.service.acts import CITIZEN_HZ, hears, picked_up, until_state
from tests.sip.service.console.floor import HZ, MANAGER, ZHANG, Floor, done

pytestmark = [
    pytest.mark.sip,
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
]
LARGE = {"width": 1600, "height": 1000}


def at(page: Page, place: str, name: str) -> Locator:
    """Somebody's card at a post."""
    return page.locator(f'[data-place="{place}"] .member').filter(has_text=name)


async def test_manager_accepts_a_move_and_the_moved_agent_takes_a_call(
    floor: Floor,
) -> None:
    """The roster says so at once, the distributor rings her, and undo sends her back."""
    await at_dispatch(floor)
    page = await floor.sees(MANAGER, "/shift-desk", viewport=LARGE)
    await expect(at(page, "dispatch", "张敏")).to_be_visible()
    await page.get_by_role("button", name="立即测算").click()
    accept = page.get_by_role("button", name="采纳: 张敏", exact=True)
    await expect(accept).to_be_visible()
    await floor.visits.looks_good(page, "real-shift-desk")
    await page.get_by_text("数据表").click()
    before = int(await rostered(page).text_content() or "")
    await accept.click()
    await expect(at(page, "phones", "张敏")).to_be_visible()
    await expect(rostered(page)).to_have_text(str(before + 1))
    await floor.visits.looks_good(page, "real-shift-desk-adjusted")
    await takes_a_call(floor)
    await page.get_by_role("button", name="撤销: 张敏").click()
    await expect(at(page, "dispatch", "张敏")).to_be_visible()
    await until_state(floor.hotline, ZHANG, "paused")
    await floor.logs("logout", ZHANG)


async def at_dispatch(floor: Floor) -> None:
    """张敏 is logged in and at her post, so that no call rings her."""
    await floor.logs("login", ZHANG)
    await done(floor.hotline, "agents", "pause", ZHANG, "--reason", "other_post")


def rostered(page: Page) -> Locator:
    """How many the table has on the phones in this quarter of an hour."""
    return page.locator("#shift-day tr.now td").nth(3)


async def takes_a_call(floor: Floor) -> None:
    """A citizen calls, 张敏's telephone rings, and they hear each other."""
    citizen = await floor.calls()
    agent = await picked_up(floor.phones[ZHANG], floor.hotline)
    await hears(citizen, HZ[ZHANG])
    await hears(agent, CITIZEN_HZ)
    citizen.hang_up()
    await agent.got_request("BYE")
    await floor.logs("ready", ZHANG)


async def test_plan_2_is_tried_dry_and_changes_nothing(floor: Floor) -> None:
    """It names who would be rung; nobody's telephone rings."""
    rung = len(floor.city.calls)
    page = await floor.sees(MANAGER, "/shift-desk", viewport=LARGE)
    await page.get_by_role("button", name="准备启动预案 2").click()
    armed = page.locator("#shift-armed")
    heading = armed.locator("#shift-armed-title")
    await expect(heading).to_be_focused()
    await expect(heading).to_contain_text("预案 2")
    await expect(armed.locator("table")).to_be_visible()
    await expect(armed).to_contain_text(re.compile("将依次呼叫：\\s*赵磊"))
    await floor.visits.looks_good(page, "real-shift-desk-dry-run")
    await page.get_by_role("button", name="取消").click()
    await expect(armed).to_be_hidden()
    await expect(page.locator("#shift-plans .level")).to_have_text("正常")
    assert (await floor.hotline.get("/api/v1/plans"))["state"]["level"] == 0
    assert len(floor.city.calls) == rung
