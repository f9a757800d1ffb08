"""The agent desk: an agent sees his own call with what was before it, and acts on no other."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import httpx
import pytest

from acd import messages as m
from acd import talk_commands as c
from acd.call import Call
from acd.call_control import ThirdState
from acd.talk_events import CallDisposed, CallMadeConfidential
from config.agent_settings import PauseReasonSection
from console.accounts.account import Role
from console.sight import sight_of_desk
from tests.fakes import call_events as told
from tests.fakes.accounts import add_accounts, logged_in
from tests.fakes.console import SmallService, small_service
from tests.fakes.talk import StoppedTalk

pytestmark = pytest.mark.integration

DESK = "/agent-desk"
PART = {"hx-request": "true"}
POLICE = c.ThirdParty(id="110", title="公安", number="110", key="*1")


def rings(service: SmallService, call_id: str = "C", agent_id: str = "1001") -> None:
    """The agent's telephone rings for a call."""
    service.distributor.send(m.AgentLogsIn(agent_id=agent_id))
    service.distributor.send(m.CallerEnters(call_id=call_id, queue="general"))
    service.distributor.send(m.OfferRings(offer_id=f"{call_id}-1"))


@pytest.fixture
async def talk(service: SmallService) -> AsyncIterator[StoppedTalk]:
    """Call C, in which 1001 speaks."""
    rings(service)
    service.distributor.send(m.OfferAnswered(offer_id="C-1"))
    control, talk = service.view.control, StoppedTalk()
    call = Call(id="C", caller=told.CALLER, called="12345")
    with ExitStack() as stack:
        stack.enter_context(control.live(call))
        stack.enter_context(control.talking("C", talk))
        yield talk


async def desk_of(agent: httpx.AsyncClient) -> dict[str, Any]:
    """His desk, as programs see it."""
    answer = await agent.get("/api/v1/agents/1001/desk")
    assert answer.status_code == 200, answer.text
    desk: dict[str, Any] = answer.json()
    return desk


async def test_agent_begins_on_his_desk_and_logs_in_and_out(
    service: SmallService,
) -> None:
    async with logged_in(service.app, Role.AGENT) as agent:
        assert (await agent.get("/")).headers["location"] == DESK
        for wish, state in (
            ({"state": "logged_in"}, "ready"),
            ({"state": "paused", "reason": "meal"}, "paused"),
            ({"state": "ready"}, "ready"),
            ({"state": "logged_out"}, "logged_out"),
        ):
            answer = await agent.post(f"{DESK}/state", data=wish)
            assert answer.status_code == 303, answer.text
            assert (await desk_of(agent))["agent"]["state"] == state


async def test_script_reads_the_part_that_changed(service: SmallService) -> None:
    async with logged_in(service.app, Role.AGENT) as agent:
        answer = await agent.post(
            f"{DESK}/state", data={"state": "logged_in"}, headers=PART
        )
        part = await agent.get(f"{DESK}/now", headers=PART)
    assert (answer.status_code, answer.text) == (204, "")
    assert 'data-state="空闲"' in part.text
    assert "<html" not in part.text


async def test_account_that_stands_for_no_agent_is_told_so(
    service: SmallService,
) -> None:
    async with logged_in(service.app, Role.ADMINISTRATOR) as boss:
        page = await boss.get(DESK)
        refused = await boss.post(f"{DESK}/state", data={"state": "ready"})
    assert (page.status_code, refused.status_code) == (200, 409)
    assert "此账号没有对应的坐席" in page.text


async def test_ringing_call_is_shown_with_what_was_before_it(
    service: SmallService,
) -> None:
    await service.record(*told.answered_call("EARLIER"))
    await service.record(told.arrived("OTHER", caller="+8613900000000"))
    rings(service)
    call = Call(id="C", caller=told.CALLER, called="12345")
    with service.view.control.live(call):
        async with logged_in(service.app, Role.AGENT) as agent:
            desk, page = await desk_of(agent), (await agent.get(DESK)).text
    assert desk["call"]["number"] == told.CALLER
    assert [each["call_id"] for each in desk["call"]["earlier_calls"]] == ["EARLIER"]
    assert told.CALLER in page
    assert "本页面不能代为接听" in page


