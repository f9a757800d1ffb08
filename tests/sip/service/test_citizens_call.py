"""Whole calls through the running service: phones outside, records and audio after."""

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.sip.service.acts import (
    AGENT_HZ,
    AUDIBLE,
    CITIZEN_HZ,
    SILENT,
    answered_by,
    assert_recordings_prove,
    channels,
    dial,
    dial_and_press,
    hears,
    missed,
    picked_up,
    rung,
    state_of,
    until_state,
    until_waiting,
)
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.tones import level_of, steady_level

pytestmark = pytest.mark.sip


def greeting_ended_by(story: dict[str, Any]) -> str:
    """Whether a key was pressed in the greeting that leads somewhere."""
    (step,) = [step for step in story["steps"] if step["step"] == "greeting"]
    result: str = step["result"]
    return result


async def test_citizen_presses_one_talks_and_everything_is_accounted_for(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(hz=AGENT_HZ), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk))
    caller = await dial(citizen, hotline, user="13812345678")
    await asyncio.sleep(0.5)
    caller.voice.press("1")
    talk = await answered_by(desk, hotline)
    assert "13812345678" in talk.received[0].get("from")
    await hears(talk, CITIZEN_HZ)
    await hears(caller, AGENT_HZ)
    await asyncio.sleep(1)
    caller.hang_up()
    await talk.got_request("BYE")
    story = await hotline.call_that_ended()
    assert (story["outcome"], story["agent_id"]) == ("answered", "1001")
    assert story["caller"] == "+8613812345678"
    assert greeting_ended_by(story) == "key"
    assert story["talk_seconds"] > 1.5
    left, right = await channels(hotline, story["id"])
    assert steady_level(left[-12000:], CITIZEN_HZ) > AUDIBLE
    assert level_of(left, AGENT_HZ) < SILENT
    assert steady_level(right[-8000:], AGENT_HZ) > AUDIBLE
    assert level_of(right, CITIZEN_HZ) < SILENT
    await assert_recordings_prove(hotline)


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
    assert story["ivr_seconds"] > 3
    assert greeting_ended_by(story) == "timeout"


async def test_any_other_key_leads_to_a_person_at_once(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk))
    caller = await dial(citizen, hotline)
    caller.voice.press("7")
    await answered_by(desk, hotline)
    caller.hang_up()
    story = await hotline.call_that_ended()
    assert (story["outcome"], greeting_ended_by(story)) == ("answered", "invalid")


async def test_citizen_who_stays_after_the_talk_rates_it(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk))
    caller = await dial_and_press(citizen, hotline)
    talk = await answered_by(desk, hotline)
    talk.hang_up()
    await until_state(hotline, "1001", "ready")
    caller.info("2")
    await caller.got_request("BYE")
    story = await hotline.call_that_ended()
    results = {step["step"]: step["result"] for step in story["steps"]}
    assert results["opinion"] == "satisfied"
    assert (story["outcome"], story["cause"]) == ("answered", "we_hung_up")


async def test_caller_who_hangs_up_in_queue_is_abandoned_and_owed_a_call_back(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk, state="logged_out"))
    caller = await dial_and_press(citizen, hotline, user="053182345678")
    await until_waiting(hotline, 1)
    assert np.abs(await caller.voice.listen(1)).max() > 300, "music on hold"
    caller.hang_up()
    story = await hotline.call_that_ended()
    assert story["outcome"] == "abandoned_in_queue"
    assert [entry["caller"] for entry in await missed(hotline)] == ["+8653182345678"]


async def test_hang_up_while_ringing_cancels_the_agents_phone_at_once(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk))
    caller = await dial_and_press(citizen, hotline)
    ringing = await rung(desk, hotline)
    await until_state(hotline, "1001", "ringing")
    caller.hang_up()
    await ringing.got_request("CANCEL")
    assert (await hotline.call_that_ended())["outcome"] == "abandoned_while_ringing"


async def test_citizen_whose_agent_vanishes_is_served_by_the_next_before_all_others(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    first, second = await phone(), await phone(hz=AGENT_HZ)
    citizen = await phone("127.0.0.2")
    hotline = await start_hotline(
        agent(first, "1001"),
        agent(second, "1002", state="logged_out"),
        sip="dead_peer_seconds = 1",
    )
    caller = await dial_and_press(citizen, hotline)
    vanished = await answered_by(first, hotline)
    waiting = await dial_and_press(citizen, hotline)
    vanished.answers_options = False
    vanished.voice.close()
    await until_state(hotline, "1001", "paused")
    assert await state_of(hotline, "1001") == ("paused", "leg_died")
    status, words = await hotline.command("agents", "login", "1002")
    assert status == 0, words
    await answered_by(second, hotline, "1002")
    await hears(caller, AGENT_HZ)
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
    assert [entry["stage"] for entry in await missed(hotline)] == ["blocked"]
    caller.hang_up()


async def test_emergency_number_is_answered_above_the_limit(
    start_hotline: StartHotline, phone: OpenPhone, tmp_path: Path
) -> None:
    desks = [await phone(hz=AGENT_HZ) for _ in range(2)]
    citizen = await phone("127.0.0.2")
    (tmp_path / "emergency.yaml").write_text(
        "steps:\n  person: {do: enqueue, priority: emergency}\n  end: {do: hang_up}\n"
    )
    hotline = await start_hotline(
        *(agent(desk, f"100{n}") for n, desk in enumerate(desks)),
        sip="max_calls = 1",
        extra=f'[ivr]\nflows_dir = "{tmp_path}"\n[[numbers]]\ncalled = "12350"\nflow = "emergency"\n',
    )
    caller = await dial_and_press(citizen, hotline)
    await answered_by(desks[0], hotline, "1000")
    await (await citizen.dial(user="13900000001")).got_response("INVITE", 503)
    urgent = await dial(citizen, hotline, user="13900000002", called="12350")
    await answered_by(desks[1], hotline, "1001")
    await hears(urgent, AGENT_HZ)
    caller.hang_up()
    urgent.hang_up()


async def test_agent_hands_the_citizen_over_by_refer(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(), await phone("127.0.0.2")
    colleague = await phone(hz=1300)
    hotline = await start_hotline(agent(desk))
    caller = await dial_and_press(citizen, hotline)
    talk = await answered_by(desk, hotline)
    talk.send_request("REFER", f"Refer-To: <{colleague.uri}>")
    taken = await picked_up(colleague, hotline)
    await talk.got_request("BYE")
    await hears(caller, 1300)
    taken.hang_up()
    await taken.got_response("BYE", 200)
    caller.hang_up()
    story = await hotline.call_that_ended()
    roles = {leg["role"] for leg in story["legs"]}
    assert roles == {"citizen", "agent", "third_party"}
