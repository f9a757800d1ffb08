"""What may become of a contact: every move, and every outcome of a try."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from outbound.contact import (
    ALLOWED,
    OPEN,
    Contact,
    ContactMoveRefused,
    ContactState,
    FollowUpOutcome,
    leased,
    moved,
    tried,
)
from outbound.rules import FollowUpRules

MONDAY = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
"""09:30 in the city."""
RULES = FollowUpRules()
CONTACT = Contact(
    id="c1",
    campaign="november",
    order_id="A-1",
    number="+8613812345678",
    language="zh",
    closed_at=MONDAY - timedelta(days=1),
    unit="供水",
    confidential=False,
    state=ContactState.WAITING,
    entered_at=MONDAY,
    changed_at=MONDAY,
    due_at=MONDAY,
)


@pytest.mark.parametrize(("old", "new"), list(product(ContactState, repeat=2)))
def test_contact_moves_only_as_the_table_allows(
    old: ContactState, new: ContactState
) -> None:
    contact = replace(CONTACT, state=old)
    if new in ALLOWED[old]:
        assert moved(contact, new, MONDAY).state is new
    else:
        with pytest.raises(ContactMoveRefused):
            moved(contact, new, MONDAY)


def after(outcome: FollowUpOutcome, tries: int = 1) -> Contact:
    """The contact after so many tries that ended so, the last at `MONDAY`."""
    made = [MONDAY - timedelta(days=4 * back) for back in range(tries)]
    dialling = replace(leased(CONTACT, MONDAY), tries=tries)
    return tried(dialling, outcome, MONDAY, made, made, RULES)


OUTCOMES = {
    FollowUpOutcome.COMPLETED: ContactState.DONE,
    FollowUpOutcome.PARTIAL: ContactState.DONE,
    FollowUpOutcome.PERSON: ContactState.DONE,
    FollowUpOutcome.REFUSED: ContactState.DONE,
    FollowUpOutcome.TALKED: ContactState.DONE,
    FollowUpOutcome.HUNG_UP: ContactState.DONE,
    FollowUpOutcome.OPTED_OUT: ContactState.OPTED_OUT,
}


@pytest.mark.parametrize("outcome", list(FollowUpOutcome))
def test_outcome_closes_the_contact_or_he_is_due_again(
    outcome: FollowUpOutcome,
) -> None:
    contact = after(outcome)
    assert contact.state is OUTCOMES.get(outcome, ContactState.WAITING)
    assert contact.reason == outcome
    assert (contact.due_at is not None) == (contact.state in OPEN)


DUE = {
    FollowUpOutcome.BUSY: datetime(2026, 11, 2, 6, tzinfo=UTC),
    FollowUpOutcome.SERVICE_KILLED: datetime(2026, 11, 2, 6, tzinfo=UTC),
    FollowUpOutcome.REJECTED: datetime(2026, 11, 3, 6, tzinfo=UTC),
    FollowUpOutcome.UNREACHABLE: datetime(2026, 11, 3, 6, tzinfo=UTC),
}


@pytest.mark.parametrize(("outcome", "due"), list(DUE.items()))
def test_next_try_is_chosen_by_the_outcome(
    outcome: FollowUpOutcome, due: datetime
) -> None:
    assert after(outcome).due_at == due


def test_third_try_without_success_is_the_last() -> None:
    assert after(FollowUpOutcome.BUSY, tries=3).state is ContactState.EXHAUSTED


def test_number_that_may_not_be_shown_costs_its_contact_nothing_but_the_day() -> None:
    contact = tried(
        leased(CONTACT, MONDAY), FollowUpOutcome.NOT_ALLOWED, MONDAY, [], [], RULES
    )
    assert (contact.state, contact.tries) == (ContactState.WAITING, 0)
    assert contact.due_at == datetime(2026, 11, 3, 1, tzinfo=UTC)


def test_try_without_a_line_costs_nothing_and_is_made_soon() -> None:
    contact = tried(
        leased(CONTACT, MONDAY), FollowUpOutcome.NO_LINE, MONDAY, [], [], RULES
    )
    assert contact.tries == 0
    assert contact.due_at == MONDAY + timedelta(minutes=5)
