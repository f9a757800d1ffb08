"""The agent desk by keyboard: state, call, emergency, notes that no call takes away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, expect

from acd import messages as m
from acd import talk_commands as c
from acd.call import Call
from acd.call_control import ThirdState
from console.accounts.account import Role
from tests.browser.desk import Desk
from tests.fakes import call_events as told
from tests.fakes.console import SmallService
from tests.fakes.talk import StoppedTalk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PATIENT = {"ring_seconds": 240, "wrap_up_seconds": 240}
"""No state ends by itself while a busy machine still looks at it."""


def rings(service: SmallService, call_id: str) -> None:
    """The agent's telephone rings for a call of the queue."""
    service.distributor.send(m.CallerEnters(call_id=call_id, queue="general"))
    service.distributor.send(m.OfferRings(offer_id=f"{call_id}-1"))


def answered(service: SmallService, call_id: str) -> None:
    """He picks up."""
    service.distributor.send(m.OfferAnswered(offer_id=f"{call_id}-1"))


@asynccontextmanager
async def talk_in(service: SmallService, call_id: str) -> AsyncIterator[StoppedTalk]:
    """A citizen's call that rings the agent; it talks once he has answered."""
    control, talk = service.view.control, StoppedTalk()
    talk.changes = {"call_id": call_id}
    call = Call(id=call_id, caller=told.CALLER, called="12345")
    with control.live(call), control.talking(call_id, talk):
        rings(service, call_id)
        yield talk


async def at_work(desk: Desk) -> Page:
    """An agent who has started work by keyboard; his telephone rings patiently."""
    async with desk.service.client() as machine:
        rules = "/api/v1/queues/general/rules?by=li"
        answer = await machine.patch(rules, json=PATIENT)
        assert answer.status_code == 200, answer.text
    page = await desk.logged_in(Role.AGENT)
    await page.wait_for_url(f"{desk.url}/agent-desk")
    await page.keyboard.press("l")
    await expect(page.locator(".state .mark").first).to_have_text("空闲")
    return page


async def test_agent_takes_a_call_and_calls_the_police_by_keys(desk: Desk) -> None:
    service = desk.service
    await service.record(*told.answered_call("EARLIER"))
    page = await at_work(desk)
    async with talk_in(service, "C") as talk:
        await expect(page.locator("#desk-call")).to_have_text(told.CALLER)
        await expect(page.get_by_text("本页面不能代为接听")).to_be_visible()
        await desk.looks_good(page, "agent-desk-ringing")
        answered(service, "C")
        await expect(page.locator("#desk-third-1")).to_be_visible()
        await desk.looks_good(page, "agent-desk-talking")
        talk.changes |= {"third_state": ThirdState.CONSULTED, "third_party": "110"}
        await page.keyboard.press("1")
        await expect(page.locator("#desk-join")).to_be_visible()
        talk.changes |= {"third_state": ThirdState.JOINED}
        await page.keyboard.press("j")
        await expect(page.get_by_text("三方通话中")).to_be_visible()
        await desk.looks_good(page, "agent-desk-three-party")
        talk.changes |= {"agent_here": False}
        await page.keyboard.press("g")
        await expect(page.locator("#desk-hand-over")).to_have_count(0)
    assert [type(asked) for asked in talk.asked] == [c.Consult, c.Join, c.HandOver]


async def test_keys_write_in_a_note_and_do_nothing_else(desk: Desk) -> None:
    page = await at_work(desk)
    async with talk_in(desk.service, "C") as talk:
        answered(desk.service, "C")
        await expect(page.locator("#desk-third-1")).to_be_visible()
        await page.locator("#desk-note").wait_for()
        await page.keyboard.press("n")
        await page.keyboard.type("hm 110, no water since 1 o'clock")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".notes li")).to_contain_text("no water since 1")
        assert talk.asked == []
        await page.keyboard.press("Escape")
        await page.locator("#desk-keys").uncheck()
        await page.keyboard.press("h")
        await page.locator("#desk-keys").check()
        talk.changes |= {"muted": True}
        await page.keyboard.press("m")
        await expect(page.get_by_text("已静音")).to_be_visible()
    assert talk.asked == [c.Mute()]


async def test_note_that_is_being_written_stays_when_the_next_call_comes(
    desk: Desk,
) -> None:
    page, service = await at_work(desk), desk.service
    async with talk_in(service, "C"):
        answered(service, "C")
        await page.locator("#desk-note").fill("call the water works")
        await expect(page.locator("#desk-note")).to_have_value("call the water works")
        service.distributor.send(m.TalkEnds(call_id="C", end=m.TalkEnd.CALLER))
        await expect(page.locator("[data-left]")).to_be_visible()
        await desk.looks_good(page, "agent-desk-wrap-up")
    await service.record(*told.answered_call("C"))
    await page.keyboard.press("Escape")
    await page.keyboard.press("r")
    await expect(page.locator(".state .mark").first).to_have_text("空闲")
    async with talk_in(service, "D"):
        await expect(page.locator(".state")).to_have_attribute("data-call", "D")
        assert await page.locator("#desk-note").input_value() == "call the water works"
        await page.locator("#desk-keep-note").click()
        await expect(page.locator("#desk-work")).to_have_attribute("data-call", "D")
        await expect(page.locator("#desk-note")).to_have_value("")
    async with service.client() as machine:
        kept = (await machine.get("/api/v1/calls/C/notes")).json()
    assert [note["text"] for note in kept] == ["call the water works"]


async def test_pause_is_shown_with_its_timer(desk: Desk) -> None:
    page = await at_work(desk)
    await page.locator("#desk-reason").fill("meal")
    await page.keyboard.press("Enter")
    await expect(page.locator(".state .mark").first).to_have_text("暂停")
    await desk.looks_good(page, "agent-desk-paused")
    await page.keyboard.press("Escape")
    await page.keyboard.press("r")
    await expect(page.locator(".state .mark").first).to_have_text("空闲")
