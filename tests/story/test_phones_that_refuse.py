"""A phone that did not take the call is as if it had never rung."""

import asyncio

import pytest

from acd.events import Outcome
from tests.fakes.leg import FakeLeg
from tests.fakes.telephony import refuses_with
from tests.story.hotline import StoryHotline, open_hotline

pytestmark = pytest.mark.looptime


async def in_queue(hotline: StoryHotline) -> FakeLeg:
    """A citizen who has pressed 1."""
    citizen = hotline.endpoint.dial()
    await asyncio.sleep(0.1)
    citizen.press("1")
    await asyncio.sleep(0.1)
    return citizen


@pytest.mark.parametrize("code", [486, 603])
async def test_caller_who_hangs_up_after_a_phone_refused_is_abandoned_in_the_queue(
    code: int,
) -> None:
    async with open_hotline("a") as hotline:
        hotline.endpoint.answer_policy = refuses_with(code)
        hotline.log_in("a")
        citizen = await in_queue(hotline)
        assert hotline.phones_of("a")[0].ended.done()
        await asyncio.sleep(1)
        citizen.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert hotline.outcome_of(citizen) is Outcome.ABANDONED_IN_QUEUE


async def test_caller_who_hangs_up_while_the_next_phone_rings_left_while_ringing() -> (
    None
):
    async with open_hotline("a", "b") as hotline:
        hotline.log_in("a", "b")
        citizen = await in_queue(hotline)
        hotline.phones_of("a")[0].peer_refuses(486)
        await asyncio.sleep(1)
        hotline.phones_of("b")[0].peer_rings()
        citizen.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert hotline.outcome_of(citizen) is Outcome.ABANDONED_WHILE_RINGING


async def test_phone_that_refuses_as_its_ringing_ends_does_not_break_the_call() -> None:
    async with open_hotline("a", ring_seconds=3) as hotline:
        hotline.log_in("a")
        citizen = await in_queue(hotline)
        (phone,) = hotline.phones_of("a")
        due = hotline.engine.next_due()
        assert due is not None
        loop = asyncio.get_running_loop()
        loop.call_at(hotline.clock.loop_time(due), phone.peer_refuses, 486)
        await asyncio.sleep(5)
        assert not citizen.ended.done()
        citizen.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert hotline.outcome_of(citizen) is Outcome.ABANDONED_IN_QUEUE
