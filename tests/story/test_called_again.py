"""Citizens who call again, and missed callers who are called: nobody twice, nobody lost."""

import asyncio
from pathlib import Path

import pytest

from acd.call_backs.rules import CallBackRules, Mode
from acd.events import PlaceTakenBack
from acd.ledger.debt import AttemptOutcome, DebtState
from tests.fakes.leg import FakeLeg
from tests.fakes.telephony import answers_after, files_heard
from tests.story.hotline import open_hotline
from tests.story.test_call_backs import CITIZEN, asked, state

pytestmark = pytest.mark.looptime


async def test_missed_caller_who_calls_again_and_is_answered_is_owed_nothing() -> None:
    async with open_hotline("a") as hotline:
        missed = hotline.endpoint.dial()
        await asyncio.sleep(20)
        missed.peer_hangs_up()
        await asyncio.sleep(5)
        assert state(hotline) is DebtState.OWED
        again = hotline.endpoint.dial()
        await asyncio.sleep(12)
        hotline.endpoint.answer_policy = answers_after(1)
        hotline.log_in("a")
        await asyncio.sleep(10)
        assert again.hears_voice_of(hotline.phones_of("a")[0])
        assert state(hotline) is DebtState.CANCELLED
        again.peer_hangs_up()
        await asyncio.sleep(3600)
        assert not hotline.placer.requests


async def test_missed_caller_whom_the_flow_puts_through_is_owed_nothing(
    tmp_path: Path,
) -> None:
    file = tmp_path / "flow.yaml"
    file.write_text(
        "steps:\n"
        "  office: {do: transfer, target: 'sip:office@127.0.0.3', failed: end}\n"
        "  end: {do: hang_up}\n"
    )
    async with open_hotline("a", flow_file=file) as hotline:
        missed = hotline.endpoint.dial()
        await asyncio.sleep(1)
        missed.peer_hangs_up()
        await asyncio.sleep(5)
        assert state(hotline) is DebtState.OWED
        hotline.endpoint.answer_policy = drops_at_once
        hotline.endpoint.dial()
        await asyncio.sleep(5)
        assert state(hotline) is DebtState.OWED
        hotline.endpoint.answer_policy = answers_after(1)
        again = hotline.endpoint.dial()
        await asyncio.sleep(5)
        assert state(hotline) is DebtState.CANCELLED
        again.peer_hangs_up()


def drops_at_once(leg: FakeLeg) -> None:
    """Picks up and hangs up."""
    leg.peer_answers()
    asyncio.get_running_loop().call_soon(leg.peer_hangs_up)


async def test_call_back_goes_before_those_who_came_after_the_citizen() -> None:
    async with open_hotline("a") as hotline:
        await asked(hotline)
        later = hotline.endpoint.dial(from_user="13822222222")
        await asyncio.sleep(20)
        hotline.log_in("a")
        await asyncio.sleep(1)
        (agent,) = hotline.phones_of("a")
        agent.peer_answers()
        await asyncio.sleep(6)
        assert [request.number for request in hotline.placer.requests] == [CITIZEN]
        assert later.id in hotline.engine.waiting
        later.peer_hangs_up()


async def test_citizen_who_calls_again_takes_his_place_back_from_the_call_back() -> (
    None
):
    async with open_hotline("a") as hotline:
        first = await asked(hotline)
        later = hotline.endpoint.dial(from_user="13822222222")
        await asyncio.sleep(20)
        again = hotline.endpoint.dial()
        await asyncio.sleep(12)
        assert state(hotline) is DebtState.CANCELLED
        (back,) = hotline.all(PlaceTakenBack)
        assert back.call_id == again.id
        hotline.endpoint.answer_policy = answers_after(1)
        hotline.log_in("a")
        await asyncio.sleep(3)
        assert again.hears_voice_of(hotline.phones_of("a")[0])
        assert not hotline.placer.requests
        assert first.ended.done()
        later.peer_hangs_up()
        again.peer_hangs_up()


async def test_citizen_who_calls_while_an_agent_is_rung_for_him_gets_that_agent() -> (
    None
):
    async with open_hotline("a") as hotline:
        await asked(hotline)
        hotline.log_in("a")
        await asyncio.sleep(1)
        (for_call_back,) = hotline.phones_of("a")
        later = hotline.endpoint.dial(from_user="13822222222")
        again = hotline.endpoint.dial()
        await asyncio.sleep(12)
        assert for_call_back.ended.done()
        assert state(hotline) is DebtState.CANCELLED
        agent = hotline.phones_of("a")[-1]
        agent.peer_answers()
        await asyncio.sleep(3)
        assert again.hears_voice_of(agent)
        assert not hotline.placer.requests
        later.peer_hangs_up()
        again.peer_hangs_up()


