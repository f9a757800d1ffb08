"""Five hundred INVITEs a second above the limit: who is here hears nothing of it."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.ports import free_port
from tests.sip.phone import Phone, PhoneCall
from tests.sip.service.acts import (
    AGENT_HZ,
    AUDIBLE,
    CITIZEN_HZ,
    answered_by,
    dial_and_press,
    hears,
    until_so,
    until_waiting,
)
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.sipp import Sipp
from tests.sip.tones import FRAME, RATE, level_of
from tests.sip.voice import Voice
from tests.sip.waits import until

pytestmark = pytest.mark.sip

A_SECOND, LONGEST_SECONDS = 500, 120
NUMBERS = [f"139{n:08}" for n in range(A_SECOND * LONGEST_SECONDS)]
ARRIVED = "hotline_calls_arrived_total"
REFUSED = 'hotline_calls_refused_total{reason="admission_limit"}'
LONGEST_GAP_SECONDS = 0.1


async def test_flood_disturbs_nobody_and_everybody_refused_is_owed_a_call_back(
    start_hotline: StartHotline,
    phone: OpenPhone,
    sipp: Callable[..., Awaitable[Sipp]],
    tmp_path: Path,
) -> None:
    desks = [await phone(hz=AGENT_HZ) for _ in range(3)]
    citizen = await phone("127.0.0.2")
    hotline = await start_hotline(*_team(desks), sip="max_calls = 3")
    if "tuned build" not in hotline.log:
        pytest.skip("needs the tuned PJSIP (make pjsip): the wheel has 4 legs")
    talking = [
        *await _talk(hotline, citizen, desks[0], "1000"),
        *await _talk(hotline, citizen, desks[1], "1001"),
    ]
    waiting = await dial_and_press(citizen, hotline)
    await until_waiting(hotline, 1)
    flood = await sipp(
        "refused", "-inf", _numbers(tmp_path), "-r", A_SECOND, "-l", 10_000,
        target=hotline.address, port=free_port(), calls=len(NUMBERS),
    )  # fmt: skip
    await _floods(hotline)
    for call in talking:
        call.voice.forget()
    async with own_stalls() as stalls:
        await _assert_agent_is_rung_meanwhile(hotline, desks[2], waiting, flood)
        flood.signal(signal.SIGUSR1)  # begin no more
        assert await flood.finished() == 0, "503 with Retry-After, or 486, for all"
    for call in talking:
        hz = AGENT_HZ if call.phone is citizen else CITIZEN_HZ
        _assert_no_gap(call.voice, hz, LONGEST_GAP_SECONDS + max(stalls))
    await _assert_all_are_in_the_ledger(hotline)


def _team(desks: list[Phone]) -> list[dict[str, object]]:
    states = ("ready", "ready", "logged_out")
    people = zip(desks, states, strict=True)
    return [agent(d, f"100{n}", state=s) for n, (d, s) in enumerate(people)]


def _numbers(folder: Path) -> Path:
    """The numbers that call, as SIPp reads them."""
    file = folder / "numbers.csv"
    file.write_text("\n".join(["SEQUENTIAL", *NUMBERS, ""]))
    return file


async def _talk(
    hotline: HotlineProcess, citizen: Phone, desk: Phone, agent_id: str
) -> tuple[PhoneCall, PhoneCall]:
    caller = await dial_and_press(citizen, hotline)
    talk = await answered_by(desk, hotline, agent_id)
    await hears(talk, CITIZEN_HZ)
    await hears(caller, AGENT_HZ)
    return caller, talk


async def _floods(hotline: HotlineProcess) -> None:
    async def is_so() -> bool:
        return await hotline.metric(REFUSED) > A_SECOND / 5

    await until_so(is_so)


async def _assert_agent_is_rung_meanwhile(
    hotline: HotlineProcess, desk: Phone, waiting: PhoneCall, flood: Sipp
) -> None:
    """Legs are kept free for agents, whatever comes in."""
    assert (await hotline.command("agents", "login", "1002"))[0] == 0
    await answered_by(desk, hotline, "1002")
    assert flood.runs, "the flood was over too soon to prove anything"
    await hears(waiting, AGENT_HZ)


@asynccontextmanager
async def own_stalls() -> AsyncIterator[list[float]]:
    """How late this process was now and then: its phones then sent late, too."""
    stalls = [0.0]
    loop = asyncio.get_running_loop()

    async def watch() -> None:
        while True:
            due = loop.time() + 0.01
            await asyncio.sleep(0.01)
            stalls.append(loop.time() - due)

    watching = asyncio.create_task(watch(), name="watch stalls")
    try:
        yield stalls
    finally:
        watching.cancel()


def _assert_no_gap(voice: Voice, hz: float, longest_seconds: float) -> None:
    """Packet after packet came, and the tone was in each."""
    heard, arrivals = voice.heard(), voice.arrivals()
    lasted = arrivals[-1] - arrivals[0]
    assert len(heard) / RATE > lasted - longest_seconds
    frames = heard[: len(heard) // FRAME * FRAME].reshape(-1, FRAME)
    silent = [level_of(frame, hz) < AUDIBLE for frame in frames]
    assert _longest_run(silent) * FRAME / RATE <= longest_seconds
    gaps = [later - earlier for earlier, later in pairwise(arrivals)]
    assert np.quantile(gaps, 0.99) <= longest_seconds


def _longest_run(found: list[bool]) -> int:
    longest = now = 0
    for it in found:
        now = now + 1 if it else 0
        longest = max(longest, now)
    return longest


async def _assert_all_are_in_the_ledger(hotline: HotlineProcess) -> None:
    """Each number once; the counters agree, and the service is well."""
    came = round(await hotline.metric(REFUSED))
    await until(lambda: len(_blocked(hotline)) >= came)
    assert sorted(_blocked(hotline)) == [f"+86{number}" for number in NUMBERS[:came]]
    assert await hotline.metric(REFUSED) == came
    assert await hotline.metric(ARRIVED) == came + 3
    assert (await hotline.get("/health/ready"))["status"] == "ready"


def _blocked(hotline: HotlineProcess) -> list[str]:
    rows = hotline.rows("SELECT caller FROM missed_calls WHERE stage = 'blocked'")
    return [row["caller"] for row in rows]
