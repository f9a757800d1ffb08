"""Campaigns in which agents speak: preview, progressive, predictive."""

import asyncio
from random import Random

import pytest

from acd.events import (
    AgentState,
    CallAbandoned,
    CallEnded,
    Outcome,
    PreviewEnd,
    PreviewEnded,
)
from acd.messages import AgentPauses
from outbound.contact import ContactState, FollowUpOutcome
from outbound.mode import CampaignMode, DialMode
from outbound.previews import PreviewRefused
from tests.fakes.leg import FakeLeg
from tests.fakes.telephony import answers_after, files_heard
from tests.story.campaigns import Behaviour, CampaignStory, open_campaigns

pytestmark = pytest.mark.looptime

PROGRESSIVE = CampaignMode(mode=DialMode.PROGRESSIVE, queue="general")
PREVIEW = CampaignMode(mode=DialMode.PREVIEW, queue="general")
PREDICTIVE = CampaignMode(mode=DialMode.PREDICTIVE, queue="general")
WRAP_UP = 5.0


def auto_answer(story: CampaignStory) -> None:
    """Agents' phones pick up after a second."""
    policy = story.hotline.endpoint.answer_policy
    answer = answers_after(1)

    def both(leg: FakeLeg) -> None:
        target = next(p.target for p in story.hotline.endpoint.placed if p.leg is leg)
        (policy if target.endswith("@trunk.test") else answer)(leg)

    story.hotline.endpoint.answer_policy = both


def speaks_for(seconds: float, *, after: float = 3) -> Behaviour:
    """He picks up after a while, speaks for so long, and hangs up."""

    def behaviour(_number: str, leg: FakeLeg) -> None:
        leg.peer_rings()
        loop = asyncio.get_running_loop()
        loop.call_later(after, leg.peer_answers)
        loop.call_later(after + seconds, leg.peer_hangs_up)

    return behaviour


async def test_progressive_agent_is_on_the_line_before_the_citizen_is_rung(
    database_url: str,
) -> None:
    async with open_campaigns(
        database_url, "a", behaviour=speaks_for(60), wrap_up_seconds=WRAP_UP
    ) as story:
        await story.enter(1, mode=PROGRESSIVE)
        await asyncio.sleep(5)
        assert story.called == []  # nobody could speak with him
        story.hotline.log_in("a")
        await asyncio.sleep(1)
        (agent,) = story.hotline.phones_of("a")
        assert story.called == []
        agent.peer_answers()
        await asyncio.sleep(15)
        (citizen,) = story.hotline.placer.phones_of(story.called[0])
        assert files_heard(agent) == ["follow_up_agent.wav"]
        assert files_heard(citizen) == ["follow_up_agent_greeting.wav"]
        assert citizen.hears_voice_of(agent)
        assert agent.hears_voice_of(citizen)
        await asyncio.sleep(60)
        assert await story.outcomes() == {FollowUpOutcome.TALKED: 1}
        (record,) = await story.records()
        assert record.contact.state is ContactState.DONE
        (ended,) = story.hotline.all(CallEnded)
        assert ended.outcome is Outcome.ANSWERED
        recording = story.hotline.archive.recordings[ended.call_id]
        assert [role for role, _ in recording.legs] == ["citizen", "agent"]
        assert recording.closed


async def test_who_speaks_with_an_agent_as_the_service_stops_is_not_called_again(
    database_url: str,
) -> None:
    async with open_campaigns(database_url, "a", behaviour=speaks_for(600)) as story:
        auto_answer(story)
        story.hotline.log_in("a")
        await story.enter(1, mode=PROGRESSIVE)
        await asyncio.sleep(60)
        await story.stop()
        assert await story.outcomes() == {FollowUpOutcome.TALKED: 1}


