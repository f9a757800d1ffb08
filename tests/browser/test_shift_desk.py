"""The shift desk before a browser: the shift manager's work, by keyboard and by mouse."""

import pytest
from playwright.async_api import Page, expect

from console.accounts.account import Role
from tests.browser.desk import Desk
from tests.fakes.shift_day import fill_shift, keep_a_recall

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
expect.set_options(timeout=20_000)  # a forecast of a busy machine takes some seconds
LARGE = {"width": 1600, "height": 1000}


async def shift_desk(desk: Desk) -> Page:
    """The desk of a shift manager, who is led there by his log-in."""
    await fill_shift(desk.service)
    page = await desk.logged_in(Role.SHIFT_MANAGER, viewport=LARGE)
    await page.wait_for_url(f"{desk.url}/shift-desk")
    return page


def at(page: Page, place: str, name: str):  # type: ignore[no-untyped-def]
    """Somebody's card at a post."""
    return page.locator(f'[data-place="{place}"] .member').filter(has_text=name)


async def test_manager_adjusts_the_roster_and_sees_the_effect(desk: Desk) -> None:
    page = await shift_desk(desk)
    await page.get_by_role("button", name="立即测算").click()
    await expect(
        page.get_by_role("button", name="采纳: 张敏", exact=True)
    ).to_be_visible()
    await expect(page.locator("#shift-day .fault")).to_contain_text("排班不足")
    await desk.looks_good(page, "shift-desk")
    before = await rostered_now(page)
    await page.get_by_role("checkbox", name="赵磊").uncheck()
    await page.get_by_role("button", name="采纳所选", exact=True).click()
    await expect(at(page, "phones", "张敏")).to_be_visible()
    await expect(at(page, "training", "赵磊")).to_be_visible()
    await expect(page.locator("#shift-day tr.now td").nth(3)).to_have_text(
        str(before + 1)
    )
    await desk.looks_good(page, "shift-desk-adjusted")
    await page.get_by_role("button", name="撤销: 张敏").click()
    await expect(at(page, "dispatch", "张敏")).to_be_visible()


async def rostered_now(page: Page) -> int:
    """How many the table has on the phones in this quarter of an hour."""
    await page.get_by_text("数据表").click()
    return int(await page.locator("#shift-day tr.now td").nth(3).inner_text())


async def test_person_is_moved_by_keyboard_and_by_drag(desk: Desk) -> None:
    page = await shift_desk(desk)
    await page.get_by_role("button", name="调岗 赵磊").focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("调到岗位")).to_be_focused()
    await desk.looks_good(page, "shift-desk-move")
    await page.keyboard.press("Enter")  # a select opens nothing by it in a form
    await dialog.get_by_role("button", name="调岗").press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(at(page, "phones", "赵磊")).to_be_visible()
    for _ in range(5):  # a figure that arrives above moves the page under the mouse
        dispatch = page.locator('[data-place="dispatch"] h3')
        await at(page, "phones", "赵磊").drag_to(dispatch)
        if await dialog.is_visible():
            break
    await expect(dialog.get_by_label("调到岗位")).to_have_value("dispatch")
    await page.keyboard.press("Enter")
    await expect(at(page, "dispatch", "赵磊")).to_be_visible()


async def test_plan_2_is_tried_dry_and_plan_1_started(desk: Desk) -> None:
    page = await shift_desk(desk)
    await page.get_by_role("button", name="准备启动预案 2").click()
    await expect(page.get_by_role("heading", name="演练: 预案 2")).to_be_focused()
    await expect(page.locator("#shift-armed table")).to_be_visible()
    await desk.looks_good(page, "shift-desk-dry-run")
    await page.get_by_role("button", name="取消").click()
    await expect(page.locator("#shift-plans .level")).to_have_text("正常")
    await page.get_by_role("button", name="准备启动预案 1").click()
    await page.get_by_label("备注").fill("停电")
    await page.get_by_role("button", name="启动预案 1", exact=True).click()
    await expect(page.locator("#shift-plans .level")).to_have_text("预案 1")
    await expect(at(page, "phones", "赵磊")).to_be_visible()
    await page.get_by_text("预案记录").click()
    await desk.looks_good(page, "shift-desk-plan-1")


async def test_another_managers_move_is_seen_without_a_reload(desk: Desk) -> None:
    page = await shift_desk(desk)
    await expect(at(page, "dispatch", "张敏")).to_be_visible()
    async with desk.service.client() as client:
        wanted = {"person_id": "1003", "post": "phones"}
        answer = await client.post("/api/v1/staffing/moves?by=li", json=wanted)
        assert answer.status_code == 200, answer.text
    await expect(at(page, "phones", "张敏")).to_be_visible()


async def test_recall_is_shown_against_its_half_hour_also_in_english(
    desk: Desk,
) -> None:
    await keep_a_recall(desk.service)
    await fill_shift(desk.service)
    page = await desk.logged_in(
        Role.SHIFT_MANAGER, viewport=LARGE, locale="en-GB", color_scheme="light"
    )
    await expect(page.locator("#shift-plans .figures dd.bad")).to_have_text("1")
    await expect(page.get_by_text("10 of 30 minutes")).to_be_visible()
    await page.get_by_text("All shifts of the day").click()
    await page.get_by_role("button", name="Look now").click()
    await expect(page.get_by_text("Accept the chosen", exact=True)).to_be_visible()
    await expect(page.locator("#shift-day details")).to_be_visible()
    await desk.looks_good(page, "shift-desk-recall")


async def test_agent_cannot_open_the_shift_desk(desk: Desk) -> None:
    page = await desk.logged_in(Role.AGENT)
    answer = await page.goto(f"{desk.url}/shift-desk")
    assert answer
    assert answer.status == 403
    assert await page.get_by_role("link", name="班长台").count() == 0
    desk.faults.clear()  # the browser tells of the 403 itself
