"""Call-backs through the running service: places kept, voices both ways, nobody lost."""

import asyncio
from typing import Any

import pytest

from tests.sip.phone import Phone, PhoneCall
from tests.sip.service.acts import (
    AGENT_HZ,
    AUDIBLE,
    CITIZEN_HZ,
    SILENT,
    answered_by,
    assert_recordings_prove,
    channels,
    dial_and_press,
    hears,
    picked_up,
    rung,
    until_so,
    until_waiting,
)
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.tones import level_of, steady_level

pytestmark = pytest.mark.sip

FIRST, SECOND = "13700000001", "13700000002"


def trunk(phone: Phone, call_backs: str = "", mode: str = "agent_first") -> str:
    """The trunk on which this phone answers for every number."""
    host, _, port = phone.uri.rpartition("@")[2].partition(":")
    return (
        f'[call_backs]\nmode = "{mode}"\n{call_backs}\n'
        f'[[trunks]]\nname = "telecom"\nhost = "{host}"\nport = {port}\n'
        'caller_numbers = ["053112345"]\noptions_seconds = 0\n'
    )


async def ask_for_call_back(
    citizen: Phone, hotline: HotlineProcess, number: str
) -> PhoneCall:
    """A citizen waits, presses 2, confirms his number with 1, and is hung up on."""
    caller = await dial_and_press(citizen, hotline, user=number)
    await until_entered(hotline, number)
    caller.voice.press("2")
    await asyncio.sleep(1.5)
    caller.voice.press("1")
    await until_debt(hotline, number, "promised")
    await caller.got_request("BYE")
    return caller


async def until_entered(hotline: HotlineProcess, number: str) -> None:
    """The citizen is in the queue."""
    entered = (
        "SELECT c.id FROM calls c JOIN queue_events q ON q.call_id = c.id"
        f" WHERE c.caller = '+86{number}' AND q.kind = 'ENTERQUEUE' AND c.ended_at IS NULL"
    )

    async def is_so() -> bool:
        return bool(hotline.rows(entered))

    await until_so(is_so)


async def debts(hotline: HotlineProcess) -> list[dict[str, Any]]:
    """What we owe, or owed."""
    page = await hotline.get("/api/v1/call-backs")
    items: list[dict[str, Any]] = page["items"]
    return items


async def until_debt(hotline: HotlineProcess, number: str, state: str) -> None:
    """The newest debt to the number is in this state."""

    async def is_so() -> bool:
        found = [d for d in await debts(hotline) if d["number"] == f"+86{number}"]
        return bool(found) and found[0]["state"] == state

    await until_so(is_so)


async def test_call_back_keeps_its_place_and_both_are_heard_and_recorded(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, outside = await phone(hz=AGENT_HZ), await phone("127.0.0.5", hz=CITIZEN_HZ)
    citizens = await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk, state="logged_out"), extra=trunk(outside))
    await ask_for_call_back(citizens, hotline, FIRST)
    second = await dial_and_press(citizens, hotline, user=SECOND)
    await until_waiting(hotline, 2)
    assert (await hotline.command("agents", "login", "1001"))[0] == 0
    talk = await picked_up(desk, hotline)
    called = await picked_up(outside, hotline)
    assert FIRST in called.received[0].get("to")
    await hears(talk, CITIZEN_HZ)
    await hears(called, AGENT_HZ)
    await asyncio.sleep(1)
    called.hang_up()
    await talk.got_request("BYE")
    await until_debt(hotline, FIRST, "done")
    await answered_by(desk, hotline)
    second.hang_up()
    await _assert_is_a_recorded_call(hotline, "call_back_promised")
    await assert_recordings_prove(hotline)


async def test_citizen_who_was_called_back_rates_the_call_by_a_key(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, outside = await phone(hz=AGENT_HZ), await phone("127.0.0.5", hz=CITIZEN_HZ)
    citizens = await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk, state="logged_out"), extra=trunk(outside))
    await ask_for_call_back(citizens, hotline, FIRST)
    assert (await hotline.command("agents", "login", "1001"))[0] == 0
    talk = await picked_up(desk, hotline)
    called = await picked_up(outside, hotline)
    await hears(talk, CITIZEN_HZ)
    talk.hang_up()
    await asyncio.sleep(1.5)
    called.voice.press("2")

    async def is_answered() -> bool:
        return bool(hotline.rows("SELECT * FROM survey_answers"))

    await until_so(is_answered)
    (answer,) = hotline.rows("SELECT * FROM survey_answers")
    (promised,) = hotline.rows("SELECT id FROM calls WHERE direction = 'in'")
    (call_back,) = hotline.rows("SELECT id FROM calls WHERE direction = 'out'")
    assert (answer["call_id"], answer["asked_in"]) == (promised["id"], call_back["id"])
    assert answer["answer"] == "satisfied"
    await called.got_request("BYE")
    await until_debt(hotline, FIRST, "done")


