"""Hold, mute, pauses of the recording and supervisors in real calls."""

import asyncio

import pytest

from tests.sip.service.acts import (
    AGENT_HZ,
    AUDIBLE,
    CITIZEN_HZ,
    assert_recordings_prove,
    channels,
    hears,
    picked_up,
)
from tests.sip.service.conftest import OpenPhone, StartHotline
from tests.sip.service.talks import (
    BOSS_HZ,
    FAINT,
    ask,
    hears_none_of,
    keyed,
    live_talk,
    recording_of,
)
from tests.sip.tones import RATE, loudness, steady_level

pytestmark = pytest.mark.sip


async def test_citizen_on_hold_hears_music_and_is_not_heard(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    async with live_talk(start_hotline, phone) as talk:
        await keyed(talk.agent, "*7")
        await asyncio.sleep(1)
        await hears_none_of(talk.agent, CITIZEN_HZ)
        await hears_none_of(talk.citizen, AGENT_HZ)
        assert loudness(await talk.citizen.voice.listen(1)) > 0.01
        await keyed(talk.agent, "**")
        await hears(talk.citizen, AGENT_HZ)
        assert talk.citizen.reinvites == 0


async def test_muted_agent_is_not_heard(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    async with live_talk(start_hotline, phone) as talk:
        await ask(talk, "mute")
        await hears_none_of(talk.citizen, AGENT_HZ)
        await hears(talk.agent, CITIZEN_HZ)
        await ask(talk, "unmute")
        await hears(talk.citizen, AGENT_HZ)


async def test_what_is_said_in_a_pause_is_not_in_the_recording(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    async with live_talk(start_hotline, phone) as talk:
        await ask(talk, "pause-recording")
        await asyncio.sleep(2)
        await ask(talk, "resume-recording")
        await asyncio.sleep(1)
        talk.citizen.hang_up()
        story = await talk.hotline.call_that_ended()
        sides = await channels(talk.hotline, story["id"])
        recording = await recording_of(talk.hotline, story["id"])
        at = {mark["kind"]: mark["at_seconds"] for mark in recording["marks"]}
        first, last = (round(at[kind] * RATE) for kind in ("paused", "resumed"))
        for side, hz in zip(sides, (CITIZEN_HZ, AGENT_HZ), strict=True):
            assert loudness(side[first + 800 : last - 800]) == 0
            assert steady_level(side[last + 800 : last + 6400], hz) > AUDIBLE
        assert len(sides[0]) == pytest.approx(recording["seconds"] * RATE, abs=RATE / 2)
        assert not recording["citizen_silent"]
        assert not recording["agent_silent"]
        await assert_recordings_prove(talk.hotline)


async def test_citizen_does_not_hear_a_whisper_and_the_recording_does_not_keep_it(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    async with live_talk(start_hotline, phone) as talk:
        await ask(talk, "listen", "--supervisor", "boss")
        boss = await picked_up(talk.boss, talk.hotline)
        await hears(boss, CITIZEN_HZ)
        await hears(boss, AGENT_HZ)
        await hears_none_of(talk.agent, BOSS_HZ)
        await ask(talk, "whisper", "--supervisor", "boss")
        await hears(talk.agent, BOSS_HZ)
        await hears_none_of(talk.citizen, BOSS_HZ)
        await asyncio.sleep(1)
        await ask(talk, "barge", "--supervisor", "boss")
        await hears(talk.citizen, BOSS_HZ)
        await asyncio.sleep(1)
        await ask(talk, "whisper", "--supervisor", "boss")
        await hears_none_of(talk.citizen, BOSS_HZ)
        await asyncio.sleep(1)
        talk.citizen.hang_up()
        await boss.got_request("BYE")
        story = await talk.hotline.call_that_ended()
        kinds = [event["kind"] for event in story["talk_events"]]
        assert kinds == [
            "SUPERVISE",
            "SUPERVISEMODE",
            "SUPERVISEMODE",
            "SUPERVISEMODE",
            "SUPERVISEEND",
        ]
        left, right = await channels(talk.hotline, story["id"])
        assert steady_level(left, BOSS_HZ) < FAINT
        assert steady_level(right[-6400:], BOSS_HZ) < FAINT
        recording = await recording_of(talk.hotline, story["id"])
        (boss_mark,) = [m for m in recording["marks"] if m["kind"] == "supervisor"]
        began = round(boss_mark["at_seconds"] * RATE)
        assert steady_level(right[:began], BOSS_HZ) < FAINT
        assert steady_level(right[began + 1600 : began + 8000], BOSS_HZ) > AUDIBLE


async def test_live_talk_is_streamed_to_configured_supervisors_alone(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    async with live_talk(
        start_hotline, phone, sip='trusted_peers = ["127.0.0.0/29"]'
    ) as talk:
        stranger = await phone("127.0.0.77")
        for named in (stranger.uri, talk.boss.uri, "01088888888"):
            status, said = await talk.hotline.command(
                "calls", "listen", talk.call_id[-8:], "--supervisor", named
            )
            assert (status, "known: boss" in said) == (1, True)
        await ask(talk, "listen", "--supervisor", "boss")
        await hears(await picked_up(talk.boss, talk.hotline), CITIZEN_HZ)
        assert not stranger.calls


async def test_disposition_and_confidential_caller_stay_with_the_call(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    async with live_talk(
        start_hotline,
        phone,
        queues='[[queues]]\nname = "general"\nwrap_up_seconds = 600\n',
    ) as talk:
        await ask(talk, "confidential")
        talk.agent.hang_up()
        await ask(talk, "dispose", "complaint", "--note", "很吵", "--end-wrap-up")
        talk.citizen.hang_up()
        story = await talk.hotline.call_that_ended()
        assert (story["disposition"], story["disposition_note"]) == (
            "complaint",
            "很吵",
        )
        assert story["caller"] == "138****8000"
        assert "很吵" not in talk.hotline.log
        assert await talk.hotline.metric('hotline_dispositions_total{code="complaint"}')