async def test_who_met_an_agent_by_key_is_not_called_again_after_a_stop(
    database_url: str,
) -> None:
    async with open_campaigns(database_url, "a", behaviour=speaks_for(600)) as story:
        auto_answer(story)
        story.hotline.log_in("a")
        await story.enter(1)
        await asyncio.sleep(5)
        (citizen,) = story.hotline.placer.phones_of(story.called[0])
        while files_heard(citizen)[-1:] != ["follow_up_person_key.wav"]:
            await asyncio.sleep(1)
        citizen.press("0")
        await asyncio.sleep(20)
        await story.stop()
        assert await story.outcomes() == {FollowUpOutcome.PERSON: 1}


async def test_progressive_dials_no_more_than_there_are_agents(
    database_url: str,
) -> None:
    async with open_campaigns(
        database_url, "a", "b", behaviour=speaks_for(40), wrap_up_seconds=WRAP_UP
    ) as story:
        auto_answer(story)
        story.hotline.log_in("a", "b")
        await story.enter(12, mode=PROGRESSIVE)
        for _ in range(400):
            await asyncio.sleep(1)
            assert story.dialler.under_way <= 2
        assert await story.outcomes() == {FollowUpOutcome.TALKED: 12}
        assert len(set(story.called)) == len(story.called) == 12


async def test_agent_whose_citizen_does_not_answer_is_told_and_wraps_up(
    database_url: str,
) -> None:
    async with open_campaigns(database_url, "a", wrap_up_seconds=60) as story:
        auto_answer(story)
        story.hotline.log_in("a")
        await story.enter(1, mode=PROGRESSIVE)
        await asyncio.sleep(15)
        (agent,) = story.hotline.phones_of("a")
        assert files_heard(agent)[-1] == "call_back_agent_no_answer.wav"
        assert agent.ended.done()
        assert await story.outcomes() == {FollowUpOutcome.BUSY: 1}
        assert story.hotline.engine.agents["a"].state is AgentState.WRAP_UP


async def test_agent_who_leaves_before_the_citizen_is_dialled_costs_no_try(
    database_url: str,
) -> None:
    async with open_campaigns(database_url, "a", wrap_up_seconds=600) as story:
        story.hotline.log_in("a")
        await story.enter(1, mode=PROGRESSIVE)
        await asyncio.sleep(1)
        (agent,) = story.hotline.phones_of("a")
        agent.peer_answers()
        await asyncio.sleep(1)
        agent.peer_hangs_up()
        await asyncio.sleep(1)
        assert await story.outcomes() == {FollowUpOutcome.NO_AGENT: 1}
        (record,) = await story.records()
        assert (record.contact.state, record.contact.tries) == (ContactState.WAITING, 0)
        assert story.called == []


@pytest.mark.parametrize("mode", [PROGRESSIVE, PREDICTIVE])
@pytest.mark.parametrize("seconds", [0.3, 1.5])
async def test_9_ends_such_calls_at_any_moment_before_the_agent_speaks_with_him(
    database_url: str, mode: CampaignMode, seconds: float
) -> None:
    async with open_campaigns(
        database_url, "a", behaviour=speaks_for(300), wrap_up_seconds=WRAP_UP
    ) as story:
        auto_answer(story)
        story.hotline.log_in("a")
        await story.enter(1, mode=mode)
        citizen = await answering(story)
        await asyncio.sleep(seconds)
        citizen.press("9")
        await asyncio.sleep(10)
        assert files_heard(citizen)[-1] == "follow_up_opted_out.wav"
        (agent,) = story.hotline.phones_of("a")
        assert not agent.hears_voice_of(citizen)
        await asyncio.sleep(20)
        assert await story.outcomes() == {FollowUpOutcome.OPTED_OUT: 1}
        assert agent.ended.done()


async def answering(story: CampaignStory) -> FakeLeg:
    """The only citizen, once he has picked up."""
    while not story.called:
        await asyncio.sleep(0.1)
    (citizen,) = story.hotline.placer.phones_of(story.called[0])
    await citizen.answered
    return citizen


