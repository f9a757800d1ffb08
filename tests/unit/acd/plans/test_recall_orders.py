"""How many an order recalls, and what its author is told."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from acd.plans.recall_orders import (
    NO_TRUNK,
    RecallMeans,
    can_ring,
    more_people,
    owed_after,
    wanted_by,
)
from acd.staffing.escalation import PlanDecision, PlanReason, Turn

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)


def means(needed: int) -> RecallMeans:
    return RecallMeans(needed=needed, most=50)


def to(level: int, before: int = 1, turn: Turn = Turn.CHANGED) -> PlanDecision:
    return PlanDecision(
        at=NOW, turn=turn, before=before, level=level, reason=PlanReason.ORDERED
    )


def test_plan_2_recalls_who_is_missing_and_one_at_least() -> None:
    assert wanted_by(to(2), 7) == 7
    assert wanted_by(to(2), 0) == 1
    assert wanted_by(to(3, before=0), 7) == 7
    assert wanted_by(replace(to(2), people=3), 7) == 3


@pytest.mark.parametrize(
    "decision",
    [to(3, before=2), to(2, before=3), to(1, before=2), to(2, turn=Turn.PROPOSED)],
)
def test_other_decisions_recall_nobody_by_themselves(decision: PlanDecision) -> None:
    assert wanted_by(decision, 7) is None


def test_whom_nobody_can_ring_is_owed_until_he_is_rung_or_the_plan_ends() -> None:
    assert owed_after(None, to(2), 7) == 7
    assert owed_after(7, to(3, before=2), None) == 7
    assert owed_after(7, to(1, turn=Turn.PROPOSED), None) == 7
    assert owed_after(7, replace(to(2, before=2), people=9), 9) is None
    assert owed_after(7, can_ring(2, 7, NOW), 7) is None
    assert owed_after(7, to(1, before=2), None) is None


def test_nobody_is_recalled_without_a_trunk() -> None:
    assert more_people(None, 2, 30, None, NOW) == (None, NO_TRUNK)


def test_more_people_at_the_same_level_are_a_decision() -> None:
    decision, answer = more_people(None, 2, 80, means(needed=12), NOW)
    assert decision and (decision.turn, decision.people) == (Turn.RECALLED, 50)
    assert answer == (
        "50 are recalled instead of 12; [recall] most allows no more than 50"
    )


@pytest.mark.parametrize(
    ("level", "people", "answer"),
    [
        (0, None, "normal is on already: no change"),
        (2, None, "plan 2 is on already: no change"),
        (2, 12, "a recall of 12 is on already: no more are rung"),
        (1, 12, "plan 1 recalls nobody: plan 2 does"),
    ],
)
def test_order_that_changes_nothing_says_why(
    level: int, people: int | None, answer: str
) -> None:
    assert more_people(None, level, people, means(needed=12), NOW) == (None, answer)


def test_people_ordered_with_another_level_are_recalled_with_it() -> None:
    decision, answer = more_people(to(3, before=2), 3, 30, means(needed=12), NOW)
    assert decision and (decision.turn, decision.people) == (Turn.CHANGED, 30)
    assert answer == "30 are recalled instead of 12"
