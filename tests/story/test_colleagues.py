"""An agent asks another about his citizen, and may leave the citizen to him."""

import asyncio

import pytest

from acd.call_control import ThirdState
from acd.events import (
    AgentState,
    AgentStateChanged,
    CallEvent,
    Outcome,
    TalkEnded,
    TalkMoved,
)
from acd.messages import TalkEnd
from acd.talk_commands import (
    Consult,
    HandOver,
    Hold,
    Join,
    TakeBack,
    TargetUnknown,
    ThirdParty,
)
from acd.talk_events import CallHandedOver, HandedTo, ThirdPartyFailed
from tests.fakes.leg import FakeLeg
from tests.story.hotline import MUSIC
from tests.story.talks import StoryTalk, open_talk

pytestmark = pytest.mark.looptime

COLLEAGUE = ThirdParty(id="b", colleague=True)


async def asked(talk: StoryTalk) -> FakeLeg:
    """Agent "b" is asked, and answers."""
    talk.hotline.log_in("b")
    await talk.ask(Consult(third_party=COLLEAGUE))
    phone = talk.hotline.phones_of("b")[-1]
    phone.peer_rings()
    phone.peer_answers()
    await asyncio.sleep(0.1)
    return phone


def state(talk: StoryTalk, agent: str) -> AgentState:
    return talk.hotline.engine.agents[agent].state


async def test_colleague_is_asked_and_gets_no_other_call_meanwhile() -> None:
    async with open_talk() as talk:
        phone = await asked(talk)
        assert talk.view().third_state is ThirdState.CONSULTED
        assert talk.citizen.hears == {MUSIC}
        assert phone.hears == {talk.agent.ear}
        assert state(talk, "b") is AgentState.TALKING
        other = talk.hotline.endpoint.dial()
        await asyncio.sleep(0.1)
        other.press("1")
        await asyncio.sleep(5)
        assert len(talk.hotline.phones_of("b")) == 1


async def test_colleague_becomes_the_agent_and_who_asked_is_free() -> None:
    async with open_talk() as talk:
        phone = await asked(talk)
        await talk.ask(HandOver())
        assert talk.agent.ended.done()
        assert talk.citizen.hears == {phone.ear}
        view = talk.view()
        assert (view.agent_id, view.agent_here) == ("b", True)
        assert (state(talk, "a"), state(talk, "b")) == (
            AgentState.READY,
            AgentState.TALKING,
        )
        assert talk.hotline.all(CallHandedOver)[0].handed_to is HandedTo.AGENT
        assert len(talk.hotline.all(TalkMoved)) == 1
        await talk.ask(Hold())
        assert talk.citizen.hears == {MUSIC}
        phone.press("**")
        await asyncio.sleep(0.1)
        assert talk.citizen.hears == {phone.ear}
        phone.peer_hangs_up()
        await asyncio.sleep(60)
        assert talk.citizen.ended.done()
        assert state(talk, "b") is AgentState.READY
        ends = [(event.agent_id, event.end) for event in talk.hotline.all(TalkEnded)]
        assert ends == [("a", TalkEnd.TRANSFERRED), ("b", TalkEnd.AGENT)]
        assert talk.hotline.outcome_of(talk.citizen) is Outcome.ANSWERED


async def test_agent_who_hangs_up_leaves_the_citizen_to_his_colleague() -> None:
    async with open_talk() as talk:
        phone = await asked(talk)
        talk.agent.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert talk.citizen.hears == {phone.ear}
        assert state(talk, "a") is AgentState.READY
        talk.citizen.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert talk.legs_left() == []
        assert state(talk, "b") is AgentState.READY


@pytest.mark.parametrize("comes", [False, True])
async def test_agent_who_hangs_up_while_his_colleague_is_rung_is_free_at_once(
    comes: bool,
) -> None:
    async with open_talk() as talk:
        talk.hotline.log_in("b")
        await talk.ask(Consult(third_party=COLLEAGUE))
        phone = talk.hotline.phones_of("b")[-1]
        phone.peer_rings()
        talk.agent.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert state(talk, "a") is AgentState.READY
        if not comes:
            phone.peer_refuses(486)
            await asyncio.sleep(0.1)
            assert talk.citizen.id in talk.hotline.engine.waiting
            return
        phone.peer_answers()
        await asyncio.sleep(0.1)
        assert talk.citizen.hears == {phone.ear}
        view = talk.view()
        assert (view.agent_id, view.agent_here) == ("b", True)
        assert state(talk, "b") is AgentState.TALKING
        await talk.ask(Hold())
        phone.peer_hangs_up()
        await asyncio.sleep(5)
        assert state(talk, "b") is AgentState.READY
        ends = [(event.agent_id, event.end) for event in talk.hotline.all(TalkEnded)]
        assert ends == [("a", TalkEnd.TRANSFERRED), ("b", TalkEnd.AGENT)]


