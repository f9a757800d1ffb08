"""Reports in a browser: shown, printed, taken along."""

import io
import re

import pytest
from openpyxl import load_workbook

from console.accounts.account import Role
from tests.browser.desk import Desk
from tests.fakes import call_events as told

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_shift_manager_reads_a_week_and_takes_its_workbook(desk: Desk) -> None:
    for number in range(3):
        await desk.service.record(
            *told.answered_call(f"A{number}", start=told.after(number * 86400))
        )
    await desk.service.record(*told.abandoned_call("B", caller="+8613900000001"))
    page = await desk.logged_in(Role.SHIFT_MANAGER, accept_downloads=True)
    await page.goto(f"{desk.url}/reports?date=2026-07-22")
    await page.get_by_label("周期").select_option("week")
    await page.get_by_role("button", name="查看").press("Enter")
    await page.wait_for_url("**period=week**")
    assert await page.locator("h1").inner_text() == "报表: 2026-07-20 – 2026-07-26"
    assert "75.0" in await page.locator(".cards").inner_text()
    await desk.looks_good(page, "reports")
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="工作簿").press("Enter")
    download = await waiting.value
    assert download.suggested_filename == "hotline-week-2026-07-20.xlsx"
    book = load_workbook(io.BytesIO((await download.path()).read_bytes()))
    assert len(list(book["按日"].values)) == 8


async def test_printed_report_is_a_sheet_without_buttons(desk: Desk) -> None:
    page = await desk.logged_in(Role.AUDITOR)
    await page.goto(f"{desk.url}/reports?date=2026-07-20")
    await page.emulate_media(media="print")
    for hidden in ("header.top", ".unprinted"):
        assert not await page.locator(hidden).first.is_visible()
    assert await page.get_by_role("heading", name="按小时").is_visible()
    printed = await page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF-")
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert box
    assert float(box[1]) > float(box[2]), "tables are wide, so the paper lies"


async def test_daily_review_is_printed_and_signed(desk: Desk) -> None:
    await desk.service.record(*told.answered_call("A"), *told.abandoned_call("B"))
    page = await desk.logged_in(Role.SHIFT_MANAGER)
    await page.goto(f"{desk.url}/reports")
    await page.get_by_role("link", name="日清日结").press("Enter")
    await page.wait_for_url("**/reports/daily")
    await page.get_by_label("日期").fill("2026-07-20")
    await page.get_by_role("button", name="查看").press("Enter")
    await page.wait_for_url("**date=2026-07-20")
    assert "2026-07-20 星期一" in await page.locator("h1").inner_text()
    await desk.looks_good(page, "daily-review")
    await page.evaluate("window.print = () => { window.printed = true; }")
    await page.get_by_role("button", name="打印").press("Enter")
    assert await page.evaluate("window.printed")
