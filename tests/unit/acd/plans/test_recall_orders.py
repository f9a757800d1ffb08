"""How many an order recalls, and what its author is told."""

from datetime import UTC, datetime

import pytest

from acd.plans.recall_orders import NO_TRUNK, RecallMeans, more_people, recalled_by
from acd.staffing.escalation import PlanDecision, PlanReason, Turn

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)


def means(missing: int = 7, needed: int = 0) -> RecallMeans:
    return RecallMeans(missing=missing, needed=needed, most=50)


def to(level: int, before: int = 1, turn: Turn = Turn.CHANGED) -> PlanDecision:
    return PlanDecision(
        at=NOW, turn=turn, before=before, level=level, reason=PlanReason.ORDERED
    )


def test_plan_2_recalls_who_is_missing_and_one_at_least_but_never_too_many() -> None:
    assert recalled_by(to(2), means()).people == 7
    assert recalled_by(to(2), means(missing=0)).people == 1
    assert recalled_by(to(2), means(missing=80)).people == 50
    assert recalled_by(to(3, before=0), means()).people == 7


@pytest.mark.parametrize(
    "decision",
    [to(3, before=2), to(2, before=3), to(1, before=2), to(2, turn=Turn.PROPOSED)],
)
def test_other_decisions_recall_nobody_by_themselves(decision: PlanDecision) -> None:
    assert recalled_by(decision, means()).people is None


def test_nobody_is_recalled_without_a_trunk() -> None:
    assert recalled_by(to(2), None).people is None
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
