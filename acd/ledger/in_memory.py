"""The ledger's debts in memory, moved by the same pure rules as those of the database.

A simulated day keeps its debts here, and the tests theirs; one contract test runs on
this and on the database.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from acd.events import CallMissed
from acd.ledger import debt as rules_of
from acd.ledger.debt import (
    ALL_KINDS,
    AttemptOutcome,
    Debt,
    DebtKind,
    DebtMoveRefused,
    DebtRules,
    DebtState,
    DebtUnknown,
    owed_since,
)

CALLED_AGAIN = "called_again"


class DebtsInMemory:
    """What `acd.call_backs.ledger.Ledger` promises, at once and without a database.

    It is told of calls that were `missed`, and of those that `reached_a_person`.
    """

    def __init__(self) -> None:
        self.debts: dict[str, Debt] = {}
        self._of_number: dict[str, dict[str, None]] = {}
        self._open: dict[str, None] = {}
        self._promised: Counter[str] = Counter()
        self._missed_at: dict[str, datetime] = {}
        self._reached: dict[str, list[datetime]] = {}

    def reached_a_person(self, number: str, here_since: datetime) -> None:
        """A call of the number that came then speaks with an agent."""
        if number:
            self._reached.setdefault(number, []).append(here_since)

    def missed(self, call: CallMissed, now: datetime) -> Debt:
        """The debt that stands for a missed call: one for each number."""
        for debt in self._of(call.caller):
            if debt.call_id == call.call_id and debt.kind is DebtKind.PROMISE:
                return debt
        if known := self.open_of(call.caller):
            return self._stands_for_later(known[0], call.at)
        if paid := self._paid_since(call.caller, call.at):
            return paid
        owed = owed_since(
            call.at,
            call_id=call.call_id,
            number=call.caller,
            called=call.called,
            queue=call.queue,
        )
        debt = self._stands_for_later(self.keep(owed), call.at)
        return self._cancel(debt, now) if self._was_served(debt) else debt

    def promise(self, debt: Debt, here_since: datetime) -> Debt:
        """An open debt to the number becomes the promise, unless it is another's."""
        his = (
            known
            for known in self.open_of(debt.number)
            if not rules_of.is_anothers(known, debt, here_since)
        )
        known = next(his, None)
        return self.keep(rules_of.joined(debt, known) if known else debt)

    def owe(self, debt: Debt) -> Debt:
        """Enter a debt of its own (a survey), once."""
        return self.debts.get(debt.id) or self.keep(debt)

    def lease(self, debt_id: str, now: datetime) -> Debt | None:
        """Take the debt for one attempt; None when it must not be dialled."""
        debt = self.find(debt_id)
        if not debt.is_open or debt.state is DebtState.DIALLING:
            return None
        if debt.kind is not DebtKind.SURVEY and self._was_served(debt):
            self._cancel(debt, now)
            return None
        return self.keep(rules_of.leased(debt, now))

    def tried(
        self, debt_id: str, outcome: AttemptOutcome, now: datetime, rules: DebtRules
    ) -> Debt:
        """The attempt is over."""
        debt = self.find(debt_id)
        if not debt.is_open:
            return debt
        if debt.state is not DebtState.DIALLING:
            return self.keep(rules_of.not_dialled(debt, outcome, now, rules))
        return self.keep(rules_of.tried(debt, outcome, now, rules))

    def close(self, debt_id: str, state: DebtState, reason: str, now: datetime) -> Debt:
        """Close an open debt."""
        return self.keep(rules_of.moved(self.find(debt_id), state, now, reason=reason))

    def again(self, debt_id: str, now: datetime) -> Debt:
        """Let it be tried now."""
        debt = self.find(debt_id)
        is_survey = debt.kind is DebtKind.SURVEY
        if not debt.is_open and not is_survey and self.open_of(debt.number):
            raise DebtMoveRefused("the number is owed a call already")
        return self.keep(rules_of.asked_for_again(debt, now))

    def served(self, number: str, here_since: datetime, now: datetime) -> list[Debt]:
        """The oldest is cancelled, if the call has settled none yet."""
        if self._settled_since(number, here_since):
            return []
        for debt in self.open_of(number):
            dialling = debt.state is DebtState.DIALLING
            if not dialling and self._last_missed(debt) < here_since:
                return [self._cancel(debt, now)]
        return []

    def find(self, debt_id: str) -> Debt:
        """By id."""
        if debt_id not in self.debts:
            raise DebtUnknown(f"there is no call-back {debt_id!r}")
        return self.debts[debt_id]

    def due(
        self,
        now: datetime,
        states: Sequence[DebtState],
        limit: int,
        kinds: Sequence[DebtKind] = ALL_KINDS,
    ) -> list[Debt]:
        """The longest due first."""
        due = [
            (debt.due_at, debt.id, debt)
            for debt in self._all_open()
            if debt.state in states and debt.kind in kinds
            if debt.due_at and debt.due_at <= now
        ]
        return [debt for _, _, debt in sorted(due)[:limit]]

    def next_due(self, after: datetime, states: Sequence[DebtState]) -> datetime | None:
        """The first after that."""
        moments = [
            debt.due_at
            for debt in self._all_open()
            if debt.state in states and debt.due_at and debt.due_at > after
        ]
        return min(moments, default=None)

    def entered_before(self, moment: datetime, limit: int) -> list[Debt]:
        """Not being dialled, the oldest first."""
        old = [
            debt
            for debt in self._all_open()
            if debt.state is not DebtState.DIALLING and debt.entered_at <= moment
        ]
        return sorted(old, key=lambda debt: debt.entered_at)[:limit]

    def promised(self) -> Counter[str]:
        """The promises that wait to be kept, by queue."""
        return +self._promised

    def open_of(self, number: str) -> list[Debt]:
        """What is owed to a number but for surveys, the oldest first."""
        debts = (
            debt
            for debt in self._of(number)
            if debt.is_open and debt.kind is not DebtKind.SURVEY
        )
        return sorted(debts, key=lambda debt: (debt.entered_at, debt.id))

    def keep(self, debt: Debt) -> Debt:
        """The debt is this from now on."""
        if before := self.debts.get(debt.id):
            self._promised[before.queue] -= before.state is DebtState.PROMISED
        self._promised[debt.queue] += debt.state is DebtState.PROMISED
        self.debts[debt.id] = debt
        self._of_number.setdefault(debt.number, {})[debt.id] = None
        if debt.is_open:
            self._open[debt.id] = None
        else:
            self._open.pop(debt.id, None)
        return debt

    def _all_open(self) -> Iterator[Debt]:
        return (self.debts[debt_id] for debt_id in self._open)

    def _of(self, number: str) -> list[Debt]:
        return [self.debts[debt_id] for debt_id in self._of_number.get(number, ())]

    def _stands_for_later(self, debt: Debt, at: datetime) -> Debt:
        self._missed_at[debt.id] = max(at, self._missed_at.get(debt.id, at))
        return debt

    def _cancel(self, debt: Debt, now: datetime) -> Debt:
        state = DebtState.CANCELLED
        return self.keep(rules_of.moved(debt, state, now, reason=CALLED_AGAIN))

    def _paid_since(self, number: str, moment: datetime) -> Debt | None:
        for debt in self._of(number):
            if debt.state is DebtState.DONE and debt.kind is not DebtKind.SURVEY:
                return debt if debt.changed_at > moment else None
        return None

    def _last_missed(self, debt: Debt) -> datetime:
        missed_at = self._missed_at.get(debt.id, debt.entered_at)
        return max(missed_at, debt.entered_at, debt.since)

    def _was_served(self, debt: Debt) -> bool:
        moment = self._last_missed(debt)
        reached = sum(at > moment for at in self._reached.get(debt.number, ()))
        return reached > self._settled_since(debt.number, moment)

    def _settled_since(self, number: str, moment: datetime) -> int:
        return sum(
            debt.reason == CALLED_AGAIN and debt.changed_at > moment
            for debt in self._of(number)
            if debt.state is DebtState.CANCELLED
        )
