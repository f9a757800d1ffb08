"""The way in, by keyboard, as each role; what each sees, and what he may not."""

import pyotp
import pytest
from playwright.async_api import Page, expect

from console.accounts.account import Role
from tests.browser.desk import Desk, log_in
from tests.fakes.accounts import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
NEW_PASSWORD = "other words of the city"


async def test_auditor_logs_in_by_keyboard_and_reads_the_trail(desk: Desk) -> None:
    page = await desk.stranger()
    await page.goto(desk.url)
    await desk.looks_good(page, "log-in")
    await log_in(page, "auditor")
    await page.wait_for_url(f"{desk.url}/audit")
    assert await page.locator("tbody tr").first.inner_text()
    await desk.looks_good(page, "audit")


async def test_wrong_password_is_told_in_the_readers_language(desk: Desk) -> None:
    page = await desk.stranger(locale="en-GB")
    await page.goto(f"{desk.url}/log-in")
    await log_in(page, "auditor", "wrong")
    refused = page.get_by_role("alert").filter(has_text="wrong")
    assert await refused.inner_text() == "Name, password or code is wrong."
    await desk.looks_good(page, "log-in-refused")
    desk.faults.clear()  # the browser tells of the 403 itself


async def test_administrator_adds_an_account_and_disables_it(desk: Desk) -> None:
    page = await desk.logged_in(Role.ADMINISTRATOR)
    await page.goto(f"{desk.url}/accounts")
    form = page.locator("form.grid")
    await form.locator("[name=name]").fill("wang")
    await form.locator("[name=role]").select_option("auditor")
    await form.locator("[name=password]").fill("a few other words")
    await form.get_by_role("button").click()
    row = page.get_by_role("row").filter(has_text="wang")
    await row.get_by_role("button", name="停用").click()
    await row.get_by_text("已停用").wait_for()
    await desk.looks_good(page, "accounts")


async def test_administrator_makes_a_token_and_revokes_it(desk: Desk) -> None:
    page = await desk.logged_in(Role.ADMINISTRATOR)
    await page.goto(f"{desk.url}/tokens")
    form = page.locator("form.grid")
    await form.locator("[name=title]").fill("order system")
    await form.get_by_label("审计员").check()
    await form.locator("[name=operations]").fill("list_queues")
    await form.get_by_role("button").click()
    secret = await page.locator("#secret").inner_text()
    await desk.looks_good(page, "tokens")
    bearer = {"Authorization": f"Bearer {secret}"}
    async with desk.service.client(bearer) as program:
        assert (await program.get("/api/v1/queues")).status_code == 200
        assert (await program.get("/api/v1/audit")).status_code == 200
        assert (await program.get("/api/v1/accounts")).status_code == 200
        assert (await program.post("/api/v1/plans", json={})).status_code == 403
        await page.get_by_role("button", name="吊销").click()
        await page.get_by_text("已吊销").wait_for()
        assert (await program.get("/api/v1/queues")).status_code == 401


async def test_agent_cannot_open_what_is_not_his(desk: Desk) -> None:
    page = await desk.logged_in(Role.AGENT)
    answer = await page.goto(f"{desk.url}/accounts")
    assert answer
    assert answer.status == 403
    assert await page.get_by_role("heading").inner_text() == "您没有此权限"
    assert await page.get_by_role("link", name="账号管理").count() == 0
    await desk.looks_good(page, "forbidden")
    desk.faults.clear()  # the browser tells of the 403 itself


async def test_language_colours_and_print_are_chosen_and_stay(desk: Desk) -> None:
    page = await desk.logged_in(Role.AUDITOR)
    for name, value in (("language", "en"), ("theme", "dark"), ("print", "large")):
        await page.locator(".tools summary").press("Enter")
        async with page.expect_navigation():
            await page.locator(f"select[name={name}]").select_option(value)
    html = page.locator("html")
    assert await html.get_attribute("lang") == "en"
    assert await html.get_attribute("data-theme") == "dark"
    assert await html.get_attribute("data-print") == "large"
    assert await page.get_by_role("heading", level=1).inner_text() == "Audit trail"


