"""Who answers a follow-up call decides how it goes on, and what is kept of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from outbound.answer_detection import AnsweredBy
from outbound.archive import Attempt
from outbound.contact import ContactState, FollowUpOutcome
from outbound.detected import AnswerDetected
from tests.fakes.ears import FakeEars
from tests.fakes.leg import FakeLeg
from tests.story.campaigns import CampaignStory, open_campaigns

pytestmark = pytest.mark.looptime
Called = tuple[CampaignStory, FakeLeg, FakeEars]


def rings(_number: str, leg: FakeLeg) -> None:
    leg.peer_rings()


def answers(_number: str, leg: FakeLeg) -> None:
    leg.peer_answers()


@asynccontextmanager
async def one_call(
    url: str, behaviour: Callable[[str, FakeLeg], None] = answers, **call: Any
) -> AsyncIterator[Called]:
    """One contact is being called; his leg, and the ears that hear it."""
    ears = FakeEars()
    async with open_campaigns(
        url, behaviour=behaviour, call={"ears": ears} | call
    ) as story:
        await story.enter(1)
        async with asyncio.timeout(120):
            while not story.called:
                await asyncio.sleep(0.5)
        (leg,) = story.hotline.placer.phones_of(story.called[0])
        yield story, leg, ears


async def attempt(story: CampaignStory, seconds: float = 90) -> Attempt:
    """The only try, once it is over."""
    await asyncio.sleep(seconds)
    (record,) = await story.records()
    (tried,) = record.attempts
    return tried


async def test_machine_is_hung_up_on_and_called_in_another_part_of_the_day(
    database_url: str,
) -> None:
    async with one_call(database_url) as (story, leg, ears):
        told: list[AnswerDetected] = []
        story.hotline.bus.subscribe(AnswerDetected, told.append)
        ears.hear(leg, AnsweredBy.MACHINE)
        await asyncio.sleep(0.1)
        assert leg.ended.done()
        tried = await attempt(story)
        assert tried.outcome is FollowUpOutcome.MACHINE
        assert tried.verdict
        assert (tried.verdict.answered_by, tried.verdict.reason) == (
            AnsweredBy.MACHINE,
            "as it sounded",
        )
        (record,) = await story.records()
        due = record.contact.due_at
        assert record.contact.state is ContactState.WAITING
        assert due
        rules = story.rules.when
        assert rules.part_of(due) is not rules.part_of(tried.at)
        assert [(it.answered_by, it.at_seconds, it.before_answer) for it in told] == [
            (AnsweredBy.MACHINE, 2.5, False)
        ]


async def test_machine_is_left_a_message_when_its_greeting_is_over(
    database_url: str,
) -> None:
    async with one_call(database_url, leaves_message=True) as (story, leg, ears):
        ears.hear(leg, AnsweredBy.MACHINE)
        await asyncio.sleep(3)
        assert leg.playing is None
        ears.hear(leg, AnsweredBy.MACHINE, quiet_seconds=1.6)
        await asyncio.sleep(1)
        assert leg.playing
        assert "follow_up_message" in str(leg.playing)
        assert (await attempt(story)).outcome is FollowUpOutcome.MACHINE


async def test_machine_whose_greeting_never_ends_does_not_hold_the_line(
    database_url: str,
) -> None:
    async with one_call(database_url, leaves_message=True) as (story, leg, ears):
        ears.hear(leg, AnsweredBy.MACHINE)
        assert (await attempt(story, 75)).outcome is FollowUpOutcome.MACHINE
        assert leg.ended.done()


async def test_who_pressed_a_key_is_a_person_whatever_he_sounds_like(
    database_url: str,
) -> None:
    async with one_call(database_url) as (story, leg, ears):
        leg.press("5")
        ears.hear(leg, AnsweredBy.MACHINE)
        await asyncio.sleep(20)
        assert not leg.ended.done()
        tried = await attempt(story)
        assert tried.outcome is FollowUpOutcome.SILENT
        assert tried.verdict
        assert tried.verdict.answered_by is AnsweredBy.HUMAN
        assert tried.verdict.reason == "pressed a key"


async def test_network_that_goes_on_announcing_ends_the_call_before_its_answer(
    database_url: str,
) -> None:
    async with one_call(database_url, rings) as (story, leg, ears):
        ears.hear(leg, AnsweredBy.NETWORK_ANNOUNCEMENT)
        await asyncio.sleep(9)
        assert not leg.ended.done()
        await asyncio.sleep(2)
        assert leg.ended.done()
        tried = await attempt(story)
        assert tried.outcome is FollowUpOutcome.NETWORK_ANNOUNCEMENT
        (record,) = await story.records()
        rules = story.rules.when
        assert record.contact.due_at
        assert rules.day_of(record.contact.due_at) > rules.day_of(tried.at)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (480, FollowUpOutcome.NETWORK_ANNOUNCEMENT),
        (404, FollowUpOutcome.NETWORK_ANNOUNCEMENT),
        (486, FollowUpOutcome.BUSY),
        (603, FollowUpOutcome.REJECTED),
    ],
)
async def test_announced_call_that_the_network_ends(
    database_url: str, code: int, outcome: FollowUpOutcome
) -> None:
    async with one_call(database_url, rings) as (story, leg, ears):
        ears.hear(leg, AnsweredBy.NETWORK_ANNOUNCEMENT)
        leg.peer_refuses(code)
        assert (await attempt(story)).outcome is outcome


async def test_who_answers_in_the_middle_of_an_announcement_is_asked(
    database_url: str,
) -> None:
    async with one_call(database_url, rings) as (story, leg, ears):
        ears.hear(leg, AnsweredBy.NETWORK_ANNOUNCEMENT)
        await asyncio.sleep(5)
        leg.peer_answers()
        await asyncio.sleep(6)
        assert len(leg.heard) > 1  # the first question follows who calls
        ears.hear(leg, AnsweredBy.HUMAN)
        leg.peer_hangs_up()
        tried = await attempt(story)
        assert tried.outcome is FollowUpOutcome.HUNG_UP
        assert tried.verdict
        assert tried.verdict.answered_by is AnsweredBy.HUMAN


async def test_line_on_which_nobody_ever_spoke_is_silent_though_it_hangs_up(
    database_url: str,
) -> None:
    async with one_call(database_url) as (story, leg, ears):
        ears.hear(leg, AnsweredBy.NO_SPEECH)
        await asyncio.sleep(1)
        leg.peer_hangs_up()
        assert (await attempt(story)).outcome is FollowUpOutcome.SILENT


async def test_call_that_ends_before_it_is_clear_is_unsure(database_url: str) -> None:
    async with one_call(database_url) as (story, leg, _ears):
        await asyncio.sleep(1)
        leg.peer_hangs_up()
        tried = await attempt(story)
        assert tried.outcome is FollowUpOutcome.HUNG_UP
        assert tried.verdict
        assert tried.verdict.answered_by is AnsweredBy.UNSURE


async def test_call_that_nobody_answers_has_no_verdict(database_url: str) -> None:
    async with one_call(database_url, rings) as (story, _leg, _ears):
        tried = await attempt(story)
        assert (tried.outcome, tried.verdict) == (FollowUpOutcome.NO_ANSWER, None)