async def test_citizen_in_the_greeting_is_not_rung_and_has_the_place_of_his_call_back() -> (
    None
):
    async with open_hotline("a", wrap_up_seconds=1) as hotline:
        hotline.log_in("a")
        other = hotline.endpoint.dial(from_user="13822222222")
        await asyncio.sleep(12)
        agent = hotline.phones_of("a")[-1]
        agent.peer_answers()
        await asked(hotline)
        (debt,) = hotline.ledger.debts.values()
        again = hotline.endpoint.dial()
        await asyncio.sleep(0.5)
        hotline.endpoint.answer_policy = answers_after(0)
        agent.peer_hangs_up()
        other.peer_hangs_up()
        await asyncio.sleep(20)
        assert not hotline.placer.requests
        assert hotline.all(PlaceTakenBack)[-1].since == debt.since
        assert again.hears_voice_of(hotline.phones_of("a")[-1])
        assert state(hotline) is DebtState.CANCELLED
        again.peer_hangs_up()


async def test_citizen_who_is_to_be_rung_before_an_agent_is_not_while_he_calls() -> (
    None
):
    rules = CallBackRules(mode=Mode.CITIZEN_FIRST)
    async with open_hotline("a", call_backs=rules) as hotline:
        missed = hotline.endpoint.dial()
        await asyncio.sleep(20)
        missed.peer_hangs_up()
        await asyncio.sleep(5)
        (debt,) = hotline.ledger.debts.values()
        again = hotline.endpoint.dial()
        await asyncio.sleep(0.5)
        await hotline.desk.place(debt.id)
        await asyncio.sleep(12)
        assert not hotline.placer.requests
        assert again.id in hotline.engine.waiting
        after = hotline.ledger.debts[debt.id]
        assert (after.tries, after.reason) == (0, AttemptOutcome.ON_THE_LINE)
        again.peer_hangs_up()


async def test_citizen_who_only_heard_the_greeting_is_called_when_he_has_hung_up() -> (
    None
):
    async with open_hotline("a", wrap_up_seconds=1) as hotline:
        await asked(hotline)
        again = hotline.endpoint.dial()
        await asyncio.sleep(0.5)
        hotline.endpoint.answer_policy = answers_after(0)
        hotline.log_in("a")
        await asyncio.sleep(7)
        assert not hotline.placer.requests
        (debt,) = hotline.ledger.debts.values()
        assert (debt.state, debt.tries) == (DebtState.PROMISED, 0)
        again.peer_hangs_up()
        await asyncio.sleep(20)
        assert [request.number for request in hotline.placer.requests] == [CITIZEN]


async def test_citizen_whom_we_have_rung_stays_when_another_takes_his_place() -> None:
    rules = CallBackRules(mode=Mode.CITIZEN_FIRST)
    async with open_hotline("a", call_backs=rules) as hotline:
        await asked(hotline)
        await asyncio.sleep(1)
        (citizen,) = hotline.placer.phones_of(CITIZEN)
        citizen.peer_answers()
        await asyncio.sleep(10)
        colleague = hotline.endpoint.dial()
        await asyncio.sleep(12)
        assert len(hotline.all(PlaceTakenBack)) == 1
        hotline.endpoint.answer_policy = answers_after(1)
        hotline.log_in("a")
        await asyncio.sleep(3)
        assert citizen.hears_voice_of(hotline.phones_of("a")[0])
        citizen.peer_hangs_up()
        await asyncio.sleep(40)
        assert colleague.hears_voice_of(hotline.phones_of("a")[-1])
        assert state(hotline) is DebtState.DONE
        colleague.peer_hangs_up()


async def test_citizen_who_took_his_place_back_keeps_it_when_he_asks_again() -> None:
    async with open_hotline("a") as hotline:
        await asked(hotline)
        (before,) = hotline.ledger.debts.values()
        await asked(hotline)
        open_debts = [debt for debt in hotline.ledger.debts.values() if debt.is_open]
        assert [debt.since for debt in open_debts] == [before.since]


async def test_switchboard_with_a_call_on_the_line_gives_up_only_its_call_back() -> (
    None
):
    async with open_hotline("a") as hotline:
        await asked(hotline)
        one = hotline.endpoint.dial()
        another = hotline.endpoint.dial()
        await asyncio.sleep(20)
        assert state(hotline) is DebtState.CANCELLED
        assert set(hotline.engine.waiting) == {one.id, another.id}
        one.peer_hangs_up()
        another.peer_hangs_up()


