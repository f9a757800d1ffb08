"""Whole calls told on fakes, in virtual time."""

import asyncio
import logging
from pathlib import Path

import pytest

from acd.events import (
    AgentState,
    CallConnected,
    CallMissed,
    CallRequeued,
    FlowStepTaken,
    LegClosed,
    LegOpened,
    Outcome,
)
from ivr_flows.actions import Request
from ivr_flows.runner import FlowRun
from telephony.events import EndCause
from tests.fakes.leg import FakeLeg
from tests.fakes.telephony import answers_after, refuses_with
from tests.story.hotline import MUSIC, StoryHotline, open_hotline

pytestmark = pytest.mark.looptime


async def in_queue(hotline: StoryHotline, **how: str) -> FakeLeg:
    """A citizen dials, presses 1 at once and is in the queue."""
    citizen = hotline.endpoint.dial(**how)
    await asyncio.sleep(0.1)
    citizen.press("1")
    await asyncio.sleep(0.1)
    return citizen


async def test_citizen_who_presses_one_speaks_with_an_agent() -> None:
    async with open_hotline("a") as hotline:
        hotline.log_in("a")
        citizen = await in_queue(hotline, from_user="13812345678")
        (phone,) = hotline.phones_of("a")
        assert hotline.endpoint.placed[0].from_user == "13812345678"
        phone.peer_rings()
        phone.peer_answers()
        await asyncio.sleep(1)
        assert citizen.hears_voice_of(phone)
        assert phone.hears_voice_of(citizen)
        roles = [role for role, _ in hotline.archive.recordings[citizen.id].legs]
        assert roles == ["citizen", "agent"]
        citizen.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert phone.ended.done()
        assert hotline.outcome_of(citizen) is Outcome.ANSWERED
        assert not hotline.is_owed_a_call_back(citizen)
        assert hotline.archive.recordings[citizen.id].closed


async def test_citizen_who_presses_nothing_speaks_with_an_agent() -> None:
    async with open_hotline("a") as hotline:
        hotline.endpoint.answer_policy = answers_after(1)
        hotline.log_in("a")
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(30)
        (connected,) = hotline.all(CallConnected)
        assert connected.wait_seconds == pytest.approx(1, abs=0.01)
        citizen.peer_hangs_up()


async def test_flow_steps_are_told_with_their_seconds_and_without_the_digits() -> None:
    async with open_hotline("a") as hotline:
        await in_queue(hotline)
        steps = hotline.all(FlowStepTaken)
        assert [(step.step, step.result) for step in steps] == [
            ("greeting", "key"),
            ("person", "requested"),
        ]
        assert steps[0].seconds == pytest.approx(0.1, abs=0.02)


async def test_waiting_citizen_hears_music_and_his_position() -> None:
    async with open_hotline("a") as hotline:
        await in_queue(hotline)
        second = await in_queue(hotline)
        await asyncio.sleep(5)
        assert [heard.file.name for heard in second.heard][-2:] == [
            "welcome.wav",
            "position_2.wav",
        ]
        await asyncio.sleep(5)
        assert MUSIC in second.hears


async def test_caller_who_hangs_up_in_the_greeting_is_abandoned_in_the_ivr() -> None:
    async with open_hotline("a") as hotline:
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(1)
        citizen.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert hotline.outcome_of(citizen) is Outcome.ABANDONED_IN_IVR
        assert hotline.is_owed_a_call_back(citizen)


async def test_caller_who_hangs_up_before_the_answer_is_accounted_for() -> None:
    async with open_hotline("a") as hotline:
        citizen = hotline.endpoint.dial()
        citizen.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert hotline.outcome_of(citizen) is Outcome.ABANDONED_IN_IVR


async def test_caller_who_hangs_up_in_queue_is_abandoned() -> None:
    async with open_hotline("a") as hotline:
        citizen = await in_queue(hotline)
        await asyncio.sleep(40)
        citizen.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert hotline.outcome_of(citizen) is Outcome.ABANDONED_IN_QUEUE
        assert hotline.is_owed_a_call_back(citizen)
        assert hotline.engine.waiting == {}


async def test_caller_who_hangs_up_while_ringing_silences_the_phone_at_once() -> None:
    async with open_hotline("a") as hotline:
        hotline.log_in("a")
        citizen = await in_queue(hotline)
        (phone,) = hotline.phones_of("a")
        phone.peer_rings()
        await asyncio.sleep(1)
        citizen.peer_hangs_up()
        await asyncio.sleep(0.001)
        assert phone.ended.result().cause is EndCause.CANCELLED
        await asyncio.sleep(0.1)
        assert hotline.outcome_of(citizen) is Outcome.ABANDONED_WHILE_RINGING
        assert hotline.engine.agents["a"].state is AgentState.READY


