"""Follow-up calls yield: to citizens who wait, to emergency plans, to bounded lines."""

import asyncio

import pytest

from acd.events import PlanLevelChanged
from outbound.dialler import Dialler
from outbound.standing import Pace
from tests.fakes.leg import FakeLeg
from tests.story.campaigns import CampaignStory, open_campaigns

pytestmark = pytest.mark.looptime


def rings_for_ever(_number: str, leg: FakeLeg) -> None:
    """Nobody is at home: his telephone rings until we give up."""
    leg.peer_rings()


def change_level(story: CampaignStory, level: int, old: int) -> None:
    """The plans are published at another level."""
    story.hotline.bus.publish(
        PlanLevelChanged(at=story.hotline.clock.now(), level=level, old_level=old)
    )


async def test_no_more_than_the_lines_ring_at_once(database_url: str) -> None:
    async with open_campaigns(database_url, lines=3, behaviour=rings_for_ever) as story:
        await story.enter(10)
        most = 0
        for _ in range(300):
            await asyncio.sleep(0.5)
            most = max(most, story.dialler.under_way)
        assert most == 3
        assert len(set(story.called)) == len(story.called) == 10


async def test_each_citizen_who_waits_takes_a_line_and_gives_it_back(
    database_url: str,
) -> None:
    async with open_campaigns(database_url, lines=3, behaviour=rings_for_ever) as story:
        waiting = [
            story.hotline.endpoint.dial(from_user=f"1390000000{n}") for n in (1, 2)
        ]
        await asyncio.sleep(20)
        await story.enter(10)
        await asyncio.sleep(5)
        assert story.dialler.under_way == 1
        standing = story.dialler.standing()
        assert standing.pace is Pace.CITIZENS_WAIT
        assert (standing.lines, standing.under_way, standing.waiting) == (3, 1, 2)
        for citizen in waiting:
            citizen.peer_hangs_up()
        await asyncio.sleep(5)
        assert story.dialler.under_way == 3


async def test_lines_are_emptied_as_inbound_fills(database_url: str) -> None:
    async with open_campaigns(database_url, lines=3, behaviour=rings_for_ever) as story:
        await story.enter(30)
        await asyncio.sleep(5)
        assert story.dialler.under_way == 3
        for n in range(3):
            story.hotline.endpoint.dial(from_user=f"1390000000{n}")
        await asyncio.sleep(60)
        assert story.dialler.under_way == 0
        called = len(story.called)
        await asyncio.sleep(600)
        assert len(story.called) == called


async def test_follow_up_calls_stop_while_a_plan_is_on_and_resume_after(
    database_url: str,
) -> None:
    async with open_campaigns(database_url, lines=2, behaviour=rings_for_ever) as story:
        await story.enter(20)
        await asyncio.sleep(5)
        change_level(story, 1, 0)
        assert story.dialler.under_way == 2  # who is rung already is not cut off
        await asyncio.sleep(60)
        called = len(story.called)
        change_level(story, 2, 1)
        assert story.dialler.standing().pace is Pace.PLAN
        await asyncio.sleep(1200)
        assert (story.dialler.under_way, len(story.called)) == (0, called)
        change_level(story, 0, 2)
        await asyncio.sleep(1)
        assert story.dialler.under_way == 2


async def test_service_that_starts_during_a_plan_calls_nobody_until_it_is_over(
    database_url: str,
) -> None:
    async with open_campaigns(database_url, lines=2, behaviour=rings_for_ever) as story:
        await story.stop()
        again = Dialler(
            story.store, story.modes, story.rules, story.hotline.equipment, plan_level=2
        )
        await story.enter(20)
        async with again:
            await asyncio.sleep(600)
            assert story.called == []
            assert again.standing().pace is Pace.PLAN
            change_level(story, 2, 0)  # as the plans tell after a start
            await asyncio.sleep(60)
            assert story.called == []
            change_level(story, 0, 2)
            await asyncio.sleep(1)
            assert again.under_way == 2
