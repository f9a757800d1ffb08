"""Citizen and agent act in the same moment, every turn of the loop apart."""

import asyncio
from pathlib import Path

import pytest

from acd.events import AgentState, CallConnected, Outcome
from tests.fakes.leg import FakeLeg
from tests.story.hotline import StoryHotline, open_hotline
from tests.story.test_calls import in_queue

pytestmark = pytest.mark.looptime

TURNS = range(16)


async def turns(number: int) -> None:
    """Let the loop go round so many times."""
    for _ in range(number):
        await asyncio.sleep(0)


def assert_nothing_is_left(hotline: StoryHotline, citizen: FakeLeg) -> None:
    """Nobody talks, no leg is up, and the outcome fits what the queue tells."""
    agent = hotline.engine.agents["a"]
    assert agent.state in (AgentState.READY, AgentState.WRAP_UP)
    assert not hotline.engine.talks
    assert not hotline.engine.waiting
    assert hotline.endpoint.legs_in_use == 0
    answered = hotline.outcome_of(citizen) is Outcome.ANSWERED
    assert answered == bool(hotline.all(CallConnected))
    assert hotline.is_owed_a_call_back(citizen) != answered


@pytest.mark.parametrize("between", TURNS)
async def test_citizen_hangs_up_as_the_agent_picks_up(between: int) -> None:
    async with open_hotline("a") as hotline:
        hotline.log_in("a")
        citizen = await in_queue(hotline)
        (phone,) = hotline.phones_of("a")
        phone.peer_rings()
        phone.peer_answers()
        await turns(between)
        citizen.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert_nothing_is_left(hotline, citizen)


@pytest.mark.parametrize("between", TURNS)
async def test_agent_picks_up_as_the_citizen_hangs_up(between: int) -> None:
    async with open_hotline("a") as hotline:
        hotline.log_in("a")
        citizen = await in_queue(hotline)
        (phone,) = hotline.phones_of("a")
        phone.peer_rings()
        citizen.peer_hangs_up()
        await turns(between)
        phone.peer_answers()
        await asyncio.sleep(0.1)
        assert_nothing_is_left(hotline, citizen)


@pytest.mark.parametrize("between", TURNS)
async def test_both_hang_up_in_the_moment_of_the_answer(between: int) -> None:
    async with open_hotline("a") as hotline:
        hotline.log_in("a")
        citizen = await in_queue(hotline)
        (phone,) = hotline.phones_of("a")
        phone.peer_answers()
        await turns(between)
        phone.peer_hangs_up()
        await turns(between // 4)
        citizen.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert_nothing_is_left(hotline, citizen)


@pytest.mark.parametrize("between", TURNS)
async def test_agent_picks_up_as_the_citizen_leaves_the_queue_by_key(
    between: int, tmp_path: Path
) -> None:
    file = tmp_path / "flow.yaml"
    file.write_text(
        "steps:\n"
        "  person: {do: enqueue, queue: general, leave_key: '5', left: end}\n"
        "  end: {do: hang_up}\n"
    )
    async with open_hotline("a", flow_file=file) as hotline:
        hotline.log_in("a")
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(0.1)
        (phone,) = hotline.phones_of("a")
        citizen.press("5")
        await turns(between)
        phone.peer_answers()
        await asyncio.sleep(0.1)
        citizen.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert_nothing_is_left(hotline, citizen)
