"""The shift desk before a browser: the shift manager's work, by keyboard and by mouse."""

import asyncio
import re
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import CDPSession, Locator, Page, Route, expect

from console.accounts.account import Role
from tests.browser.desk import Desk
from tests.fakes.shift_day import fill_shift, keep_a_recall, record_week_in

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SAY_WHAT_IS_TOLD = """document.body.addEventListener("htmx:sseMessage", (event) => {
  document.body.dataset.told = (document.body.dataset.told ?? "") + event.detail.type;
})"""
MOVED = re.compile("person_moved")
LARGE = {"width": 1600, "height": 1000}


@pytest_asyncio.fixture(loop_scope="session")
async def data_dir(tmp_path: Path) -> Path:
    """Where a week of calls is known."""
    await record_week_in(tmp_path)
    return tmp_path


async def shift_desk(desk: Desk) -> Page:
    """The desk of a shift manager, who is led there by his log-in."""
    await fill_shift(desk.service)
    page = await desk.logged_in(Role.SHIFT_MANAGER, viewport=LARGE)
    await page.wait_for_url(f"{desk.url}/shift-desk")
    return page


def place(page: Page, name: str) -> Locator:
    """The column of a post."""
    return page.locator(f'[data-place="{name}"]')


def at(page: Page, where: str, name: str) -> Locator:
    """Somebody's card at a post."""
    return place(page, where).locator(".member").filter(has_text=name)


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
    await expect(
        page.get_by_role("region", name="已采纳调整的实际效果")
    ).to_be_visible()
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
    await carry(page, at(page, "phones", "赵磊"), place(page, "dispatch"))
    await page.mouse.up()
    await expect(dialog.get_by_label("调到岗位")).to_have_value("dispatch")
    await page.keyboard.press("Enter")
    await expect(at(page, "dispatch", "赵磊")).to_be_visible()


async def carry(page: Page, member: Locator, target: Locator) -> None:
    """Take somebody by the mouse and hold him over a column, which says it takes him."""
    await member.locator(".name").hover()
    await page.mouse.down()
    await page.mouse.move(*await middle(target), steps=5)
    await expect(page.locator(".carried")).to_be_visible()
    await expect(target).to_contain_class("over")


async def middle(part: Locator) -> tuple[float, float]:
    """Where it is in the window."""
    box = await part.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def test_nobody_is_moved_by_a_drag_that_is_given_up(desk: Desk) -> None:
    page = await shift_desk(desk)
    await carry(page, at(page, "dispatch", "张敏"), place(page, "phones"))
    await page.keyboard.press("Escape")
    await expect(page.locator(".carried")).to_have_count(0)
    await page.mouse.up()
    await carry(page, at(page, "dispatch", "张敏"), place(page, "phones"))
    await page.mouse.move(5, 5)  # over no column
    await expect(page.locator(".over")).to_have_count(0)
    await page.mouse.up()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(at(page, "dispatch", "张敏")).to_be_visible()


async def test_finger_carries_somebody_by_his_grip(desk: Desk) -> None:
    await fill_shift(desk.service)
    page = await desk.logged_in(Role.SHIFT_MANAGER, viewport=LARGE, has_touch=True)
    grip = at(page, "dispatch", "张敏").locator(".grip")
    await grip.scroll_into_view_if_needed()
    start, end = await middle(grip), await middle(place(page, "phones"))
    finger = await page.context.new_cdp_session(page)
    await touch(finger, "touchStart", start)
    await touch(finger, "touchMove", (start[0] - 20, start[1]), end)
    await expect(place(page, "phones")).to_contain_class("over")
    await touch(finger, "touchEnd")
    await expect(page.get_by_role("dialog").get_by_label("调到岗位")).to_have_value(
        "phones"
    )


async def touch(finger: CDPSession, kind: str, *at: tuple[float, float]) -> None:
    """A finger comes, moves or goes."""
    for x, y in at:
        touched = {"type": kind, "touchPoints": [{"x": x, "y": y}]}
        await finger.send("Input.dispatchTouchEvent", touched)
    if not at:
        await finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": []})


async def test_nothing_is_replaced_or_moved_while_somebody_is_carried(
    desk: Desk,
) -> None:
    page = await shift_desk(desk)
    await carry(page, at(page, "training", "赵磊"), place(page, "phones"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.evaluate(SAY_WHAT_IS_TOLD)
    await move_to_phones(desk, "1003")
    await expect(page.locator("body")).to_have_attribute("data-told", MOVED)
    assert asked == []
    await expect(place(page, "phones")).to_contain_class("over")
    await page.mouse.up()
    await expect(page.get_by_role("dialog").get_by_label("调到岗位")).to_have_value(
        "phones"
    )
    await expect(at(page, "phones", "张敏")).to_be_visible()  # caught up


async def test_figures_that_arrive_leave_the_people_where_they_are(desk: Desk) -> None:
    await fill_shift(desk.service)
    page = await desk.logged_in(Role.SHIFT_MANAGER, viewport=LARGE)
    arrive = asyncio.Event()

    async def late(route: Route) -> None:
        await arrive.wait()
        await route.continue_()

    await page.route("**/shift-desk/day", late)
    await page.reload()
    await expect(page.get_by_text("正在生成今日数据")).to_be_visible()
    before = await middle(place(page, "phones"))
    arrive.set()
    await expect(page.locator("#shift-day details")).to_be_visible()
    assert await middle(place(page, "phones")) == before


async def test_plan_2_is_tried_dry_and_plan_1_started(desk: Desk) -> None:
    page = await shift_desk(desk)
    await page.get_by_role("button", name="准备启动预案 2").click()
    armed = page.get_by_role("heading", name="待启动，尚未执行：预案 2")
    await expect(armed).to_be_focused()
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
    await move_to_phones(desk, "1003")
    await expect(at(page, "phones", "张敏")).to_be_visible()


async def move_to_phones(desk: Desk, who: str) -> None:
    """As another manager does it."""
    async with desk.service.client() as client:
        wanted = {"person_id": who, "post": "phones"}
        answer = await client.post("/api/v1/staffing/moves?by=li", json=wanted)
        assert answer.status_code == 200, answer.text


async def test_recall_is_shown_against_its_half_hour_also_in_english(
    desk: Desk,
) -> None:
    await keep_a_recall(desk.service)
    await fill_shift(desk.service)
    page = await desk.logged_in(
        Role.SHIFT_MANAGER, viewport=LARGE, locale="en-GB", color_scheme="light"
    )
    await expect(page.locator("#shift-plans .figures dd.bad")).to_have_text("1")
    passed = re.compile("1[0-9] of 30 minutes")  # it goes on while we look
    await expect(page.get_by_text(passed)).to_be_visible()
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
