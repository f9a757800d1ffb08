"""Hold, mute, pauses of the recording, and supervisors, in a whole call."""

import asyncio
from dataclasses import replace

import pytest

from acd.events import AgentState
from acd.talk_commands import (
    AlreadySupervised,
    CallNotTalking,
    Consult,
    HandOver,
    Hold,
    Join,
    Mute,
    NotSupervised,
    PauseRecording,
    ResumeRecording,
    StopSupervision,
    Supervise,
    Supervisor,
    Unhold,
    Unmute,
)
from acd.talk_events import (
    CallHeld,
    CallUnheld,
    RecordingPaused,
    RecordingResumed,
    SupervisionEnded,
    SupervisionFailed,
    SupervisionMode,
    SupervisionModeChanged,
    SupervisionStarted,
)
from tests.fakes.leg import FakeLeg
from tests.story.hotline import MUSIC, POLICE
from tests.story.talks import StoryTalk, open_talk

pytestmark = pytest.mark.looptime

LISTEN, WHISPER, BARGE = SupervisionMode
BOSS = Supervisor(id="boss", contact="sip:boss@127.0.0.3")
OTHER = Supervisor(id="other", contact="sip:other@127.0.0.3")


async def supervised(talk: StoryTalk, mode: SupervisionMode) -> FakeLeg:
    """A supervisor is rung and answers."""
    await talk.ask(Supervise(supervisor=BOSS, mode=mode))
    boss = talk.hotline.placer.phones_of(BOSS.contact)[-1]
    boss.peer_answers()
    await asyncio.sleep(6)
    return boss


async def test_hold_music_is_heard_and_its_seconds_are_told() -> None:
    async with open_talk() as talk:
        assert (await talk.ask(Hold())).on_hold
        await talk.ask(Hold())
        assert talk.citizen.hears == {MUSIC}
        assert talk.agent.hears == set()
        await asyncio.sleep(10)
        assert not (await talk.ask(Unhold())).on_hold
        assert talk.citizen.hears_voice_of(talk.agent)
        assert len(talk.hotline.all(CallHeld)) == 1
        (unheld,) = talk.hotline.all(CallUnheld)
        assert unheld.hold_seconds == pytest.approx(10, abs=0.1)


async def test_citizen_who_hangs_up_on_hold_leaves_nothing_open() -> None:
    async with open_talk() as talk:
        await talk.ask(Hold())
        await talk.ask(PauseRecording())
        talk.citizen.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert talk.legs_left() == []
        assert talk.hotline.engine.agents["a"].state is AgentState.READY
        assert len(talk.hotline.all(CallUnheld)) == 1
        assert len(talk.hotline.all(RecordingResumed)) == 1


async def test_citizen_on_hold_before_a_consultation_is_on_hold_after_it_failed() -> (
    None
):
    async with open_talk() as talk:
        await talk.ask(Hold())
        await talk.ask(Consult(third_party=POLICE))
        talk.hotline.placer.phones_of("110")[0].peer_refuses(486)
        await asyncio.sleep(5)
        assert talk.citizen.hears == {MUSIC}


async def test_command_in_the_moment_in_which_the_citizen_hangs_up_is_refused() -> None:
    async with open_talk() as talk:
        control = talk.hotline.equipment.control
        asked = asyncio.create_task(control.ask(talk.citizen.id, Hold()))
        talk.citizen.peer_hangs_up()
        async with asyncio.timeout(5):
            with pytest.raises(CallNotTalking):
                await asked


async def test_muted_agent_hears_and_is_not_heard() -> None:
    async with open_talk() as talk:
        assert (await talk.ask(Mute())).muted
        assert not talk.citizen.hears_voice_of(talk.agent)
        assert talk.agent.hears_voice_of(talk.citizen)
        await talk.ask(Unmute())
        assert talk.citizen.hears_voice_of(talk.agent)


async def test_pause_of_the_recording_is_marked_and_told() -> None:
    async with open_talk() as talk:
        assert (await talk.ask(PauseRecording())).recording_paused
        await asyncio.sleep(7)
        await talk.ask(ResumeRecording())
        recording = talk.hotline.archive.recordings[talk.citizen.id]
        assert recording.marks == ["paused", "resumed"]
        assert len(talk.hotline.all(RecordingPaused)) == 1
        (resumed,) = talk.hotline.all(RecordingResumed)
        assert resumed.pause_seconds == pytest.approx(7, abs=0.1)


