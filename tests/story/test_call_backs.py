"""A citizen asks to be called back while he waits, and is."""

import asyncio
from dataclasses import replace

import pytest

from acd.call_backs.rules import CallBackRules, Mode
from acd.events import (
    CallAbandoned,
    CallBackBegun,
    CallBackPromised,
    CallBackTried,
    CallEnded,
    Event,
    LegClosed,
    Outcome,
)
from acd.ledger.debt import AttemptOutcome, DebtMoveRefused, DebtState
from acd.records.facts import facts_of
from acd.records.rows import QueueEventRow
from acd.records.summary import Summary, summary_of
from tests.fakes.leg import FakeLeg
from tests.fakes.telephony import AnswerPolicy, answers_after, files_heard
from tests.story.hotline import StoryHotline, open_hotline

pytestmark = pytest.mark.looptime

CITIZEN = "+8613800000000"


async def asked(hotline: StoryHotline, number: str = "13800000000") -> FakeLeg:
    """A citizen who has asked for a call-back and hung up."""
    citizen = hotline.endpoint.dial(from_user=number)
    await asyncio.sleep(20)
    citizen.press("2")
    await asyncio.sleep(6)
    citizen.press("1")
    await asyncio.sleep(6)
    citizen.peer_hangs_up()
    await asyncio.sleep(1)
    return citizen


def state(hotline: StoryHotline) -> DebtState:
    """Of the only debt."""
    (debt,) = hotline.ledger.debts.values()
    return debt.state


def summary_of_call_back(hotline: StoryHotline) -> tuple[Summary, Outcome]:
    """What the records of the only call-back come to, and how it ended."""
    (placed,) = hotline.all(CallBackBegun)
    story = [e for e in hotline.told if getattr(e, "call_id", "") == placed.call_id]
    facts = facts_of(e for e in story if isinstance(e, Event))
    (ended,), (answered,) = facts.ended, facts.answered
    rows = [QueueEventRow(**row) for row in facts.queue_events]
    outcome = Outcome(ended["outcome"])
    return summary_of(rows, answered["at"], ended["at"], outcome), outcome


async def test_citizen_is_asked_for_his_number_and_told_that_his_place_is_kept() -> (
    None
):
    async with open_hotline("a") as hotline:
        citizen = await asked(hotline)
        assert files_heard(citizen)[-2:] == [
            "call_back_confirm.wav",
            "call_back_promised.wav",
        ]
        assert hotline.outcome_of(citizen) is Outcome.CALL_BACK_PROMISED
        (left,) = hotline.all(CallBackPromised)
        assert (left.call_id, left.position) == (citizen.id, 1)
        assert not hotline.all(CallAbandoned)
        assert state(hotline) is DebtState.PROMISED
        (call,) = hotline.engine.waiting.values()
        assert call.call_id != citizen.id


async def test_agent_hears_whom_he_calls_before_the_citizen_is_rung() -> None:
    async with open_hotline("a") as hotline:
        await asked(hotline)
        hotline.log_in("a")
        await asyncio.sleep(1)
        (agent,) = hotline.phones_of("a")
        assert not hotline.placer.requests
        agent.peer_answers()
        await asyncio.sleep(6)
        assert files_heard(agent) == ["call_back_agent.wav"]
        (citizen,) = hotline.placer.phones_of(CITIZEN)
        citizen.peer_answers()
        await asyncio.sleep(6)
        assert files_heard(citizen) == ["call_back_greeting.wav"]
        assert citizen.hears_voice_of(agent)
        assert agent.hears_voice_of(citizen)
        citizen.peer_hangs_up()
        await asyncio.sleep(2)
        assert state(hotline) is DebtState.DONE


async def test_call_back_is_a_recorded_call_with_both_sides() -> None:
    async with open_hotline("a") as hotline:
        hotline.endpoint.answer_policy = answers_after(1)
        await asked(hotline)
        hotline.log_in("a")
        await asyncio.sleep(30)
        (citizen,) = hotline.placer.phones_of(CITIZEN)
        citizen.peer_hangs_up()
        await asyncio.sleep(2)
        (placed,) = hotline.all(CallBackBegun)
        (debt,) = hotline.ledger.debts.values()
        assert (placed.caller, placed.call_back_id) == (CITIZEN, debt.id)
        recording = hotline.archive.recordings[placed.call_id]
        assert [role for role, _ in recording.legs] == ["citizen", "agent"]
        assert recording.closed
        (ended,) = [
            end for end in hotline.all(CallEnded) if end.call_id == placed.call_id
        ]
        assert ended.outcome is Outcome.ANSWERED
        assert not hotline.endpoint.legs_in_use


