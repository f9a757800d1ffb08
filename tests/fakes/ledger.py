"""A ledger in memory that keeps the contract of `acd.call_backs.ledger.Ledger`."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from acd.events import CallArrived, CallConnected, CallEvent, CallMissed, CallRouted
from acd.ledger import debt as rules_of
from acd.ledger.archive import LedgerCounts
from acd.ledger.debt import (
    AttemptOutcome,
    Debt,
    DebtKind,
    DebtMoveRefused,
    DebtRules,
    DebtState,
    DebtUnknown,
)
from acd.routing_words import TRANSFERRED, RoutingRule
from config.bus import EventBus


class FakeLedger:
    """Hears missed and served calls from the bus, as the records would."""

    def __init__(self, bus: EventBus) -> None:
        self.debts: dict[str, Debt] = {}
        self.attempts: list[tuple[str, int, str, AttemptOutcome | None]] = []
        self.stands_for: dict[str, str] = {}
        self._missed: list[CallMissed] = []
        self._missed_at: dict[str, datetime] = {}
        self._callers: dict[str, CallArrived] = {}
        self._served: list[tuple[str, datetime]] = []
        bus.subscribe(CallMissed, self._missed.append)
        bus.subscribe(CallArrived, self._arrived)
        bus.subscribe(CallConnected, self._connected)
        bus.subscribe(CallRouted, self._routed)

    def _arrived(self, event: CallArrived) -> None:
        self._callers[event.call_id] = event

    def _routed(self, event: CallRouted) -> None:
        if event.rule is RoutingRule.TRANSFER and event.detail == TRANSFERRED:
            self._connected(event)

    def _connected(self, event: CallEvent) -> None:
        if arrived := self._callers.get(event.call_id):
            self._served.append((arrived.caller, arrived.at))

    async def fold(self, now: datetime) -> list[Debt]:
        """One debt for each number."""
        missed = list(self._missed)
        self._missed.clear()
        debts = {m.call_id: self._debt_for(m, now) for m in missed if m.caller}
        for call_id, debt in debts.items():
            self.stands_for[call_id] = debt.id
        return list({debt.id: debt for debt in debts.values()}.values())

    def _debt_for(self, missed: CallMissed, now: datetime) -> Debt:
        for debt in self.debts.values():
            if debt.call_id == missed.call_id and debt.kind is DebtKind.PROMISE:
                return debt
        if known := self._open(missed.caller):
            return self._stands_for_later(known[0], missed.at)
        if paid := self._paid_since(missed.caller, missed.at):
            return paid
        debt = self._stands_for_later(self._keep(_owed(missed)), missed.at)
        if self._was_served(debt):
            return self._cancel(debt, now)
        return debt

    def _stands_for_later(self, debt: Debt, at: datetime) -> Debt:
        self._missed_at[debt.id] = max(at, self._missed_at.get(debt.id, at))
        return debt

    async def promise(self, debt: Debt, here_since: datetime) -> Debt:
        """An open debt to the number becomes the promise, unless it is another's."""
        known = next(
            (
                known
                for known in self._open(debt.number)
                if not rules_of.is_anothers(known, debt, here_since)
            ),
            None,
        )
        return self._keep(rules_of.joined(debt, known) if known else debt)

    async def owe(self, debt: Debt) -> Debt:
        """Once."""
        return self.debts.get(debt.id) or self._keep(debt)

    async def lease(self, debt_id: str, call_id: str, now: datetime) -> Debt | None:
        """The next attempt, for one only."""
        debt = await self.find(debt_id)
        if not debt.is_open or debt.state is DebtState.DIALLING:
            return None
        if debt.kind is not DebtKind.SURVEY and self._was_served(debt):
            self._cancel(debt, now)
            return None
        debt = self._keep(rules_of.leased(debt, now))
        self.attempts.append((debt.id, debt.attempts, call_id, None))
        return debt

    async def tried(
        self, debt_id: str, outcome: AttemptOutcome, now: datetime, rules: DebtRules
    ) -> Debt:
        """The attempt is over."""
        debt = await self.find(debt_id)
        if not debt.is_open:
            return debt
        if debt.state is not DebtState.DIALLING:
            return self._keep(rules_of.not_dialled(debt, outcome, now, rules))
        debt = self._keep(rules_of.tried(debt, outcome, now, rules))
        self.attempts = [
            (*attempt[:3], outcome)
            if attempt[0] == debt_id and attempt[3] is None
            else attempt
            for attempt in self.attempts
        ]
        return debt

    async def close(
        self, debt_id: str, state: DebtState, reason: str, now: datetime
    ) -> Debt:
        """Closed."""
        debt = await self.find(debt_id)
        return self._keep(rules_of.moved(debt, state, now, reason=reason))

    async def again(self, debt_id: str, now: datetime) -> Debt:
        """Due now."""
        debt = await self.find(debt_id)
        is_survey = debt.kind is DebtKind.SURVEY
        if not debt.is_open and not is_survey and self._open(debt.number):
            raise DebtMoveRefused("the number is owed a call already")
        return self._keep(rules_of.asked_for_again(debt, now))

    async def served(
        self, number: str, here_since: datetime, now: datetime
    ) -> list[Debt]:
        """The oldest is cancelled, if the call has settled none yet."""
        if self._settled_since(number, here_since):
            return []
        before = (
            debt
            for debt in self._open(number)
            if debt.state is not DebtState.DIALLING
            and self._last_missed(debt) < here_since
        )
        return [self._cancel(debt, now) for debt in islice(before, 1)]

    async def find(self, debt_id: str) -> Debt:
        """By id."""
        if debt_id not in self.debts:
            raise DebtUnknown(f"there is no call-back {debt_id!r}")
        return self.debts[debt_id]

    async def due(
        self, now: datetime, states: Sequence[DebtState], limit: int
    ) -> list[Debt]:
        """The longest due first."""
        due = [
            (debt.due_at, debt.id, debt)
            for debt in self.debts.values()
            if debt.state in states and debt.due_at and debt.due_at <= now
        ]
        return [debt for _, _, debt in sorted(due)[:limit]]

    async def next_due(
        self, after: datetime, states: Sequence[DebtState]
    ) -> datetime | None:
        """The first after that."""
        moments = [
            debt.due_at
            for debt in self.debts.values()
            if debt.state in states and debt.due_at and debt.due_at > after
        ]
        return min(moments, default=None)

    async def entered_before(self, moment: datetime, limit: int) -> list[Debt]:
        """The oldest first."""
        old = [
            debt
            for debt in self.debts.values()
            if debt.is_open
            and debt.state is not DebtState.DIALLING
            and debt.entered_at <= moment
        ]
        return sorted(old, key=lambda debt: debt.entered_at)[:limit]

    async def recover(self, now: datetime, rules: DebtRules) -> list[Debt]:
        """End what was open."""
        return [
            await self.tried(debt.id, AttemptOutcome.SERVICE_KILLED, now, rules)
            for debt in list(self.debts.values())
            if debt.state is DebtState.DIALLING
        ]

    async def counts(self) -> LedgerCounts:
        """By state."""
        states = [debt.state for debt in self.debts.values()]
        promised = Counter(
            debt.queue
            for debt in self.debts.values()
            if debt.state is DebtState.PROMISED
        )
        return LedgerCounts(
            by_state={state: states.count(state) for state in DebtState},
            promised=promised,
            oldest_at=min(
                (debt.entered_at for debt in self.debts.values() if debt.is_open),
                default=None,
            ),
        )

    def _keep(self, debt: Debt) -> Debt:
        self.debts[debt.id] = debt
        return debt

    def _cancel(self, debt: Debt, now: datetime) -> Debt:
        state = DebtState.CANCELLED
        return self._keep(rules_of.moved(debt, state, now, reason="called_again"))

    def _open(self, number: str) -> list[Debt]:
        debts = (
            debt
            for debt in self.debts.values()
            if debt.number == number
            and debt.is_open
            and debt.kind is not DebtKind.SURVEY
        )
        return sorted(debts, key=lambda debt: (debt.entered_at, debt.id))

    def _paid_since(self, number: str, moment: datetime) -> Debt | None:
        for debt in self.debts.values():
            is_paid = debt.number == number and debt.state is DebtState.DONE
            if is_paid and debt.kind is not DebtKind.SURVEY:
                return debt if debt.changed_at > moment else None
        return None

    def _last_missed(self, debt: Debt) -> datetime:
        missed_at = self._missed_at.get(debt.id, debt.entered_at)
        return max(missed_at, debt.entered_at, debt.since)

    def _was_served(self, debt: Debt) -> bool:
        moment = self._last_missed(debt)
        served = sum(who == debt.number and at > moment for who, at in self._served)
        return served > self._settled_since(debt.number, moment)

    def _settled_since(self, number: str, moment: datetime) -> int:
        return sum(
            debt.number == number
            and debt.reason == "called_again"
            and debt.changed_at > moment
            for debt in self.debts.values()
            if debt.state is DebtState.CANCELLED
        )


def _owed(missed: CallMissed) -> Debt:
    return Debt(
        id=missed.call_id,
        call_id=missed.call_id,
        kind=DebtKind.MISSED,
        state=DebtState.OWED,
        number=missed.caller,
        called=missed.called,
        queue=missed.queue,
        language="",
        since=missed.at,
        entered_at=missed.at,
        changed_at=missed.at,
        due_at=missed.at,
    )
