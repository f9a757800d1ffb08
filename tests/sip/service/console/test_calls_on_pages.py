"""Real calls on the pages: they wait, are taken, held, transferred, wrapped up, heard."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.sip.phone import PhoneCall
from tests.sip.service.acts import CITIZEN_HZ, hears, picked_up, rung
from tests.sip.service.console.floor import (
    AGENT,
    AUDITOR,
    CITIZEN,
    HZ,
    LI,
    MANAGER,
    WANG,
    Floor,
)
from tests.sip.service.talks import hears_none_of, recording_of

pytestmark = [
    pytest.mark.sip,
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
]
WALL = {"width": 1920, "height": 1080}
PLAYED = "() => document.querySelector('audio').currentTime > 0.5"


def figure(page: Page, name: str) -> Locator:
    """A figure of the wallboard."""
    return page.locator(f'[data-show="{name}"]')


def mark(page: Page) -> Locator:
    """The agent's state on his desk."""
    return page.locator(".state .mark").first


async def test_wallboard_shows_who_waits_rings_and_talks(floor: Floor) -> None:
    page = await floor.sees(MANAGER, "/wallboard", viewport=WALL)
    await expect(figure(page, "waiting")).to_have_text("0")
    await expect(figure(page, "logged_in")).to_have_text("0")
    citizen = await floor.calls()
    await expect(figure(page, "waiting")).to_have_text("1")
    await expect(figure(page, "longest")).not_to_have_text("0:00")
    await floor.logs("login", WANG)
    ringing = await rung(floor.phones[WANG], floor.hotline)
    await expect(figure(page, "ringing")).to_have_text("1")
    ringing.answer()
    await expect(figure(page, "talking")).to_have_text("1")
    await expect(figure(page, "waiting")).to_have_text("0")
    await hears(citizen, HZ[WANG])
    await expect(page.locator("#wallboard-plot canvas").first).to_be_visible()
    await floor.visits.looks_good(page, "real-wallboard")
    citizen.hang_up()
    await floor.logs("logout", WANG)
    await expect(figure(page, "logged_in")).to_have_text("0")


async def test_agent_takes_a_call_holds_it_asks_a_colleague_and_hands_it_over(
    floor: Floor,
) -> None:
    await an_earlier_call(floor)
    page = await floor.sees(AGENT, "/agent-desk")
    await page.keyboard.press("l")
    await expect(mark(page)).to_have_text("空闲")
    await floor.logs("login", LI)
    citizen = await floor.calls()
    agent = await taken(floor, page)
    await hears(citizen, HZ[WANG])
    await is_held_and_taken_back(page, citizen)
    colleague = await asks(floor, page, agent)
    await page.keyboard.press("g")
    await hears(citizen, HZ[LI])
    await hears(colleague, CITIZEN_HZ)
    await hears_none_of(citizen, HZ[WANG])
    await agent.got_request("BYE")
    await is_wrapped_up(floor, page)
    citizen.hang_up()
    await colleague.got_request("BYE")
    await floor.logs("logout", WANG, LI)


async def an_earlier_call(floor: Floor) -> None:
    """The citizen calls and leaves before anybody is there."""
    call = await floor.calls()
    call.hang_up()
    assert (await floor.hotline.call_that_ended())["caller"].endswith(CITIZEN)


async def taken(floor: Floor, page: Page) -> PhoneCall:
    """王芳's phone rings and the page says for whom; she answers on it."""
    ringing = await rung(floor.phones[WANG], floor.hotline)
    await expect(page.locator("#desk-call")).to_contain_text(CITIZEN)
    await expect(page.get_by_text("本页面不能代为接听")).to_be_visible()
    await expect(page.locator("#desk-earlier + .scroll tbody tr")).not_to_have_count(0)
    await floor.visits.looks_good(page, "real-agent-desk-ringing")
    ringing.answer()
    await expect(page.locator("#desk-hold")).to_be_visible()
    await hears(ringing, CITIZEN_HZ)
    return ringing


