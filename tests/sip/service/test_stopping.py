"""Stopping: talks may end, nobody new comes in, and impatience does no harm."""

import asyncio
import signal

import pytest

from tests.integration.worker_processes import runs, workers
from tests.sip.service.acts import answered_by, dial_and_press
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.waits import until

pytestmark = pytest.mark.sip


async def test_stopping_lets_the_talk_end_and_takes_no_new_call(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk), hotline="drain_seconds = 60")
    caller = await dial_and_press(citizen, hotline)
    await answered_by(desk, hotline)
    assert hotline.program
    hotline.program.signal(signal.SIGTERM)
    await hotline.logged("stopping: 1 calls may end")
    refused = await citizen.dial()
    await refused.got_response("INVITE", 503)
    assert hotline.program.status is None
    caller.hang_up()
    assert await hotline.program.end() == 0


async def test_second_signal_ends_calls_at_once_and_their_citizens_are_owed_a_call_back(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk), hotline="drain_seconds = 60")
    caller = await dial_and_press(citizen, hotline, user="13900000009")
    talk = await answered_by(desk, hotline)
    assert hotline.program
    hotline.program.signal(signal.SIGINT)
    await hotline.logged("stopping: 1 calls may end")
    hotline.program.signal(signal.SIGINT)
    assert await hotline.program.end() == 0
    await caller.got_request("BYE")
    await talk.got_request("BYE")
    calls = hotline.rows("SELECT outcome, cause FROM calls")
    assert calls == [{"outcome": "cut_off", "cause": "endpoint_stopped"}]
    owed = hotline.rows("SELECT caller, stage FROM missed_calls")
    assert owed == [{"caller": "+8613900000009", "stage": "cut_off"}]


async def test_signals_without_end_change_nothing_of_the_stopping(
    start_hotline: StartHotline,
) -> None:
    hotline = await start_hotline()
    assert hotline.program
    while hotline.program.status is None:
        hotline.program.signal(signal.SIGINT)
        await asyncio.sleep(0.01)
    assert hotline.program.status == 0


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
async def test_process_that_makes_reports_ends_with_the_service(
    start_hotline: StartHotline, end: signal.Signals
) -> None:
    hotline = await start_hotline()
    assert hotline.program
    assert (await hotline.get("/api/v1/statistics/agents"))["agents"] == []
    module = "acd.statistics.report_worker"
    (worker,) = workers(module, hotline.program.pid)
    hotline.program.signal(end)
    await hotline.program.end()
    await until(lambda: not runs(worker, module))
