"""Transfers: to a third party, a queue or an agent, and by hanging up."""

import asyncio

import pytest

from acd.call_control import ThirdState
from acd.events import AgentState, CallDeclined, CallRequeued, TalkEnded
from acd.messages import AgentLogsOut, AgentPauses, QueueJoins, TalkEnd
from acd.queue_rules import Admission, QueueRules
from acd.talk_commands import (
    AgentHasLeft,
    Consult,
    Join,
    PauseRecording,
    QueueUnstaffed,
    TakeBack,
    TargetUnknown,
    TransferToAgent,
    TransferToQueue,
    TransferToThirdParty,
)
from acd.talk_events import (
    CallHandedOver,
    CallUnheld,
    HandedTo,
)
from tests.story.hotline import MUSIC, POLICE
from tests.story.talks import open_talk

pytestmark = pytest.mark.looptime


@pytest.mark.parametrize("joined", [False, True])
async def test_agent_who_hangs_up_hands_the_citizen_over(joined: bool) -> None:
    async with open_talk() as talk:
        third = await talk.consult()
        if joined:
            await talk.ask(Join())
        talk.agent.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert talk.citizen.hears == {third.ear}
        assert talk.hotline.all(TalkEnded)[0].end is TalkEnd.TRANSFERRED
        assert len(talk.hotline.all(CallUnheld)) == 1


async def test_agent_who_hangs_up_while_the_third_party_rings_has_transferred() -> None:
    async with open_talk() as talk:
        await talk.ask(Consult(third_party=POLICE))
        talk.agent.peer_hangs_up()
        await asyncio.sleep(1)
        assert talk.citizen.hears == {MUSIC}
        with pytest.raises(AgentHasLeft):
            await talk.ask(TakeBack())
        (third,) = talk.hotline.placer.phones_of("110")
        third.peer_answers()
        await asyncio.sleep(0.1)
        assert talk.citizen.hears == {third.ear}
        assert talk.hotline.all(TalkEnded)[0].end is TalkEnd.TRANSFERRED


@pytest.mark.parametrize("command", [Consult, TransferToThirdParty])
async def test_agent_who_hung_up_while_the_third_party_rings_is_free_at_once(
    command: type[Consult] | type[TransferToThirdParty],
) -> None:
    async with open_talk() as talk:
        await talk.ask(PauseRecording())
        await talk.ask(command(third_party=POLICE))
        (third,) = talk.hotline.placer.phones_of("110")
        third.peer_rings()
        talk.agent.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert talk.hotline.engine.agents["a"].state is AgentState.READY
        view = talk.view()
        assert (view.agent_here, view.recording_paused) == (False, False)
        assert view.third_state is ThirdState.CALLED
        assert talk.citizen.hears == {MUSIC}
        third.peer_answers()
        await asyncio.sleep(0.1)
        assert talk.citizen.hears == {third.ear}
        assert len(talk.hotline.all(CallHandedOver)) == 1
        (ended,) = talk.hotline.all(TalkEnded)
        assert ended.end is TalkEnd.TRANSFERRED


@pytest.mark.parametrize("picks_up", [False, True])
async def test_third_party_who_fails_the_citizen_gives_him_back_to_the_line(
    picks_up: bool,
) -> None:
    async with open_talk() as talk:
        await talk.ask(Consult(third_party=POLICE))
        (third,) = talk.hotline.placer.phones_of("110")
        talk.agent.peer_hangs_up()
        await asyncio.sleep(1)
        later = talk.hotline.endpoint.dial(from_user="13822222222")
        if picks_up:
            third.peer_answers()
            third.peer_hangs_up()
        else:
            third.peer_refuses(486)
        await asyncio.sleep(0.1)
        assert len(talk.hotline.all(CallRequeued)) == 1
        talk.hotline.phones_of("a")[-1].peer_answers()
        await asyncio.sleep(5)
        assert talk.citizen.hears_voice_of(talk.hotline.phones_of("a")[-1])
        later.peer_hangs_up()


async def test_blind_transfer_keeps_both_together_until_the_third_party_answers() -> (
    None
):
    async with open_talk() as talk:
        await talk.ask(TransferToThirdParty(third_party=POLICE))
        assert talk.citizen.hears_voice_of(talk.agent)
        (third,) = talk.hotline.placer.phones_of("110")
        third.peer_answers()
        await asyncio.sleep(0.1)
        assert talk.agent.ended.done()
        assert talk.citizen.hears == {third.ear}
        assert talk.hotline.engine.agents["a"].state is AgentState.READY