async def test_citizen_first_rings_him_near_the_head_and_he_waits_with_music() -> None:
    rules = CallBackRules(mode=Mode.CITIZEN_FIRST)
    async with open_hotline("a", call_backs=rules) as hotline:
        await asked(hotline)
        await asyncio.sleep(1)
        (citizen,) = hotline.placer.phones_of(CITIZEN)
        citizen.peer_answers()
        await asyncio.sleep(10)
        assert files_heard(citizen)[0] == "call_back_greeting.wav"
        hotline.log_in("a")
        await asyncio.sleep(1)
        (agent,) = hotline.phones_of("a")
        agent.peer_answers()
        await asyncio.sleep(1)
        assert citizen.hears_voice_of(agent)
        agent.peer_hangs_up()
        await asyncio.sleep(20)
        assert state(hotline) is DebtState.DONE
        assert not hotline.endpoint.legs_in_use


async def test_citizen_who_does_not_answer_is_tried_again_and_then_expires() -> None:
    async with open_hotline("a", auto_pause_after=0) as hotline:
        await asked(hotline)
        hotline.endpoint.answer_policy = _only_agents_answer(hotline)
        hotline.log_in("a")
        await asyncio.sleep(3 * 900)
        assert state(hotline) is DebtState.EXPIRED
        tried = [attempt.outcome for attempt in hotline.all(CallBackTried)]
        assert tried == [AttemptOutcome.NO_ANSWER] * 3
        assert [attempt[1] for attempt in hotline.ledger.attempts] == [1, 2, 3]
        assert not hotline.engine.waiting
        assert not hotline.endpoint.legs_in_use


def _only_agents_answer(hotline: StoryHotline) -> AnswerPolicy:
    def policy(leg: FakeLeg) -> None:
        leg.peer_rings()
        if leg in hotline.phones_of("a"):
            leg.peer_answers()

    return policy


async def test_citizen_who_presses_nine_is_not_called_again() -> None:
    async with open_hotline("a") as hotline:
        await asked(hotline)
        hotline.log_in("a")
        hotline.endpoint.answer_policy = answers_after(1)
        await asyncio.sleep(1)
        await asyncio.sleep(6.5)
        (citizen,) = hotline.placer.phones_of(CITIZEN)
        await asyncio.sleep(1)
        citizen.press("9")
        await asyncio.sleep(20)
        assert state(hotline) is DebtState.REFUSED
        assert not hotline.endpoint.legs_in_use


async def test_promise_is_taken_up_again_after_a_restart_at_its_old_place() -> None:
    async with open_hotline("a") as hotline:
        await asked(hotline)
        (before,) = hotline.ledger.debts.values()
        await hotline.desk.__aexit__(None, None, None)
        assert not hotline.engine.waiting
        async with hotline.call_back_desk(hotline.flow):
            await asyncio.sleep(5)
            assert len(hotline.engine.waiting) == 1
            assert hotline.ledger.debts[before.id].since == before.since
            assert len(hotline.all(CallBackBegun)) == 2


async def test_withheld_number_must_be_typed() -> None:
    async with open_hotline("a") as hotline:
        citizen = hotline.endpoint.dial(withheld=True)
        await asyncio.sleep(20)
        citizen.press("2")
        await asyncio.sleep(1)
        citizen.press("110#")
        await asyncio.sleep(10)
        citizen.press("13912345678#")
        await asyncio.sleep(6)
        assert "call_back_bad_number.wav" in files_heard(citizen)
        citizen.press("1")
        await asyncio.sleep(6)
        (debt,) = hotline.ledger.debts.values()
        assert debt.number == "+8613912345678"


async def test_agent_who_answers_during_the_question_ends_it() -> None:
    async with open_hotline("a") as hotline:
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(20)
        citizen.press("2")
        await asyncio.sleep(2)
        hotline.endpoint.answer_policy = answers_after(1)
        hotline.log_in("a")
        await asyncio.sleep(3)
        assert citizen.hears_voice_of(hotline.phones_of("a")[0])
        assert not hotline.ledger.debts
        citizen.peer_hangs_up()


@pytest.mark.parametrize(
    ("greeting_seconds", "key", "outcome"),
    [
        (1, "", Outcome.ABANDONED_IN_IVR),
        (1, "9", Outcome.COMPLETED_IN_IVR),
        (8, "", Outcome.ANSWERED),
    ],
)
async def test_call_back_ends_where_the_citizen_left_it_and_talk_is_his_alone(
    greeting_seconds: float, key: str, outcome: Outcome
) -> None:
    async with open_hotline("a") as hotline:
        await asked(hotline)
        hotline.log_in("a")
        await asyncio.sleep(1)
        hotline.phones_of("a")[0].peer_answers()
        await asyncio.sleep(6)
        (citizen,) = hotline.placer.phones_of(CITIZEN)
        citizen.peer_answers()
        await asyncio.sleep(greeting_seconds)
        if key:
            citizen.press(key)
            await asyncio.sleep(8)
        citizen.peer_hangs_up()
        await asyncio.sleep(8)
        summary, ended_as = summary_of_call_back(hotline)
        assert ended_as is outcome
        spoke = outcome is Outcome.ANSWERED
        assert (summary.agent_id, bool(summary.connected_at)) == (
            ("a", True) if spoke else (None, False)
        )
        assert bool(summary.talk_seconds) is spoke


