"""kill -9 in the middle of calls: the next start closes the books, and serves at once."""

import asyncio
import json
from typing import Any

import pytest

from tests.sip.phone import Phone
from tests.sip.service.acts import (
    AGENT_HZ,
    AUDIBLE,
    CITIZEN_HZ,
    answered_by,
    assert_recordings_prove,
    channels,
    dial,
    dial_and_press,
    hears,
    missed,
    state_of,
    until_waiting,
)
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.tones import RATE, steady_level

pytestmark = pytest.mark.sip

TALKING, WAITING, LISTENING = "13700000001", "13700000002", "13700000003"
LOST_SECONDS = 1.0
"""So much of a recording's end may be lost by a kill."""


async def test_calls_that_a_kill_cut_off_are_closed_owed_and_recorded(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(hz=AGENT_HZ), await phone("127.0.0.2")
    hotline = await start_hotline(*_team(desk), queues=_QUEUES)
    lasted = await _killed_in_three_calls(hotline, desk, citizen)
    await hotline.start()
    _assert_books_are_closed(hotline)
    owed = {(entry["caller"], entry["stage"]) for entry in await missed(hotline)}
    assert owed == {(f"+86{n}", "cut_off") for n in (TALKING, WAITING, LISTENING)}
    assert await state_of(hotline, "1001") == ("ready", "")
    assert await state_of(hotline, "1002") == ("ready", "")
    assert await state_of(hotline, "1003") == ("paused", "meal")
    await _assert_clock_counts(hotline, offered=3, answered=1)
    await _assert_new_call_works_at_once(hotline, desk, citizen)
    await _assert_clock_counts(hotline, offered=4, answered=2)
    await _assert_both_sides_are_heard(hotline, lasted)
    await assert_recordings_prove(hotline)


async def _assert_clock_counts(
    hotline: HotlineProcess, *, offered: int, answered: int
) -> None:
    """The rolling rate goes on where it was, and the records say the same."""
    assert await hotline.metric('hotline_connect_whole_24h{form="raw"}') == offered
    assert await hotline.metric('hotline_connect_part_24h{form="raw"}') == answered
    status, said = await hotline.command("statistics", "clock", "--json")
    counts = json.loads(said)["counts"]
    assert (status, counts["offered"], counts["answered"]) == (0, offered, answered)


_QUEUES = """
[[queues]]
name = "general"
wrap_up_seconds = 0
[[queues]]
name = "quiet"
"""


def _team(desk: Phone) -> list[dict[str, Any]]:
    return [
        agent(desk),
        agent(desk, "1002", queues=["quiet"]),
        agent(desk, "1003", queues=["quiet"]),
    ]


async def _killed_in_three_calls(
    hotline: HotlineProcess, desk: Phone, citizen: Phone
) -> float:
    """One citizen talks, one waits, one listens to the greeting; then it is killed."""
    assert (await hotline.command("agents", "pause", "1003", "--reason", "meal"))[
        0
    ] == 0
    clock = asyncio.get_running_loop().time
    caller = await dial(citizen, hotline, user=TALKING)
    answered_at = clock()
    caller.voice.press("1")
    talk = await answered_by(desk, hotline)
    await hears(talk, CITIZEN_HZ)
    await hears(caller, AGENT_HZ)
    await dial_and_press(citizen, hotline, user=WAITING)
    await until_waiting(hotline, 1)
    await dial(citizen, hotline, user=LISTENING)
    await asyncio.sleep(0.5)
    killed_at = clock()
    await hotline.kill()
    for call in (*citizen.calls.values(), *desk.calls.values()):
        call.voice.close()
    return killed_at - answered_at


def _assert_books_are_closed(hotline: HotlineProcess) -> None:
    """No call and no leg is open, and whoever was here was cut off by the kill."""
    assert hotline.rows("SELECT id FROM calls WHERE ended_at IS NULL") == []
    assert hotline.rows("SELECT id FROM legs WHERE closed_at IS NULL") == []
    ends = hotline.rows("SELECT DISTINCT outcome, cause FROM calls")
    assert ends == [{"outcome": "cut_off", "cause": "service_killed"}]
    causes = hotline.rows("SELECT DISTINCT cause FROM legs")
    assert causes == [{"cause": "service_killed"}]


async def _assert_new_call_works_at_once(
    hotline: HotlineProcess, desk: Phone, citizen: Phone
) -> None:
    caller = await dial_and_press(citizen, hotline)
    talk = await answered_by(desk, hotline)
    await hears(talk, CITIZEN_HZ)
    await hears(caller, AGENT_HZ)
    caller.hang_up()
    assert (await hotline.call_that_ended())["outcome"] == "answered"


async def _assert_both_sides_are_heard(hotline: HotlineProcess, lasted: float) -> None:
    """To the end, but for what the recorders had not written yet."""
    number = f"+86{TALKING}"
    (call,) = hotline.rows(f"SELECT id FROM calls WHERE caller = '{number}'")
    citizen, spoken = await channels(hotline, call["id"])
    assert len(citizen) / RATE > lasted - LOST_SECONDS
    assert steady_level(citizen[-RATE:], CITIZEN_HZ) > AUDIBLE
    assert steady_level(spoken[-RATE:], AGENT_HZ) > AUDIBLE


async def test_call_killed_at_the_moment_of_its_answer_is_owed_too(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    citizen = await phone("127.0.0.2")
    hotline = await start_hotline()
    await dial(citizen, hotline, user=TALKING)
    await hotline.kill()
    await hotline.start()
    _assert_books_are_closed(hotline)
    assert [entry["caller"] for entry in await missed(hotline)] == [f"+86{TALKING}"]


async def test_kill_after_kill_loses_and_doubles_nothing(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(hz=AGENT_HZ), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk))
    for _ in range(3):
        caller = await dial_and_press(citizen, hotline, user=TALKING)
        await answered_by(desk, hotline)
        await hears(caller, AGENT_HZ)
        await hotline.kill()
        for call in (*citizen.calls.values(), *desk.calls.values()):
            call.voice.close()
        await _killed_while_it_starts(hotline)
        await hotline.start()
    _assert_books_are_closed(hotline)
    assert [entry["caller"] for entry in await missed(hotline)] == [f"+86{TALKING}"] * 3
    assert len(hotline.rows("SELECT id FROM calls")) == 3
    for row in hotline.rows("SELECT id FROM calls"):
        await channels(hotline, row["id"])
    await assert_recordings_prove(hotline)


async def _killed_while_it_starts(hotline: HotlineProcess) -> None:
    """At the moment when it has opened the records and recovers."""
    await hotline.begin()
    await asyncio.sleep(0.3)
    await hotline.kill()
