"""Whole calls through the running service: phones outside, records and audio after."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.sip.phone import Phone, PhoneCall
from tests.sip.service.conftest import StartHotline, agent
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.tones import level_of

pytestmark = [pytest.mark.sip, pytest.mark.timeout(120)]

CITIZEN_HZ, AGENT_HZ = 600, 950
OpenPhone = Callable[..., Awaitable[Phone]]


async def dial(citizen: Phone, hotline: HotlineProcess, **how: Any) -> PhoneCall:
    """A citizen dials the hotline, is answered, and his voice is heard."""
    citizen.server = ("127.0.0.1", hotline.sip_port)
    call = await citizen.dial(hz=CITIZEN_HZ, **how)
    await call.got_response("INVITE", 200)
    return call


async def answered_by(phone: Phone, hotline: HotlineProcess) -> PhoneCall:
    """The agent's phone rings and is picked up."""
    phone.server = ("127.0.0.1", hotline.sip_port)
    call = await phone.expect_call(10)
    call.ring()
    call.answer()
    await call.got_request("ACK")
    await asyncio.sleep(0.3)
    return call


async def until_state(hotline: HotlineProcess, agent_id: str, state: str) -> None:
    """Wait until an agent is in this state."""
    async with asyncio.timeout(30):
        while not any(
            (seen["id"], seen["state"]) == (agent_id, state)
            for seen in await hotline.get("/api/v1/agents")
        ):
            await asyncio.sleep(0.1)


async def channels(hotline: HotlineProcess, call_id: str) -> tuple[Any, Any]:
    """The citizen's and the agent's channel of a finished recording."""
    async with asyncio.timeout(15):
        while not (files := list(hotline.data.rglob(f"{call_id}.flac"))):
            await asyncio.sleep(0.1)
    audio, rate = await asyncio.to_thread(soundfile.read, files[0], dtype="int16")
    assert rate == 8000
    return audio[:, 0], audio[:, 1]


async def test_citizen_presses_one_talks_and_everything_is_accounted_for(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(hz=AGENT_HZ), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk))
    caller = await dial(citizen, hotline, user="13812345678")
    await asyncio.sleep(0.5)
    caller.voice.press("1")
    talk = await answered_by(desk, hotline)
    await asyncio.sleep(0.5)
    assert "13812345678" in talk.received[0].get("from")
    assert level_of(await talk.voice.listen(1), CITIZEN_HZ) > 0.1
    assert level_of(await caller.voice.listen(1), AGENT_HZ) > 0.1
    caller.hang_up()
    await talk.got_request("BYE")
    story = await hotline.call_that_ended()
    assert (story["outcome"], story["agent_id"]) == ("answered", "1001")
    assert story["caller"] == "+8613812345678"
    assert story["ivr_seconds"] < 3
    assert 1.5 < story["talk_seconds"] < 10
    left, right = await channels(hotline, story["id"])
    both = len(right) // 2
    assert level_of(left[-both:], CITIZEN_HZ) > 0.1
    assert level_of(left, AGENT_HZ) < 0.01
    assert level_of(right[-4000:], AGENT_HZ) > 0.1
    assert level_of(right, CITIZEN_HZ) < 0.01
    status, words = await hotline.command("recordings", "verify")
    assert status == 0, words
    assert not re.search(r"13812345678|5678", hotline.log)


async def test_citizen_who_presses_nothing_reaches_a_person_after_the_greeting(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk))
    caller = await dial(citizen, hotline)
    await answered_by(desk, hotline)
    caller.hang_up()
    story = await hotline.call_that_ended()
    assert story["outcome"] == "answered"
    assert 3 < story["ivr_seconds"] < 6.5


async def test_caller_who_hangs_up_in_queue_is_abandoned_and_owed_a_call_back(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk, state="logged_out"))
    caller = await dial(citizen, hotline, user="053182345678")
    caller.voice.press("1")
    await asyncio.sleep(1)
    assert np.abs(await caller.voice.listen(1)).max() > 300, "music on hold"
    caller.hang_up()
    story = await hotline.call_that_ended()
    assert story["outcome"] == "abandoned_in_queue"
    missed = (await hotline.get("/api/v1/missed-calls"))["items"]
    assert [entry["caller"] for entry in missed] == ["+8653182345678"]