async def test_agent_who_does_not_answer_is_passed_over() -> None:
    async with open_hotline("a", "b") as hotline:
        hotline.log_in("a", "b")
        await in_queue(hotline)
        await asyncio.sleep(20)
        assert hotline.phones_of("a")[0].ended.result().cause is EndCause.CANCELLED
        assert len(hotline.phones_of("b")) == 1
        assert hotline.engine.agents["a"].state is AgentState.PAUSED


async def test_busy_phone_and_unreachable_phone_do_not_lose_the_citizen() -> None:
    async with open_hotline("a", "b") as hotline:
        hotline.endpoint.answer_policy = refuses_with(486)
        hotline.log_in("a", "b")
        citizen = await in_queue(hotline)
        assert hotline.engine.agents["a"].state is AgentState.READY
        hotline.endpoint.answer_policy = answers_after(0)
        await asyncio.sleep(11)
        assert len(hotline.all(CallConnected)) == 1
        citizen.peer_hangs_up()


async def test_citizen_whose_agents_leg_died_is_served_before_all_others() -> None:
    async with open_hotline("a", "b", wrap_up_seconds=0) as hotline:
        hotline.log_in("a")
        first = await in_queue(hotline)
        phone = hotline.phones_of("a")[0]
        phone.peer_answers()
        await asyncio.sleep(1)
        await in_queue(hotline)
        phone.peer_dies()
        await asyncio.sleep(1)
        assert len(hotline.all(CallRequeued)) == 1
        assert MUSIC in first.hears or first.playing
        hotline.log_in("b")
        await asyncio.sleep(0.1)
        hotline.phones_of("b")[0].peer_answers()
        await asyncio.sleep(0.1)
        assert first.hears_voice_of(hotline.phones_of("b")[0])


async def test_agent_who_hangs_up_leads_the_citizen_to_the_survey_and_goodbye() -> None:
    async with open_hotline("a") as hotline:
        hotline.endpoint.answer_policy = answers_after(0)
        hotline.log_in("a")
        citizen = await in_queue(hotline)
        await asyncio.sleep(10)
        hotline.phones_of("a")[0].peer_hangs_up()
        await asyncio.sleep(1)
        citizen.press("1")
        await asyncio.sleep(30)
        assert citizen.ended.result().cause is EndCause.WE_HUNG_UP
        assert hotline.outcome_of(citizen) is Outcome.ANSWERED
        names = [heard.file.name for heard in citizen.heard]
        assert names[-3:] == ["survey_question.wav", "survey_thanks.wav", "goodbye.wav"]


async def test_next_caller_is_offered_in_the_moment_an_agent_is_free() -> None:
    async with open_hotline("a", wrap_up_seconds=0) as hotline:
        hotline.endpoint.answer_policy = answers_after(0)
        hotline.log_in("a")
        first = await in_queue(hotline)
        await in_queue(hotline)
        await asyncio.sleep(10)
        assert len(hotline.phones_of("a")) == 1
        first.peer_hangs_up()
        await asyncio.sleep(0.001)
        assert len(hotline.phones_of("a")) == 2


async def test_flow_that_fails_leads_to_a_person() -> None:
    async with open_hotline("a") as hotline:
        hotline.prompts.broken.add("greeting")
        hotline.endpoint.answer_policy = answers_after(0)
        hotline.log_in("a")
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(10)
        assert len(hotline.all(CallConnected)) == 1
        citizen.peer_hangs_up()


@pytest.mark.parametrize("priority", ["emergency", "0"])
async def test_whose_flow_has_a_defect_waits_for_a_person_as_urgently(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, priority: str
) -> None:
    async def fails(_: FlowRun) -> Request:
        raise RuntimeError("a defect")

    monkeypatch.setattr(FlowRun, "next_request", fails)
    file = tmp_path / "defect.yaml"
    file.write_text(
        f"steps:\n  person: {{do: enqueue, priority: {priority}}}\n  end: {{do: hang_up}}\n"
    )
    async with open_hotline("a", flow_file=file) as hotline:
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(1)
        waiting = hotline.engine.waiting[citizen.id]
        assert waiting.goes_first is (priority == "emergency")


async def test_refused_calls_above_the_limit_are_blocked_and_owed_a_call_back() -> None:
    async with open_hotline("a", max_calls=1) as hotline:
        await in_queue(hotline)
        blocked = hotline.endpoint.dial()
        await asyncio.sleep(0.1)
        assert blocked.ended.result().sip_code == 503
        assert blocked.retry_after_seconds == 30
        assert hotline.outcome_of(blocked) is Outcome.BLOCKED
        assert hotline.is_owed_a_call_back(blocked)


async def test_emergency_number_is_answered_when_others_are_refused(
    tmp_path: Path,
) -> None:
    emergencies = tmp_path / "emergencies.yaml"
    emergencies.write_text(
        "steps:\n  person: {do: enqueue, priority: emergency}\n  end: {do: hang_up}\n"
    )
    async with open_hotline("a", max_calls=1, flow_file=emergencies) as hotline:
        first, second, third = (hotline.endpoint.dial() for _ in range(3))
        await asyncio.sleep(1)
        assert [first.id, second.id] == list(hotline.engine.waiting)
        assert third.ended.result().sip_code == 503
        assert hotline.outcome_of(third) is Outcome.BLOCKED


