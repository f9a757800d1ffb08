"""Campaigns that are ended for good: nobody more is called, and nobody is forgotten."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from config.clock import LoopClock
from config.database import Database
from outbound.archive import campaign_of, contacts_page, results_of
from outbound.campaign import CampaignEnded, CampaignState, CampaignUnknown, Ending
from outbound.contact import Contact, ContactState, FollowUpOutcome
from outbound.deliveries.store import DeliveryStore, ResultBook
from outbound.endings.store import AT_ONCE, EndingStore
from outbound.endings.withdrawal import Withdrawal
from outbound.events import FollowUpResult, ResultCause
from outbound.mode import CampaignMode
from outbound.modes.store import ModeStore
from outbound.results import By
from outbound.store import CampaignStore
from tests.integration.records.test_campaign_store import MONDAY, ORDER, RULES

pytestmark = pytest.mark.integration

LATER = MONDAY + timedelta(minutes=10)
ENDING = Ending(at=LATER, by="li", reason="the subject is settled")
MANY = 2 * AT_ONCE + 3


class Told:
    """A database with its stores, and the results that were told."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.results: list[FollowUpResult] = []
        self.has_told_all = asyncio.Event()
        book = ResultBook(database, self._tell, delivers=True)
        self.store, self.endings = (
            CampaignStore(database, book),
            EndingStore(database, book),
        )

    def _tell(self, result: FollowUpResult) -> None:
        self.results.append(result)
        if len(self.results) == MANY:
            self.has_told_all.set()

    async def enter(self, count: int) -> list[Contact]:
        """So many contacts of a campaign that runs."""
        orders = [
            replace(ORDER, order_id=f"A-{nth}", number=f"+86138{nth:08}")
            for nth in range(count)
        ]
        await self.store.add("a", orders, MONDAY)
        await self.store.turn("a", CampaignState.RUNNING, MONDAY)
        return await self.store.due(MONDAY, count)

    async def states(self) -> list[ContactState]:
        """Of all contacts."""
        found = await contacts_page(self.database, "a", limit=1000)
        return [record.contact.state for record in found]

    async def withdraw_all(self) -> None:
        """Until nobody waits."""
        withdrawn = 1
        while withdrawn:
            withdrawn = await self.endings.withdraw(LATER)


@pytest.fixture
async def told(database: Database) -> AsyncIterator[Told]:
    yield Told(database)


async def test_nobody_is_leased_from_the_moment_a_campaign_ends(told: Told) -> None:
    (contact,) = await told.enter(1)
    await told.endings.end("a", ENDING)
    assert await told.store.lease(contact.id, "call-1", LATER, RULES) is None
    assert await told.store.due(LATER, 10) == []
    assert await told.store.next_due(MONDAY) is None


async def test_who_waited_is_withdrawn_and_the_order_system_is_told(told: Told) -> None:
    await told.enter(MANY)
    await told.endings.end("a", ENDING)
    await told.withdraw_all()
    assert set(await told.states()) == {ContactState.WITHDRAWN}
    assert {(it.cause, it.state, it.reason) for it in told.results} == {
        (ResultCause.CLOSED, ContactState.WITHDRAWN, "campaign_ended")
    }
    assert len({it.order_id for it in told.results}) == len(told.results) == MANY
    assert len(await DeliveryStore(told.database).due(LATER, MANY + 1)) == MANY


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (FollowUpOutcome.COMPLETED, ContactState.DONE),
        (FollowUpOutcome.BUSY, ContactState.WITHDRAWN),
        (FollowUpOutcome.NO_LINE, ContactState.WITHDRAWN),
        (FollowUpOutcome.OPTED_OUT, ContactState.OPTED_OUT),
    ],
)
async def test_call_that_is_under_way_ends_as_it_does_and_is_not_repeated(
    told: Told, outcome: FollowUpOutcome, state: ContactState
) -> None:
    (contact,) = await told.enter(1)
    await told.store.lease(contact.id, "call-1", MONDAY, RULES)
    await told.endings.end("a", ENDING)
    await told.withdraw_all()
    assert await told.states() == [ContactState.DIALLING]
    ended = await told.store.ended("call-1", outcome, [], LATER, RULES)
    assert ended is not None
    assert (ended.state, ended.due_at) == (state, None)
    assert ended.tries == (outcome is not FollowUpOutcome.NO_LINE)


async def test_try_that_a_kill_cut_is_withdrawn_after_the_end(told: Told) -> None:
    (contact,) = await told.enter(1)
    await told.store.lease(contact.id, "call-1", MONDAY, RULES)
    await told.endings.end("a", ENDING)
    assert await told.store.recover(LATER, RULES) == 1
    assert await told.states() == [ContactState.WITHDRAWN]


async def test_what_ended_stays_as_it_was(told: Told) -> None:
    await told.enter(1)
    await told.endings.end("a", ENDING)
    for change in (
        told.store.turn("a", CampaignState.RUNNING, LATER),
        told.store.add("a", [ORDER], LATER),
        told.store.would_add("a", ["A-1"]),
        told.endings.end("a", replace(ENDING, reason="another reason")),
        ModeStore(told.database).change("a", CampaignMode(), LATER),
    ):
        with pytest.raises(CampaignEnded, match="for good"):
            await change
    campaign = await campaign_of(told.database, "a")
    assert (campaign.state, campaign.ending) == (CampaignState.ENDED, ENDING)


async def test_campaign_that_is_not_there_cannot_be_ended(told: Told) -> None:
    with pytest.raises(CampaignUnknown):
        await told.endings.end("nothing", ENDING)


async def test_withdrawn_orders_stay_in_the_denominators(told: Told) -> None:
    first, *_ = await told.enter(4)
    await told.store.lease(first.id, "call-1", MONDAY, RULES)
    await told.store.ended("call-1", FollowUpOutcome.COMPLETED, [], MONDAY, RULES)
    await told.endings.end("a", ENDING)
    await told.withdraw_all()
    (result,) = await results_of(told.database, "a", By.TOTAL, RULES.zone)
    assert result.withdrawn == 3
    for rate in (result.attempted, result.reached, result.completed):
        assert (rate.numerator, rate.denominator, rate.n) == (1, 4, 4)


async def test_withdrawal_goes_on_where_a_killed_service_left_it(told: Told) -> None:
    await told.enter(MANY)
    await told.endings.end("a", ENDING)
    await told.endings.withdraw(LATER)
    states = await told.states()
    assert states.count(ContactState.WAITING) == MANY - AT_ONCE
    async with Withdrawal(told.endings, LoopClock(LATER)):
        await told.has_told_all.wait()
    assert set(await told.states()) == {ContactState.WITHDRAWN}
    assert len(told.results) == MANY
