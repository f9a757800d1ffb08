"""A predictive campaign over SIP: dialled ahead of two agents, and held by its cap."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from tests.sip.phone import Phone, PhoneCall
from tests.sip.service.acts import (
    AGENT_HZ,
    CITIZEN_HZ,
    assert_recordings_prove,
    hears,
    picked_up,
    until_so,
    until_state,
)
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.service.test_campaign_modes import until_talked
from tests.sip.service.test_campaigns import outcomes, settings, start_campaign
from tests.sip.tones import tone, write_wav
from tests.sip.voice import Voice

pytestmark = pytest.mark.sip

BUSY = [f"139000001{n:02}" for n in range(20)]
TALKERS = [f"139000002{n:02}" for n in range(10)]
AHEAD, LOST, AFTER = "13900000301", "13900000302", "13900000303"
NOBODY_HZ = 1300.0
SENTENCES = {
    "follow_up_agent_greeting": (400.0, 0.4),
    "follow_up_agent": (500.0, 0.2),
    "follow_up_nobody": (NOBODY_HZ, 2.0),
}
AGENTS = ("1001", "1002")


def record_prompts(folder: Path) -> Path:
    """The sentences that a citizen knows by their tones."""
    (folder / "zh").mkdir(parents=True)
    for name, (hz, seconds) in SENTENCES.items():
        write_wav(folder / "zh" / f"{name}.wav", tone(hz, seconds))
    return folder


async def attend(desk: Phone) -> None:
    """An agent answers whatever comes."""
    while True:
        call = await desk.expect_call(200)
        call.ring()
        call.answer()


async def be_called(outside: Phone, times: int) -> None:
    """So many citizens: who is busy refuses, others speak with an agent for a moment."""

    async def talk(call: PhoneCall) -> None:
        call.ring()
        call.answer()
        await hears(call, AGENT_HZ)
        call.hang_up()

    async with asyncio.TaskGroup() as citizens:
        for _ in range(times):
            call = await outside.expect_call()
            if any(number in call.received[0].get("to") for number in BUSY):
                call.refuse(486)
            else:
                citizens.create_task(talk(call))


async def import_orders(hotline: HotlineProcess, *numbers: str) -> None:
    """More orders for the campaign."""
    file = hotline.folder / "orders.csv"
    lines = (f"A-{each},{each},2026-01-01T09:00" for each in numbers)
    file.write_text("\n".join(["order_id,number,closed_at", *lines]), "utf-8")
    status, said = await hotline.command("campaigns", "import", "november", str(file))
    assert status == 0, said


async def until_over(hotline: HotlineProcess, tries: int) -> Counter[str]:
    """Wait until so many tries are over; how they ended."""

    async def is_so() -> bool:
        found = await outcomes(hotline)
        return len(found) == tries and all(found.values())

    await until_so(is_so)
    return Counter((await outcomes(hotline)).values())


async def learn(hotline: HotlineProcess, outside: Phone, desks: list[Phone]) -> None:
    """Thirty tries and ten talks of this window: before, nobody is dialled ahead."""
    await import_orders(hotline, *BUSY)
    await start_campaign(hotline)
    await be_called(outside, len(BUSY))
    await until_over(hotline, len(BUSY))
    words = ("campaigns", "mode", "november", "predictive", "--queue", "general")
    status, said = await hotline.command(*words)
    assert status == 0, said
    async with asyncio.TaskGroup() as tasks:
        at_desks = [tasks.create_task(attend(desk)) for desk in desks]
        await import_orders(hotline, *TALKERS)
        await be_called(outside, len(TALKERS))
        ended = await until_over(hotline, len(BUSY) + len(TALKERS))
        for task in at_desks:
            task.cancel()
    assert ended == {"busy": len(BUSY), "talked": len(TALKERS)}
    for agent_id in AGENTS:
        await until_state(hotline, agent_id, "ready")


async def first_rung(*phones: Phone) -> tuple[Phone, PhoneCall]:
    """Which phone is rung first, and its call."""
    waits = {asyncio.create_task(phone.expect_call()): phone for phone in phones}
    done, rest = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for each in rest:
        each.cancel()
    (task,) = done
    return waits[task], task.result()


async def all_agents(hotline: HotlineProcess, *words: str) -> None:
    """What a person makes all agents do."""
    for agent_id in AGENTS:
        status, said = await hotline.command("agents", words[0], agent_id, *words[1:])
        assert status == 0, said


async def test_citizens_are_dialled_ahead_of_the_agents_until_the_cap_forbids_it(
    start_hotline: StartHotline, phone: OpenPhone, tmp_path: Path
) -> None:
    desks = [await phone(f"127.0.0.{n}", hz=AGENT_HZ) for n in (3, 4)]
    outside = await phone("127.0.0.5", hz=CITIZEN_HZ)
    outside.spare += [await Voice.open(outside.address, 0) for _ in range(10)]
    hotline = await start_hotline(
        *(agent(desk, name) for desk, name in zip(desks, AGENTS, strict=True)),
        **settings(outside, record_prompts(tmp_path / "own-prompts"), 5),
    )
    for each in (*desks, outside):
        each.server = ("127.0.0.1", hotline.sip_port)
    await learn(hotline, outside, desks)
    await _is_dialled_ahead(hotline, outside, desks)
    await _meets_nobody_and_is_told(hotline, outside)
    await _agent_is_reserved_first(hotline, outside, desks)
    ended = Counter((await outcomes(hotline)).values())
    assert ended == {"busy": 20, "talked": 12, "abandoned": 1}
    await assert_recordings_prove(hotline)


async def _is_dialled_ahead(
    hotline: HotlineProcess, outside: Phone, desks: list[Phone]
) -> None:
    await import_orders(hotline, AHEAD)
    rung, citizen = await first_rung(outside, *desks)
    assert rung is outside  # no agent has him yet
    citizen.ring()
    citizen.answer()
    _, talk = await first_rung(*desks)
    talk.ring()
    talk.answer()
    await hears(citizen, AGENT_HZ)
    await hears(talk, CITIZEN_HZ)
    citizen.hang_up()
    await talk.got_request("BYE")
    await until_talked(hotline, AHEAD)


async def _meets_nobody_and_is_told(hotline: HotlineProcess, outside: Phone) -> None:
    """A human answered, and meanwhile nobody is free."""
    for agent_id in AGENTS:
        await until_state(hotline, agent_id, "ready")
    await import_orders(hotline, LOST)
    citizen = await outside.expect_call()
    citizen.ring()
    await all_agents(hotline, "pause", "--reason", "break")
    citizen.answer()
    await hears(citizen, NOBODY_HZ)
    await citizen.got_request("BYE")

    async def is_counted() -> bool:
        return (await outcomes(hotline)).get(LOST) == "abandoned"

    await until_so(is_counted)


async def _agent_is_reserved_first(
    hotline: HotlineProcess, outside: Phone, desks: list[Phone]
) -> None:
    """One of twelve answered calls is more than 3 %: nobody more is dialled ahead."""
    await all_agents(hotline, "ready")
    await import_orders(hotline, AFTER)
    rung, talk = await first_rung(outside, *desks)
    assert rung is not outside
    talk.ring()
    talk.answer()
    citizen = await picked_up(outside, hotline)
    await hears(citizen, AGENT_HZ)
    citizen.hang_up()
    await until_talked(hotline, AFTER)
