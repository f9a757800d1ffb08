"""Whatever happens to a campaign, and however often it is killed: nobody is called too
often, and nobody is forgotten."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from random import Random

import pytest

from config.database import Database
from outbound.archive import ContactRecord, contacts_page
from outbound.campaign import CampaignState
from outbound.contact import NO_TRY, OPEN, ContactState, FollowUpOutcome
from outbound.store import CampaignStore
from tests.integration.records.test_campaign_store import ANSWER, MONDAY, ORDER, RULES

pytestmark = pytest.mark.integration

CAMPAIGNS = ("a", "b")
NUMBERS = ("+8613812345678", "+8613812345679")
ENDS = [it for it in FollowUpOutcome if it is not FollowUpOutcome.SERVICE_KILLED]


class Life:
    """A service that lives through some days, and is killed now and then."""

    def __init__(self, store: CampaignStore, chance: Random) -> None:
        self.store, self.chance, self.now = store, chance, MONDAY
        self.running: list[str] = []
        self.calls = 0

    async def set_up(self) -> None:
        """Two campaigns in which the same two numbers stand."""
        orders = [
            replace(ORDER, order_id=f"A-{n}", number=number)
            for n, number in enumerate(NUMBERS * 2)
        ]
        for campaign in CAMPAIGNS:
            await self.store.add(campaign, orders, self.now)
            await self.store.turn(campaign, CampaignState.RUNNING, self.now)

    async def step(self) -> None:
        """Time passes, and one thing happens."""
        self.now += timedelta(minutes=self.chance.choice((0, 1, 30, 240, 900)))
        act = self.chance.choice((self.dial, self.dial, self.end, self.end, self.kill))
        await act()

    async def dial(self) -> None:
        """Whoever is due is tried."""
        for contact in await self.store.due(self.now, 10):
            self.calls += 1
            call_id = f"call-{self.calls}"
            if await self.store.lease(contact.id, call_id, self.now, RULES):
                self.running.append(call_id)

    async def end(self) -> None:
        """A call that runs ends, as calls do."""
        if self.running:
            call_id = self.running.pop()
            outcome = self.chance.choice(ENDS)
            given = [ANSWER] if outcome is FollowUpOutcome.PARTIAL else []
            await self.store.ended(call_id, outcome, given, self.now, RULES)

    async def kill(self) -> None:
        """The service dies in the middle, and starts again."""
        self.running.clear()
        await self.store.recover(self.now, RULES)


def assert_rules_are_kept(records: list[ContactRecord]) -> None:
    """No number is called too soon or too often, and all who are open are due."""
    for record in records:
        counted = [it for it in record.attempts if it.outcome not in NO_TRY]
        assert record.contact.tries == len(counted) <= RULES.tries
        assert (record.contact.due_at is not None) == (record.contact.state in OPEN)
        if record.contact.state is ContactState.DIALLING:
            assert [it.outcome for it in record.attempts].count(None) == 1
    for number in NUMBERS:
        calls = sorted(
            attempt.at
            for record in records
            for attempt in record.attempts
            if record.contact.number == number and attempt.outcome not in NO_TRY
        )
        assert_apart(calls)


def assert_apart(calls: list[datetime]) -> None:
    """Four hours between two, two on a day."""
    for one, other in pairwise(calls):
        assert other - one >= timedelta(hours=RULES.gap_hours)
    for three in combinations(calls, 3):
        assert len({RULES.day_of(call) for call in three}) > 1


@pytest.mark.parametrize("seed", range(12))
async def test_nobody_is_called_too_often_or_forgotten_whatever_happens(
    database: Database, seed: int
) -> None:
    life = Life(CampaignStore(database), Random(seed))
    await life.set_up()
    for _ in range(60):
        await life.step()
    records = [
        record
        for campaign in CAMPAIGNS
        for record in await contacts_page(database, campaign, limit=100)
    ]
    assert len(records) == len(CAMPAIGNS) * len(NUMBERS) * 2
    assert any(record.attempts for record in records)
    assert_rules_are_kept(records)
