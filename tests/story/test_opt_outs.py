"""Who wants no follow-up calls any more: by key at any moment, or said and meant."""

import asyncio

import pytest

from acd.events import CallMissed
from outbound.answer import GivenBy
from outbound.contact import FollowUpOutcome
from tests.fakes.telephony import files_heard
from tests.story.test_follow_ups import NUMBER, Story, follow_up

pytestmark = pytest.mark.looptime


async def test_who_says_that_he_wants_no_calls_has_opted_out_for_good() -> None:
    async with follow_up() as story:
        await story.says("联系 了", "以后 别 再 打 了")
        assert await story.call is FollowUpOutcome.OPTED_OUT
        assert story.campaigns.opted_out == [NUMBER]
        assert files_heard(story.citizen)[-1] == "follow_up_opted_out.wav"
        *_, given = story.campaigns.kept
        assert (given.answer, given.transcript) == ("opted_out", "以后 别 再 打 了")


async def test_one_spoken_opt_out_alone_lists_nobody_until_it_is_confirmed() -> None:
    async with follow_up() as story:
        await story.says("以后 别 再 打 了")
        assert await story.call is FollowUpOutcome.REFUSED
        assert story.campaigns.opted_out == []
        *_, confirm, goodbye = files_heard(story.citizen)
        assert confirm == "follow_up_confirm_opt_out.wav"
        assert goodbye == "follow_up_goodbye.wav"
        assert story.answers() == {"contacted": "may_opt_out"}


@pytest.mark.parametrize("yes", ["是 的", "对", "别 再 打 了"])
async def test_spoken_opt_out_holds_once_he_says_yes_or_says_it_again(yes: str) -> None:
    async with follow_up() as story:
        await story.says("以后 别 再 打 了", yes)
        assert await story.call is FollowUpOutcome.OPTED_OUT
        assert has_opted_out(story)
        *_, given = story.campaigns.kept
        assert (given.answer, given.given_by) == ("opted_out", GivenBy.VOICE)
        assert given.transcript == f"以后 别 再 打 了, {yes}"


async def test_who_did_not_mean_an_opt_out_is_asked_his_question_again() -> None:
    async with follow_up() as story:
        await story.says("以后 别 再 打 了", "不 是", "联系 了", "解决 了", "满意")
        assert await story.call is FollowUpOutcome.COMPLETED
        assert story.answers() == {
            "contacted": "yes",
            "solved": "yes",
            "satisfied": "satisfied",
        }
        assert story.campaigns.opted_out == []


async def test_who_presses_another_key_instead_is_asked_his_question_again() -> None:
    async with follow_up() as story:
        await story.says("以后 别 再 打 了")
        await asyncio.sleep(1)
        story.citizen.press("0")
        await asyncio.sleep(0.01)
        assert files_heard(story.citizen)[-1] == "follow_up_again.wav"
        await story.says("联系 了", "解决 了", "满意")
        assert await story.call is FollowUpOutcome.COMPLETED
        assert story.campaigns.opted_out == []


async def test_unsure_opt_out_is_asked_about_and_not_the_question_again() -> None:
    async with follow_up() as story:
        await story.says("联系 了")
        await asyncio.sleep(1)
        story.ear.hears("以后 别 再 打 了", confidence=0.4)
        await asyncio.sleep(0.01)
        assert files_heard(story.citizen)[-1] == "follow_up_confirm_opt_out.wav"
        await story.says("是 的")
        assert await story.call is FollowUpOutcome.OPTED_OUT
        assert has_opted_out(story)


async def test_unsure_opt_out_that_nobody_confirms_leaves_the_question_open() -> None:
    async with follow_up() as story:
        await story.says("联系 了")
        await asyncio.sleep(1)
        story.ear.hears("以后 别 再 打 了", confidence=0.4)
        await asyncio.sleep(15)
        assert files_heard(story.citizen)[-1] == "follow_up_solved_spoken.wav"
        await story.says("解决 了", "满意")
        assert await story.call is FollowUpOutcome.COMPLETED
        assert story.campaigns.opted_out == []