async def test_blind_transfer_that_fails_leaves_the_citizen_with_his_agent() -> None:
    async with open_talk() as talk:
        await talk.ask(TransferToThirdParty(third_party=POLICE))
        talk.hotline.placer.phones_of("110")[0].peer_refuses(486)
        await asyncio.sleep(5)
        assert talk.citizen.hears_voice_of(talk.agent)


async def test_citizen_handed_to_a_queue_waits_there_with_the_time_he_has_waited() -> (
    None
):
    async with open_talk() as talk:
        await asyncio.sleep(50)
        other = talk.hotline.endpoint.dial()
        await asyncio.sleep(0.1)
        other.press("1")
        await asyncio.sleep(0.1)
        with pytest.raises(TargetUnknown, match="general"):
            await talk.ask(TransferToQueue(queue="taxes"))
        talk.hotline.distributor.send(AgentPauses(agent_id="a", reason="break"))
        await talk.ask(TransferToQueue(queue="general"))
        assert talk.agent.ended.done()
        assert talk.citizen.id in talk.hotline.engine.waiting
        talk.hotline.log_in("b")
        await asyncio.sleep(0.1)
        talk.hotline.phones_of("b")[0].peer_answers()
        await asyncio.sleep(5)
        assert talk.citizen.hears_voice_of(talk.hotline.phones_of("b")[0])
        (handed,) = talk.hotline.all(CallHandedOver)
        assert (handed.handed_to, handed.target) == (HandedTo.QUEUE, "general")


async def test_citizen_handed_to_a_full_queue_is_not_declined() -> None:
    full = Admission(places_per_agent=1, least_places=1)
    async with open_talk(admission=full) as talk:  # type: ignore[arg-type]
        other = talk.hotline.endpoint.dial()
        await asyncio.sleep(0.1)
        other.press("1")
        await asyncio.sleep(0.1)
        talk.hotline.distributor.send(AgentPauses(agent_id="a", reason="break"))
        await talk.ask(TransferToQueue(queue="general"))
        assert len(talk.hotline.all(CallDeclined)) == 1
        talk.hotline.log_in("b")
        await asyncio.sleep(0.1)
        talk.hotline.phones_of("b")[0].peer_answers()
        await asyncio.sleep(5)
        assert talk.citizen.hears_voice_of(talk.hotline.phones_of("b")[0])


async def test_queue_where_nobody_is_logged_in_is_refused() -> None:
    async with open_talk() as talk:
        talk.hotline.distributor.send(AgentLogsOut(agent_id="a"))
        empty = QueueJoins(rules=QueueRules(name="empty"))
        talk.hotline.distributor.send(empty)
        with pytest.raises(QueueUnstaffed):
            await talk.ask(TransferToQueue(queue="empty"))
        assert talk.citizen.hears_voice_of(talk.agent)


async def test_citizen_handed_to_an_agent_waits_for_that_one() -> None:
    async with open_talk() as talk:
        talk.hotline.log_in("b")
        with pytest.raises(TargetUnknown):
            await talk.ask(TransferToAgent(agent_id="a"))
        await talk.ask(TransferToAgent(agent_id="b"))
        assert talk.agent.ended.done()
        (phone,) = talk.hotline.phones_of("b")
        phone.peer_answers()
        await asyncio.sleep(5)
        assert talk.citizen.hears_voice_of(phone)
        assert talk.hotline.all(CallHandedOver)[0].handed_to is HandedTo.AGENT


async def test_citizen_whose_agent_is_not_there_goes_first_to_anybody() -> None:
    async with open_talk() as talk:
        await talk.ask(TransferToAgent(agent_id="b"))
        await asyncio.sleep(1)
        assert len(talk.hotline.phones_of("a")) == 2
        talk.hotline.phones_of("a")[1].peer_answers()
        await asyncio.sleep(5)
        assert talk.citizen.hears_voice_of(talk.hotline.phones_of("a")[1])


async def test_refer_while_a_third_party_is_here_is_not_followed() -> None:
    async with open_talk() as talk:
        third = await talk.consult()
        assert talk.agent.peer_refers("sip:other@127.0.0.3")
        await asyncio.sleep(1)
        assert talk.hotline.endpoint.placed[-1].leg.ended.done()
        assert talk.agent.hears_voice_of(third)


async def test_confidential_number_is_masked_for_the_next_agent() -> None:
    async with open_talk() as talk:
        hotline = talk.hotline
        hotline.equipment.control.calls[talk.citizen.id].confidential = True
        hotline.log_in("b")
        await talk.ask(TransferToAgent(agent_id="b"))
        await asyncio.sleep(1)
        shown = [p.from_user for p in hotline.endpoint.placed if "sip:b" in p.target]
        assert shown == ["138****5678"]
