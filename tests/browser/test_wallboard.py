"""The wallboard before a browser: what happens on the floor is seen, without a reload."""

import pytest
from playwright.async_api import Locator, Page, expect

from acd.messages import AgentLogsIn, CallerEnters
from acd.plans.desk import PlanOrder
from acd.rule_changes.rows import Author
from console.accounts.account import Role
from tests.browser.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
WALL = {"width": 1920, "height": 1080}


async def wallboard(desk: Desk, query: str = "") -> Page:
    """The board of a shift manager on a large screen."""
    page = await desk.logged_in(Role.SHIFT_MANAGER, viewport=WALL)
    await page.goto(f"{desk.url}/wallboard{query}")
    await expect(shown(page, "logged_in")).to_have_text("0")
    return page


def shown(page: Page, name: str) -> Locator:
    """A figure of the board."""
    return page.locator(f'[data-show="{name}"]')


async def test_what_happens_is_seen_without_a_reload(desk: Desk) -> None:
    page = await wallboard(desk)
    await expect(shown(page, "waiting")).to_have_text("0")
    service = desk.service
    service.distributor.send(CallerEnters(call_id="c1", queue="general", caller=""))
    await expect(shown(page, "waiting")).to_have_text("1")
    row = page.locator("#wallboard-queues tr").filter(has_text="general")
    await expect(row.locator("td").first).to_have_text("1")
    service.distributor.send(AgentLogsIn(agent_id="1003"))
    await expect(shown(page, "ringing")).to_have_text("1")
    await expect(shown(page, "longest")).not_to_have_text("0:00")
    await expect(page.locator("#wallboard-plot canvas").first).to_be_visible()
    await desk.looks_good(page, "wallboard")


async def test_level_of_the_plans_is_seen_at_once(desk: Desk) -> None:
    page = await wallboard(desk)
    await expect(shown(page, "plan")).to_have_text("正常")
    author = Author(name="li", peer="")
    await desk.service.view.plans.order(PlanOrder(level=1, author=author))
    await expect(shown(page, "plan")).to_have_text("预案 1")
    await desk.looks_good(page, "wallboard-plan")


async def test_day_is_plotted_and_told_in_figures(desk: Desk) -> None:
    page = await wallboard(desk)
    await expect(page.locator("#wallboard-plot canvas").first).to_be_visible()
    await page.get_by_text("今日数据表").click()
    await expect(page.locator("#wallboard-figures tr")).to_have_count(96)
    await expect(shown(page, "unforeseen")).to_have_text("尚无预测")
    await desk.looks_good(page, "wallboard-figures")


async def test_whole_board_is_on_the_screen_without_scrolling(desk: Desk) -> None:
    page = await wallboard(desk, "?bare=1")
    await expect(page.locator("header.top")).to_be_hidden()
    high = await page.evaluate("() => document.documentElement.scrollHeight")
    assert high <= WALL["height"]
    await desk.looks_good(page, "wallboard-bare")


async def test_board_says_when_its_figures_are_old(desk: Desk) -> None:
    page = await wallboard(desk)
    await expect(shown(page, "link")).to_have_text("实时")
    await page.route("**/wallboard/events", lambda route: route.abort())
    desk.service.view.let_readers_go()
    await expect(shown(page, "link")).to_have_text("连接中断：以下为旧数据")
    await desk.looks_good(page, "wallboard-lost")
    await page.close()  # it tries again, and the browser tells of each time itself
    desk.faults.clear()


async def test_board_is_english_for_who_wants_that(desk: Desk) -> None:
    page = await desk.logged_in(Role.SHIFT_MANAGER, viewport=WALL, locale="en-GB")
    await page.goto(f"{desk.url}/wallboard")
    await expect(shown(page, "link")).to_have_text("Live")
    await expect(page.locator('[data-tile="waiting"] h2')).to_have_text("Waiting")
    await desk.looks_good(page, "wallboard-english")


async def test_screen_on_a_wall_follows_without_a_log_in_until_it_is_revoked(
    desk: Desk,
) -> None:
    boss = await desk.logged_in(Role.ADMINISTRATOR)
    await boss.goto(f"{desk.url}/tokens")
    await boss.get_by_label("安装位置").fill("大厅")
    await boss.keyboard.press("Enter")
    link = await boss.locator("#link").inner_text()
    page = await desk.stranger(viewport=WALL)
    await page.goto(link)
    await expect(shown(page, "waiting")).to_have_text("0")
    assert page.url == f"{desk.url}/wallboard?bare=1"
    desk.service.distributor.send(CallerEnters(call_id="c1", queue="general"))
    await expect(shown(page, "waiting")).to_have_text("1")
    await boss.get_by_role("button", name="吊销").click()
    await expect(page.locator("#wallboard")).to_have_attribute("data-link", "lost")
    await page.close()  # it asks again, and the browser tells of the 401 itself
    desk.faults.clear()