async def test_orders_of_the_number_are_on_the_desk(service: SmallService) -> None:
    line = {
        "order_id": "ORDER-7",
        "number": told.CALLER,
        "closed_at": "2026-02-01T08:00:00+08:00",
        "unit": "供水公司",
    }
    async with service.client() as machine:
        answer = await machine.post(
            "/api/v1/campaigns/water/contacts", json={"contacts": [line]}
        )
        assert answer.status_code < 300, answer.text
    rings(service)
    with service.view.control.live(Call(id="C", caller=told.CALLER, called="12345")):
        async with logged_in(service.app, Role.AGENT) as agent:
            order = (await desk_of(agent))["call"]["orders"][0]
            page = (await agent.get(f"{DESK}/now")).text
    assert (order["order_id"], order["unit"]) == ("ORDER-7", "供水公司")
    assert "ORDER-7" in page


async def test_confidential_number_is_masked_on_the_desk_and_in_no_address(
    service: SmallService, talk: StoppedTalk
) -> None:
    service.app.state.view = replace(
        service.view, screen_pop="https://orders.example/{number}/{call_id}"
    )
    async with logged_in(service.app, Role.AGENT) as agent:
        before = (await desk_of(agent))["call"]
        done = await agent.post(f"{DESK}/calls/C/confidential", headers=PART)
        after = (await desk_of(agent))["call"]
        part = (await agent.get(f"{DESK}/now", headers=PART)).text
    assert before["screen_pop"] == "https://orders.example/%2B8613812345678/C"
    assert done.status_code == 204
    assert (after["number"], after["screen_pop"]) == ("138****5678", "")
    assert told.CALLER not in part


@pytest.mark.parametrize(
    ("path", "form", "command"),
    [
        ("talk", {"command": "hold"}, c.Hold()),
        ("talk", {"command": "mute"}, c.Mute()),
        (
            "third-party",
            {"way": "consult", "target": "third_party:110"},
            c.Consult(third_party=POLICE),
        ),
        (
            "third-party",
            {"way": "consult", "target": "agent:1002"},
            c.Consult(third_party=c.ThirdParty(id="1002", colleague=True)),
        ),
        (
            "third-party",
            {"way": "transfer", "target": "queue:tax", "number": ""},
            c.TransferToQueue(queue="tax"),
        ),
        (
            "third-party",
            {"way": "transfer", "target": "", "number": "053112345678"},
            c.TransferToThirdParty(third_party=c.ThirdParty(number="+8653112345678")),
        ),
    ],
)
async def test_buttons_reach_the_talk(
    service: SmallService,
    talk: StoppedTalk,
    path: str,
    form: dict[str, str],
    command: c.TalkCommand,
) -> None:
    async with logged_in(service.app, Role.AGENT) as agent:
        answer = await agent.post(f"{DESK}/calls/C/{path}", data=form, headers=PART)
    assert answer.status_code == 204, answer.text
    assert talk.asked == [command]


async def test_buttons_follow_the_third_party(
    service: SmallService, talk: StoppedTalk
) -> None:
    async with logged_in(service.app, Role.AGENT) as agent:
        alone = (await agent.get(f"{DESK}/now")).text
        talk.changes = {"third_state": ThirdState.CONSULTED, "third_party": "110"}
        asking = (await agent.get(f"{DESK}/now")).text
    assert ("desk-third-1" in alone, "desk-join" in alone) == (True, False)
    assert ("desk-third-1" in asking, "desk-join" in asking) == (False, True)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("talk", {"command": "stop_supervision"}),
        ("third-party", {"way": "consult", "target": "queue:tax"}),
        ("third-party", {"way": "consult"}),
        ("notes", {"text": "   "}),
        ("disposition", {"code": "nothing"}),
    ],
)
async def test_what_makes_no_sense_is_refused_and_does_nothing(
    service: SmallService, talk: StoppedTalk, path: str, form: dict[str, str]
) -> None:
    async with logged_in(service.app, Role.AGENT) as agent:
        answer = await agent.post(f"{DESK}/calls/C/{path}", data=form, headers=PART)
    assert answer.status_code == 422, answer.text
    assert talk.asked == []


