"""Campaigns on a real file to which anything is done in any order, and which is killed.

A telephone rings only after its try is leased, as the dialler does it. The service may
be killed before and after every step of a try, and its clock may be wrong after that.
"""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from config.database import Database
from outbound.archive import ContactRecord, contacts_page
from outbound.campaign import CampaignEnded, CampaignState, Ending
from outbound.contact import NO_TRY, OPEN, Contact, ContactState, FollowUpOutcome
from outbound.deliveries.store import ResultBook
from outbound.do_not_call.store import DoNotCallStore
from outbound.endings.store import EndingStore
from outbound.modes.store import ModeStore
from outbound.own_rules import OwnRules
from outbound.rules import FollowUpRules
from outbound.store import CampaignStore
from tests.integration.records.test_campaign_store import ANSWER, MONDAY, ORDER

T = TypeVar("T")
RULES = FollowUpRules()
CAMPAIGNS = ("a", "b")
NUMBERS = ("+8613812345678", "+8613812345679", "+8613812345670")
ORDERS = [
    replace(ORDER, order_id=f"A-{n}", number=number)
    for n, number in enumerate(NUMBERS * 2)
]
TURNS = (CampaignState.RUNNING, CampaignState.PAUSED)
OWN = (
    OwnRules(),
    OwnRules(windows=("08:00-08:30",)),
    OwnRules(windows=("12:00-14:00", "20:30-21:00")),
)
ENDS = [it for it in FollowUpOutcome if it is not FollowUpOutcome.SERVICE_KILLED]
whose = st.integers(min_value=0, max_value=1000)
campaigns = st.sampled_from(CAMPAIGNS)