async def test_two_callers_of_a_switchboard_who_are_promised_at_once_are_both_called() -> (
    None
):
    async with open_hotline("a") as hotline:
        both = [hotline.endpoint.dial(), hotline.endpoint.dial()]
        for seconds, key in ((20, "2"), (6, "1")):
            await asyncio.sleep(seconds)
            for citizen in both:
                citizen.press(key)
        await asyncio.sleep(6)
        for citizen in both:
            citizen.peer_hangs_up()
        await asyncio.sleep(5)
        assert [d.state for d in hotline.ledger.debts.values()] == [
            DebtState.PROMISED,
            DebtState.PROMISED,
        ]
        hotline.endpoint.answer_policy = answers_after(1)
        hotline.log_in("a")
        for number in (1, 2):
            await asyncio.sleep(60)
            assert len(hotline.placer.requests) == number
            hotline.placer.phones_of(CITIZEN)[-1].peer_hangs_up()
        await asyncio.sleep(5)
        assert {d.state for d in hotline.ledger.debts.values()} == {DebtState.DONE}


async def test_engine_knows_how_many_promises_wait() -> None:
    async with open_hotline("a") as hotline:
        await asked(hotline)
        await asked(hotline, "13822222222")
        await asyncio.sleep(5)
        assert hotline.engine.promises.owed("general") == 2


async def test_several_missed_calls_of_one_number_are_one_debt() -> None:
    async with open_hotline("a") as hotline:
        for _ in range(3):
            citizen = hotline.endpoint.dial()
            await asyncio.sleep(20)
            citizen.peer_hangs_up()
            await asyncio.sleep(10)
        assert state(hotline) is DebtState.OWED
        assert len(hotline.ledger.stands_for) == 3


async def test_ledger_is_paid_by_itself_only_while_nobody_waits() -> None:
    rules = CallBackRules(automatic=True)
    async with open_hotline("a", call_backs=rules) as hotline:
        missed = hotline.endpoint.dial(from_user="13811111111")
        await asyncio.sleep(20)
        missed.peer_hangs_up()
        await asyncio.sleep(5)
        waiting = hotline.endpoint.dial(from_user="13822222222")
        await asyncio.sleep(12)
        hotline.endpoint.answer_policy = answers_after(1)
        hotline.log_in("a")
        await asyncio.sleep(30)
        assert waiting.hears_voice_of(hotline.phones_of("a")[0])
        assert not hotline.placer.requests
        waiting.peer_hangs_up()
        await asyncio.sleep(60)
        (request,) = hotline.placer.requests
        assert request.number == "+8613811111111"


async def test_nobody_is_called_by_night_unless_he_asked_for_it() -> None:
    rules = CallBackRules(automatic=True)
    async with open_hotline("a", call_backs=rules) as hotline:
        hotline.endpoint.answer_policy = answers_after(1)
        await asyncio.sleep(6 * 3600)  # 22:00 on the city's clock
        missed = hotline.endpoint.dial(from_user="13811111111")
        await asyncio.sleep(20)
        missed.peer_hangs_up()
        await asyncio.sleep(1)
        await asked(hotline, "13822222222")
        hotline.log_in("a")
        await asyncio.sleep(60)
        assert [r.number for r in hotline.placer.requests] == ["+8613822222222"]
        hotline.placer.phones_of("+8613822222222")[0].peer_hangs_up()
        await asyncio.sleep(10 * 3600)
        assert [r.number for r in hotline.placer.requests][1:] == ["+8613811111111"]


async def test_nobody_is_called_while_he_is_on_the_line() -> None:
    rules = CallBackRules(automatic=True)
    async with open_hotline("a", call_backs=rules) as hotline:
        missed = hotline.endpoint.dial()
        await asyncio.sleep(20)
        missed.peer_hangs_up()
        await asyncio.sleep(5)
        again = hotline.endpoint.dial()
        await asyncio.sleep(1)
        hotline.log_in("a")
        await asyncio.sleep(1)
        assert not hotline.placer.requests
        again.peer_hangs_up()
        await asyncio.sleep(30)
        assert len(hotline.phones_of("a")) == 1


async def test_missed_caller_is_called_when_a_person_wants_it() -> None:
    async with open_hotline("a") as hotline:
        missed = hotline.endpoint.dial()
        await asyncio.sleep(20)
        missed.peer_hangs_up()
        await asyncio.sleep(5)
        (debt,) = hotline.ledger.debts.values()
        hotline.endpoint.answer_policy = answers_after(1)
        hotline.log_in("a")
        await asyncio.sleep(60)
        assert not hotline.placer.requests
        await hotline.desk.place(debt.id)
        await asyncio.sleep(15)
        (citizen,) = hotline.placer.phones_of(CITIZEN)
        assert files_heard(citizen) == ["call_back_missed_greeting.wav"]
        citizen.peer_hangs_up()
        await asyncio.sleep(3)
        assert state(hotline) is DebtState.DONE