async def is_held_and_taken_back(page: Page, citizen: PhoneCall) -> None:
    """By the key of the desk, and the citizen hears it."""
    await page.keyboard.press("h")
    await expect(page.get_by_text("保持中", exact=True)).to_be_visible()
    await hears_none_of(citizen, HZ[WANG])
    await page.keyboard.press("h")
    await expect(page.get_by_text("保持中", exact=True)).to_have_count(0)
    await hears(citizen, HZ[WANG])


async def asks(floor: Floor, page: Page, agent: PhoneCall) -> PhoneCall:
    """李强 is asked first; he and 王芳 hear each other, and the citizen neither."""
    await page.keyboard.press("t")
    await page.locator("#desk-target").select_option(f"agent:{LI}")
    await page.locator("#desk-consult").click()
    colleague = await picked_up(floor.phones[LI], floor.hotline)
    await expect(page.locator("#desk-hand-over")).to_be_visible()
    await hears(agent, HZ[LI])
    await hears(colleague, HZ[WANG])
    await hears_none_of(colleague, CITIZEN_HZ)
    await floor.visits.looks_good(page, "real-agent-desk-consulting")
    return colleague


async def is_wrapped_up(floor: Floor, page: Page) -> None:
    """The call has its disposition and a note, and the wrap-up is ended."""
    await expect(mark(page)).to_have_text("整理")
    await page.locator("#desk-disposition").select_option("water")
    await page.locator("#desk-dispose").click()
    await expect(page.get_by_text("已保存: 供水")).to_be_visible()
    await page.locator("#desk-note").fill("no water since one o'clock")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".notes li")).to_contain_text("no water since one")
    await expect(page.get_by_text("已保存: 供水")).to_be_visible()
    await floor.visits.looks_good(page, "real-agent-desk-wrap-up")
    await page.keyboard.press("Escape")
    await page.keyboard.press("r")
    await expect(mark(page)).to_have_text("空闲")


async def test_recording_of_a_call_is_found_played_and_proved(floor: Floor) -> None:
    call_id, seconds = await recorded_talk(floor)
    page = await floor.sees(MANAGER, "/calls")
    await page.locator("[name=caller]").fill(CITIZEN)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/calls?*caller=*")
    await expect(page.locator("tbody tr").first).to_contain_text(CITIZEN)
    await page.goto(f"{floor.visits.url}/calls/{call_id}")
    await page.locator("canvas[data-drawn]").wait_for()
    await page.keyboard.press("k")
    await page.wait_for_function(PLAYED)
    length = await page.locator("audio").evaluate("audio => audio.duration")
    assert length == pytest.approx(seconds, abs=0.1)
    await page.get_by_role("button", name="校验存证").click()
    await expect(page.get_by_text("校验通过。")).to_be_visible()
    await floor.visits.looks_good(page, "real-call")


async def recorded_talk(floor: Floor) -> tuple[str, float]:
    """王芳 answers a call; its id and its recording's length, once that is kept."""
    await floor.logs("login", WANG)
    citizen = await floor.calls()
    agent = await picked_up(floor.phones[WANG], floor.hotline)
    await hears(citizen, HZ[WANG])
    await hears(agent, CITIZEN_HZ)
    citizen.hang_up()
    await agent.got_request("BYE")
    await floor.logs("logout", WANG)
    call = await floor.hotline.call_that_ended()
    recording = await recording_of(floor.hotline, call["id"])
    return call["id"], recording["seconds"]


async def test_auditor_sees_the_same_calls_with_masked_numbers(floor: Floor) -> None:
    await an_earlier_call(floor)
    page = await floor.sees(AUDITOR, "/calls")
    row = page.locator("tbody tr").first
    await expect(row).to_contain_text("138****5678")
    await expect(page.locator("[name=caller]")).to_have_count(0)
    assert CITIZEN not in await page.content()
