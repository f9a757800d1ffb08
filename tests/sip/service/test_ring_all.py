"""All phones of a queue ring at once: the first that answers has the call, alone."""

import asyncio

import pytest

from tests.sip.service.acts import (
    AUDIBLE,
    CITIZEN_HZ,
    SILENT,
    dial_and_press,
    hears,
    rung,
    until_state,
)
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.tones import level_of, steady_level

pytestmark = pytest.mark.sip

RING_ALL = """
[[queues]]
name = "general"
strategy = "ring_all"
ring_seconds = 60
wrap_up_seconds = 0
"""
TONES = (950.0, 1250.0, 1700.0)


async def test_first_phone_that_answers_has_the_call_and_the_others_are_cancelled(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desks = [await phone(f"127.0.0.{3 + n}", hz=hz) for n, hz in enumerate(TONES)]
    citizen = await phone("127.0.0.2")
    hotline = await start_hotline(
        *(agent(desk, str(1001 + n)) for n, desk in enumerate(desks)), queues=RING_ALL
    )
    caller = await dial_and_press(citizen, hotline)
    first, winner, last = await asyncio.gather(*(rung(d, hotline) for d in desks))
    winner.answer()
    for loser in (first, last):
        await loser.got_request("CANCEL")
        await loser.got(lambda m: m.first.startswith("ACK "))
        assert not [m for m in loser.received if m.first.startswith("BYE ")]
    await hears(caller, TONES[1])
    await hears(winner, CITIZEN_HZ)
    heard = await caller.voice.listen(2)
    assert steady_level(heard, TONES[1]) > AUDIBLE
    assert max(level_of(heard, TONES[0]), level_of(heard, TONES[2])) < SILENT
    for agent_id in ("1001", "1003"):
        await until_state(hotline, agent_id, "ready")
    assert not [m for m in winner.received if m.first.startswith("CANCEL ")]
    caller.hang_up()
    await winner.got_request("BYE")
    await until_state(hotline, "1002", "ready")
    assert [len(desk.calls) for desk in desks] == [1, 1, 1]