async def test_who_presses_9_and_hangs_up_at_once_is_not_called_again(
    database_url: str,
) -> None:
    async with open_campaigns(database_url, "a", behaviour=speaks_for(300)) as story:
        auto_answer(story)
        story.hotline.log_in("a")
        await story.enter(1, mode=PROGRESSIVE)
        citizen = await answering(story)
        await asyncio.sleep(0.5)
        citizen.press("9")
        citizen.peer_hangs_up()
        await asyncio.sleep(20)
        assert await story.outcomes() == {FollowUpOutcome.OPTED_OUT: 1}
        (record,) = await story.records()
        assert record.contact.state is ContactState.OPTED_OUT


@pytest.mark.parametrize("sentence", ["follow_up_agent_greeting", "follow_up_nobody"])
async def test_9_holds_while_he_is_told_who_calls_or_that_no_agent_is_there(
    database_url: str, sentence: str
) -> None:
    async with open_campaigns(database_url, "a", behaviour=speaks_for(60)) as story:
        await call_ahead(story)
        citizen = await answering(story)
        while files_heard(citizen)[-1:] != [f"{sentence}.wav"]:
            await asyncio.sleep(0.1)
        citizen.press("9")
        await asyncio.sleep(20)
        assert files_heard(citizen)[-1] == "follow_up_opted_out.wav"
        assert await story.outcomes() == {FollowUpOutcome.OPTED_OUT: 1}


async def call_ahead(story: CampaignStory) -> None:
    """One contact is dialled before there is an agent."""
    await story.enter(1, mode=PREDICTIVE)
    (record,) = await story.records()
    await story.dialler._agents.look()
    call = story.dialler._by_agent(record.contact, "call-1", PREDICTIVE, is_ahead=True)
    story.dialler._begin(record.contact, call)


async def test_citizen_who_calls_is_served_before_the_next_contact(
    database_url: str,
) -> None:
    async with open_campaigns(
        database_url, "a", behaviour=speaks_for(40), wrap_up_seconds=WRAP_UP
    ) as story:
        auto_answer(story)
        story.hotline.log_in("a")
        await story.enter(5, mode=PROGRESSIVE)
        await asyncio.sleep(20)
        assert len(story.called) == 1
        caller = story.hotline.endpoint.dial(from_user="13900000001")
        await asyncio.sleep(50)
        assert len(story.called) == 1
        assert any(
            caller.hears_voice_of(phone) for phone in story.hotline.phones_of("a")
        )


async def test_predictive_is_progressive_while_nothing_is_known(
    database_url: str,
) -> None:
    async with open_campaigns(
        database_url, "a", behaviour=speaks_for(40), wrap_up_seconds=WRAP_UP
    ) as story:
        auto_answer(story)
        story.hotline.log_in("a")
        await story.enter(5, mode=PREDICTIVE)
        for _ in range(60):
            await asyncio.sleep(1)
            assert story.dialler.under_way <= 1
        assert story.called


def often_away(chance: Random) -> Behaviour:
    """Three in ten pick up; who does speaks for about a minute and a half."""

    def behaviour(_number: str, leg: FakeLeg) -> None:
        leg.peer_rings()
        if chance.random() < 0.3:
            answer = chance.uniform(4, 18)
            loop = asyncio.get_running_loop()
            loop.call_later(answer, leg.peer_answers)
            loop.call_later(answer + chance.uniform(60, 120), leg.peer_hangs_up)

    return behaviour


async def test_predictive_dials_ahead_and_keeps_to_the_cap(database_url: str) -> None:
    agents = [f"a{n}" for n in range(6)]
    async with open_campaigns(
        database_url,
        *agents,
        lines=30,
        behaviour=often_away(Random(4)),
        wrap_up_seconds=WRAP_UP,
    ) as story:
        auto_answer(story)
        story.hotline.log_in(*agents)
        await story.enter(300, mode=PREDICTIVE)
        most = 0
        for _ in range(360):
            await asyncio.sleep(5)
            most = max(most, story.dialler.under_way)
        outcomes = await story.outcomes()
        abandoned = outcomes[FollowUpOutcome.ABANDONED]
        answered = outcomes[FollowUpOutcome.TALKED] + abandoned
        assert most > len(agents)
        assert answered > 40
        assert abandoned <= PREDICTIVE.cap * answered


