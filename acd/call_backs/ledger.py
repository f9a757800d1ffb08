"""What the call-backs ask of the ledger; the database keeps it, or a test's memory."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from acd.ledger.archive import LedgerCounts
from acd.ledger.debt import (
    ALL_KINDS,
    AttemptOutcome,
    Debt,
    DebtKind,
    DebtRules,
    DebtState,
)


class Ledger(Protocol):
    """Debts that outlive everything: each change is durable when its coroutine returns.

    Raises `DatabaseError` when it cannot be written; then nothing has changed.
    """

    async def fold(self, now: datetime) -> list[Debt]:
        """Turn missed calls without a debt into debts, one for each number.

        A number that reached a person after its missed call is not owed anything.
        Returns the debts that are new or stand for one more call.
        """

    async def promise(self, debt: Debt, here_since: datetime) -> Debt:
        """Enter a promise made in a call that came then.

        An open debt to the same number becomes it, but for a promise made in another
        call while this one was on the line: a switchboard's, and owed to somebody else.
        """

    async def owe(self, debt: Debt) -> Debt:
        """Enter a debt of its own (a survey); told twice, it is there once."""

    async def lease(self, debt_id: str, call_id: str, now: datetime) -> Debt | None:
        """Take the debt for one attempt, the call `call_id`, before anything is dialled.

        None when it must not be dialled: it is closed, another attempt has it, or the
        citizen has reached a person meanwhile, which closes it.
        """

    async def tried(
        self, debt_id: str, outcome: AttemptOutcome, now: datetime, rules: DebtRules
    ) -> Debt:
        """End the attempt: of the debt that is leased to it, or before any lease.

        A debt that was closed meanwhile stays closed.
        """

    async def close(
        self, debt_id: str, state: DebtState, reason: str, now: datetime
    ) -> Debt:
        """Close an open debt; `DebtMoveRefused` when it is closed already."""

    async def again(self, debt_id: str, now: datetime) -> Debt:
        """Let it be tried now; `DebtMoveRefused` when nothing is owed any more."""

    async def served(
        self, number: str, here_since: datetime, now: datetime
    ) -> list[Debt]:
        """A call of the number that came then has reached a person.

        It settles what was owed before it came, one debt at most: the oldest.
        """

    async def find(self, debt_id: str) -> Debt:
        """The debt with this id; `DebtUnknown` when there is none."""

    async def due(
        self,
        now: datetime,
        states: Sequence[DebtState],
        limit: int,
        kinds: Sequence[DebtKind] = ALL_KINDS,
    ) -> list[Debt]:
        """Debts of these states and kinds that are due, the longest due first."""

    async def next_due(
        self, after: datetime, states: Sequence[DebtState]
    ) -> datetime | None:
        """When the next one becomes due after a moment."""

    async def entered_before(self, moment: datetime, limit: int) -> list[Debt]:
        """Open debts older than that and not being dialled, the oldest first."""

    async def recover(self, now: datetime, rules: DebtRules) -> list[Debt]:
        """End the attempts that an earlier life of the service left open."""

    async def counts(self) -> LedgerCounts:
        """How much is owed."""
