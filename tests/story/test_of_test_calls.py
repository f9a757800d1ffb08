"""A test call: served like a citizen's up to the queue, and told of nowhere."""

import asyncio

import pytest

from acd.events import Outcome
from tests.story.hotline import StoryHotline, open_hotline

pytestmark = pytest.mark.looptime


async def assert_nothing_is_told(hotline: StoryHotline) -> None:
    await asyncio.sleep(600)
    assert hotline.told == []
    assert hotline.archive.recordings == {}


async def test_test_call_hears_the_greeting_and_is_hung_up_before_the_queue() -> None:
    async with open_hotline() as hotline:
        leg = hotline.endpoint.dial(test_mark="true")
        await asyncio.sleep(1)
        assert leg.answered.done()
        assert leg.hears, "the greeting sounds"
        await asyncio.wait({leg.ended}, timeout=30)
        assert leg.ended.done()
        await assert_nothing_is_told(hotline)


async def test_test_caller_who_hangs_up_is_told_of_nowhere() -> None:
    async with open_hotline() as hotline:
        leg = hotline.endpoint.dial(test_mark="true")
        await asyncio.sleep(1)
        leg.peer_hangs_up()
        await assert_nothing_is_told(hotline)


async def test_full_hotline_refuses_a_test_call_and_owes_it_nothing() -> None:
    async with open_hotline(max_calls=0) as hotline:
        leg = hotline.endpoint.dial(test_mark="true")
        await asyncio.wait({leg.ended}, timeout=30)
        assert leg.ended.result().sip_code == 503
        await assert_nothing_is_told(hotline)


async def test_test_call_that_finds_no_leg_is_owed_nothing_and_a_citizen_is() -> None:
    async with open_hotline() as hotline:
        hotline.endpoint.legs_allowed = 0
        hotline.endpoint.dial(test_mark="true")
        await assert_nothing_is_told(hotline)
        hotline.endpoint.dial()
        await asyncio.sleep(1)
        assert [told.outcome for told in hotline.told if hasattr(told, "outcome")] == [
            Outcome.BLOCKED
        ]


async def test_test_call_takes_no_place_of_a_citizen() -> None:
    async with open_hotline(max_calls=1) as hotline:
        hotline.endpoint.dial(test_mark="true")
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(2)
        assert citizen.answered.done()


async def test_stopping_ends_a_test_call() -> None:
    async with open_hotline() as hotline:
        leg = hotline.endpoint.dial(test_mark="true")
        await asyncio.sleep(1)
    assert leg.ended.done()
    assert hotline.told == []
