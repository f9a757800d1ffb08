"""A rule or a flood takes the citizen out of his queue."""

import asyncio

import pytest

from acd.events import CallDeclined, CallOverflowed, Outcome
from acd.queue_rules import Admission, Overflow, OverflowWhen
from tests.story.hotline import open_hotline
from tests.story.test_calls import in_queue

pytestmark = pytest.mark.looptime


async def test_citizen_sent_on_by_a_rule_goes_on_in_his_flow() -> None:
    way = Overflow(when=OverflowWhen.WAIT, limit=60)
    async with open_hotline("a", overflow=(way,)) as hotline:
        citizen = await in_queue(hotline)
        await asyncio.sleep(59)
        assert list(hotline.engine.waiting) == [citizen.id]
        await asyncio.sleep(30)
        assert [e.call_id for e in hotline.all(CallOverflowed)] == [citizen.id]
        assert not hotline.engine.waiting
        assert hotline.is_owed_a_call_back(citizen)


async def test_citizen_without_a_place_is_told_so_and_is_owed_a_call_back() -> None:
    admission = Admission(places_per_agent=0.1, least_places=1)
    async with open_hotline("a", admission=admission) as hotline:
        first = await in_queue(hotline)
        second = await in_queue(hotline)
        await asyncio.sleep(30)
        assert list(hotline.engine.waiting) == [first.id]
        assert [e.call_id for e in hotline.all(CallDeclined)] == [second.id]
        assert hotline.outcome_of(second) is Outcome.DECLINED
        assert hotline.is_owed_a_call_back(second)
        first.peer_hangs_up()
