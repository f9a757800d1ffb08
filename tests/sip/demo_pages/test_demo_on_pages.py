"""The console in Chromium, with the real calls of the demo's citizens and agents."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from hotline.demo.outside import CAMPAIGN
from hotline.demo.script import COLLEAGUES, RESTING, SEAT
from tests.sip.demo_pages.stage import (
    AGENT_DESK,
    SHIFT_DESK,
    WAIT_SECONDS,
    WALLBOARD,
    OpenDemo,
)

pytestmark = [
    pytest.mark.sip,
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
]
WAIT_MILLISECONDS = 1000 * WAIT_SECONDS
DISPATCHER_ID, DISPATCHER, _ = COLLEAGUES[0]
DOUBTFUL_ORDER = "DEMO-002"


def figure(page: Page, name: str) -> Locator:
    """A figure of the wallboard."""
    return page.locator(f'[data-show="{name}"]')


def at(page: Page, post: str, name: str) -> Locator:
    """Somebody's card at a post."""
    return page.locator(f'[data-place="{post}"] .member').filter(has_text=name)


def mark(page: Page) -> Locator:
    """The agent's state on his desk."""
    return page.locator(".state .mark").first


async def test_demo_opens_on_the_wallboard_with_everything_alive(
    demo: OpenDemo,
) -> None:
    page = demo.pages[WALLBOARD]
    await expect(page).to_have_url(re.compile("/wallboard$"))
    for name in ("logged_in", "talking"):
        shown = figure(page, name)
        await expect(shown).not_to_have_text("0", timeout=WAIT_MILLISECONDS)
    await expect(page.locator("#wallboard-plot canvas").first).to_be_visible()
    await demo.visits.looks_good(page, "demo-wallboard")


async def test_agent_takes_a_citizens_call_holds_it_and_transfers_it(
    demo: OpenDemo,
) -> None:
    """At the free seat; whoever takes it next is in the same call's story."""
    page = await demo.sees(AGENT_DESK, "/agent-desk")
    await page.keyboard.press("l")
    hold = page.locator("#desk-hold")
    await expect(hold).to_be_visible(timeout=WAIT_MILLISECONDS)
    number = await page.locator("#desk-call").inner_text()
    assert re.fullmatch(r"1380000\d{4}", number.removeprefix("+86"))
    await demo.visits.looks_good(page, "demo-agent-desk")
    await page.keyboard.press("h")
    await expect(page.get_by_text("保持中", exact=True)).to_be_visible()
    await page.keyboard.press("h")
    await expect(page.get_by_text("保持中", exact=True)).to_have_count(0)
    await page.locator("#desk-target").select_option("queue:general")
    await page.locator("#desk-blind").click()
    await expect(mark(page)).to_have_text("整理")
    await page.keyboard.press("o")
    story = await demo.until(lambda: taken_by_another(demo, number))
    connected = [e["agent_id"] for e in story["queue_events"] if e["kind"] == "CONNECT"]
    assert connected[0] == SEAT
    assert connected[1] != SEAT


async def taken_by_another(demo: OpenDemo, number: str) -> Any:
    """The call's story, once two agents have had it."""
    calls = await demo.get(f"/calls?caller={number.removeprefix('+')}")
    story = await demo.get(f"/calls/{calls['items'][0]['id']}")
    kinds = [event["kind"] for event in story["queue_events"]]
    return story if kinds.count("CONNECT") > 1 else None


async def test_recording_of_a_citizens_call_is_played(demo: OpenDemo) -> None:
    recording = await demo.until(lambda: kept_recording(demo))
    page = await demo.sees(WALLBOARD, f"/calls/{recording['call_id']}")
    await page.locator("canvas[data-drawn]").wait_for(timeout=WAIT_MILLISECONDS)
    await page.keyboard.press("k")
    await page.wait_for_function(
        "() => document.querySelector('audio').currentTime > 0.5"
    )
    await demo.visits.looks_good(page, "demo-call")


async def kept_recording(demo: OpenDemo) -> Any:
    """The recording of an answered call, once it is closed."""
    for call in (await demo.get("/calls?outcome=answered"))["items"]:
        answer = await demo.api.get(f"/recordings/{call['id']}")
        if answer.is_success and answer.json()["state"] == "closed":
            return answer.json()
    return None


async def test_doubtful_answer_of_the_campaign_is_heard_and_corrected(
    demo: OpenDemo,
) -> None:
    """He says that it is not solved, and that he is very satisfied."""
    call_id = await demo.until(lambda: call_of(demo, DOUBTFUL_ORDER))
    await demo.until(lambda: is_recorded(demo, call_id))
    page = await demo.sees(WALLBOARD, f"/campaigns/{CAMPAIGN}")
    await expect(page.locator("h1")).to_contain_text(CAMPAIGN)
    await demo.visits.looks_good(page, "demo-campaign")
    after = f"{call_id}:z"
    page = await demo.sees(WALLBOARD, f"/reviews?campaign={CAMPAIGN}&before={after}")
    await expect(page.locator("#review-title + p")).to_contain_text(DOUBTFUL_ORDER)
    await page.keyboard.press("k")
    await page.wait_for_function(
        "() => document.getElementById('review-clip').currentTime > 0.1"
    )
    await demo.visits.looks_good(page, "demo-reviews")
    await page.locator("button[name=answer][value=yes]").press("Enter")
    await expect(page.locator("#review .told")).to_be_visible()
    assert [review["answer"] for review in await reviews_of(demo)] == ["yes"]