async def test_hang_up_while_ringing_cancels_the_agents_phone_at_once(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk))
    desk.server = ("127.0.0.1", hotline.sip_port)
    caller = await dial(citizen, hotline)
    caller.voice.press("1")
    ringing = await desk.expect_call(10)
    ringing.ring()
    await asyncio.sleep(0.5)
    caller.hang_up()
    await ringing.got_request("CANCEL", 1)
    assert (await hotline.call_that_ended())["outcome"] == "abandoned_while_ringing"


async def test_agent_whose_phone_is_gone_is_paused_and_the_next_one_is_rung(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(), await phone("127.0.0.2")
    gone = agent(desk, "0999", contact="sip:gone@127.0.0.3:9")
    refuses = await phone()
    hotline = await start_hotline(gone, agent(refuses, "1000"), agent(desk, "1001"))
    refuses.server = ("127.0.0.1", hotline.sip_port)
    caller = await dial(citizen, hotline)
    caller.voice.press("1")
    (await refuses.expect_call(45)).refuse(486)
    await answered_by(desk, hotline)
    agents = {a["id"]: a for a in await hotline.get("/api/v1/agents")}
    assert (agents["0999"]["state"], agents["0999"]["reason"]) == (
        "paused",
        "no_answer",
    )
    caller.hang_up()
    events = [e["kind"] for e in (await hotline.call_that_ended())["queue_events"]]
    assert events.count("OFFER") == 3


async def test_citizen_whose_agent_vanishes_is_served_by_the_next_before_all_others(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    first, second = await phone(), await phone(hz=AGENT_HZ)
    citizen = await phone("127.0.0.2")
    hotline = await start_hotline(
        agent(first, "1001"),
        agent(second, "1002", state="logged_out"),
        sip="dead_peer_seconds = 1.5",
    )
    caller = await dial(citizen, hotline)
    caller.voice.press("1")
    vanished = await answered_by(first, hotline)
    waiting = await dial(citizen, hotline)
    waiting.voice.press("1")
    vanished.answers_options = False
    vanished.voice.close()
    second.server = ("127.0.0.1", hotline.sip_port)
    await until_state(hotline, "1001", "paused")
    status, words = await hotline.command("agents", "login", "1002")
    assert status == 0, words
    await answered_by(second, hotline)
    await asyncio.sleep(0.3)
    assert level_of(await caller.voice.listen(1), AGENT_HZ) > 0.1
    caller.hang_up()
    waiting.hang_up()
    story = await hotline.call_that_ended(number=1)
    kinds = [event["kind"] for event in story["queue_events"]]
    assert kinds.count("CONNECT") == 2
    assert "REQUEUE" in kinds


async def test_citizen_above_the_limit_hears_503_and_is_owed_a_call_back(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk), sip="max_calls = 1")
    caller = await dial(citizen, hotline)
    blocked = await citizen.dial(user="13900000001")
    refusal = await blocked.got_response("INVITE", 503)
    assert refusal.get("retry-after") == "30"
    story = await hotline.call_that_ended()
    assert (story["outcome"], story["caller"]) == ("blocked", "+8613900000001")
    missed = (await hotline.get("/api/v1/missed-calls"))["items"]
    assert [entry["stage"] for entry in missed] == ["blocked"]
    caller.hang_up()


async def test_agent_hands_the_citizen_over_by_refer(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(), await phone("127.0.0.2")
    colleague = await phone(hz=1300)
    hotline = await start_hotline(agent(desk))
    caller = await dial(citizen, hotline)
    caller.voice.press("1")
    talk = await answered_by(desk, hotline)
    talk.send_request("REFER", f"Refer-To: <{colleague.uri}>")
    taken = await answered_by(colleague, hotline)
    await talk.got_request("BYE", 5)
    await asyncio.sleep(0.3)
    assert level_of(await caller.voice.listen(1), 1300) > 0.1
    taken.hang_up()
    await asyncio.sleep(0.5)
    caller.hang_up()
    story = await hotline.call_that_ended()
    assert {leg["role"] for leg in story["legs"]} == {
        "citizen",
        "agent",
        "third_party",
    }


async def test_stopping_lets_the_talk_end_and_takes_no_new_call(
    start_hotline: StartHotline, phone: OpenPhone, tmp_path: Path
) -> None:
    desk, citizen = await phone(), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk))
    caller = await dial(citizen, hotline)
    caller.voice.press("1")
    await answered_by(desk, hotline)
    assert hotline.process
    hotline.process.terminate()
    await asyncio.sleep(0.5)
    refused = await citizen.dial()
    await refused.got_response("INVITE", 503)
    caller.hang_up()
    async with asyncio.timeout(10):
        assert await hotline.process.wait() == 0