class CampaignMachine(RuleBasedStateMachine):
    """Contacts are called, opt out, are imported again; the service is killed."""

    empty: Path
    """A migrated database to copy; set by the tests that run the machine."""

    @initialize()
    def opened(self) -> None:
        """Two campaigns in which the same numbers stand, each twice."""
        self.folder = Path(tempfile.mkdtemp(prefix="campaigns-"))
        shutil.copy(self.empty, self.folder / "hotline.sqlite")
        self.runner = asyncio.Runner()
        self.now, self.calls = MONDAY, 0
        self.killed: list[Database] = []
        self.under_way: dict[str, Contact] = {}
        self.rang: Counter[str] = Counter()
        self.rings: dict[str, list[str]] = {}
        self.stale: list[Contact] = []
        self.closed: dict[str, ContactState] = {}
        self.ended: set[str] = set()
        self.own = dict.fromkeys(CAMPAIGNS, OwnRules())
        self._open()
        for campaign in CAMPAIGNS:
            self.run(self.store.add(campaign, ORDERS, self.now))
            self.run(self.store.turn(campaign, CampaignState.RUNNING, self.now))

    def _open(self) -> None:
        url = f"sqlite+aiosqlite:///{self.folder / 'hotline.sqlite'}"
        self.database = Database(url)
        self.run(self.database.__aenter__())
        self.store = CampaignStore(self.database)
        self.endings = EndingStore(self.database, ResultBook(self.database))

    def run(self, story: Awaitable[T]) -> T:
        """Do it to its end."""

        async def whole() -> T:
            return await story

        return self.runner.run(whole())

    def records(self) -> list[ContactRecord]:
        """All contacts with their tries."""
        return [
            record
            for campaign in CAMPAIGNS
            for record in self.run(contacts_page(self.database, campaign, limit=1000))
        ]

    # Calls

    @rule(which=whose, minutes=st.sampled_from((0, 1, 45, 240)))
    def somebody_due_is_called(self, which: int, minutes: int) -> None:
        """He is leased, then his telephone rings."""
        self.now += timedelta(minutes=minutes)
        self.stale = self.run(self.store.due(self.now, 100)) or self.stale
        if self.stale:
            self._call(self.stale[which % len(self.stale)])

    @precondition(lambda self: self.stale)
    @rule(which=whose)
    def somebody_of_an_old_list_is_called(self, which: int) -> None:
        """A list of who is due is old as soon as it is read."""
        self._call(self.stale[which % len(self.stale)])

    def _call(self, contact: Contact) -> None:
        if call_id := self._leased(contact):
            self.rang[call_id] += 1
            self.rings.setdefault(contact.id, []).append(call_id)

    def _leased(self, contact: Contact) -> str:
        self.calls += 1
        call_id = f"call-{self.calls:04}"
        leased = self.run(self.store.lease(contact.id, call_id, self.now, RULES))
        if leased is None:
            return ""
        assert contact.campaign not in self.ended
        assert self.own[contact.campaign].when(RULES).is_open(self.now)
        assert contact.id not in {it.id for it in self.under_way.values()}
        self.under_way[call_id] = leased
        return call_id

    @precondition(lambda self: self.under_way)
    @rule(which=whose, twice=st.booleans())
    def he_answers_a_question(self, which: int, twice: bool) -> None:
        """It is kept at once, perhaps told twice."""
        call_id, contact = self._one(which)
        for _ in range(1 + twice):
            self.run(self.store.answered(contact.id, call_id, ANSWER))

    @precondition(lambda self: self.under_way)
    @rule(which=whose, outcome=st.sampled_from(ENDS), twice=st.booleans())
    def call_ends(self, which: int, outcome: FollowUpOutcome, twice: bool) -> None:
        """Its end is told, perhaps twice: after a database that was away."""
        call_id, _ = self._one(which)
        del self.under_way[call_id]
        self._forget_ring(call_id, outcome)
        ended = self.store.ended(call_id, outcome, [], self.now, RULES)
        assert self.run(ended)
        if twice:
            again = self.store.ended(call_id, FollowUpOutcome.BUSY, [], self.now, RULES)
            assert self.run(again) is None

    def _forget_ring(self, call_id: str, outcome: FollowUpOutcome) -> None:
        """After these outcomes no telephone can have rung."""
        if outcome in NO_TRY:
            del self.rang[call_id]
            for calls in self.rings.values():
                if call_id in calls:
                    calls.remove(call_id)

    def _one(self, which: int) -> tuple[str, Contact]:
        found = sorted(self.under_way.items())
        return found[which % len(found)]

    # People

    @rule(campaign=campaigns)
    def same_file_is_imported_again(self, campaign: str) -> None:
        """Nobody is entered twice, and nobody into what has ended."""
        if campaign in self.ended:
            self._refused(self.store.add(campaign, ORDERS, self.now))
            return
        done = self.run(self.store.add(campaign, ORDERS, self.now))
        assert (done.new, done.known) == (0, len(ORDERS))

    @rule(campaign=campaigns, state=st.sampled_from(TURNS))
    def campaign_is_turned(self, campaign: str, state: CampaignState) -> None:
        """Started or paused; what has ended stays so."""
        turned = self.store.turn(campaign, state, self.now)
        if campaign in self.ended:
            self._refused(turned)
        else:
            self.run(turned)

    @rule(campaign=campaigns, own=st.sampled_from(OWN))
    def campaign_has_windows_of_its_own(self, campaign: str, own: OwnRules) -> None:
        """Or those of all again."""
        changed = ModeStore(self.database).change_own(campaign, own, self.now)
        if campaign in self.ended:
            self._refused(changed)
        else:
            self.run(changed)
            self.own[campaign] = own

    @rule(withdrawn=st.booleans())
    def campaign_is_ended(self, withdrawn: bool) -> None:
        """One of them, for good; those who wait may be withdrawn later, or after a kill."""
        ending = self.endings.end(
            CAMPAIGNS[1], Ending(at=self.now, by="li", reason="no longer asked for")
        )
        if CAMPAIGNS[1] in self.ended:
            self._refused(ending)
        else:
            self.run(ending)
            self.ended.add(CAMPAIGNS[1])
        if withdrawn:
            self._withdraw()

    def _refused(self, story: Awaitable[object]) -> None:
        with pytest.raises(CampaignEnded):
            self.run(story)

    def _withdraw(self) -> None:
        withdrawn = 1
        while withdrawn:
            withdrawn = self.run(self.endings.withdraw(self.now))
        waiting = [
            record
            for record in self.records()
            if record.contact.campaign in self.ended
            and record.contact.state is ContactState.WAITING
        ]
        assert waiting == []

    @rule(number=st.sampled_from(NUMBERS[1:]), added=st.booleans())
    def do_not_call_list_is_changed(self, number: str, added: bool) -> None:
        """By hand; one number is left alone, so that something goes on."""
        listed = DoNotCallStore(self.database)
        if added:
            self.run(listed.add([number], "by letter", "li", self.now))
        else:
            self.run(listed.remove(number, "asked for", "li", self.now))

    @precondition(lambda self: self.stale)
    @rule(which=whose)
    def agent_skips_somebody(self, which: int) -> None:
        """He is due later, if he waits still."""
        contact, later = self.stale[which % len(self.stale)], timedelta(minutes=30)
        modes = ModeStore(self.database)
        self.run(modes.put_off(contact.id, self.now + later, self.now))

    # Kills

    @rule(moved=st.sampled_from((-1440, -120, -1, 0, 5, 600, 4320)))
    def service_is_killed(self, moved: int) -> None:
        """Whatever ran is cut; the clock may be another one, in minutes."""
        self._restart(moved)

    @rule(which=whose, moved=st.sampled_from((-120, 0, 600)))
    def service_is_killed_between_lease_and_telephone(
        self, which: int, moved: int
    ) -> None:
        """The try counts, though no telephone rang."""
        due = self.run(self.store.due(self.now, 100))
        if due:
            self._leased(due[which % len(due)])
        self._restart(moved)

    def _restart(self, moved: int) -> None:
        self.killed.append(self.database)
        left = len(self.under_way)
        self.under_way.clear()
        self.now += timedelta(minutes=moved)
        self._open()
        assert self.run(self.store.recover(self.now, RULES)) == left
        assert self.run(self.store.recover(self.now, RULES)) == 0

    # What must hold

    @invariant()
    def nobody_is_called_twice_for_one_try(self) -> None:
        """Each ring has a try of its own, and no more tries than the rules allow."""
        assert set(self.rang.values()) <= {1}
        for record in self.records():
            counted = [it for it in record.attempts if it.outcome not in NO_TRY]
            assert record.contact.tries == len(counted) <= RULES.tries
            tried = {attempt.call_id for attempt in counted}
            assert set(self.rings.get(record.contact.id, ())) <= tried

    @invariant()
    def nobody_is_forgotten(self) -> None:
        """Who is open is due, or is being called now; who is closed stays so."""
        records = self.records()
        assert len(records) == len(CAMPAIGNS) * len(ORDERS)
        for record in records:
            contact = record.contact
            assert (contact.due_at is not None) == (contact.state in OPEN)
            running = [it.call_id for it in record.attempts if it.outcome is None]
            dialled = contact.state is ContactState.DIALLING
            assert len(running) == dialled
            assert set(running) <= set(self.under_way)
            if contact.state not in OPEN:
                assert (
                    self.closed.setdefault(contact.id, contact.state) is contact.state
                )

    @invariant()
    def no_number_is_called_too_soon(self) -> None:
        """Over all campaigns, whatever the clock did."""
        gap = timedelta(hours=RULES.gap_hours)
        records = self.records()
        for number in NUMBERS:
            calls = sorted(
                attempt.at
                for record in records
                for attempt in record.attempts
                if record.contact.number == number and attempt.outcome not in NO_TRY
            )
            assert all(other - one >= gap for one, other in pairwise(calls))

    def teardown(self) -> None:
        """In the end everybody is closed; then the files go."""
        if not hasattr(self, "runner"):
            return
        try:
            self._live_on()
        finally:
            for database in [*self.killed, self.database]:
                self.run(database.__aexit__(None, None, None))
            self.runner.close()
            shutil.rmtree(self.folder)

    def _live_on(self) -> None:
        """Days pass in which everybody who is due is busy."""
        self._restart(0)
        for campaign in set(CAMPAIGNS) - self.ended:
            self.run(self.store.turn(campaign, CampaignState.RUNNING, self.now))
        self._withdraw()
        for _ in range(400):
            for contact in self.run(self.store.due(self.now, 100)):
                if call_id := self._leased(contact):
                    del self.under_way[call_id]
                    busy = FollowUpOutcome.BUSY
                    self.run(self.store.ended(call_id, busy, [], self.now, RULES))
            later = self.run(self.store.next_due(self.now))
            if later is None:
                break
            self.now = later
        open_ones = [it for it in self.records() if it.contact.state in OPEN]
        assert open_ones == []