async def test_agent_who_hands_over_ends_the_pause_of_the_recording() -> None:
    async with open_talk() as talk:
        await talk.consult()
        await talk.ask(PauseRecording())
        await talk.ask(HandOver())
        assert len(talk.hotline.all(RecordingResumed)) == 1
        await talk.ask(PauseRecording())


async def test_supervisor_listens_then_whispers_then_speaks_to_all() -> None:
    async with open_talk() as talk:
        boss = await supervised(talk, LISTEN)
        assert boss.hears == {talk.citizen.ear, talk.agent.ear}
        assert talk.agent.hears == {talk.citizen.ear}
        view = await talk.ask(Supervise(supervisor=BOSS, mode=WHISPER))
        assert view.supervision is WHISPER
        assert talk.agent.hears == {talk.citizen.ear, boss.ear}
        assert talk.citizen.hears == {talk.agent.ear}
        await talk.ask(Supervise(supervisor=BOSS, mode=BARGE))
        assert talk.citizen.hears == {talk.agent.ear, boss.ear}
        await talk.ask(StopSupervision())
        assert boss.ended.done()
        assert talk.hotline.all(SupervisionStarted)[0].mode is LISTEN
        changes = [event.mode for event in talk.hotline.all(SupervisionModeChanged)]
        assert changes == [WHISPER, BARGE]
        assert talk.hotline.all(SupervisionEnded)[0].supervisor == "boss"


async def test_supervisor_is_recorded_only_while_he_speaks_to_all() -> None:
    async with open_talk() as talk:
        await supervised(talk, WHISPER)
        recording = talk.hotline.archive.recordings[talk.citizen.id]
        assert [role for role, _ in recording.legs] == ["citizen", "agent"]
        await talk.ask(Supervise(supervisor=BOSS, mode=BARGE))
        assert recording.legs[-1][0] == "supervisor"
        await talk.ask(Supervise(supervisor=BOSS, mode=LISTEN))
        assert recording.left_out[-1] is recording.legs[-1][1]


async def test_agent_hears_a_sign_of_the_supervisor() -> None:
    async with open_talk() as talk:
        await supervised(talk, LISTEN)
        names = [heard.file.name for heard in talk.agent.heard]
        assert names == ["supervised.wav"]


async def test_agent_hears_no_sign_where_it_is_turned_off() -> None:
    async with open_talk() as talk:
        equipment = talk.hotline.equipment
        silent = replace(equipment.talk, tell_supervision=False)
        object.__setattr__(equipment, "talk", silent)
        await supervised(talk, LISTEN)
        assert talk.agent.heard == []


async def test_second_supervisor_is_refused_and_nobody_cannot_be_stopped() -> None:
    async with open_talk() as talk:
        with pytest.raises(NotSupervised):
            await talk.ask(StopSupervision())
        await supervised(talk, LISTEN)
        with pytest.raises(AlreadySupervised):
            await talk.ask(Supervise(supervisor=OTHER, mode=LISTEN))


async def test_supervisor_who_does_not_answer_changes_nothing() -> None:
    async with open_talk() as talk:
        await talk.ask(Supervise(supervisor=BOSS, mode=LISTEN))
        talk.hotline.placer.phones_of(BOSS.contact)[0].peer_refuses(486)
        await asyncio.sleep(1)
        assert len(talk.hotline.all(SupervisionFailed)) == 1
        assert talk.view().supervision is None
        await supervised(talk, LISTEN)


async def test_supervisor_who_hangs_up_is_gone_and_the_talk_goes_on() -> None:
    async with open_talk() as talk:
        boss = await supervised(talk, BARGE)
        boss.peer_hangs_up()
        await asyncio.sleep(1)
        assert len(talk.hotline.all(SupervisionEnded)) == 1
        assert talk.citizen.hears == {talk.agent.ear}


@pytest.mark.parametrize("answered", [False, True])
async def test_citizen_who_hangs_up_lets_the_supervisor_go(answered: bool) -> None:
    async with open_talk() as talk:
        if answered:
            await supervised(talk, BARGE)
        else:
            await talk.ask(Supervise(supervisor=BOSS, mode=BARGE))
        talk.citizen.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert talk.legs_left() == []


async def test_supervisor_goes_with_the_agent_who_hands_over() -> None:
    async with open_talk() as talk:
        boss = await supervised(talk, LISTEN)
        third = await talk.consult()
        assert boss.hears == {talk.agent.ear, third.ear}
        await talk.ask(Join())
        await talk.ask(HandOver())
        assert boss.ended.done()
        assert talk.citizen.hears == {third.ear}
