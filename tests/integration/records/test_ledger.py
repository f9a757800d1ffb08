"""The ledger keeps its contract, in the database and in the memory of the stories."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from acd.call_backs.ledger import Ledger
from acd.call_backs.store import DebtStore
from acd.events import CallBackBegun, Event
from acd.ledger.archive import debt_record, missed_calls_page
from acd.ledger.debt import (
    AttemptOutcome,
    Debt,
    DebtKind,
    DebtMoveRefused,
    DebtRules,
    DebtState,
    DebtUnknown,
)
from acd.records.archive import calls_page
from acd.records.writer import write_events
from acd.talk_events import CallMadeConfidential
from config.bus import EventBus
from config.database import Database
from tests.fakes import call_events as told
from tests.fakes.call_events import CALLER, START, after
from tests.fakes.ledger import FakeLedger

pytestmark = pytest.mark.integration

NOW = after(3600)
RULES = DebtRules()
OPEN_STATES = (DebtState.OWED, DebtState.PROMISED)


@dataclass(frozen=True)
class Kept:
    """A ledger, and the way in which calls are told to it."""

    ledger: Ledger
    tell: Callable[[Sequence[Event]], Awaitable[None]]

    async def missed(self, call_id: str, seconds: float = 0, caller: str = CALLER):
        """A citizen gave up in the queue; the ledger is folded."""
        start = after(seconds)
        await self.tell(told.abandoned_call(call_id, start=start, caller=caller))
        return await self.ledger.fold(NOW)


@pytest.fixture(params=["memory", "database"])
async def kept(request: pytest.FixtureRequest, url: str) -> AsyncIterator[Kept]:
    if request.param == "memory":
        bus = EventBus()

        async def publish(events: Sequence[Event]) -> None:
            for event in events:
                bus.publish(event)

        yield Kept(FakeLedger(bus), publish)
        return
    async with Database(url) as database:

        async def write(events: Sequence[Event]) -> None:
            await write_events(database, events)

        yield Kept(DebtStore(database), write)


def promise(number: str = CALLER, call_id: str = "asking") -> Debt:
    """A citizen who waited since the start has asked for a call-back."""
    return Debt(
        id=f"promise-{call_id}",
        call_id=call_id,
        kind=DebtKind.PROMISE,
        state=DebtState.PROMISED,
        number=number,
        called="12345",
        queue="general",
        language="zh",
        since=START,
        entered_at=NOW,
        changed_at=NOW,
        due_at=NOW,
        priority=3,
        skills=(("tax", 2),),
    )


async def test_missed_calls_of_one_number_are_one_debt(kept: Kept) -> None:
    (first,) = await kept.missed("a")
    (again,) = await kept.missed("b", 100)
    assert first.id == again.id == "a"
    assert first.state is DebtState.OWED
    assert await kept.ledger.fold(NOW) == []
    assert len(await kept.ledger.due(NOW, OPEN_STATES, 10)) == 1


async def test_withheld_number_is_no_debt(kept: Kept) -> None:
    assert await kept.missed("a", caller="") == []


async def test_promise_is_found_again_as_it_was_given(kept: Kept) -> None:
    given = await kept.ledger.promise(promise(), START)
    assert await kept.ledger.find(given.id) == promise()


async def test_debt_to_a_missed_caller_becomes_the_promise_that_he_is_given(
    kept: Kept,
) -> None:
    (owed,) = await kept.missed("a")
    given = await kept.ledger.promise(promise(), START)
    assert (given.id, given.state) == (owed.id, DebtState.PROMISED)
    assert given.since == min(owed.since, START)
    assert len(await kept.ledger.due(NOW, OPEN_STATES, 10)) == 1


async def test_only_one_attempt_has_a_debt(kept: Kept) -> None:
    await kept.missed("a")
    leased = await kept.ledger.lease("a", "attempt-1", NOW)
    assert leased
    assert (leased.state, leased.attempts) == (DebtState.DIALLING, 1)
    assert await kept.ledger.lease("a", "attempt-2", NOW) is None


async def test_debt_is_tried_again_later_and_ends_after_its_tries(kept: Kept) -> None:
    await kept.missed("a")
    now = NOW
    for number in range(RULES.tries):
        assert await kept.ledger.lease("a", f"attempt-{number}", now)
        debt = await kept.ledger.tried("a", AttemptOutcome.NO_ANSWER, now, RULES)
        assert await kept.ledger.due(now, OPEN_STATES, 10) == []
        assert await kept.ledger.next_due(now, OPEN_STATES) == debt.due_at
        now = debt.due_at or now
    assert (debt.state, debt.tries, debt.due_at) == (DebtState.EXPIRED, 3, None)


async def test_answered_debt_is_done_and_stays_so(kept: Kept) -> None:
    await kept.missed("a")
    await kept.ledger.lease("a", "attempt", NOW)
    debt = await kept.ledger.tried("a", AttemptOutcome.ANSWERED, NOW, RULES)
    assert debt.state is DebtState.DONE
    assert await kept.ledger.lease("a", "another", NOW) is None
    with pytest.raises(DebtMoveRefused):
        await kept.ledger.close("a", DebtState.CANCELLED, "by_hand", NOW)


async def test_attempt_that_dialled_nobody_leaves_the_debt_for_later(
    kept: Kept,
) -> None:
    await kept.missed("a")
    debt = await kept.ledger.tried("a", AttemptOutcome.NO_PLACE, NOW, RULES)
    assert (debt.state, debt.attempts, debt.tries) == (DebtState.OWED, 0, 0)
    assert debt.due_at == NOW + timedelta(minutes=RULES.retry_minutes)


async def test_killed_attempt_is_ended_and_costs_no_try(kept: Kept) -> None:
    await kept.ledger.promise(promise(), START)
    await kept.ledger.lease("promise-asking", "attempt", NOW)
    (debt,) = await kept.ledger.recover(NOW, RULES)
    assert (debt.state, debt.attempts, debt.tries) == (DebtState.PROMISED, 1, 0)
    assert debt.since == START
    assert await kept.ledger.recover(NOW, RULES) == []


async def test_promise_to_one_who_is_being_dialled_outlives_the_attempt(
    kept: Kept,
) -> None:
    await kept.missed("a")
    await kept.ledger.lease("a", "attempt", NOW)
    given = await kept.ledger.promise(promise(), START)
    assert (given.id, given.state) == ("a", DebtState.DIALLING)
    debt = await kept.ledger.tried("a", AttemptOutcome.NO_ANSWER, NOW, RULES)
    assert (debt.state, debt.kind) == (DebtState.PROMISED, DebtKind.PROMISE)


async def test_debt_that_is_being_dialled_is_not_owed_again(kept: Kept) -> None:
    await kept.missed("a")
    await kept.ledger.lease("a", "attempt", NOW)
    with pytest.raises(DebtMoveRefused):
        await kept.ledger.again("a", NOW)


async def test_expired_debt_is_not_owed_beside_another_of_the_number(
    kept: Kept,
) -> None:
    await kept.missed("a")
    await kept.ledger.close("a", DebtState.EXPIRED, "too_old", NOW)
    await kept.missed("b", 100)
    with pytest.raises(DebtMoveRefused):
        await kept.ledger.again("a", NOW)


async def test_call_missed_before_he_was_reached_is_paid_with_it(kept: Kept) -> None:
    await kept.missed("a")
    await kept.ledger.lease("a", "attempt", after(600))
    later = after(700)
    await kept.ledger.tried("a", AttemptOutcome.ANSWERED, later, RULES)
    (late,) = await kept.missed("b", 100)
    assert (late.id, late.state) == ("a", DebtState.DONE)


async def test_citizen_who_reached_a_person_is_owed_nothing(kept: Kept) -> None:
    await kept.missed("a")
    (cancelled,) = await kept.ledger.served(CALLER, after(600), NOW)
    assert (cancelled.state, cancelled.reason) == (DebtState.CANCELLED, "called_again")
    assert await kept.ledger.served(CALLER, after(600), NOW) == []


async def test_call_that_came_before_the_promise_settles_nothing(kept: Kept) -> None:
    given = await kept.ledger.promise(replace(promise(), entered_at=after(60)), START)
    await kept.tell(told.answered_call("switchboard", start=after(50)))
    assert await kept.ledger.served(CALLER, after(50), NOW) == []
    assert await kept.ledger.lease(given.id, "attempt", NOW)


async def test_call_that_came_before_a_later_missed_call_settles_nothing(
    kept: Kept,
) -> None:
    await kept.missed("a")
    await kept.missed("b", 100)
    assert await kept.ledger.served(CALLER, after(120), NOW) == []
    (cancelled,) = await kept.ledger.served(CALLER, after(131), NOW)
    assert cancelled.id == "a"


async def test_promises_to_two_calls_of_a_switchboard_at_once_are_two_debts(
    kept: Kept,
) -> None:
    first = replace(promise(call_id="x"), entered_at=after(60))
    second = replace(promise(call_id="y"), entered_at=after(70))
    await kept.ledger.promise(first, START)
    given = await kept.ledger.promise(second, after(10))
    assert given.id == second.id
    assert len(await kept.ledger.due(NOW, OPEN_STATES, 10)) == 2


async def test_promise_to_one_who_called_again_becomes_his_earlier_one(
    kept: Kept,
) -> None:
    first = replace(promise(call_id="x"), entered_at=after(60))
    second = replace(promise(call_id="y"), entered_at=after(170))
    await kept.ledger.promise(first, START)
    given = await kept.ledger.promise(second, after(100))
    assert (given.id, given.call_id) == (first.id, "y")


async def test_call_that_is_served_settles_one_of_two_promises(kept: Kept) -> None:
    first = replace(promise(call_id="x"), entered_at=after(60))
    second = replace(promise(call_id="y"), entered_at=after(70))
    await kept.ledger.promise(first, START)
    await kept.ledger.promise(second, after(10))
    await kept.tell(told.answered_call("z", start=after(600)))
    (settled,) = await kept.ledger.served(CALLER, after(600), NOW)
    assert settled.id == first.id
    assert await kept.ledger.served(CALLER, after(600), NOW) == []
    assert await kept.ledger.lease(second.id, "attempt", NOW)


async def test_citizen_who_is_being_dialled_is_not_cancelled(kept: Kept) -> None:
    await kept.missed("a")
    await kept.ledger.lease("a", "attempt", NOW)
    assert await kept.ledger.served(CALLER, after(600), NOW) == []


async def test_lease_sees_that_the_citizen_was_served_meanwhile(kept: Kept) -> None:
    await kept.missed("a")
    await kept.tell(told.answered_call("b", start=after(600)))
    assert await kept.ledger.lease("a", "attempt", NOW) is None
    assert (await kept.ledger.find("a")).state is DebtState.CANCELLED


async def test_call_that_the_flow_put_through_settles_what_was_owed_before(
    kept: Kept,
) -> None:
    await kept.missed("a")
    await kept.tell(told.put_through_call("b", start=after(600)))
    assert await kept.ledger.lease("a", "attempt", NOW) is None
    assert (await kept.ledger.find("a")).state is DebtState.CANCELLED


async def test_call_missed_before_the_citizen_was_served_is_no_debt(kept: Kept) -> None:
    await kept.tell(told.answered_call("b", start=after(600)))
    (debt,) = await kept.missed("a")
    assert debt.state is DebtState.CANCELLED


async def test_survey_stands_beside_the_other_debt(kept: Kept) -> None:
    survey = replace(promise(), id="survey", kind=DebtKind.SURVEY, state=DebtState.OWED)
    await kept.ledger.owe(survey)
    await kept.ledger.owe(survey)
    await kept.missed("a")
    assert len(await kept.ledger.due(NOW, OPEN_STATES, 10)) == 2
    assert [debt.id for debt in await kept.ledger.served(CALLER, after(600), NOW)] == [
        "a"
    ]


async def test_expired_debt_can_be_asked_for_again(kept: Kept) -> None:
    await kept.missed("a")
    await kept.ledger.close("a", DebtState.EXPIRED, "too_old", NOW)
    again = await kept.ledger.again("a", NOW)
    assert (again.state, again.due_at) == (DebtState.OWED, NOW)
    with pytest.raises(DebtUnknown):
        await kept.ledger.again("unknown", NOW)


async def test_old_debts_are_found_but_not_those_being_dialled(kept: Kept) -> None:
    await kept.missed("a")
    await kept.missed("b", 100, caller="+8613912345678")
    assert [d.id for d in await kept.ledger.entered_before(NOW, 10)] == ["a", "b"]
    await kept.ledger.lease("a", "attempt", NOW)
    assert [d.id for d in await kept.ledger.entered_before(NOW, 10)] == ["b"]


async def test_what_is_owed_is_counted(kept: Kept) -> None:
    await kept.missed("a")
    await kept.ledger.promise(promise("+8613912345678"), START)
    counts = await kept.ledger.counts()
    assert counts.by_state[DebtState.OWED] == 1
    assert counts.by_state[DebtState.PROMISED] == 1
    assert counts.oldest_at == after(30)


async def test_debt_is_confidential_when_one_of_its_calls_is(url: str) -> None:
    async with Database(url) as database:
        ledger = DebtStore(database)
        for call_id, caller in (("a", CALLER), ("b", "+8613912345678")):
            await write_events(database, told.abandoned_call(call_id, caller=caller))
        await ledger.fold(NOW)
        again = told.abandoned_call("c", start=after(100))
        made = CallMadeConfidential(at=after(120), call_id="c")
        await write_events(database, [*again, made])
        (folded,) = await ledger.fold(NOW)
        assert (folded.id, folded.confidential) == ("a", True)
        leased = await ledger.lease("a", "attempt", NOW)
        assert leased
        assert (leased.number, leased.confidential) == (CALLER, True)
        assert not (await ledger.find("b")).confidential


async def test_call_that_pays_a_confidential_debt_is_confidential_too(url: str) -> None:
    begun = CallBackBegun(
        at=START,
        call_id="paying",
        caller=CALLER,
        called="12345",
        call_back_id="a",
        confidential=True,
    )
    async with Database(url) as database:
        await write_events(database, [begun])
        (row,) = await calls_page(database)
    assert (row.caller, row.confidential_at) == ("138****5678", START)


async def test_missed_calls_show_the_state_of_their_debt(url: str) -> None:
    async with Database(url) as database:
        ledger = DebtStore(database)
        for call_id in ("a", "b"):
            await write_events(database, told.abandoned_call(call_id))
        assert {m.state for m in await missed_calls_page(database)} == {DebtState.OWED}
        await ledger.fold(NOW)
        await ledger.lease("a", "attempt", NOW)
        await ledger.tried("a", AttemptOutcome.ANSWERED, NOW, RULES)
        missed = await missed_calls_page(database, state=DebtState.DONE)
        assert [(m.call_id, m.call_back_id) for m in missed] == [("b", "a"), ("a", "a")]
        record = await debt_record(database, "a")
        assert record.call_ids == ("a", "b")
        (attempt,) = record.attempts
        assert (attempt.call_id, attempt.outcome) == (
            "attempt",
            AttemptOutcome.ANSWERED,
        )
