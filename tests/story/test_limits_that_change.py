"""Limits of follow-up calls that change while a campaign runs: the next call feels them."""

import asyncio
from datetime import time

import pytest

from outbound.contact import ContactState
from outbound.rules import FollowUpRules
from outbound.standing import Pace
from tests.fakes.leg import FakeLeg
from tests.story.campaigns import ALL_DAY, open_campaigns

pytestmark = pytest.mark.looptime
MORNING = FollowUpRules(windows=((time(9), time(12)),))
HOUR = 3600.0


def rings(_number: str, leg: FakeLeg) -> None:
    """His telephone rings on."""
    leg.peer_rings()


async def test_lines_that_are_added_are_used_at_once_and_fewer_cut_no_call(
    database_url: str,
) -> None:
    async with open_campaigns(database_url, lines=0, behaviour=rings) as story:
        await story.enter(5)
        await asyncio.sleep(2)
        assert story.called == []
        story.dialler.limit(3, ALL_DAY)
        await asyncio.sleep(2)
        assert (len(story.called), story.dialler.under_way) == (3, 3)
        story.dialler.limit(1, ALL_DAY)
        await asyncio.sleep(2)
        assert (len(story.called), story.dialler.under_way) == (3, 3)
        standing = story.dialler.standing()
        assert (standing.lines, standing.free) == (1, 0)


async def test_window_that_is_opened_lets_calls_begin(database_url: str) -> None:
    async with open_campaigns(database_url, when=MORNING) as story:
        await story.enter(1)
        await asyncio.sleep(HOUR)
        assert story.called == [], "it is the afternoon"
        story.dialler.limit(5, ALL_DAY)
        await asyncio.sleep(2)
        assert len(story.called) == 1


async def test_window_that_is_closed_lets_no_further_call_begin(
    database_url: str,
) -> None:
    async with open_campaigns(database_url, lines=1) as story:
        story.dialler.limit(1, MORNING)
        await story.enter(1)
        await asyncio.sleep(HOUR)
        assert story.called == []
        assert story.dialler.standing().pace is Pace.OUTSIDE_WINDOWS


async def test_contact_who_has_had_his_tries_by_new_limits_is_not_called_again(
    database_url: str,
) -> None:
    async with open_campaigns(database_url) as story:
        await story.enter(1)
        await asyncio.sleep(10)
        assert len(story.called) == 1, "he was busy, and is due again"
        story.dialler.limit(5, FollowUpRules(gap_hours=1, tries=1))
        await asyncio.sleep(72 * HOUR)
        assert len(story.called) == 1
        (record,) = await story.records()
        assert record.contact.state is ContactState.EXHAUSTED
