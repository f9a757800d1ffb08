"""Calls in a browser: found by keyboard, heard, proved, held."""

from typing import Any

import pytest
from playwright.async_api import expect

from console.accounts.account import Role
from tests.browser.desk import Desk
from tests.integration.console.recorded_call import recorded_call

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
LONG_SECONDS = 40.0  # long enough for a busy machine to press a key before its end
ADVANCES = """audio => new Promise((yes, no) => {
  audio.addEventListener("error", () => no(new Error("the audio is refused")));
  audio.addEventListener("timeupdate", () => audio.currentTime > 0.3 && yes(audio.currentTime));
})"""


async def opened(desk: Desk, **options: Any) -> Any:
    """The page of a recorded call, found by its agent, by keyboard."""
    await recorded_call(desk.service, "01RECORDED", LONG_SECONDS)
    page = await desk.logged_in(Role.SHIFT_MANAGER, **options)
    await page.goto(f"{desk.url}/calls")
    await page.locator("[name=agent]").focus()
    await page.keyboard.type("1001")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/calls?*agent=1001*")
    await desk.looks_good(page, "calls")
    await page.locator("tbody a").first.focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/calls/01RECORDED")
    await page.locator("canvas[data-drawn]").wait_for()
    return page


async def test_recording_plays_and_is_steered_by_keyboard(desk: Desk) -> None:
    page = await opened(desk)
    audio = page.locator("audio")
    advances = page.evaluate(f"() => ({ADVANCES})(document.querySelector('audio'))")
    await page.keyboard.press("k")
    assert await advances > 0.3
    await page.keyboard.press("k")
    await expect(page.locator("#play")).to_have_text("播放")
    assert await audio.evaluate("audio => audio.paused")
    before = await audio.evaluate("audio => audio.currentTime")
    await page.keyboard.press("l")
    await page.wait_for_function(
        "before => document.querySelector('audio').currentTime >= before + 4",
        arg=before,
    )
    await page.keyboard.press(">")
    assert await audio.evaluate("audio => audio.playbackRate") == 1.25
    await desk.looks_good(page, "call")


async def test_recording_is_proved_and_held(desk: Desk) -> None:
    page = await opened(desk)
    await page.get_by_role("button", name="校验存证").press("Enter")
    await page.get_by_text("校验通过。").wait_for()
    await page.locator("[name=reason]").fill("诉讼")
    await page.keyboard.press("Enter")
    await page.get_by_text("shift-manager · 保全: 诉讼").wait_for()
    await page.get_by_role("button", name="解除保全").wait_for()
    await desk.looks_good(page, "call-held")
