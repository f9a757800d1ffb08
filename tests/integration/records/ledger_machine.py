"""A ledger on a real file to which anything is done in any order, and which is killed."""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import Row, select

from acd.call_backs.store import DebtStore
from acd.events import Event, Outcome
from acd.ledger.archive import MissedCall, debts_page, missed_calls_page
from acd.ledger.debt import (
    ALLOWED,
    NOT_HIS_DOING,
    OPEN,
    AttemptOutcome,
    Debt,
    DebtKind,
    DebtMoveRefused,
    DebtRules,
    DebtState,
)
from acd.ledger.store import call_back_attempts
from acd.records.writer import write_events
from config.database import Database
from tests.fakes import call_events as told
from tests.fakes.call_events import START

T = TypeVar("T")
RULES = DebtRules(tries=2, retry_minutes=10, expire_hours=24)
NUMBERS = ("+8613800000001", "+8613800000002", "+8613800000003")
ENDED = frozenset({DebtState.DONE, DebtState.CANCELLED, DebtState.REFUSED})
RANG = tuple(
    outcome
    for outcome in AttemptOutcome
    if outcome not in (AttemptOutcome.SERVICE_KILLED, AttemptOutcome.CANCELLED)
)
CLOSING = (
    AttemptOutcome.ANSWERED,
    AttemptOutcome.REFUSED,
    AttemptOutcome.CALLED_AGAIN,
)
BEFORE = (AttemptOutcome.NO_PLACE, AttemptOutcome.AGENT_LEFT)
MANY = 10_000
numbers = st.sampled_from(NUMBERS)
whose = st.integers(min_value=0, max_value=MANY)


