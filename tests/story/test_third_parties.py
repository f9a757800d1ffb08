"""Consultation, three-party talks and transfers, in the orders in which they happen."""

import asyncio
from typing import Literal

import pytest

from acd.call_control import ThirdState
from acd.events import AgentState, CallRequeued, Outcome, TalkEnded
from acd.messages import TalkEnd
from acd.placing import NotAnswered, WhyNot
from acd.talk_commands import (
    AgentHasLeft,
    AlreadyConsulting,
    CallNotLive,
    CallNotTalking,
    Consult,
    HandOver,
    Join,
    Mute,
    NoThirdParty,
    TakeBack,
    TransferToQueue,
    TransferToThirdParty,
)
from acd.talk_events import (
    CallHandedOver,
    HandedTo,
    ThirdPartyAnswered,
    ThirdPartyFailed,
    ThirdPartyJoined,
    ThirdPartyLeft,
)
from tests.story.hotline import MUSIC, POLICE
from tests.story.talks import StoryTalk, open_talk

pytestmark = pytest.mark.looptime

Stage = Literal["called", "consulted", "joined", "handed over"]
STAGES: tuple[Stage, ...] = ("called", "consulted", "joined", "handed over")


async def come_to(talk: StoryTalk, stage: Stage) -> None:
    """Go as far as this with 110."""
    if stage == "called":
        await talk.ask(Consult(third_party=POLICE))
        return
    await talk.consult()
    if stage != "consulted":
        await talk.ask(Join())
    if stage == "handed over":
        await talk.ask(HandOver())


async def test_agent_consults_while_the_citizen_hears_music() -> None:
    async with open_talk() as talk:
        view = await talk.ask(Consult(third_party=POLICE))
        assert (view.third_state, view.on_hold) == (ThirdState.CALLED, True)
        assert talk.citizen.hears == {MUSIC}
        assert talk.agent.hears == {talk.hotline.equipment.talk.tones.ringing}
        (third,) = talk.hotline.placer.phones_of("110")
        third.peer_answers()
        await asyncio.sleep(0.1)
        assert talk.view().third_state is ThirdState.CONSULTED
        assert talk.citizen.hears == {MUSIC}
        assert talk.agent.hears_voice_of(third)
        assert third.hears == {talk.agent.ear}
        (answered,) = talk.hotline.all(ThirdPartyAnswered)
        assert (answered.third_party, answered.number) == ("110", "110")


async def test_three_parties_hear_each_other_and_are_recorded() -> None:
    async with open_talk() as talk:
        third = await talk.consult()
        view = await talk.ask(Join())
        assert (view.third_state, view.on_hold) == (ThirdState.JOINED, False)
        assert talk.citizen.hears == {talk.agent.ear, third.ear}
        assert third.hears == {talk.agent.ear, talk.citizen.ear}
        recording = talk.hotline.archive.recordings[talk.citizen.id]
        assert [role for role, _ in recording.legs] == [
            "citizen",
            "agent",
            "third_party",
        ]
        assert len(talk.hotline.all(ThirdPartyJoined)) == 1


async def test_agent_leaves_and_citizen_and_third_party_go_on() -> None:
    async with open_talk() as talk:
        third = await talk.consult()
        await talk.ask(Join())
        view = await talk.ask(HandOver())
        assert not view.agent_here
        assert talk.agent.ended.done()
        assert talk.hotline.engine.agents["a"].state is AgentState.READY
        assert talk.citizen.hears == {third.ear}
        with pytest.raises(AgentHasLeft):
            await talk.ask(Mute())
        third.peer_hangs_up()
        await asyncio.sleep(60)
        assert talk.citizen.ended.done()
        assert talk.hotline.outcome_of(talk.citizen) is Outcome.ANSWERED
        (ended,) = talk.hotline.all(TalkEnded)
        assert ended.end is TalkEnd.TRANSFERRED
        (handed,) = talk.hotline.all(CallHandedOver)
        assert (handed.handed_to, handed.target) == (HandedTo.THIRD_PARTY, "110")