@pytest.mark.parametrize("width", [1280, 1600])
async def test_administrators_header_is_one_row_with_a_menu_for_the_keyboard(
    desk: Desk, width: int
) -> None:
    size = {"width": width, "height": 720}
    page = await desk.logged_in(Role.ADMINISTRATOR, viewport=size)
    assert await header_height(page) < 64, "one row"
    menu = page.locator("nav summary", has_text="更多")
    await expect(page.get_by_role("link", name="账号管理")).to_be_hidden()
    await menu.press("Enter")
    await expect(page.get_by_role("link", name="账号管理")).to_be_visible()
    await desk.looks_good(page, f"header-{width}")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("link", name="账号管理")).to_be_hidden()
    await expect(menu).to_be_focused()
    await menu.press("Enter")
    await page.get_by_role("link", name="账号管理").press("Enter")
    await page.wait_for_url(f"{desk.url}/accounts")
    await expect(page.locator("nav summary.current")).to_have_text("更多")


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SHIFT_MANAGER])
async def test_header_is_one_row_in_both_languages_and_prints(
    desk: Desk, role: Role, locale: str
) -> None:
    """As high as one of its links with the space around it."""
    page = await desk.logged_in(role, locale=locale)
    for size in ("normal", "large"):
        await page.evaluate(
            "size => { document.documentElement.dataset.print = size; }", size
        )
        link = await page.locator("header.top nav a").first.bounding_box()
        assert link
        assert await header_height(page) < 1.9 * link["height"], size
    await desk.looks_good(page, f"header-{role.value}-{locale}")


async def header_height(page: Page) -> float:
    """In pixels."""
    box = await page.locator("header.top").bounding_box()
    assert box
    return box["height"]


async def test_first_press_of_tab_leads_to_the_content(desk: Desk) -> None:
    page = await desk.logged_in(Role.AUDITOR)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#main")).to_be_focused()


async def test_log_out_leads_to_the_way_in(desk: Desk) -> None:
    page = await desk.logged_in(Role.AUDITOR)
    await page.get_by_role("button", name="退出登录").click()
    await page.wait_for_url(f"{desk.url}/log-in")
    await page.goto(f"{desk.url}/audit")
    assert page.url.startswith(f"{desk.url}/log-in?next=")


async def test_somebody_sets_his_second_factor_up_by_keyboard(desk: Desk) -> None:
    page = await desk.logged_in(Role.AUDITOR)
    await page.get_by_role("link", name="我的账号").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="设置第二重验证").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("img", name="验证器二维码").wait_for()
    await desk.looks_good(page, "second-factor")
    secret = await page.locator("#key").inner_text()
    await page.locator("#code").fill(pyotp.TOTP(secret).now())
    await page.keyboard.press("Enter")
    await page.get_by_text("每次登录都要输入验证码").wait_for()
    await desk.looks_good(page, "me")
    await desk.service.view.accounts.remove_second_factor("auditor")


async def test_somebody_changes_his_password_by_keyboard(desk: Desk) -> None:
    page = await desk.logged_in(Role.AUDITOR)
    await page.goto(f"{desk.url}/me")
    await page.get_by_label("原密码").focus()
    for words in ("not the old one", NEW_PASSWORD, NEW_PASSWORD):
        await page.keyboard.type(words)
        await page.keyboard.press("Tab")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    assert "原密码不正确" in await page.get_by_role("alert").inner_text()
    await desk.looks_good(page, "own-password-refused")
    desk.faults.clear()  # the browser tells of the 422 itself
    await page.get_by_label("原密码").fill(PASSWORD)
    await page.get_by_label("新密码", exact=True).fill(NEW_PASSWORD)
    await page.get_by_label("再次输入新密码").fill(NEW_PASSWORD)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    assert "密码已修改" in await page.get_by_role("status").inner_text()
    await desk.looks_good(page, "own-password")