async def test_agent_acts_on_no_call_but_his_own(
    service: SmallService, talk: StoppedTalk
) -> None:
    await service.view.accounts.set_person("agent", "1002")
    async with logged_in(service.app, Role.AGENT) as other:
        for path, form in (
            ("talk", {"command": "hold"}),
            ("third-party", {"way": "transfer", "target": "queue:tax"}),
            ("disposition", {"code": "complaint"}),
            ("notes", {"text": "x"}),
            ("confidential", {}),
        ):
            answer = await other.post(f"{DESK}/calls/C/{path}", data=form)
            assert answer.status_code == 403, path
        for path in ("agents/1001/desk", "agents/1001/events", "calls/C/notes"):
            answer = await other.get(f"/api/v1/{path}")
            assert answer.status_code == 403, path
    assert talk.asked == []


async def test_disposition_and_confidentiality_are_told_as_by_the_api(
    service: SmallService, talk: StoppedTalk
) -> None:
    heard: list[object] = []
    service.bus.subscribe(CallDisposed, heard.append)
    service.bus.subscribe(CallMadeConfidential, heard.append)
    async with logged_in(service.app, Role.AGENT) as agent:
        kept = await agent.post(
            f"{DESK}/calls/C/disposition", data={"code": "complaint"}, headers=PART
        )
        await agent.post(f"{DESK}/calls/C/confidential", headers=PART)
    disposed, confidential = heard
    assert isinstance(disposed, CallDisposed)
    assert (disposed.agent_id, disposed.code) == ("1001", "complaint")
    assert isinstance(confidential, CallMadeConfidential)
    assert "已保存: 投诉" in kept.text


async def test_wrap_up_is_counted_down_and_ended_early(
    service: SmallService, talk: StoppedTalk
) -> None:
    ended = m.TalkEnds(call_id="C", end=m.TalkEnd.CALLER)
    service.distributor.send(ended)
    async with logged_in(service.app, Role.AGENT) as agent:
        desk, page = await desk_of(agent), (await agent.get(f"{DESK}/now")).text
        await agent.post(f"{DESK}/state", data={"state": "ready"})
        after = await desk_of(agent)
    assert desk["agent"]["state"] == "wrap_up"
    assert desk["ahead"]["wrap_up_ends_at"] > desk["agent"]["since"]
    assert "data-left=" in page
    assert (after["agent"]["state"], after["ahead"]["wrap_up_ends_at"]) == (
        "ready",
        None,
    )


async def test_pause_that_is_wished_in_a_talk_is_shown(
    service: SmallService, talk: StoppedTalk
) -> None:
    async with logged_in(service.app, Role.AGENT) as agent:
        await agent.post(f"{DESK}/state", data={"state": "paused", "reason": "meal"})
        desk = await desk_of(agent)
    assert desk["agent"]["state"] == "talking"
    assert desk["ahead"]["after_talk"] == "paused"


async def test_unknown_pause_reason_is_refused(tmp_path: Any) -> None:
    reasons = (PauseReasonSection(id="meal", title="用餐"),)
    async with small_service(tmp_path, pause_reasons=reasons) as service:
        await add_accounts(service.view.accounts)
        async with logged_in(service.app, Role.AGENT) as agent:
            await agent.post(f"{DESK}/state", data={"state": "logged_in"})
            wish = {"state": "paused", "reason": "sleep"}
            refused = await agent.post(f"{DESK}/state", data=wish)
            page = (await agent.get(DESK)).text
    assert refused.status_code == 422
    assert "用餐" in page


async def test_own_events_come_and_those_of_others_do_not(
    service: SmallService,
) -> None:
    reading = service.view.live.read(sight_of_desk("1001"))
    texts = [await anext(reading)]
    service.distributor.send(m.AgentLogsIn(agent_id="1002"))
    service.distributor.send(m.AgentLogsIn(agent_id="1001"))
    async with asyncio.timeout(60):
        while not texts[-1].startswith(b"id:"):
            texts.append(await anext(reading))
    await reading.aclose()
    events = [
        json.loads(line.removeprefix("data: "))
        for line in texts[-1].decode().splitlines()
        if line.startswith("data: ")
    ]
    assert [event["agent_id"] for event in events] == ["1001"]