@pytest.mark.parametrize("joined", [False, True])
async def test_citizen_who_hangs_up_frees_both_agents(joined: bool) -> None:
    async with open_talk() as talk:
        await asked(talk)
        if joined:
            await talk.ask(Join())
        talk.citizen.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert talk.legs_left() == []
        assert (state(talk, "a"), state(talk, "b")) == (
            AgentState.READY,
            AgentState.READY,
        )


@pytest.mark.parametrize("by", ["key", "colleague"])
async def test_colleague_who_goes_is_free_again(by: str) -> None:
    async with open_talk() as talk:
        phone = await asked(talk)
        if by == "key":
            await talk.ask(TakeBack())
        else:
            phone.peer_hangs_up()
        await asyncio.sleep(5)
        assert phone.ended.done()
        assert talk.citizen.hears == {talk.agent.ear}
        assert state(talk, "b") is AgentState.READY


async def test_citizen_who_hangs_up_while_the_colleague_rings_silences_him() -> None:
    async with open_talk() as talk:
        talk.hotline.log_in("b")
        await talk.ask(Consult(third_party=COLLEAGUE))
        talk.citizen.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert talk.legs_left() == []
        assert state(talk, "b") is AgentState.READY


@pytest.mark.parametrize("why", ["refuses", "away", "silent"])
async def test_colleague_who_is_not_to_be_had_leaves_all_as_it_was(why: str) -> None:
    async with open_talk() as talk:
        if why != "away":
            talk.hotline.log_in("b")
        await talk.ask(Consult(third_party=COLLEAGUE))
        if why == "refuses":
            talk.hotline.phones_of("b")[0].peer_refuses(486)
        await asyncio.sleep(40)
        assert len(talk.hotline.all(ThirdPartyFailed)) == 1
        assert talk.citizen.hears == {talk.agent.ear}
        assert talk.view().third_state is ThirdState.ABSENT
        assert state(talk, "a") is AgentState.TALKING


async def test_question_is_no_call_of_its_own_in_what_is_told() -> None:
    async with open_talk() as talk:
        await asked(talk)
        await talk.ask(HandOver())
        told = {event.call_id for event in talk.hotline.all(CallEvent)}
        assert told == {talk.citizen.id}
        moves = {event.call_id for event in talk.hotline.all(AgentStateChanged)}
        assert moves <= {talk.citizen.id, ""}


async def test_nobody_asks_himself_or_a_stranger() -> None:
    async with open_talk() as talk:
        for agent in ("a", "nobody"):
            with pytest.raises(TargetUnknown):
                await talk.ask(
                    Consult(third_party=ThirdParty(id=agent, colleague=True))
                )


async def test_question_to_a_busy_colleague_is_nobody_who_waits() -> None:
    async with open_talk() as talk:
        hotline = talk.hotline
        hotline.log_in("b")
        other = hotline.endpoint.dial(from_user="13900000002")
        await asyncio.sleep(0.1)
        other.press("1")
        await asyncio.sleep(0.3)
        hotline.phones_of("b")[-1].peer_answers()
        await asyncio.sleep(1)
        await talk.ask(Consult(third_party=COLLEAGUE))
        general = hotline.distributor.queues()[0]
        assert (general.waiting, general.talking) == (0, 2)
        assert hotline.distributor.room()["general"] == 0
        other.peer_hangs_up()
        await asyncio.sleep(0.1)
        phone = hotline.phones_of("b")[-1]
        phone.peer_rings()
        phone.peer_answers()
        await asyncio.sleep(0.1)
        assert state(talk, "b") is AgentState.TALKING
        assert hotline.distributor.queues()[0].talking == 1
