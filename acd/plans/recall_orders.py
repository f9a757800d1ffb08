"""How many a decision recalls, and what whoever orders more is told. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime

from acd.staffing.escalation import PlanDecision, PlanReason, Turn

RECALL_LEVEL = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallMeans:
    """The recall that is on needs so many (0: none is), and no more than `most` may be
    recalled."""

    needed: int
    most: int


Decided = tuple[PlanDecision | None, str]
"""What was decided, and in words what came of an order."""

NO_TRUNK = "nobody is recalled: there are no [[trunks]] to ring them over"


def begins_recall(decision: PlanDecision) -> bool:
    """It goes from below plan 2 to it, or over it."""
    changed = decision.turn is Turn.CHANGED
    return changed and decision.before < RECALL_LEVEL <= decision.level


def calls_off(decision: PlanDecision) -> bool:
    """It goes from plan 2, or from over it, to below."""
    changed = decision.turn is Turn.CHANGED
    return changed and decision.level < RECALL_LEVEL <= decision.before


def wanted_by(decision: PlanDecision, missing: int) -> int | None:
    """How many a decision recalls: plan 2 as many as are missing, if nobody ordered how
    many; None: it has nothing to do with a recall."""
    if decision.people is None and begins_recall(decision):
        return max(missing, 1)
    return decision.people


def owed_after(
    owed: int | None, decision: PlanDecision, wanted: int | None
) -> int | None:
    """Whom a decision leaves to be rung as soon as anybody can be; `wanted` are those
    whom it recalls, its `people` those for whom that begins."""
    if calls_off(decision):
        return None
    return owed if wanted is None else None if decision.people else wanted


def nobody_yet(people: int) -> str:
    """What is told while nobody can be rung."""
    return (
        f"nobody can be rung now (`hotline plans dry-run` says why): {people} are "
        "recalled as soon as somebody can be"
    )


def can_ring(level: int, people: int, now: datetime) -> PlanDecision:
    """Who was owed is recalled now."""
    return PlanDecision(
        at=now,
        turn=Turn.RECALLED,
        before=level,
        level=level,
        reason=PlanReason.CAN_RING,
        people=people,
    )


def more_people(
    decision: PlanDecision | None,
    level: int,
    people: int | None,
    means: RecallMeans | None,
    now: datetime,
) -> Decided:
    """A person's order of a level, with `people` to recall; None: he did not say how many.

    An order that changes no level is a decision all the same when it recalls people.
    """
    if people is None:
        return decision, "" if decision else f"{_name(level)} is on already: no change"
    if level < RECALL_LEVEL:
        return decision, f"{_name(level)} recalls nobody: plan {RECALL_LEVEL} does"
    if means is None:
        return decision, NO_TRUNK
    wanted = min(people, means.most)
    if wanted <= means.needed:
        return decision, f"a recall of {means.needed} is on already: no more are rung"
    if decision is None:
        decision = PlanDecision(
            at=now,
            turn=Turn.RECALLED,
            before=level,
            level=level,
            reason=PlanReason.ORDERED,
        )
    return replace(decision, people=wanted), _recalled(people, means)


def _recalled(people: int, means: RecallMeans) -> str:
    wanted = min(people, means.most)
    most = f"; [recall] most allows no more than {wanted}" if wanted < people else ""
    was = f" instead of {means.needed}" if means.needed else ""
    return f"{wanted} are recalled{was}{most}"


def _name(level: int) -> str:
    return f"plan {level}" if level else "normal"
