"""The ledger's state machine: no debt is lost, none is tried twice at once, each ends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    asked_for_again,
    leased,
    moved,
    not_dialled,
    too_old,
    tried,
)
from acd.ledger.hours import Hours

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ENDS = frozenset(DebtState) - OPEN


def debt(state: DebtState = DebtState.OWED, kind: DebtKind = DebtKind.MISSED) -> Debt:
    """A debt of now."""
    return Debt(
        id="debt",
        call_id="call",
        kind=kind,
        state=state,
        number="+8613812345678",
        called="12345",
        queue="general",
        language="zh",
        since=NOW,
        entered_at=NOW,
        changed_at=NOW,
        due_at=NOW,
    )


@pytest.mark.parametrize(("old", "new"), list(product(DebtState, DebtState)))
def test_debt_moves_only_where_the_table_allows_it(
    old: DebtState, new: DebtState
) -> None:
    if new in ALLOWED[old]:
        assert moved(debt(old), new, NOW).state is new
    else:
        with pytest.raises(DebtMoveRefused):
            moved(debt(old), new, NOW)


def test_every_open_state_can_end_and_ends_are_ends() -> None:
    for state in OPEN:
        assert ALLOWED[state] & ENDS
    for state in ENDS - {DebtState.EXPIRED}:
        assert not ALLOWED[state]


rules = st.builds(
    DebtRules,
    tries=st.integers(1, 5),
    survey_tries=st.integers(1, 3),
    retry_minutes=st.floats(0.1, 600),
    expire_hours=st.floats(1, 100),
)
outcomes = st.lists(st.sampled_from(AttemptOutcome), max_size=60)


@given(
    rules=rules,
    kind=st.sampled_from(DebtKind),
    outcomes=outcomes,
    dials=st.data(),
)
def test_every_debt_is_due_or_ended_whatever_happens(
    rules: DebtRules,
    kind: DebtKind,
    outcomes: list[AttemptOutcome],
    dials: st.DataObject,
) -> None:
    now = NOW
    owed = debt(
        DebtState.PROMISED if kind is DebtKind.PROMISE else DebtState.OWED, kind
    )
    rung = 0
    for outcome in outcomes:
        if not owed.is_open or too_old(owed, now, rules):
            break
        assert owed.due_at is not None, "an open debt that nobody would ever look at"
        now = max(now, owed.due_at)
        before = owed.attempts
        if dials.draw(st.booleans()):
            dialling = leased(owed, now)
            assert dialling.attempts == before + 1
            with pytest.raises(DebtMoveRefused):
                leased(dialling, now)
            owed = tried(dialling, outcome, now, rules)
            rung += outcome not in NOT_HIS_DOING
        else:
            owed = not_dialled(owed, outcome, now, rules)
        assert owed.state is not DebtState.DIALLING
        if owed.is_open:
            assert owed.due_at
            here = owed.attempts == before and outcome is AttemptOutcome.ON_THE_LINE
            assert owed.due_at > now or (here and owed.due_at == now)
            assert rules.hours_of(kind).are_open(owed.due_at)
        assert rung <= rules.tries_of(kind)
    if owed.is_open:
        late = owed.entered_at + timedelta(hours=rules.expire_hours)
        assert too_old(owed, late, rules)
        assert moved(owed, DebtState.EXPIRED, late).due_at is None


def test_expired_debt_that_a_person_asks_for_has_all_its_tries_again() -> None:
    expired = replace(debt(DebtState.EXPIRED), tries=3, due_at=None)
    again = asked_for_again(expired, NOW + timedelta(days=3))
    assert (again.state, again.tries) == (DebtState.OWED, 0)
    assert not too_old(again, NOW + timedelta(days=3, hours=1), DebtRules())


@pytest.mark.parametrize(
    ("span", "hour", "is_open"),
    [
        ("08:00-21:00", 7, False),
        ("08:00-21:00", 8, True),
        ("08:00-21:00", 21, False),
        ("20:00-06:00", 23, True),
        ("20:00-06:00", 5, True),
        ("20:00-06:00", 6, False),
        ("00:00-24:00", 0, True),
        ("00:00-24:00", 23, True),
    ],
)
def test_hours_are_those_of_the_citys_clock(
    span: str, hour: int, is_open: bool
) -> None:
    city = ZoneInfo("Asia/Shanghai")
    moment = datetime(2026, 3, 2, hour, tzinfo=city).astimezone(UTC)
    hours = Hours(span, city)
    assert hours.are_open(moment) is is_open
    opening = hours.next_open(moment)
    assert hours.are_open(opening)
    assert timedelta() <= opening - moment < timedelta(days=1)
    assert (opening == moment) is is_open


def test_span_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="write 08:00-21:00"):
        Hours("8-21")