@pytest.mark.parametrize("code", [486, 480, 603, 404])
async def test_third_party_who_refuses_leaves_the_citizen_with_his_agent(
    code: int,
) -> None:
    async with open_talk() as talk:
        await talk.ask(Consult(third_party=POLICE))
        talk.hotline.placer.phones_of("110")[0].peer_refuses(code)
        await asyncio.sleep(0.1)
        assert talk.agent.playing == talk.hotline.equipment.talk.tones.busy
        await asyncio.sleep(5)
        assert talk.citizen.hears_voice_of(talk.agent)
        assert talk.agent.hears_voice_of(talk.citizen)
        assert talk.view().third_state is ThirdState.ABSENT
        assert len(talk.hotline.all(ThirdPartyFailed)) == 1


async def test_third_party_who_never_answers_is_given_up_after_his_ring_time() -> None:
    async with open_talk() as talk:
        await talk.ask(Consult(third_party=POLICE))
        (third,) = talk.hotline.placer.phones_of("110")
        third.peer_rings()
        await asyncio.sleep(21)
        assert third.ended.done()
        (failed,) = talk.hotline.all(ThirdPartyFailed)
        assert failed.failure is WhyNot.NO_ANSWER
        assert failed.ring_seconds == pytest.approx(20, abs=0.1)
        assert talk.citizen.hears_voice_of(talk.agent)


async def test_number_that_no_line_serves_leaves_the_citizen_with_his_agent() -> None:
    async with open_talk() as talk:
        talk.hotline.placer.refusals["110"] = NotAnswered(
            why=WhyNot.NO_TRUNK, words="no trunk"
        )
        await talk.ask(Consult(third_party=POLICE))
        await asyncio.sleep(5)
        assert talk.hotline.all(ThirdPartyFailed)[0].failure is WhyNot.NO_TRUNK
        assert talk.citizen.hears_voice_of(talk.agent)


async def test_third_party_who_hangs_up_gives_the_citizen_back_to_his_agent() -> None:
    async with open_talk() as talk:
        third = await talk.consult()
        third.peer_hangs_up()
        await asyncio.sleep(5)
        assert talk.citizen.hears_voice_of(talk.agent)
        await talk.consult()
        await talk.ask(Join())
        talk.hotline.placer.phones_of("110")[-1].peer_hangs_up()
        await asyncio.sleep(5)
        assert talk.agent.hears_voice_of(talk.citizen)
        assert len(talk.hotline.all(ThirdPartyLeft)) == 2


@pytest.mark.parametrize("stage", ["called", "consulted", "joined"])
async def test_agent_takes_the_citizen_back(stage: Stage) -> None:
    async with open_talk() as talk:
        await come_to(talk, stage)
        await talk.ask(TakeBack())
        (third,) = talk.hotline.placer.phones_of("110")
        await asyncio.sleep(0.1)
        assert third.ended.done()
        assert talk.citizen.hears == {talk.agent.ear}
        assert talk.agent.hears == {talk.citizen.ear}
        assert talk.view().third_state is ThirdState.ABSENT
        await talk.consult()


@pytest.mark.parametrize("stage", STAGES)
async def test_citizen_who_hangs_up_leaves_nothing_open(stage: Stage) -> None:
    async with open_talk() as talk:
        await come_to(talk, stage)
        talk.citizen.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert talk.legs_left() == []
        assert talk.hotline.engine.agents["a"].state is AgentState.READY
        assert talk.hotline.archive.recordings[talk.citizen.id].closed
        assert talk.hotline.outcome_of(talk.citizen) is Outcome.ANSWERED
        assert talk.hotline.equipment.control.talks() == []
        with pytest.raises(CallNotLive):
            await talk.ask(Join())


@pytest.mark.parametrize("stage", ["called", "consulted"])
async def test_agent_whose_phone_dies_in_a_consultation_loses_the_citizen_to_another(
    stage: Stage,
) -> None:
    async with open_talk() as talk:
        await come_to(talk, stage)
        talk.agent.peer_dies()
        await asyncio.sleep(25)
        (third,) = talk.hotline.placer.phones_of("110")
        assert third.ended.done()
        assert len(talk.hotline.all(CallRequeued)) == 1
        assert list(talk.hotline.engine.waiting) == [talk.citizen.id]
        talk.hotline.log_in("b")
        await asyncio.sleep(0.1)
        talk.hotline.phones_of("b")[0].peer_answers()
        await asyncio.sleep(5)
        assert talk.citizen.hears_voice_of(talk.hotline.phones_of("b")[0])