async def test_agent_who_hangs_up_while_the_citizen_rings_costs_him_no_try() -> None:
    async with open_hotline("a") as hotline:
        await asked(hotline)
        hotline.log_in("a")
        await asyncio.sleep(1)
        (agent,) = hotline.phones_of("a")
        agent.peer_answers()
        await asyncio.sleep(6)
        agent.peer_hangs_up()
        await asyncio.sleep(2)
        (debt,) = hotline.ledger.debts.values()
        assert (debt.state, debt.tries) == (DebtState.PROMISED, 0)
        (tried,) = hotline.all(CallBackTried)
        assert tried.outcome is AttemptOutcome.AGENT_LEFT
        assert len(hotline.all(LegClosed)) == 3


async def test_promise_that_nobody_could_keep_gives_up_its_place_and_is_expired() -> (
    None
):
    async with open_hotline("a") as hotline:
        await asked(hotline)
        await asyncio.sleep(24 * 3600 - 120)
        assert state(hotline) is DebtState.PROMISED
        await asyncio.sleep(240)
        assert state(hotline) is DebtState.EXPIRED
        assert not hotline.engine.waiting


async def test_call_back_is_cancelled_by_hand_but_not_while_it_rings() -> None:
    async with open_hotline("a") as hotline:
        await asked(hotline)
        (debt,) = hotline.ledger.debts.values()
        hotline.log_in("a")
        await asyncio.sleep(1)
        hotline.phones_of("a")[0].peer_answers()
        await asyncio.sleep(6)
        with pytest.raises(DebtMoveRefused):
            await hotline.desk.cancel(debt.id, refused=False)
        hotline.placer.phones_of(CITIZEN)[0].peer_refuses(486)
        await asyncio.sleep(10)
        assert state(hotline) is DebtState.PROMISED
        await hotline.desk.cancel(debt.id, refused=True)
        await asyncio.sleep(3600)
        assert state(hotline) is DebtState.REFUSED
        assert len(hotline.placer.requests) == 1


async def test_agent_who_leaves_as_the_citizen_answers_does_not_leave_him_alone() -> (
    None
):
    async with open_hotline("a", "b") as hotline:
        await asked(hotline)
        hotline.log_in("a")
        await asyncio.sleep(1)
        (first,) = hotline.phones_of("a")
        first.peer_answers()
        await asyncio.sleep(6)
        (citizen,) = hotline.placer.phones_of(CITIZEN)
        citizen.peer_answers()
        await asyncio.sleep(1)
        first.peer_hangs_up()
        hotline.log_in("b")
        await asyncio.sleep(6)
        (second,) = hotline.phones_of("b")
        second.peer_answers()
        await asyncio.sleep(2)
        assert citizen.hears_voice_of(second)
        second.peer_hangs_up()
        await asyncio.sleep(20)
        assert state(hotline) is DebtState.DONE
        assert not hotline.endpoint.legs_in_use


async def test_citizen_who_gives_up_after_his_agent_left_was_served_by_nobody() -> None:
    async with open_hotline("a") as hotline:
        await asked(hotline)
        hotline.log_in("a")
        await asyncio.sleep(1)
        (agent,) = hotline.phones_of("a")
        agent.peer_answers()
        await asyncio.sleep(6)
        (citizen,) = hotline.placer.phones_of(CITIZEN)
        citizen.peer_answers()
        await asyncio.sleep(1)
        agent.peer_hangs_up()
        await asyncio.sleep(10)
        citizen.peer_hangs_up()
        await asyncio.sleep(2)
        summary, outcome = summary_of_call_back(hotline)
        assert outcome is Outcome.ABANDONED_IN_QUEUE
        assert (summary.agent_id, summary.talk_seconds) == (None, None)
        assert state(hotline) is DebtState.PROMISED


async def test_debt_of_a_queue_that_is_no_more_is_paid_by_the_first_one() -> None:
    async with open_hotline("a") as hotline:
        await asked(hotline)
        (debt,) = hotline.ledger.debts.values()
        await hotline.desk.__aexit__(None, None, None)
        hotline.ledger.debts[debt.id] = replace(debt, queue="closed")
        async with hotline.call_back_desk(hotline.flow):
            await asyncio.sleep(5)
            (waiting,) = hotline.engine.waiting.values()
            assert waiting.queue == "general"
