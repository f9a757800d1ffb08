"""Campaigns with a number, a flow and windows of their own; it is Monday, 16:00."""

import asyncio

import pytest

from acd.placing import NotAnswered, WhyNot
from outbound.contact import ContactState, FollowUpOutcome
from outbound.mode import CampaignMode, DialMode
from outbound.own_rules import Offered, OwnRules
from outbound.previews import PreviewRefused
from outbound.standing import Pace
from tests.fakes.leg import FakeLeg
from tests.story.campaigns import CampaignStory, number_of, open_campaigns

pytestmark = pytest.mark.looptime

OFFERED = Offered(flows=("follow_up",), caller_numbers=("12345", "053112345"))
LATER = OwnRules(windows=("17:00-18:00",))
OPEN_NOW = OwnRules(windows=("15:00-16:30",))
HOUR = 3600.0


async def have(story: CampaignStory, own: OwnRules, campaign: str = "november") -> None:
    """The campaign has these of its own."""
    now = story.hotline.clock.now()
    await story.modes.change_own(campaign, own, now)
    story.dialler.look()


async def test_campaign_is_called_in_its_own_windows_and_the_others_in_theirs(
    database_url: str,
) -> None:
    async with open_campaigns(database_url) as story:
        await story.enter(0)
        await have(story, LATER)
        await story.enter(3)
        await story.enter(2, campaign="december")
        await asyncio.sleep(60)
        assert len(story.called) == 2
        assert all(not it.attempts for it in await story.records())
        assert story.dialler.standing(LATER).pace is Pace.OUTSIDE_WINDOWS
        assert story.dialler.standing().pace is Pace.FREE
        await asyncio.sleep(HOUR)
        tried = [it.attempts for it in await story.records()]
        assert [len(tries) for tries in tried] == [1, 1, 1]
        assert {each.evidence.window for (each,) in tried if each.evidence} == {
            "17:00-18:00"
        }


async def test_campaign_is_called_while_the_windows_of_all_are_closed(
    database_url: str,
) -> None:
    async with open_campaigns(database_url) as story:
        await asyncio.sleep(5 * HOUR)  # 21:00: all windows are closed, its own next
        await story.enter(0)
        await have(story, OwnRules(windows=("08:00-09:00",)))
        await story.enter(1)
        await asyncio.sleep(10.5 * HOUR)
        assert story.called == []
        await asyncio.sleep(0.6 * HOUR)
        assert len(story.called) == 1


async def test_call_shows_the_number_of_its_campaign(database_url: str) -> None:
    async with open_campaigns(database_url, offered=OFFERED) as story:
        await story.enter(0)
        await have(story, OwnRules(caller_number="053112345"))
        await story.enter(1)
        await asyncio.sleep(5)
        (request,) = story.hotline.placer.requests
        assert request.caller_number == "053112345"


async def test_contact_whom_no_trunk_may_show_its_number_waits_for_another(
    database_url: str,
) -> None:
    refused = NotAnswered(why=WhyNot.NOT_ALLOWED, words="it is on no list")
    async with open_campaigns(database_url, offered=OFFERED) as story:
        await story.enter(0)
        await have(story, OwnRules(caller_number="053112345"))
        story.hotline.placer.refusals[number_of(0)] = refused
        await story.enter(1)
        await asyncio.sleep(5 * HOUR)
        assert await story.outcomes() == {FollowUpOutcome.NOT_ALLOWED: 1}
        (record,) = await story.records()
        assert (record.contact.state, record.contact.tries) == (ContactState.WAITING, 0)
        story.hotline.placer.refusals.clear()
        await have(story, OwnRules())
        await asyncio.sleep(13 * HOUR)
        assert len(story.called) == 2


async def test_nobody_is_called_by_what_the_settings_no_longer_offer(
    database_url: str,
) -> None:
    gone = OwnRules(flow="water")
    async with open_campaigns(database_url) as story:
        await story.enter(0)
        await have(story, gone)
        await story.enter(2)
        await asyncio.sleep(HOUR)
        assert story.called == []
        assert story.dialler.standing(gone).pace is Pace.NOT_OFFERED
        await have(story, OwnRules())
        await asyncio.sleep(5)
        assert len(story.called) == 2


async def test_preview_is_withdrawn_when_the_windows_of_its_campaign_close(
    database_url: str,
) -> None:
    preview = CampaignMode(mode=DialMode.PREVIEW, queue="general")
    async with open_campaigns(database_url, "a") as story:
        story.hotline.log_in("a")
        await story.enter(0)
        await have(story, OPEN_NOW)
        await story.enter(1, mode=preview)
        await asyncio.sleep(5)
        (shown,) = story.dialler.previews.all()
        await have(story, LATER)
        await asyncio.sleep(5)
        assert story.dialler.previews.all() == []
        with pytest.raises(PreviewRefused):
            story.dialler.previews.accept("a", shown.contact.id)


async def test_call_that_is_under_way_goes_on_when_its_campaign_ends(
    database_url: str,
) -> None:
    def rings(_number: str, leg: FakeLeg) -> None:
        leg.peer_rings()

    async with open_campaigns(database_url, lines=1, behaviour=rings) as story:
        await story.enter(3)
        await asyncio.sleep(5)
        assert len(story.called) == 1
        await story.end()
        await asyncio.sleep(HOUR)
        assert len(story.called) == 1
        records = await story.records()
        assert [it.contact.state for it in records] == [ContactState.WITHDRAWN] * 3
        assert await story.outcomes() == {FollowUpOutcome.NO_ANSWER: 1}