async def test_call_that_the_library_refuses_enters_the_ledger_too() -> None:
    async with open_hotline("a") as hotline:
        hotline.endpoint.legs_allowed = 1
        await in_queue(hotline)
        hotline.endpoint.dial(from_user="13900000001")
        await asyncio.sleep(0.1)
        (missed,) = hotline.all(CallMissed)
        assert (missed.stage, missed.caller) == (Outcome.BLOCKED, "+8613900000001")


async def test_stopping_the_service_puts_those_who_wait_on_the_ledger() -> None:
    async with open_hotline("a") as hotline:
        citizen = await in_queue(hotline)
    assert hotline.outcome_of(citizen) is Outcome.CUT_OFF
    assert hotline.is_owed_a_call_back(citizen)
    assert citizen.ended.done()


async def test_every_leg_that_opened_is_told_to_have_closed() -> None:
    async with open_hotline("a", "b") as hotline:
        hotline.endpoint.answer_policy = answers_after(2)
        hotline.log_in("a", "b")
        for _ in range(3):
            await in_queue(hotline)
        await asyncio.sleep(60)
    opened = {leg.leg_id for leg in hotline.all(LegOpened)}
    closed = [leg.leg_id for leg in hotline.all(LegClosed)]
    assert sorted(closed) == sorted(opened)


async def test_no_log_line_of_a_whole_call_holds_a_number_or_a_key(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_hotline("a") as hotline:
        hotline.prompts.broken.add("greeting")
        hotline.endpoint.answer_policy = refuses_with(480)
        hotline.log_in("a")
        citizen = await in_queue(hotline, from_user="13812345678")
        await asyncio.sleep(30)
        citizen.peer_hangs_up()
        await asyncio.sleep(1)
    assert caplog.records
    assert not any("12345678" in record.getMessage() for record in caplog.records)


async def test_agent_who_refers_to_a_phone_that_never_answers_keeps_the_citizen() -> (
    None
):
    async with open_hotline("a") as hotline:
        hotline.log_in("a")
        citizen = await in_queue(hotline)
        (phone,) = hotline.phones_of("a")
        phone.peer_answers()
        await asyncio.sleep(1)
        assert phone.peer_refers("sip:other@127.0.0.3")
        await asyncio.sleep(31)
        assert hotline.endpoint.placed[-1].leg.ended.done()
        assert citizen.hears_voice_of(phone)
        citizen.peer_hangs_up()
        await asyncio.sleep(0.1)
        assert hotline.outcome_of(citizen) is Outcome.ANSWERED


async def test_citizen_handed_to_nobody_by_an_agent_who_left_goes_first_again() -> None:
    async with open_hotline("a", "b") as hotline:
        hotline.log_in("a")
        citizen = await in_queue(hotline)
        (phone,) = hotline.phones_of("a")
        phone.peer_answers()
        await asyncio.sleep(1)
        phone.peer_refers("sip:other@127.0.0.3")
        phone.peer_hangs_up()
        await asyncio.sleep(5)
        hotline.endpoint.placed[-1].leg.peer_refuses(486)
        await asyncio.sleep(1)
        assert list(hotline.engine.waiting) == [citizen.id]
        assert hotline.engine.agents["a"].state is AgentState.WRAP_UP


async def test_citizen_handed_over_speaks_with_the_third_party_and_the_agent_is_free() -> (
    None
):
    async with open_hotline("a", wrap_up_seconds=0) as hotline:
        hotline.log_in("a")
        citizen = await in_queue(hotline)
        (phone,) = hotline.phones_of("a")
        phone.peer_answers()
        await asyncio.sleep(1)
        phone.peer_refers("sip:other@127.0.0.3")
        third = hotline.endpoint.placed[-1].leg
        third.peer_answers()
        await asyncio.sleep(1)
        assert citizen.hears_voice_of(third)
        assert phone.ended.done()
        assert hotline.engine.agents["a"].state is AgentState.READY
        third.peer_hangs_up()
        await asyncio.sleep(60)
        assert citizen.ended.done()


async def test_call_that_ends_while_the_service_stops_keeps_its_outcome() -> None:
    async with open_hotline("a") as hotline:
        hotline.endpoint.answer_policy = answers_after(0)
        hotline.log_in("a")
        citizen = await in_queue(hotline)
        await asyncio.sleep(1)
        hotline.archive.close_seconds = 5
        citizen.peer_hangs_up()
        await asyncio.sleep(1)
    assert hotline.outcome_of(citizen) is Outcome.ANSWERED
    assert not hotline.is_owed_a_call_back(citizen)