async def contact_of(demo: OpenDemo, order: str) -> Any:
    """The contact of an order."""
    page = await demo.get(f"/campaigns/{CAMPAIGN}/contacts?limit=200")
    known = {each["contact"]["order_id"]: each for each in page["items"]}
    return known[order]


async def call_of(demo: OpenDemo, order: str) -> str:
    """The call to an order's citizen, once he has answered everything."""
    contact = await contact_of(demo, order)
    done = contact["contact"]["state"] == "done"
    return str(contact["attempts"][0]["call_id"]) if done else ""


async def is_recorded(demo: OpenDemo, call_id: str) -> bool:
    """Whether clips can be cut of it."""
    answer = await demo.api.get(f"/recordings/{call_id}")
    return answer.is_success and answer.json()["state"] == "closed"


async def reviews_of(demo: OpenDemo) -> Any:
    """What persons set in the place of the doubtful answers."""
    return (await contact_of(demo, DOUBTFUL_ORDER))["reviews"]


async def test_manager_moves_a_colleague_to_the_phones_and_sees_the_effect(
    demo: OpenDemo,
) -> None:
    page = await demo.sees(SHIFT_DESK, "/shift-desk")
    await expect(at(page, "dispatch", DISPATCHER)).to_be_visible()
    await page.get_by_text("数据表").click(timeout=WAIT_MILLISECONDS)
    rostered = page.locator("#shift-day tr.now td").nth(3)
    before = int(await rostered.inner_text())
    await page.get_by_role("button", name=f"调岗 {DISPATCHER}").press("Enter")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("调到岗位").select_option("phones")
    await dialog.get_by_role("button", name="调岗").press("Enter")
    await expect(at(page, "phones", DISPATCHER)).to_be_visible()
    await expect(rostered).to_have_text(str(before + 1))
    await demo.until(lambda: is_on_the_phones(demo))
    await demo.visits.looks_good(page, "demo-shift-desk")


async def is_on_the_phones(demo: OpenDemo) -> bool:
    """Whether the moved colleague takes calls now."""
    agents = {agent["id"]: agent for agent in await demo.get("/agents")}
    return bool(agents[DISPATCHER_ID]["state"] not in ("paused", "logged_out"))


async def test_plan_2_is_tried_dry_and_rings_nobody(demo: OpenDemo) -> None:
    page = await demo.sees(SHIFT_DESK, "/shift-desk")
    await page.get_by_role("button", name="准备启动预案 2").click()
    armed = page.locator("#shift-armed")
    heading = armed.locator("#shift-armed-title")
    await expect(heading).to_be_focused(timeout=WAIT_MILLISECONDS)
    await expect(armed).to_contain_text(f"将依次呼叫： {RESTING[0][1]}")
    await demo.visits.looks_good(page, "demo-dry-run")
    await page.get_by_role("button", name="取消").click()
    await expect(armed).to_be_hidden()
    await expect(page.locator("#shift-plans .level")).to_have_text("正常")
    assert await demo.get("/plans/recalls") == []


async def test_plan_2_rings_people_who_are_off_duty_and_they_come(
    demo: OpenDemo,
) -> None:
    """Who says ten minutes is there soon, for the demo's minutes are short."""
    page = await demo.sees(SHIFT_DESK, "/shift-desk")
    await page.get_by_role("button", name="准备启动预案 2").click()
    people = page.locator("#shift-armed [name=people]")
    await people.fill("3", timeout=WAIT_MILLISECONDS)
    await page.get_by_role("button", name="启动预案 2", exact=True).click()
    await expect(page.locator("#shift-plans .level")).to_have_text("预案 2")
    called = page.get_by_role("region", name="召回人员")
    for (_, name), stands in zip(RESTING[:2], ("已到岗", "不能到岗"), strict=True):
        row = called.get_by_role("row").filter(has_text=name)
        await expect(row).to_contain_text(stands, timeout=WAIT_MILLISECONDS)
    await demo.visits.looks_good(page, "demo-recall")
    await page.get_by_role("button", name="准备结束预案").click()
    await page.get_by_role("button", name="结束预案", exact=True).click()
    await expect(page.locator("#shift-plans .level")).to_have_text("正常")


async def test_agent_cannot_open_the_shift_desk(demo: OpenDemo) -> None:
    page = demo.pages[AGENT_DESK]
    answer = await page.goto(f"{demo.visits.url}/shift-desk")
    assert answer
    assert answer.status == 403
    assert await page.get_by_role("link", name="班长台").count() == 0
    demo.visits.faults.clear()  # the browser tells of the 403 itself