async def test_missed_citizen_is_called_by_himself_and_waits_for_his_agent(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, outside = await phone(hz=AGENT_HZ), await phone("127.0.0.5", hz=CITIZEN_HZ)
    citizens = await phone("127.0.0.2")
    by_itself = 'automatic = true\nhours = "00:00-24:00"'
    hotline = await start_hotline(
        agent(desk, state="logged_out"),
        extra=trunk(outside, by_itself, "citizen_first"),
    )
    caller = await dial_and_press(citizens, hotline, user=FIRST)
    await until_waiting(hotline, 1)
    caller.hang_up()
    await until_debt(hotline, FIRST, "owed")
    assert (await hotline.command("agents", "login", "1001"))[0] == 0
    called = await picked_up(outside, hotline)
    assert FIRST in called.received[0].get("to")
    talk = await picked_up(desk, hotline)
    await hears(talk, CITIZEN_HZ)
    await hears(called, AGENT_HZ)
    await asyncio.sleep(1)
    called.hang_up()
    await talk.got_request("BYE")
    await until_debt(hotline, FIRST, "done")
    await _assert_is_a_recorded_call(hotline, "abandoned_in_queue")
    await assert_recordings_prove(hotline)


async def _assert_is_a_recorded_call(hotline: HotlineProcess, stage: str) -> None:
    async def is_over() -> bool:
        return bool(
            hotline.rows(
                "SELECT id FROM calls WHERE direction = 'out' AND ended_at IS NOT NULL"
            )
        )

    await until_so(is_over)
    (debt,) = await debts(hotline)
    (call,) = hotline.rows("SELECT * FROM calls WHERE direction = 'out'")
    assert (call["outcome"], call["call_back_id"]) == ("answered", debt["id"])
    assert (call["caller"], call["agent_id"]) == (f"+86{FIRST}", "1001")
    (attempt,) = hotline.rows("SELECT * FROM call_back_attempts")
    assert (attempt["call_id"], attempt["outcome"]) == (call["id"], "answered")
    (missed,) = hotline.rows("SELECT * FROM missed_calls")
    assert (missed["stage"], missed["call_back_id"]) == (stage, debt["id"])
    left, right = await channels(hotline, call["id"])
    assert steady_level(left[-8000:], CITIZEN_HZ) > AUDIBLE
    assert level_of(left, AGENT_HZ) < SILENT
    assert steady_level(right[-8000:], AGENT_HZ) > AUDIBLE
    assert level_of(right, CITIZEN_HZ) < SILENT


async def test_citizen_who_calls_again_takes_his_place_back_and_is_not_called(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, outside = await phone(), await phone("127.0.0.5")
    citizens = await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk, state="logged_out"), extra=trunk(outside))
    await ask_for_call_back(citizens, hotline, FIRST)
    await dial_and_press(citizens, hotline, user=SECOND)
    await until_waiting(hotline, 2)
    again = await dial_and_press(citizens, hotline, user=FIRST)
    await until_debt(hotline, FIRST, "cancelled")
    assert (await hotline.command("agents", "login", "1001"))[0] == 0
    talk = await answered_by(desk, hotline)
    assert FIRST in talk.received[0].get("from")
    again.hang_up()
    await talk.got_request("BYE")
    assert not outside.calls


async def test_kill_loses_no_promise_and_repeats_no_try(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, outside = await phone(hz=AGENT_HZ), await phone("127.0.0.5", hz=CITIZEN_HZ)
    citizens = await phone("127.0.0.2")
    hotline = await start_hotline(
        agent(desk, state="logged_out"), extra=trunk(outside, "retry_minutes = 0.05")
    )
    await ask_for_call_back(citizens, hotline, FIRST)
    await ask_for_call_back(citizens, hotline, SECOND)
    before = {d["number"]: d["since"] for d in await debts(hotline)}
    assert (await hotline.command("agents", "login", "1001"))[0] == 0
    await picked_up(desk, hotline)
    await rung(outside, hotline)
    await hotline.kill()
    for call in (*desk.calls.values(), *outside.calls.values()):
        call.voice.close()
    await hotline.start()
    found = await debts(hotline)
    assert {d["number"]: d["since"] for d in found} == before
    assert {d["state"] for d in found} == {"promised"}
    assert {d["tries"] for d in found} == {0}
    (attempt,) = hotline.rows("SELECT * FROM call_back_attempts")
    assert (attempt["attempt"], attempt["outcome"]) == (1, "service_killed")
    await _assert_both_are_called_now(hotline, desk, outside)


async def _assert_both_are_called_now(
    hotline: HotlineProcess, desk: Phone, outside: Phone
) -> None:
    for _ in range(2):
        talk = await picked_up(desk, hotline)
        called = await picked_up(outside, hotline)
        await hears(talk, CITIZEN_HZ)
        called.hang_up()
        await talk.got_request("BYE")

    async def all_done() -> bool:
        return {d["state"] for d in await debts(hotline)} == {"done"}

    await until_so(all_done)
    attempts = hotline.rows("SELECT call_back_id, attempt FROM call_back_attempts")
    assert len(attempts) == 3