async def test_who_hangs_up_as_his_opt_out_is_asked_about_is_heard_by_a_person() -> (
    None
):
    async with follow_up() as story:
        await story.says("以后 别 再 打 了")
        story.citizen.peer_hangs_up()
        assert await story.call is FollowUpOutcome.REFUSED
        assert story.answers() == {"contacted": "may_opt_out"}


async def test_who_wants_a_person_instead_gets_one() -> None:
    async with follow_up("a") as story:
        story.hotline.log_in("a")
        await story.says("以后 别 再 打 了", "转 人工")
        await asyncio.sleep(0.1)
        (agent,) = story.hotline.phones_of("a")
        agent.peer_answers()
        await asyncio.sleep(10)
        agent.peer_hangs_up()
        assert await story.call is FollowUpOutcome.PERSON
        assert story.campaigns.opted_out == []


async def test_spoken_opt_out_holds_once_its_key_is_pressed() -> None:
    async with follow_up() as story:
        await story.says("以后 别 再 打 了")
        story.citizen.press("9")
        assert await story.call is FollowUpOutcome.OPTED_OUT
        assert has_opted_out(story)


async def test_opt_out_is_asked_about_by_key_where_the_recogniser_has_died() -> None:
    async with follow_up() as story:
        await asyncio.sleep(1)
        story.ear.dead = True
        story.ear.hears("以后 别 再 打 了")
        await asyncio.sleep(6)
        assert files_heard(story.citizen)[-1] == "follow_up_confirm_opt_out.wav"
        story.citizen.press("9")
        assert await story.call is FollowUpOutcome.OPTED_OUT
        assert has_opted_out(story)


async def test_silence_to_an_opt_out_that_is_asked_about_by_key_is_heard_by_a_person() -> (
    None
):
    async with follow_up() as story:
        await story.says("以后 别 再 打 了")
        story.ear.die()
        assert await story.call is FollowUpOutcome.REFUSED
        assert story.answers() == {"contacted": "may_opt_out"}
        assert files_heard(story.citizen).count("follow_up_confirm_opt_out.wav") == 2


def has_opted_out(story: Story) -> bool:
    """His wish is kept, and he has heard so."""
    told = files_heard(story.citizen)[-1] == "follow_up_opted_out.wav"
    return told and story.campaigns.opted_out == [NUMBER]


async def test_who_presses_nine_as_he_is_asked_why_has_opted_out() -> None:
    async with follow_up() as story:
        await story.says("联系 了", "没 解决", "不 满意")
        await asyncio.sleep(1)
        story.ear.begins()
        story.citizen.press("9")
        assert await story.call is FollowUpOutcome.OPTED_OUT
        assert has_opted_out(story)
        assert story.answers()["why"] == "opted_out"


async def test_who_presses_nine_as_he_is_offered_a_person_by_key_has_opted_out() -> (
    None
):
    async with follow_up() as story:
        while files_heard(story.citizen)[-1] != "follow_up_person_key.wav":
            await asyncio.sleep(1)
        story.citizen.press("9")
        assert await story.call is FollowUpOutcome.OPTED_OUT
        assert has_opted_out(story)


async def test_who_presses_nine_as_he_waits_for_a_person_has_opted_out() -> None:
    async with follow_up("a") as story:
        story.hotline.log_in("a")
        await story.says("转 人工")
        await asyncio.sleep(5)
        story.citizen.press("9")
        assert await story.call is FollowUpOutcome.OPTED_OUT
        assert has_opted_out(story)
        assert not story.hotline.all(CallMissed)


async def test_nine_is_no_opt_out_while_he_speaks_with_an_agent() -> None:
    async with follow_up("a") as story:
        story.hotline.log_in("a")
        await story.says("转 人工")
        await asyncio.sleep(0.1)
        (agent,) = story.hotline.phones_of("a")
        agent.peer_answers()
        await asyncio.sleep(10)
        story.citizen.press("9")
        await asyncio.sleep(10)
        agent.peer_hangs_up()
        assert await story.call is FollowUpOutcome.PERSON
        assert story.campaigns.opted_out == []


async def test_who_hangs_up_as_he_presses_nine_has_opted_out() -> None:
    async with follow_up() as story:
        story.citizen.press("9")
        story.citizen.peer_hangs_up()
        assert await story.call is FollowUpOutcome.OPTED_OUT
