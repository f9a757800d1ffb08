"""A call that pays a debt: its books as they are opened, and how its beginning is told."""

from datetime import datetime

from acd.call import Call
from acd.events import CallBackBegun, Outcome
from acd.ledger.debt import Debt


def call_for(debt: Debt, call_id: str) -> Call:
    """The books of a call to the citizen whom we owe it; nobody is reached yet."""
    return Call(
        id=call_id,
        caller=debt.number,
        called=debt.called,
        queue=debt.queue,
        outcome=Outcome.NOT_REACHED,
        call_back_id=debt.id,
        confidential=debt.confidential,
    )


def begun(debt: Debt, call_id: str, at: datetime) -> CallBackBegun:
    """The event of its beginning."""
    return CallBackBegun(
        at=at,
        call_id=call_id,
        caller=debt.number,
        called=debt.called,
        call_back_id=debt.id,
        confidential=debt.confidential,
    )
