"""A citizen whom a campaign wants to ask and to whom a call-back is owed: one after the other."""

import asyncio
from typing import Any

import pytest

from acd.call_backs.rules import CallBackRules
from acd.placing import TrafficClass
from outbound.contact import Contact, FollowUpOutcome
from tests.fakes.leg import FakeLeg
from tests.fakes.telephony import answers_after
from tests.story.campaigns import CampaignStory, citizens, open_campaigns
from tests.story.test_inbound_comes_first import rings_for_ever

pytestmark = pytest.mark.looptime

CALL_BACK, FOLLOW_UP = TrafficClass.CALL_BACK, TrafficClass.FOLLOW_UP
AUTOMATIC = CallBackRules(automatic=True)


async def missed(story: CampaignStory) -> None:
    """The first contact has called, and nobody was there; agents will answer."""
    citizen = story.hotline.endpoint.dial(from_user="13800000000")
    await asyncio.sleep(20)
    citizen.peer_hangs_up()
    await asyncio.sleep(5)
    story.hotline.endpoint.answer_policy = answers_after(1)
    citizens(story.hotline, rings_for_ever)


def placed(story: CampaignStory) -> list[TrafficClass]:
    """What rang him, in order."""
    return [request.traffic for request in story.hotline.placer.requests]


async def test_whom_we_call_back_is_asked_when_that_call_is_over(
    database_url: str,
) -> None:
    async with open_campaigns(database_url, "a", call_backs=AUTOMATIC) as story:
        await missed(story)
        story.hotline.log_in("a")
        await asyncio.sleep(15)
        assert placed(story) == [CALL_BACK]
        await story.enter(1)
        await asyncio.sleep(10)
        assert placed(story) == [CALL_BACK]
        await asyncio.sleep(30)
        assert placed(story) == [CALL_BACK, FOLLOW_UP]


async def test_who_is_asked_is_called_back_when_that_call_is_over(
    database_url: str,
) -> None:
    async with open_campaigns(database_url, "a", call_backs=AUTOMATIC) as story:
        await missed(story)
        await story.enter(1)
        await asyncio.sleep(2)
        story.hotline.log_in("a")
        await asyncio.sleep(15)
        assert placed(story) == [FOLLOW_UP]
        assert story.hotline.phones_of("a") == []
        await asyncio.sleep(30)
        assert placed(story) == [FOLLOW_UP, CALL_BACK]


async def test_who_calls_while_his_try_is_written_is_asked_later(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_campaigns(database_url) as story:
        lease, dialled = story.store.lease, list[FakeLeg]()

        async def slowly(*given: Any) -> Contact | None:
            if not dialled:
                dialled.append(story.hotline.endpoint.dial(from_user="13800000000"))
            return await lease(*given)

        monkeypatch.setattr(story.store, "lease", slowly)
        await story.enter(1)
        await asyncio.sleep(5)
        assert await story.outcomes() == {FollowUpOutcome.NO_LINE: 1}
        (record,) = await story.records()
        assert (record.contact.tries, placed(story)) == (0, [])
        dialled[0].peer_hangs_up()
        await asyncio.sleep(310)
        assert placed(story) == [FOLLOW_UP]