async def test_agent_whose_phone_dies_in_a_talk_of_three_leaves_two() -> None:
    async with open_talk() as talk:
        third = await talk.consult()
        await talk.ask(Join())
        talk.agent.peer_dies()
        await asyncio.sleep(0.1)
        assert talk.citizen.hears == {third.ear}
        assert talk.hotline.all(CallRequeued) == []


async def test_what_cannot_be_done_is_refused_and_changes_nothing() -> None:
    async with open_talk() as talk:
        for command in (Join(), HandOver()):
            with pytest.raises(NoThirdParty):
                await talk.ask(command)
        await talk.ask(Consult(third_party=POLICE))
        with pytest.raises(NoThirdParty):
            await talk.ask(Join())
        for again in (
            Consult(third_party=POLICE),
            TransferToThirdParty(third_party=POLICE),
            TransferToQueue(queue="general"),
        ):
            with pytest.raises(AlreadyConsulting):
                await talk.ask(again)
        with pytest.raises(CallNotLive):
            await talk.hotline.equipment.control.ask("NOBODY", Join())
        waiting = talk.hotline.endpoint.dial()
        await asyncio.sleep(1)
        with pytest.raises(CallNotTalking):
            await talk.hotline.equipment.control.ask(waiting.id, Join())
        assert talk.view().third_state is ThirdState.CALLED


@pytest.mark.parametrize("dies", [False, True])
async def test_third_party_who_answers_as_the_agent_goes_is_not_forgotten(
    dies: bool,
) -> None:
    async with open_talk() as talk:
        await talk.ask(Consult(third_party=POLICE))
        (third,) = talk.hotline.placer.phones_of("110")
        third.peer_answers()
        if dies:
            talk.agent.peer_dies()
        else:
            talk.agent.peer_hangs_up()
        await asyncio.sleep(5)
        if third.ended.done():
            assert dies
        else:
            assert talk.citizen.hears == {third.ear}
        talk.citizen.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert talk.legs_left() == []


async def test_answer_that_comes_as_it_is_given_up_is_hung_up() -> None:
    async with open_talk() as talk:
        await talk.ask(Consult(third_party=POLICE))
        (third,) = talk.hotline.placer.phones_of("110")
        third.peer_answers()
        await talk.ask(TakeBack())
        await asyncio.sleep(1)
        assert third.ended.done()
        assert talk.citizen.hears == {talk.agent.ear}


async def test_keys_of_the_agents_phone_call_110_join_and_take_back() -> None:
    async with open_talk() as talk:
        talk.agent.press("5*1")
        await asyncio.sleep(0.1)
        (third,) = talk.hotline.placer.phones_of("110")
        third.peer_answers()
        await asyncio.sleep(0.1)
        talk.agent.press("*0")
        await asyncio.sleep(0.1)
        assert talk.citizen.hears == {talk.agent.ear, third.ear}
        talk.agent.press("**")
        await asyncio.sleep(0.1)
        assert talk.citizen.hears == {talk.agent.ear}
        talk.agent.press("*#")
        await asyncio.sleep(0.1)
        assert talk.agent.playing == talk.hotline.equipment.talk.tones.busy


async def test_half_a_key_sequence_is_forgotten() -> None:
    async with open_talk() as talk:
        talk.agent.press("*")
        await asyncio.sleep(4)
        talk.agent.press("1")
        await asyncio.sleep(1)
        assert talk.hotline.placer.phones_of("110") == []


async def test_stopping_the_service_in_a_talk_of_three_leaves_nothing_open() -> None:
    async with open_talk() as talk:
        await talk.consult()
        await talk.ask(Join())
    assert talk.legs_left() == []
    assert talk.hotline.outcome_of(talk.citizen) is Outcome.CUT_OFF
