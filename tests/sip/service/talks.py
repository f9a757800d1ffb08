"""A live talk through the running service, with a third party and a supervisor near."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.sip.phone import Phone, PhoneCall
from tests.sip.service.acts import (
    AGENT_HZ,
    CITIZEN_HZ,
    answered_by,
    dial_and_press,
    hears,
)
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.tones import steady_level

THIRD_HZ, BOSS_HZ = 1350.0, 1850.0
FAINT = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveTalk:
    """A citizen and agent 1001 who hear each other; the others are phones."""

    hotline: HotlineProcess
    call_id: str
    citizen: PhoneCall
    agent: PhoneCall
    police: Phone
    boss: Phone


@asynccontextmanager
async def live_talk(
    start_hotline: StartHotline,
    phone: OpenPhone,
    *more_agents: dict[str, Any],
    ring_seconds: float = 30,
    **settings: Any,
) -> AsyncIterator[LiveTalk]:
    """Start the service, dial, and let agent 1001 answer; 110 is a SIP phone here."""
    desk, citizen = await phone(hz=AGENT_HZ), await phone("127.0.0.2")
    police, boss = await phone(hz=THIRD_HZ), await phone(hz=BOSS_HZ)
    extra = settings.pop("extra", "") + third_parties(police, ring_seconds)
    extra += supervisors(boss)
    hotline = await start_hotline(agent(desk), *more_agents, extra=extra, **settings)
    for other in (police, boss):
        other.server = ("127.0.0.1", hotline.sip_port)
    caller = await dial_and_press(citizen, hotline)
    talk = await answered_by(desk, hotline)
    await hears(caller, AGENT_HZ)
    await hears(talk, CITIZEN_HZ)
    (view,) = await hotline.get("/api/v1/talks")
    yield LiveTalk(
        hotline=hotline,
        call_id=view["call_id"],
        citizen=caller,
        agent=talk,
        police=police,
        boss=boss,
    )


def third_parties(police: Phone, ring_seconds: float) -> str:
    """The settings that make a phone 110."""
    return (
        f'[[third_parties]]\nid = "110"\ntitle = "公安"\nkey = "*1"\n'
        f'target = "{police.uri}"\nring_seconds = {ring_seconds}\n'
    )


def supervisors(boss: Phone) -> str:
    """The settings that make a phone the supervisor "boss"."""
    return f'[[supervisors]]\nid = "boss"\ntitle = "班长"\ncontact = "{boss.uri}"\n'


async def ask(talk: LiveTalk, command: str, *words: str) -> None:
    """Use `hotline calls COMMAND CALL ...`; it must be done."""
    status, said = await talk.hotline.command(
        "calls", command, talk.call_id[-8:], *words
    )
    assert status == 0, said


async def keyed(call: PhoneCall, keys: str) -> None:
    """Press keys one after the other."""
    for key in keys:
        call.voice.press(key)
        await asyncio.sleep(0.25)


async def hears_none_of(call: PhoneCall, *hertz: float) -> None:
    """Wait until none of these tones is heard for half a second."""

    async def loudest() -> float:
        heard = await call.voice.listen(0.5)
        return max(steady_level(heard, hz) for hz in hertz)

    async with asyncio.timeout(60):
        while await loudest() >= FAINT:
            pass


async def nothing_is_open(hotline: HotlineProcess, *, but: int = 0) -> bool:
    """No talk goes on, and no leg is in use (but so many)."""
    legs = await hotline.metric("hotline_legs_in_use")
    return legs <= but and not await hotline.get("/api/v1/talks")


async def recording_of(hotline: HotlineProcess, call_id: str) -> dict[str, Any]:
    """The entry of a finished recording, once it is in the chain."""
    async with asyncio.timeout(60):
        while True:
            page = await hotline.get("/api/v1/recordings")
            for entry in page["items"]:
                if entry["call_id"] == call_id and entry["chain"]:
                    found: dict[str, Any] = entry
                    return found
            await asyncio.sleep(0.1)