class LedgerMachine(RuleBasedStateMachine):
    """Citizens call and give up, attempts ring them, the service is killed."""

    empty: Path
    """A migrated database to copy; set by the tests that run the machine."""

    @initialize()
    def opened(self) -> None:
        """A ledger of its own."""
        self.folder = Path(tempfile.mkdtemp(prefix="ledger-"))
        shutil.copy(self.empty, self.folder / "hotline.sqlite")
        self.runner = asyncio.Runner()
        self.now, self.names = START, 0
        self.killed: list[Database] = []
        self.missed: dict[str, str] = {}
        self.leaving: list[Event] = []
        self.served: set[str] = set()
        self.forgiven: set[str] = set()
        self.reached: dict[str, datetime] = {}
        self.rings: Counter[str] = Counter()
        self.before: dict[str, Debt] = {}
        self._open()

    def _open(self) -> None:
        url = f"sqlite+aiosqlite:///{self.folder / 'hotline.sqlite'}"
        self.database = Database(url)
        self.run(self.database.__aenter__())
        self.ledger = DebtStore(self.database)

    def run(self, story: Awaitable[T]) -> T:
        """Do it to its end."""

        async def whole() -> T:
            return await story

        return self.runner.run(whole())

    def tell(self, *events: Event) -> None:
        """Let the records know."""
        self.run(write_events(self.database, events))

    def name(self) -> str:
        """An id that nothing else has; ids grow."""
        self.names += 1
        return f"{self.names:08}"

    def debts(self, *states: DebtState) -> list[Debt]:
        """All debts, or those in some states."""
        found = self.run(debts_page(self.database, limit=MANY))
        return [debt for debt in found if not states or debt.state in states]

    def one(self, which: int, *states: DebtState) -> Debt | None:
        """Any debt in one of these states."""
        return found[which % len(found)] if (found := self.debts(*states)) else None

    # Citizens

    @rule(number=st.sampled_from(("", *NUMBERS)))
    def citizen_gives_up(self, number: str) -> None:
        """His call is a missed one; a withheld number cannot be owed anything."""
        call_id = self.name()
        self.tell(*told.abandoned_call(call_id, start=self.now, caller=number))
        self.missed[call_id] = number
        self.now += timedelta(minutes=1)

    @rule(number=numbers)
    def citizen_is_promised_a_call_back(self, number: str) -> None:
        """He is still on the line: the end of his call is told later."""
        call_id, here_since = self.name(), self.now
        self.tell(told.arrived(call_id, here_since, number))
        self.now += timedelta(minutes=1)
        debt = self._debt(number, call_id, DebtKind.PROMISE)
        self.run(self.ledger.promise(debt, here_since))
        stage, at = Outcome.CALL_BACK_PROMISED, self.now
        self.leaving.append(told.missed(call_id, at, stage, number))

    @precondition(lambda self: self.leaving)
    @rule()
    def promised_citizen_hangs_up(self) -> None:
        """The ledger of missed calls hears of him, too."""
        event = self.leaving.pop(0)
        self.tell(event)
        self.missed[event.call_id] = event.caller

    @rule(number=numbers)
    def citizen_hangs_up_before_the_survey(self, number: str) -> None:
        """Told twice, as after a kill."""
        survey = self._debt(number, self.name(), DebtKind.SURVEY)
        for _ in range(2):
            self.run(self.ledger.owe(survey))

    @rule(number=numbers, desk_hears=st.booleans())
    def citizen_calls_again_and_is_served(self, number: str, desk_hears: bool) -> None:
        """A kill may come between the talk and what the desk does about it."""
        here_since = self.now
        arrived, *others = told.answered_call(self.name(), start=here_since)
        self.tell(replace(arrived, caller=number), *others)
        self.served.add(number)
        self.now += timedelta(minutes=2)
        if desk_hears:
            self.run(self.ledger.served(number, here_since, self.now))

    def _debt(self, number: str, call_id: str, kind: DebtKind) -> Debt:
        promised = kind is DebtKind.PROMISE
        return Debt(
            id=f"{kind}-{call_id}",
            call_id=call_id,
            kind=kind,
            state=DebtState.PROMISED if promised else DebtState.OWED,
            number=number,
            called="12345",
            queue="general",
            language="zh",
            since=self.now,
            entered_at=self.now,
            changed_at=self.now,
            due_at=self.now,
        )

    # The desk

    @rule()
    def missed_calls_are_folded(self) -> None:
        """Each becomes a debt, or joins one."""
        self.run(self.ledger.fold(self.now))

    @rule(which=whose)
    def two_attempts_want_the_same_debt(self, which: int) -> None:
        """One of them has it at most."""
        if not (debt := self.one(which)):
            return

        async def both() -> list[Debt | None]:
            wanted = (self._lease(debt), self._lease(debt))
            return list(await asyncio.gather(*wanted))

        leased = [found for found in self.run(both()) if found]
        assert len(leased) <= 1
        assert debt.is_open or not leased
        self.rings[debt.id] += len(leased)

    def _lease(self, debt: Debt) -> Awaitable[Debt | None]:
        return self.ledger.lease(debt.id, self.name(), self.now)

    @rule(which=whose, outcome=st.sampled_from(RANG), minutes=st.integers(0, 3))
    def attempt_ends(self, which: int, outcome: AttemptOutcome, minutes: int) -> None:
        """However it ends."""
        if debt := self.one(which, DebtState.DIALLING):
            self.now += timedelta(minutes=minutes)
            after = self.run(self.ledger.tried(debt.id, outcome, self.now, RULES))
            assert after.tries - debt.tries == _cost(outcome)
            if outcome is AttemptOutcome.CALLED_AGAIN:
                self.forgiven.add(debt.id)
            if outcome is AttemptOutcome.ANSWERED and debt.kind is not DebtKind.SURVEY:
                self.reached[debt.number] = self.now

    @rule(which=whose, outcome=st.sampled_from(BEFORE))
    def attempt_ends_before_it_rings(self, which: int, outcome: AttemptOutcome) -> None:
        """No place, or its agent left: it costs nothing."""
        if debt := self.one(which, DebtState.OWED, DebtState.PROMISED):
            after = self.run(self.ledger.tried(debt.id, outcome, self.now, RULES))
            assert (after.tries, after.attempts) == (debt.tries, debt.attempts)

    @rule(which=whose, refused=st.booleans())
    def person_cancels(self, which: int, refused: bool) -> None:
        """Only what is open and rings nobody."""
        if debt := self.one(which, DebtState.OWED, DebtState.PROMISED):
            state = DebtState.REFUSED if refused else DebtState.CANCELLED
            self.run(self.ledger.close(debt.id, state, "by_hand", self.now))

    @rule(which=whose)
    def person_wants_it_tried_again(self, which: int) -> None:
        """An ended one is refused, and so is a second one for the same number."""
        if debt := self.one(which):
            try:
                self.run(self.ledger.again(debt.id, self.now))
            except DebtMoveRefused:
                others = [d for d in self.debts(*OPEN) if d.number == debt.number]
                assert debt.state is not DebtState.OWED
                assert debt.state in ENDED | {DebtState.DIALLING} or others

    @rule(minutes=st.sampled_from((1, 15, 24 * 60)))
    def time_passes(self, minutes: int) -> None:
        """What is too old expires."""
        self.now += timedelta(minutes=minutes)
        oldest = self.now - timedelta(hours=RULES.expire_hours)
        for debt in self.run(self.ledger.entered_before(oldest, MANY)):
            expired = DebtState.EXPIRED
            self.run(self.ledger.close(debt.id, expired, "too_old", self.now))

    # The end of the service

    @rule()
    def service_is_killed(self) -> None:
        """Nothing is closed; the next life ends what was under way, at no cost."""
        dialling = {debt.id: debt for debt in self.debts(DebtState.DIALLING)}
        self._open_again()
        ended = self.run(self.ledger.recover(self.now, RULES))
        assert {debt.id for debt in ended} == set(dialling)
        for debt in ended:
            assert debt.state is debt.waiting_state
            assert debt.tries == dialling[debt.id].tries

    @rule(which=whose, moments=st.integers(0, 12))
    def service_is_killed_while_it_leases(self, which: int, moments: int) -> None:
        """Then the lease is there as a whole, or not at all."""
        debt = self.one(which, DebtState.OWED, DebtState.PROMISED)
        if not debt:
            return

        async def cut() -> None:
            task = asyncio.ensure_future(self._lease(debt))
            for _ in range(moments):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        self.run(cut())
        self.rings[debt.id] = self.run(self.ledger.find(debt.id)).attempts
        self.service_is_killed()

    def _open_again(self) -> None:
        self.killed.append(self.database)
        self._open()

    # What always holds

    @invariant()
    def ledger_is_sound(self) -> None:
        """Whatever was done, and killed."""
        debts = {debt.id: debt for debt in self.debts()}
        kept = self.run(missed_calls_page(self.database, limit=MANY))
        self._moves_are_allowed(debts)
        self._no_number_is_owed_two_calls(debts)
        self._every_missed_call_is_there(debts, kept)
        self._who_was_reached_is_not_owed_what_came_before(debts, kept)
        self._each_try_is_written_once(debts)

    def _moves_are_allowed(self, debts: dict[str, Debt]) -> None:
        """What has ended stays so, whatever comes; what is open has its time."""
        assert set(self.before) <= set(debts), "a debt is lost"
        for debt_id, old in self.before.items():
            new = debts[debt_id]
            assert new == old or _may_follow(old.state, new.state), (old, new)
        for debt in debts.values():
            assert debt.is_open == (debt.due_at is not None)
            if debt.reason == "called_again" and debt.id not in self.forgiven:
                assert debt.number in self.served
        self.before = debts

    def _no_number_is_owed_two_calls(self, debts: dict[str, Debt]) -> None:
        """A survey is another matter."""
        owed = [
            debt.number
            for debt in debts.values()
            if debt.is_open and debt.kind is not DebtKind.SURVEY
        ]
        assert len(owed) == len(set(owed))

    def _every_missed_call_is_there(
        self, debts: dict[str, Debt], kept: list[MissedCall]
    ) -> None:
        """Folded ones share the state of their debt, and so end together."""
        assert {entry.call_id: entry.caller for entry in kept} == self.missed
        for entry in kept:
            debt = debts.get(entry.call_back_id or "")
            loose = DebtState.OWED if entry.caller else DebtState.WITHHELD
            assert entry.state is (debt.state if debt else loose)
            assert debt is None or debt.number == entry.caller

    def _who_was_reached_is_not_owed_what_came_before(
        self, debts: dict[str, Debt], kept: list[MissedCall]
    ) -> None:
        """A call-back answers all calls that he missed until it ended."""
        for entry in kept:
            debt = debts.get(entry.call_back_id or "")
            if debt and debt.is_open and debt.number in self.reached:
                assert entry.missed_at >= self.reached[debt.number], entry

    def _each_try_is_written_once(self, debts: dict[str, Debt]) -> None:
        """Before it rang; only the one that is under way has no end."""
        attempts = self.run(self._attempts())
        for debt in debts.values():
            own = [row for row in attempts if row.call_back_id == debt.id]
            assert len(own) == debt.attempts == self.rings[debt.id]
            assert [row.attempt for row in own] == list(range(1, len(own) + 1))
            under_way = [row for row in own if row.outcome is None]
            assert len(under_way) == (debt.state is DebtState.DIALLING)
            assert debt.tries <= min(debt.attempts, RULES.tries)

    async def _attempts(self) -> Sequence[Row[Any]]:
        async with self.database.read() as connection:
            query = select(call_back_attempts).order_by(call_back_attempts.c.attempt)
            return (await connection.execute(query)).all()

    def teardown(self) -> None:
        """However long it takes, every debt ends in one state, with all its calls."""
        try:
            if hasattr(self, "runner"):
                self._pay_everything()
        finally:
            self._close()

    def _pay_everything(self) -> None:
        for _ in tuple(self.leaving):
            self.promised_citizen_hangs_up()
        self.service_is_killed()
        self.missed_calls_are_folded()
        for debt in self.debts(*OPEN):
            self.now += timedelta(minutes=1)
            if self.run(self._lease(debt)):
                self.rings[debt.id] += 1
                self.run(self.ledger.tried(debt.id, CLOSING[0], self.now, RULES))
        assert not self.debts(*OPEN)
        self.ledger_is_sound()
        kept = self.run(missed_calls_page(self.database, limit=MANY))
        assert all(entry.call_back_id for entry in kept if entry.caller)
        assert not [e for e in kept if e.caller and e.state in OPEN]

    def _close(self) -> None:
        if hasattr(self, "runner"):
            for database in (*self.killed, self.database):
                self.run(database.__aexit__(None, None, None))
            self.runner.close()
            shutil.rmtree(self.folder)


def _cost(outcome: AttemptOutcome) -> int:
    return int(outcome not in NOT_HIS_DOING and outcome not in CLOSING)


def _may_follow(old: DebtState, new: DebtState) -> bool:
    """Whether moves lead from one to the other; a step may take several."""
    if old in ENDED:
        return new is old
    return new is old or new in ALLOWED[old] | {
        further for first in ALLOWED[old] for further in ALLOWED[first]
    }
