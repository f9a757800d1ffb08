"""A follow-up call with a citizen who speaks, and may want a person."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from acd.events import CallConnected, CallEnded, CallMissed, Outcome
from ivr_flows.flow import BUILT_IN, load_flow
from outbound.answer import Answer, GivenBy
from outbound.answer_detection import AnsweredBy
from outbound.attempt import CallRules, FollowUpCall
from outbound.contact import Contact, ContactState, FollowUpOutcome
from outbound.overhearing import DEAF, Ears
from tests.fakes.campaigns import FakeCampaigns
from tests.fakes.ears import FakeEars
from tests.fakes.leg import FakeLeg
from tests.fakes.recogniser import FakeRecogniser
from tests.fakes.telephony import files_heard
from tests.story.hotline import StoryHotline, open_hotline
from tests.unit.acd.desk import START

pytestmark = pytest.mark.looptime

NUMBER, CALL_ID = "+8613800000000", "follow-up"
CONTACT = Contact(
    id="contact",
    campaign="november",
    order_id="A-1",
    number=NUMBER,
    language="zh",
    closed_at=START - timedelta(days=1),
    unit="供水",
    confidential=False,
    state=ContactState.DIALLING,
    entered_at=START,
    changed_at=START,
    due_at=START,
)
GREETED = 4.6
"""Each prompt lasts 4.5 s."""


@dataclass(slots=True, kw_only=True)
class Story:
    """A follow-up call that was answered, and what came of it."""

    hotline: StoryHotline
    citizen: FakeLeg
    call: asyncio.Task[FollowUpOutcome]
    ear: FakeRecogniser = field(default_factory=FakeRecogniser)
    campaigns: FakeCampaigns = field(default_factory=FakeCampaigns)

    async def says(self, *answers: str) -> None:
        """One answer to each question, over its first second."""
        for words in answers:
            await asyncio.sleep(1)
            self.ear.hears(words)
            await asyncio.sleep(0.01)

    def answers(self) -> dict[str, str]:
        """What was kept."""
        return {given.question: given.answer for given in self.campaigns.kept}

    @property
    def outcome(self) -> Outcome:
        """How the call ended."""
        (ended,) = self.hotline.all(CallEnded)
        return ended.outcome


@asynccontextmanager
async def follow_up(
    *agents: str,
    prepare: Callable[[StoryHotline], None] = lambda _: None,
    ears: Ears = DEAF,
) -> AsyncIterator[Story]:
    """A hotline that has called its citizen and greeted him."""
    async with open_hotline(*agents, wrap_up_seconds=0) as hotline:
        prepare(hotline)
        ear, campaigns = FakeRecogniser(), FakeCampaigns()
        flow = load_flow(BUILT_IN / "follow_up.yaml")
        rules = CallRules(
            flow_of=lambda: flow,
            recognisers={"zh": ear},
            ears=ears,
        )
        call = FollowUpCall(
            CALL_ID,
            CONTACT,
            rules,
            hotline.equipment,
            campaigns,  # type: ignore[arg-type]
        )
        running = asyncio.create_task(call.run())
        await asyncio.sleep(0.01)
        (citizen,) = hotline.placer.phones_of(NUMBER)
        citizen.peer_answers()
        await asyncio.sleep(GREETED)
        yield Story(
            hotline=hotline,
            citizen=citizen,
            call=running,
            ear=ear,
            campaigns=campaigns,
        )


async def test_spoken_answers_complete_the_call() -> None:
    async with follow_up() as story:
        await story.says("联系 过 了", "解决 了", "很 满意")
        assert await story.call is FollowUpOutcome.COMPLETED
        assert story.answers() == {
            "contacted": "yes",
            "solved": "yes",
            "satisfied": "very_satisfied",
        }
        kept: list[Answer] = story.campaigns.kept
        assert {given.given_by for given in kept} == {GivenBy.VOICE}
        assert [given.transcript for given in kept][:2] == ["联系 过 了", "解决 了"]
        assert all(given.confidence == 0.95 for given in kept)
        assert not story.hotline.all(CallMissed)


async def test_who_asks_for_a_person_speaks_with_an_agent() -> None:
    async with follow_up("a") as story:
        story.hotline.log_in("a")
        await story.says("联系 了", "转 人工")
        await asyncio.sleep(0.1)
        (agent,) = story.hotline.phones_of("a")
        agent.peer_answers()
        await asyncio.sleep(60)
        recording = story.hotline.archive.recordings[CALL_ID]
        assert [role for role, _ in recording.legs] == ["citizen", "agent"]
        agent.peer_hangs_up()
        assert await story.call is FollowUpOutcome.PARTIAL
        assert story.answers() == {"contacted": "yes", "solved": "person"}
        assert story.outcome is Outcome.ANSWERED
        (connected,) = story.hotline.all(CallConnected)
        assert (connected.call_id, connected.agent_id) == (CALL_ID, "a")
        assert not story.hotline.all(CallMissed)


async def test_who_asks_for_a_person_first_of_all_is_not_called_again() -> None:
    async with follow_up("a") as story:
        story.hotline.log_in("a")
        story.citizen.press("0")
        await asyncio.sleep(0.1)
        (agent,) = story.hotline.phones_of("a")
        agent.peer_answers()
        await asyncio.sleep(60)
        story.citizen.peer_hangs_up()
        assert await story.call is FollowUpOutcome.PERSON
        assert story.outcome is Outcome.ANSWERED


async def test_who_meets_no_agent_is_told_so_and_owed_a_call_back() -> None:
    async with follow_up("a") as story:
        story.hotline.log_in("a")
        await story.says("转 人工")
        assert await story.call is FollowUpOutcome.PERSON
        said = files_heard(story.citizen)
        assert said[-2:] == ["follow_up_no_agent.wav", "follow_up_goodbye.wav"]
        (missed,) = story.hotline.all(CallMissed)
        assert (missed.call_id, missed.caller) == (CALL_ID, NUMBER)
        assert story.outcome is Outcome.ABANDONED_IN_QUEUE


async def test_who_gives_up_waiting_for_a_person_is_owed_a_call_back() -> None:
    async with follow_up("a") as story:
        story.hotline.log_in("a")
        await story.says("没有 联系", "没 解决", "转 人工")
        await asyncio.sleep(5)
        story.citizen.peer_hangs_up()
        assert await story.call is FollowUpOutcome.PARTIAL
        assert len(story.hotline.all(CallMissed)) == 1


async def test_who_refuses_is_let_go_politely() -> None:
    async with follow_up() as story:
        await story.says("没 时间")
        assert await story.call is FollowUpOutcome.REFUSED
        assert files_heard(story.citizen)[-1] == "follow_up_goodbye.wav"
        assert not story.hotline.all(CallMissed)


async def test_who_says_what_nobody_understands_has_not_answered() -> None:
    async with follow_up() as story:
        await story.says("今天 天气", "今天 天气")
        assert await story.call is FollowUpOutcome.SILENT
        assert story.answers() == {"contacted": "unclear"}


async def test_silent_citizen_has_given_no_answer() -> None:
    async with follow_up() as story:
        assert await story.call is FollowUpOutcome.SILENT
        assert story.campaigns.kept == []


async def unhappy(story: Story) -> None:
    """He is asked why, says it, and is offered a person."""
    await story.says("联系 了", "没 解决", "不 满意")
    await asyncio.sleep(1)
    story.ear.begins()
    await asyncio.sleep(4)
    story.ear.hears("")
    await asyncio.sleep(0.01)


async def test_who_is_not_satisfied_says_why_and_is_offered_a_person() -> None:
    async with follow_up("a") as story:
        story.hotline.log_in("a")
        await unhappy(story)
        await story.says("需要")
        await asyncio.sleep(0.1)
        (agent,) = story.hotline.phones_of("a")
        agent.peer_answers()
        await asyncio.sleep(30)
        agent.peer_hangs_up()
        assert await story.call is FollowUpOutcome.COMPLETED
        assert story.answers() == {
            "contacted": "yes",
            "solved": "no",
            "satisfied": "dissatisfied",
            "why": "recorded",
        }
        why = story.campaigns.kept[-1]
        assert (why.given_by, why.transcript) == (GivenBy.VOICE, "")
        assert why.clip_seconds == pytest.approx(5.0, abs=0.1)


async def test_who_declines_the_offer_has_answered_all_the_same() -> None:
    async with follow_up("a") as story:
        await unhappy(story)
        await story.says("不 用 了")
        assert await story.call is FollowUpOutcome.COMPLETED
        assert files_heard(story.citizen)[-2:] == [
            "survey_thanks.wav",
            "follow_up_goodbye.wav",
        ]
        assert not story.hotline.all(CallMissed)


async def test_who_does_not_say_why_is_offered_a_person_nevertheless() -> None:
    async with follow_up() as story:
        await story.says("联系 了", "解决 了", "很 不 满意")
        await asyncio.sleep(4.5 + 5 + 1)
        assert files_heard(story.citizen)[-1] == "follow_up_offer_spoken.wav"
        story.citizen.press("2")
        assert await story.call is FollowUpOutcome.COMPLETED
        assert "why" not in story.answers()


async def test_who_is_satisfied_is_not_asked_why() -> None:
    async with follow_up() as story:
        await story.says("联系 了", "解决 了", "满意")
        assert await story.call is FollowUpOutcome.COMPLETED
        assert "follow_up_why.wav" not in files_heard(story.citizen)


async def test_greeting_of_a_machine_that_sounds_like_an_answer_is_none() -> None:
    ears = FakeEars()
    async with follow_up(ears=ears) as story:
        await story.says("联系 过 了")
        ears.hear(story.citizen, AnsweredBy.MACHINE)
        assert await story.call is FollowUpOutcome.MACHINE


async def test_who_has_answered_two_questions_is_no_machine() -> None:
    ears = FakeEars()
    async with follow_up(ears=ears) as story:
        await story.says("联系 过 了", "解决 了")
        ears.hear(story.citizen, AnsweredBy.MACHINE)
        await story.says("很 满意")
        assert await story.call is FollowUpOutcome.COMPLETED


async def test_who_has_answered_once_by_key_is_no_machine() -> None:
    ears = FakeEars()
    async with follow_up(ears=ears) as story:
        story.citizen.press("1")
        await asyncio.sleep(0.1)
        ears.hear(story.citizen, AnsweredBy.MACHINE)
        await story.says("解决 了", "很 满意")
        assert await story.call is FollowUpOutcome.COMPLETED
