"""A debt as a row of the ledger, and back."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select

from acd.ledger.debt import Debt, DebtKind, DebtState
from acd.ledger.store import call_back_attempts, call_backs, missed_calls
from acd.records.store import calls


def select_debts() -> Select[Any]:
    """All debts, for `debt_of`; to be narrowed by conditions on `call_backs`."""
    return select(call_backs, _is_confidential().label("confidential"))


def _is_confidential() -> ColumnElement[bool]:
    """Whether the citizen asked for it in any call that the debt has to do with."""
    made = calls.c.confidential_at.is_not(None)
    return or_(
        _any(calls.c.id == call_backs.c.call_id, made),
        _any(
            missed_calls.c.call_back_id == call_backs.c.id,
            missed_calls.c.call_id == calls.c.id,
            made,
        ),
        _any(
            call_back_attempts.c.call_back_id == call_backs.c.id,
            call_back_attempts.c.call_id == calls.c.id,
            made,
        ),
    )


def _any(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(calls.c.id).where(*conditions).correlate(call_backs).exists()


def debt_of(row: Row[Any]) -> Debt:
    """A row of `select_debts` as a value."""
    values = row._asdict()
    typed = {
        "kind": DebtKind(row.kind),
        "state": DebtState(row.state),
        "skills": tuple((name, level) for name, level in row.skills),
        "confidential": bool(row.confidential),
    }
    return Debt(**values | typed)


def row_of(debt: Debt) -> dict[str, Any]:
    """What is kept of it; that it is confidential is known from its calls."""
    values = asdict(debt)
    del values["confidential"]
    return values
