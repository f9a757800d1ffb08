"""A rule or a flood takes the citizen out of his queue."""

import asyncio

import pytest

from acd.events import CallDeclined, CallOverflowed, Outcome
from acd.ledger.debt import DebtState
from acd.queue_rules import Admission, Overflow, OverflowWhen
from tests.fakes.telephony import files_heard
from tests.story.hotline import open_hotline
from tests.story.test_calls import in_queue

pytestmark = pytest.mark.looptime


async def test_citizen_sent_on_by_a_rule_goes_on_in_his_flow() -> None:
    way = Overflow(when=OverflowWhen.WAIT, limit=60)
    async with open_hotline("a", overflow=(way,)) as hotline:
        citizen = await in_queue(hotline)
        await asyncio.sleep(59)
        assert list(hotline.engine.waiting) == [citizen.id]
        await asyncio.sleep(30)
        assert [e.call_id for e in hotline.all(CallOverflowed)] == [citizen.id]
        assert not hotline.engine.waiting
        assert hotline.is_owed_a_call_back(citizen)


async def test_citizen_without_a_place_is_promised_a_call_back_at_his_place() -> None:
    admission = Admission(places_per_agent=0.1, least_places=1)
    async with open_hotline("a", admission=admission) as hotline:
        first = await in_queue(hotline)
        second = await in_queue(hotline, from_user="13922222222")
        await asyncio.sleep(30)
        assert [e.call_id for e in hotline.all(CallDeclined)] == [second.id]
        assert files_heard(second)[-1] == "flood_call_back.wav"
        assert hotline.outcome_of(second) is Outcome.CALL_BACK_PROMISED
        (debt,) = hotline.ledger.debts.values()
        assert (debt.number, debt.state) == ("+8613922222222", DebtState.PROMISED)
        assert [first.id in hotline.engine.waiting, len(hotline.engine.waiting)] == [
            True,
            2,
        ]
        first.peer_hangs_up()


async def test_citizen_without_a_place_or_a_promise_hears_it_and_is_owed_a_call() -> (
    None
):
    admission = Admission(places_per_agent=0.1, least_places=1, promises_per_agent=0.1)
    async with open_hotline("a", admission=admission) as hotline:
        first = await in_queue(hotline)
        second = await in_queue(hotline, from_user="13922222222")
        await asyncio.sleep(30)
        assert files_heard(second)[-1] == "turned_away.wav"
        assert hotline.outcome_of(second) is Outcome.DECLINED
        assert hotline.is_owed_a_call_back(second)
        (debt,) = hotline.ledger.debts.values()
        assert (debt.number, debt.state) == ("+8613922222222", DebtState.OWED)
        assert list(hotline.engine.waiting) == [first.id]
        first.peer_hangs_up()


async def test_withheld_number_without_a_place_hears_that_it_cannot_be_called() -> None:
    admission = Admission(places_per_agent=0.1, least_places=1)
    async with open_hotline("a", admission=admission) as hotline:
        first = await in_queue(hotline)
        second = hotline.endpoint.dial(withheld=True)
        await asyncio.sleep(30)
        assert files_heard(second)[-1] == "turned_away_withheld.wav"
        assert hotline.outcome_of(second) is Outcome.DECLINED
        assert not hotline.ledger.debts
        first.peer_hangs_up()
