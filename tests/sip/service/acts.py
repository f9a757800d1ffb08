"""What citizens and agents do, and what can be seen and heard of it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import soundfile

from tests.sip.phone import Phone, PhoneCall
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.tones import Samples, level_of

CITIZEN_HZ, AGENT_HZ = 600.0, 950.0
AUDIBLE, SILENT = 0.1, 0.01


async def dial(citizen: Phone, hotline: HotlineProcess, **how: Any) -> PhoneCall:
    """A citizen dials the hotline, is answered, and his voice is heard."""
    citizen.server = ("127.0.0.1", hotline.sip_port)
    call = await citizen.dial(**{"hz": CITIZEN_HZ} | how)
    await call.got(lambda m: m.method == "INVITE" and m.code == 200)
    return call


async def dial_and_press(
    citizen: Phone, hotline: HotlineProcess, **how: Any
) -> PhoneCall:
    """A citizen dials and asks for a person at once."""
    call = await dial(citizen, hotline, **how)
    call.voice.press("1")
    return call


async def rung(phone: Phone, hotline: HotlineProcess, seconds: float = 60) -> PhoneCall:
    """The agent's phone rings."""
    phone.server = ("127.0.0.1", hotline.sip_port)
    call = await phone.expect_call(seconds)
    call.ring()
    return call


async def picked_up(
    phone: Phone, hotline: HotlineProcess, seconds: float = 60
) -> PhoneCall:
    """A phone rings and is picked up."""
    call = await rung(phone, hotline, seconds)
    call.answer()
    await call.got_request("ACK")
    return call


async def answered_by(
    phone: Phone, hotline: HotlineProcess, agent_id: str = "1001", seconds: float = 60
) -> PhoneCall:
    """The agent picks up, and is known to talk."""
    call = await picked_up(phone, hotline, seconds)
    await until_state(hotline, agent_id, "talking")
    return call


async def hears(call: PhoneCall, hz: float, seconds: float = 60) -> None:
    """Wait until a tone is heard for half a second."""
    async with asyncio.timeout(seconds):
        while level_of(await call.voice.listen(0.5), hz) < AUDIBLE:
            pass


async def state_of(hotline: HotlineProcess, agent_id: str) -> tuple[str, str]:
    """An agent's state, and why he is in it."""
    agents = {agent["id"]: agent for agent in await hotline.get("/api/v1/agents")}
    return agents[agent_id]["state"], agents[agent_id]["reason"]


async def until_state(
    hotline: HotlineProcess, agent_id: str, state: str, seconds: float = 60
) -> None:
    """Wait until an agent is in this state."""

    async def is_so() -> bool:
        return (await state_of(hotline, agent_id))[0] == state

    await until_so(is_so, seconds)


async def until_waiting(hotline: HotlineProcess, number: int) -> None:
    """Wait until so many citizens are in the first queue."""

    async def is_so() -> bool:
        queues = await hotline.get("/api/v1/queues")
        return int(queues[0]["waiting"]) == number

    await until_so(is_so)


async def until_so(is_so: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    """Wait until something that must be asked for is so."""
    async with asyncio.timeout(seconds):
        while not await is_so():
            await asyncio.sleep(0.1)


async def missed(hotline: HotlineProcess) -> list[dict[str, Any]]:
    """The newest entries of the missed-call ledger."""
    page = await hotline.get("/api/v1/missed-calls")
    entries: list[dict[str, Any]] = page["items"]
    return entries


async def channels(hotline: HotlineProcess, call_id: str) -> tuple[Samples, Samples]:
    """The citizen's and the agent's channel of a finished recording."""
    async with asyncio.timeout(60):
        while not (files := list(hotline.data.rglob(f"{call_id}.flac"))):
            await asyncio.sleep(0.1)
    audio, rate = await asyncio.to_thread(soundfile.read, files[0], dtype="int16")
    assert rate == 8000
    return audio[:, 0], audio[:, 1]


async def assert_recordings_prove(hotline: HotlineProcess) -> None:
    """The chain of the recordings holds, and none is silent or missing."""
    status, words = await hotline.command("recordings", "verify")
    assert status == 0, words
