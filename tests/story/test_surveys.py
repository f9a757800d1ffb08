"""The citizen rates his call: at its end, or by call-back when he hung up first."""

import asyncio
from pathlib import Path

import pytest

from acd.events import CallBackBegun, SurveyAnswered
from acd.ledger.debt import Debt, DebtKind, DebtState
from ivr_flows.flow import BUILT_IN
from tests.fakes.telephony import answers_after, files_heard
from tests.story.hotline import StoryHotline, open_hotline
from tests.story.test_call_backs import asked

pytestmark = pytest.mark.looptime

CITIZEN = "+8613800000000"


@pytest.fixture
def flow_file(tmp_path: Path) -> Path:
    """The default flow of a city that also asks those who hang up first."""
    file = tmp_path / "citizen.yaml"
    text = (BUILT_IN / "citizen.yaml").read_text("utf-8")
    file.write_text(f"survey_call_back: opinion\n{text}", "utf-8")
    return file


async def served(hotline: StoryHotline) -> None:
    """A citizen talks, and hangs up first."""
    hotline.endpoint.answer_policy = answers_after(1)
    hotline.log_in("a")
    citizen = hotline.endpoint.dial()
    await asyncio.sleep(30)
    citizen.peer_hangs_up()
    await asyncio.sleep(5)


async def test_answer_at_the_end_of_a_call_is_kept_with_it(flow_file: Path) -> None:
    async with open_hotline("a", flow_file=flow_file) as hotline:
        hotline.endpoint.answer_policy = answers_after(1)
        hotline.log_in("a")
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(30)
        hotline.phones_of("a")[0].peer_hangs_up()
        await asyncio.sleep(1)
        citizen.press("2")
        await asyncio.sleep(30)
        (told,) = hotline.all(SurveyAnswered)
        assert (told.call_id, told.asked_in) == (citizen.id, citizen.id)
        assert (told.step, told.answer) == ("opinion", "satisfied")
        assert not hotline.ledger.debts


async def test_citizen_who_hung_up_first_is_asked_by_call_back(flow_file: Path) -> None:
    async with open_hotline("a", flow_file=flow_file) as hotline:
        await served(hotline)
        (asked,) = hotline.placer.phones_of(CITIZEN)
        await asyncio.sleep(1)
        assert files_heard(asked)[0] == "survey_call_back_greeting.wav"
        await asyncio.sleep(5)
        asked.press("5")
        await asyncio.sleep(20)
        (told,) = hotline.all(SurveyAnswered)
        (begun,) = hotline.all(CallBackBegun)
        assert told.answer == "very_dissatisfied"
        assert told.asked_in == begun.call_id != told.call_id
        (debt,) = hotline.ledger.debts.values()
        assert (debt.kind, debt.state) == (DebtKind.SURVEY, DebtState.DONE)
        assert debt.call_id == told.call_id
        assert not hotline.endpoint.legs_in_use


async def test_citizen_who_was_called_back_is_asked_when_his_agent_hangs_up() -> None:
    async with open_hotline("a") as hotline:
        citizen = await asked(hotline)
        hotline.endpoint.answer_policy = answers_after(1)
        hotline.log_in("a")
        await asyncio.sleep(40)
        (called,) = hotline.placer.phones_of(CITIZEN)
        hotline.phones_of("a")[0].peer_hangs_up()
        await asyncio.sleep(1)
        called.press("2")
        await asyncio.sleep(30)
        (told,) = hotline.all(SurveyAnswered)
        (begun,) = hotline.all(CallBackBegun)
        assert (told.call_id, told.asked_in) == (citizen.id, begun.call_id)
        assert told.answer == "satisfied"
        assert files_heard(called)[-1] == "goodbye.wav"
        (debt,) = hotline.ledger.debts.values()
        assert debt.state is DebtState.DONE
        assert not hotline.endpoint.legs_in_use


async def test_citizen_who_hung_up_first_in_a_call_back_is_asked_by_another_one(
    flow_file: Path,
) -> None:
    async with open_hotline("a", flow_file=flow_file) as hotline:
        await asked(hotline)
        hotline.endpoint.answer_policy = answers_after(1)
        hotline.log_in("a")
        await asyncio.sleep(40)
        (called,) = hotline.placer.phones_of(CITIZEN)
        called.peer_hangs_up()
        await asyncio.sleep(10)
        call_back, survey = hotline.all(CallBackBegun)
        rung = hotline.placer.phones_of(CITIZEN)[-1]
        assert files_heard(rung)[0] == "survey_call_back_greeting.wav"
        rung.press("1")
        await asyncio.sleep(20)
        (told,) = hotline.all(SurveyAnswered)
        assert (told.call_id, told.asked_in) == (call_back.call_id, survey.call_id)
        states = {debt.kind: debt.state for debt in hotline.ledger.debts.values()}
        assert states == {
            DebtKind.PROMISE: DebtState.DONE,
            DebtKind.SURVEY: DebtState.DONE,
        }
        await asyncio.sleep(3600)
        assert len(hotline.placer.requests) == 2


async def test_silence_is_no_answer_and_he_is_asked_once(flow_file: Path) -> None:
    async with open_hotline("a", flow_file=flow_file) as hotline:
        await served(hotline)
        await asyncio.sleep(3 * 3600)
        assert not hotline.all(SurveyAnswered)
        assert len(hotline.placer.requests) == 1
        (debt,) = hotline.ledger.debts.values()
        assert debt.state is DebtState.EXPIRED


async def test_flow_that_does_not_want_it_calls_nobody() -> None:
    async with open_hotline("a") as hotline:
        await served(hotline)
        await asyncio.sleep(3600)
        assert not hotline.ledger.debts
        assert not hotline.placer.requests


async def test_survey_is_asked_however_many_missed_callers_are_owed() -> None:
    async with open_hotline("a") as hotline:
        now = hotline.clock.now()

        def owed(number: int, kind: DebtKind) -> Debt:
            return Debt(
                id=f"{kind}-{number}",
                call_id=f"C-{kind}-{number}",
                kind=kind,
                state=DebtState.OWED,
                number=f"+86139{number:08}",
                called="",
                queue="general",
                language="zh",
                since=now,
                entered_at=now,
                changed_at=now,
                due_at=now,
            )

        for number in range(1000):
            await hotline.ledger.owe(owed(number, DebtKind.MISSED))
        await hotline.ledger.owe(owed(5000, DebtKind.SURVEY))
        hotline.book.on_change()
        await asyncio.sleep(60)
        assert [request.number for request in hotline.placer.requests] == [
            "+8613900005000"
        ]
