"""Callers that we did not write: SIPp presses keys, holds, and hangs up."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.ports import free_port
from tests.sip.phone import Phone
from tests.sip.service.acts import (
    AGENT_HZ,
    AUDIBLE,
    SILENT,
    answered_by,
    assert_recordings_prove,
    channels,
    hears,
    until_waiting,
)
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.sipp import Sipp
from tests.sip.tones import RATE, level_of, steady_level

pytestmark = pytest.mark.sip

StartSipp = Callable[..., Awaitable[Sipp]]
needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="SIPp needs root to play a capture"
)

CALLS, AGENTS = 20, 4
FLOW = """
steps:
  key:
    do: menu
    keys: {1: person}
    timeout_seconds: 30
    timeout: person
    invalid: person
  person:
    do: enqueue
  goodbye:
    do: hang_up
"""
"""Silence, a key, a person: without the key he comes too late."""


@pytest.fixture
def silent_flow(tmp_path: Path) -> str:
    """The setting of this flow for all calls."""
    (tmp_path / "silent.yaml").write_text(FLOW, encoding="utf-8")
    return f'[ivr]\nflow = "silent"\nflows_dir = "{tmp_path}"\n'


async def call_by(
    sipp: StartSipp,
    hotline: HotlineProcess,
    scenario: str,
    *options: object,
    **how: int,
) -> Sipp:
    """SIPp calls the hotline."""
    target = hotline.address
    return await sipp(scenario, *options, target=target, port=free_port(), **how)


async def serves(desk: Phone, hotline: HotlineProcess, agent_id: str) -> None:
    """An agent who takes every call, and ends it soon."""
    while True:
        talk = await answered_by(desk, hotline, agent_id, 60)
        talk.hang_up()
        await talk.got_response("BYE", 200)


@needs_root
async def test_twenty_callers_who_press_one_by_rfc_4733_all_reach_agents(
    start_hotline: StartHotline, phone: OpenPhone, sipp: StartSipp, silent_flow: str
) -> None:
    desks = [await phone() for _ in range(AGENTS)]
    team = {f"100{n}": desk for n, desk in enumerate(desks)}
    hotline = await start_hotline(
        *(agent(desk, name) for name, desk in team.items()), extra=silent_flow
    )
    async with asyncio.TaskGroup() as tasks:
        serving = [
            tasks.create_task(serves(desk, hotline, name))
            for name, desk in team.items()
        ]
        callers = await call_by(sipp, hotline, "person_by_digit", "-r", 10, calls=CALLS)
        assert await callers.finished() == 0
        for task in serving:
            task.cancel()
    for number in range(CALLS):
        story = await hotline.call_that_ended(number)
        assert (story["outcome"], story["cause"]) == ("answered", "we_hung_up")
        assert story["ivr_seconds"] < 20, "the key was heard"
    takers = hotline.rows("SELECT DISTINCT agent_id FROM calls")
    assert len(takers) == AGENTS, "the longest idle one is next"


async def test_caller_who_presses_one_by_sip_info_reaches_an_agent(
    start_hotline: StartHotline, phone: OpenPhone, sipp: StartSipp, silent_flow: str
) -> None:
    desk = await phone()
    hotline = await start_hotline(agent(desk), extra=silent_flow)
    caller = await call_by(sipp, hotline, "person_by_info")
    talk = await answered_by(desk, hotline)
    talk.hang_up()
    assert await caller.finished() == 0
    story = await hotline.call_that_ended()
    assert (story["outcome"], story["ivr_seconds"] < 20) == ("answered", True)


@needs_root
async def test_caller_who_hangs_up_while_waiting_leaves_the_queue(
    start_hotline: StartHotline, phone: OpenPhone, sipp: StartSipp
) -> None:
    hotline = await start_hotline(agent(await phone(), state="logged_out"))
    caller = await call_by(sipp, hotline, "digit")
    await until_waiting(hotline, 1)
    assert await caller.finished() == 0
    await until_waiting(hotline, 0)
    assert (await hotline.call_that_ended())["outcome"] == "abandoned_in_queue"


async def test_talk_goes_on_after_a_hold_and_its_recording_has_the_right_length(
    start_hotline: StartHotline, phone: OpenPhone, sipp: StartSipp
) -> None:
    """SIPp echoes, so the agent's own tone tells that both directions are open."""
    desk = await phone(hz=AGENT_HZ)
    hotline = await start_hotline(agent(desk))
    caller = await call_by(sipp, hotline, "held_talk", "-rtp_echo")
    talk = await answered_by(desk, hotline)
    await hears(talk, AGENT_HZ)
    while level_of(await talk.voice.listen(0.5), AGENT_HZ) > SILENT:
        pass
    while np.abs(heard := await talk.voice.listen(0.5)).max() <= 300:
        pass
    assert level_of(heard, AGENT_HZ) < SILENT, "music on hold"
    await hears(talk, AGENT_HZ)
    assert await caller.finished() == 0
    story = await hotline.call_that_ended()
    left, right = await channels(hotline, story["id"])
    assert abs(len(left) / RATE - _lasted(hotline)) < 0.5
    assert steady_level(left[-RATE:], AGENT_HZ) > AUDIBLE
    assert steady_level(right[-RATE:], AGENT_HZ) > AUDIBLE
    await assert_recordings_prove(hotline)


def _lasted(hotline: HotlineProcess) -> float:
    query = "SELECT (julianday(ended_at) - julianday(answered_at)) * 86400 AS lasted FROM calls"
    return float(hotline.rows(query)[0]["lasted"])
