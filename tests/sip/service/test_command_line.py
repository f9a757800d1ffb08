"""The command line beside the running service, after it, and without it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.sip.service.acts import answered_by, dial_and_press, until_state
from tests.sip.service.conftest import AGENTS_NAME, OpenPhone, StartHotline, agent
from tests.sip.service.hotline_process import HotlineProcess

pytestmark = pytest.mark.sip

Says = Callable[..., Awaitable[str]]


def told_by(hotline: HotlineProcess, status: int = 0) -> Says:
    """Runs a command that must end with this status; what it says."""

    async def says(*words: str) -> str:
        ended, said = await hotline.command(*words)
        assert ended == status, said
        assert "Traceback" not in said
        return said

    return says


async def test_operator_sees_calls_and_agents_and_sets_their_states(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk), agent("sip:1002@127.0.0.3:9", "1002"))
    says = told_by(hotline)
    assert "1002 is paused" in await says("agents", "pause", "1002", "--reason", "meal")
    caller = await dial_and_press(citizen, hotline, user="13812345678")
    await answered_by(desk, hotline)
    listed = await says("agents", "list")
    assert AGENTS_NAME in listed
    assert "meal" in listed
    assert "talking" in listed
    assert "1001 will be paused after the talk" in await says("agents", "pause", "1001")
    assert "in progress" in await says("calls", "list")
    caller.hang_up()
    await until_state(hotline, "1001", "paused")
    assert "1001 is ready" in await says("agents", "ready", "1001")
    assert "1001 is logged out" in await says("agents", "logout", "1001")
    assert "1001 is ready" in await says("agents", "login", "1001")
    refuses = told_by(hotline, status=1)
    assert "no agent '9999'" in await refuses("agents", "ready", "9999")


async def test_records_are_told_while_the_service_runs_and_when_it_does_not(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk))
    caller = await dial_and_press(citizen, hotline, user="13812345678")
    talk = await answered_by(desk, hotline)
    lost = await dial_and_press(citizen, hotline, user="13900000007")
    lost.hang_up()
    caller.hang_up()
    await talk.got_request("BYE")
    call = await hotline.call_that_ended(1)
    await _assert_records_are_told(hotline, call["id"])
    await hotline.stop()
    await _assert_records_are_told(hotline, call["id"])
    unreachable = told_by(hotline, status=2)
    words = await unreachable("agents", "list")
    assert "hotline is not running at" in words
    assert "start it with: hotline run" in words


async def _assert_records_are_told(hotline: HotlineProcess, call_id: str) -> None:
    says = told_by(hotline)
    calls, story, missed, recordings, proof = await asyncio.gather(
        says("calls", "list"),
        says("calls", "show", call_id[-8:], "--full"),
        says("calls", "missed"),
        says("recordings", "list"),
        says("recordings", "verify"),
    )
    assert "138****5678" in calls
    assert "+8613812345678" in story
    assert "CONNECT" in story
    assert "139****0007" in missed
    assert call_id in recordings
    assert "Faults: 0" in proof


async def test_operator_sees_the_trunks_and_why_one_is_down(
    start_hotline: StartHotline,
) -> None:
    trunk = (
        '[[trunks]]\nname = "telecom"\nhost = "127.0.0.2"\nport = 9\n'
        'caller_numbers = ["053112345"]\n'
    )
    hotline = await start_hotline(extra=trunk)
    await hotline.logged("trunk telecom is down: it does not answer OPTIONS")
    said = await told_by(hotline, status=1)("trunks", "list")
    assert "down" in said
    assert "0 of 30" in said
    assert await hotline.metric('hotline_trunk_up{trunk="telecom"}') == 0
    assert (await hotline.get("/health/ready"))["status"] == "ready"


async def test_check_says_that_all_is_well(start_hotline: StartHotline) -> None:
    hotline = await start_hotline()
    said = await told_by(hotline)("check")
    assert "flow citizen: good" in said
    assert "voices and recordings are good" in said
    assert "data directory" in said
    assert "✗" not in said


async def test_second_hotline_on_the_same_data_is_refused(
    start_hotline: StartHotline,
) -> None:
    hotline = await start_hotline()
    said = await told_by(hotline, status=1)("run")
    assert "another hotline" in said
    assert "data_dir" in said
    assert (await hotline.get("/health/ready"))["status"] == "ready"


async def test_cold_start_from_the_command_line(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    """All other services are started warm; this one has its imports in the way."""
    desk, citizen = await phone(), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk), cold=True)
    caller = await dial_and_press(citizen, hotline)
    await answered_by(desk, hotline)
    caller.hang_up()
    assert (await hotline.call_that_ended())["outcome"] == "answered"