async def test_citizen_without_an_agent_in_time_hears_who_called_and_that_we_are_sorry(
    database_url: str,
) -> None:
    async with open_campaigns(
        database_url, "a", behaviour=speaks_for(60), wrap_up_seconds=WRAP_UP
    ) as story:
        await call_ahead(story)
        await asyncio.sleep(20)
        (citizen,) = story.hotline.placer.phones_of(story.called[0])
        assert files_heard(citizen) == [
            "follow_up_agent_greeting.wav",
            "follow_up_nobody.wav",
        ]
        assert citizen.heard[1].at_seconds - citizen.heard[0].at_seconds == 2
        assert citizen.ended.done()
        assert await story.outcomes() == {FollowUpOutcome.ABANDONED: 1}
        assert len(story.hotline.all(CallAbandoned)) == 1
        (record,) = await story.records()
        assert record.contact.state is ContactState.WAITING
        assert story.rules.when.day_of(
            record.contact.due_at or story.hotline.clock.now()
        ) > (story.rules.when.day_of(story.hotline.clock.now()))


async def test_agent_sees_a_contact_and_accepts_him_before_anybody_is_rung(
    database_url: str,
) -> None:
    async with open_campaigns(
        database_url, "a", behaviour=speaks_for(60), wrap_up_seconds=WRAP_UP
    ) as story:
        auto_answer(story)
        story.hotline.log_in("a")
        await story.enter(2, mode=PREVIEW)
        await asyncio.sleep(5)
        (preview,) = story.dialler.previews.all()
        assert (preview.agent_id, preview.contact.order_id) == ("a", "A-0")
        assert preview.contact.number == "138****0000"
        assert story.hotline.phones_of("a") == story.called == []
        with pytest.raises(PreviewRefused):
            story.dialler.previews.accept("a", "another contact")
        story.dialler.previews.accept("a", preview.contact.id)
        await asyncio.sleep(20)
        assert len(story.called) == 1
        assert story.dialler.previews.all() == []  # he speaks
        await asyncio.sleep(70)
        assert await story.outcomes() == {FollowUpOutcome.TALKED: 1}
        (preview,) = story.dialler.previews.all()
        assert preview.contact.order_id == "A-1"


async def test_contact_that_is_skipped_comes_again_later(database_url: str) -> None:
    async with open_campaigns(database_url, "a") as story:
        story.hotline.log_in("a")
        await story.enter(2, mode=PREVIEW)
        await asyncio.sleep(1)
        (first,) = story.dialler.previews.all()
        await story.dialler.previews.skip("a", first.contact.id)
        await asyncio.sleep(1)
        (second,) = story.dialler.previews.all()
        assert second.contact.id != first.contact.id
        await story.dialler.previews.skip("a", second.contact.id)
        await asyncio.sleep(60)
        assert story.dialler.previews.all() == []
        await asyncio.sleep(1800)
        (again,) = story.dialler.previews.all()
        assert again.contact.id in (first.contact.id, second.contact.id)


async def test_preview_is_withdrawn_when_the_agent_does_something_else(
    database_url: str,
) -> None:
    async with open_campaigns(database_url, "a") as story:
        story.hotline.log_in("a")
        await story.enter(1, mode=PREVIEW)
        await asyncio.sleep(1)
        story.hotline.distributor.send(AgentPauses(agent_id="a", reason="lunch"))
        assert story.dialler.previews.all() == []
        (ended,) = story.hotline.all(PreviewEnded)
        assert ended.end is PreviewEnd.WITHDRAWN


async def test_preview_that_nobody_looks_at_expires_and_is_offered_again(
    database_url: str,
) -> None:
    async with open_campaigns(database_url, "a") as story:
        story.hotline.log_in("a")
        await story.enter(1, mode=PREVIEW)
        await asyncio.sleep(65)
        ends = [event.end for event in story.hotline.all(PreviewEnded)]
        assert ends == [PreviewEnd.EXPIRED]
        assert len(story.dialler.previews.all()) == 1
