"""A citizen's wish made into the debt that it is."""

from datetime import datetime

from acd.call_backs.wish import Wish
from acd.ledger.debt import Debt, DebtKind, DebtState


def debt_of(wish: Wish, kind: DebtKind, debt_id: str, now: datetime) -> Debt:
    """What we owe from now on, due at once."""
    promised = kind is DebtKind.PROMISE
    return Debt(
        id=debt_id,
        call_id=wish.call_id,
        kind=kind,
        state=DebtState.PROMISED if promised else DebtState.OWED,
        number=wish.number,
        called=wish.called,
        queue=wish.queue,
        language=wish.language,
        since=wish.since,
        entered_at=now,
        changed_at=now,
        due_at=now,
        priority=wish.priority,
        skills=wish.skills,
    )
