"""A ledger in memory that keeps the contract of `acd.call_backs.ledger.Ledger`."""

from collections.abc import Sequence
from datetime import datetime

from acd.events import CallArrived, CallConnected, CallEvent, CallMissed, CallRouted
from acd.ledger.archive import LedgerCounts
from acd.ledger.debt import (
    ALL_KINDS,
    AttemptOutcome,
    Debt,
    DebtKind,
    DebtRules,
    DebtState,
)
from acd.ledger.in_memory import DebtsInMemory
from acd.routing_words import TRANSFERRED, RoutingRule
from config.bus import EventBus


class FakeLedger:
    """Hears missed and served calls from the bus, as the records would."""

    def __init__(self, bus: EventBus) -> None:
        self._kept = DebtsInMemory()
        self.attempts: list[tuple[str, int, str, AttemptOutcome | None]] = []
        self.stands_for: dict[str, str] = {}
        self._missed: list[CallMissed] = []
        self._callers: dict[str, CallArrived] = {}
        bus.subscribe(CallMissed, self._missed.append)
        bus.subscribe(CallArrived, self._arrived)
        bus.subscribe(CallConnected, self._connected)
        bus.subscribe(CallRouted, self._routed)

    @property
    def debts(self) -> dict[str, Debt]:
        """All debts by id."""
        return self._kept.debts

    def _arrived(self, event: CallArrived) -> None:
        self._callers[event.call_id] = event

    def _routed(self, event: CallRouted) -> None:
        if event.rule is RoutingRule.TRANSFER and event.detail == TRANSFERRED:
            self._connected(event)

    def _connected(self, event: CallEvent) -> None:
        if arrived := self._callers.get(event.call_id):
            self._kept.reached_a_person(arrived.caller, arrived.at)

    async def fold(self, now: datetime) -> list[Debt]:
        """One debt for each number."""
        missed = list(self._missed)
        self._missed.clear()
        debts = {m.call_id: self._kept.missed(m, now) for m in missed if m.caller}
        for call_id, debt in debts.items():
            self.stands_for[call_id] = debt.id
        return list({debt.id: debt for debt in debts.values()}.values())

    async def promise(self, debt: Debt, here_since: datetime) -> Debt:
        """An open debt to the number becomes the promise, unless it is another's."""
        return self._kept.promise(debt, here_since)

    async def owe(self, debt: Debt) -> Debt:
        """Once."""
        return self._kept.owe(debt)

    async def lease(self, debt_id: str, call_id: str, now: datetime) -> Debt | None:
        """The next attempt, for one only."""
        debt = self._kept.lease(debt_id, now)
        if debt:
            self.attempts.append((debt.id, debt.attempts, call_id, None))
        return debt

    async def tried(
        self, debt_id: str, outcome: AttemptOutcome, now: datetime, rules: DebtRules
    ) -> Debt:
        """The attempt is over."""
        before = await self.find(debt_id)
        debt = self._kept.tried(debt_id, outcome, now, rules)
        if before.state is DebtState.DIALLING:
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
        return self._kept.close(debt_id, state, reason, now)

    async def again(self, debt_id: str, now: datetime) -> Debt:
        """Due now."""
        return self._kept.again(debt_id, now)

    async def served(
        self, number: str, here_since: datetime, now: datetime
    ) -> list[Debt]:
        """The oldest is cancelled, if the call has settled none yet."""
        return self._kept.served(number, here_since, now)

    async def find(self, debt_id: str) -> Debt:
        """By id."""
        return self._kept.find(debt_id)

    async def due(
        self,
        now: datetime,
        states: Sequence[DebtState],
        limit: int,
        kinds: Sequence[DebtKind] = ALL_KINDS,
    ) -> list[Debt]:
        """The longest due first."""
        return self._kept.due(now, states, limit, kinds)

    async def next_due(
        self, after: datetime, states: Sequence[DebtState]
    ) -> datetime | None:
        """The first after that."""
        return self._kept.next_due(after, states)

    async def entered_before(self, moment: datetime, limit: int) -> list[Debt]:
        """The oldest first."""
        return self._kept.entered_before(moment, limit)

    async def recover(self, now: datetime, rules: DebtRules) -> list[Debt]:
        """End what was open."""
        return [
            await self.tried(debt.id, AttemptOutcome.SERVICE_KILLED, now, rules)
            for debt in list(self.debts.values())
            if debt.state is DebtState.DIALLING
        ]

    async def counts(self) -> LedgerCounts:
        """By state."""
        debts = list(self.debts.values())
        states = [debt.state for debt in debts]
        return LedgerCounts(
            by_state={state: states.count(state) for state in DebtState},
            promised=self._kept.promised(),
            oldest_at=min((d.entered_at for d in debts if d.is_open), default=None),
        )
