"""The emergency plans as a state machine: normal, plan 1, plan 2, plan 3, and back.

Pure: what is foreseen goes in, the next state and what happened come out. A plan rises
when the wait that is foreseen with the plan before it already seated stays too long for a
while; it falls when the wait foreseen without it stays short for a longer while, after its
minimum hold. A person may order any level at any time; for a while after his order the
machine only proposes. Without an order no level is passed over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

NORMAL = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRules:
    """When a plan begins and ends. The plans are numbered 1, 2, 3 in their order.

    It rises when the wait foreseen `ahead_minutes` from now without it exceeds
    `rise_wait_seconds` (in a surge `surge_wait_seconds`), for `rise_for_seconds`. With
    `surge_only` there must be a surge as well. It falls when all waits foreseen without
    it stay below `fall_wait_seconds` for `fall_for_seconds`, not before
    `hold_seconds`. What is not `automatic` is proposed to a person.
    """

    ahead_minutes: int
    rise_wait_seconds: float
    surge_wait_seconds: float
    surge_only: bool = False
    rise_for_seconds: float
    fall_wait_seconds: float = 10.0
    fall_for_seconds: float = 1200.0
    hold_seconds: float = 600.0
    automatic: bool = False


PLAN_1 = PlanRules(
    ahead_minutes=10, rise_wait_seconds=90, surge_wait_seconds=20, rise_for_seconds=120
)
PLAN_2 = PlanRules(
    ahead_minutes=30,
    rise_wait_seconds=30,
    surge_wait_seconds=30,
    surge_only=True,
    rise_for_seconds=180,
    fall_for_seconds=1800,
    hold_seconds=1800,
)
PLAN_3 = replace(PLAN_2, rise_wait_seconds=180, surge_wait_seconds=180)
USUAL_PLANS = (PLAN_1, PLAN_2, PLAN_3)

OVERRULED_SECONDS = 1800.0
"""So long after a person's order the machine proposes, and changes nothing by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """What is foreseen: `waits[level][minute]` in seconds with that level seated.

    A minute counts from 0, the end of the first one. `waits` holds a row for each level
    from normal on.
    """

    at: datetime
    surge: bool
    waits: Sequence[Sequence[float]]


class Turn(StrEnum):
    """What was decided: the level is changed, it is proposed to, a proposal is taken back,
    or more people are recalled at the level that is on."""

    CHANGED = "changed"
    PROPOSED = "proposed"
    WITHDRAWN = "withdrawn"
    RECALLED = "recalled"


class PlanReason(StrEnum):
    """Why a level was changed or is proposed, or people are recalled."""

    LONG_WAIT_AHEAD = "long_wait_ahead"
    SURGE = "surge"
    CALM = "calm"
    ORDERED = "ordered"
    CAN_RING = "can_ring"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDecision:
    """`wait_seconds` is the one that was foreseen and decided on; None for an order.

    `people` are how many are recalled with it, None where nobody is.
    """

    at: datetime
    turn: Turn
    before: int
    level: int
    reason: PlanReason
    wait_seconds: float | None = None
    people: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """The level since when, and what is about to happen to it.

    `recall_owed` are so many people whom nobody could ring when it was decided; None:
    none are owed.
    """

    level: int = NORMAL
    since: datetime | None = None
    rising_since: datetime | None = None
    falling_since: datetime | None = None
    proposed: int | None = None
    ordered_at: datetime | None = None
    recall_owed: int | None = None


Step = tuple[Escalation, PlanDecision | None]


def ordered(
    state: Escalation, plans: Sequence[PlanRules], level: int, at: datetime
) -> Step:
    """A person wants this level. ValueError: there is no such plan.

    Who accepts what was proposed overrules nobody: the machine goes on by itself.
    """
    if not NORMAL <= level <= len(plans):
        raise ValueError(f"there is no plan {level}; take 0 (normal) to {len(plans)}")
    after = Escalation(
        level=level,
        since=at if level != state.level else state.since,
        ordered_at=None if level == state.proposed else at,
    )
    if level == state.level:
        return after, None
    return after, PlanDecision(
        at=at,
        turn=Turn.CHANGED,
        before=state.level,
        level=level,
        reason=PlanReason.ORDERED,
    )


def looked(state: Escalation, plans: Sequence[PlanRules], foresight: Foresight) -> Step:
    """After a look ahead: at most one level up or down."""
    rise = _rise(state, plans, foresight)
    fall = None if rise else _fall(state, plans, foresight)
    state = replace(
        state,
        rising_since=(state.rising_since or foresight.at) if rise else None,
        falling_since=(state.falling_since or foresight.at) if fall else None,
    )
    wanted = rise or fall
    if state.proposed is not None and not (wanted and wanted.level == state.proposed):
        return _withdrawn(state, foresight.at)
    due = _due(state, plans, foresight.at, wanted)
    if due is None:
        return state, None
    if _may_change(state, plans, due):
        return _changed(state, due)
    return _proposed(state, due)


def _rise(
    state: Escalation, plans: Sequence[PlanRules], foresight: Foresight
) -> PlanDecision | None:
    """The next plan, if the wait foreseen with what is seated is too long."""
    if state.level == len(plans):
        return None
    rules = plans[state.level]
    wait = foresight.waits[state.level][rules.ahead_minutes - 1]
    if foresight.surge and wait > rules.surge_wait_seconds:
        return _to(state, foresight, state.level + 1, PlanReason.SURGE, wait)
    if not rules.surge_only and wait > rules.rise_wait_seconds:
        return _to(state, foresight, state.level + 1, PlanReason.LONG_WAIT_AHEAD, wait)
    return None


def _fall(
    state: Escalation, plans: Sequence[PlanRules], foresight: Foresight
) -> PlanDecision | None:
    """The level below, if the waits foreseen without this one are short."""
    if state.level == NORMAL:
        return None
    wait = max(foresight.waits[state.level - 1])
    if wait >= plans[state.level - 1].fall_wait_seconds:
        return None
    return _to(state, foresight, state.level - 1, PlanReason.CALM, wait)


def _to(
    state: Escalation,
    foresight: Foresight,
    level: int,
    reason: PlanReason,
    wait: float,
) -> PlanDecision:
    return PlanDecision(
        at=foresight.at,
        turn=Turn.CHANGED,
        before=state.level,
        level=level,
        reason=reason,
        wait_seconds=float(wait),
    )


def _due(
    state: Escalation,
    plans: Sequence[PlanRules],
    now: datetime,
    wanted: PlanDecision | None,
) -> PlanDecision | None:
    """What is wanted, if it was wanted for long enough and the hold is over."""
    if wanted is None:
        return None
    if wanted.level > state.level:
        rules = plans[state.level]
        return (
            wanted if _lasts(state.rising_since, now, rules.rise_for_seconds) else None
        )
    rules = plans[state.level - 1]
    calm = _lasts(state.falling_since, now, rules.fall_for_seconds)
    held = _lasts(state.since, now, rules.hold_seconds)
    return wanted if calm and held else None


def _lasts(since: datetime | None, now: datetime, seconds: float) -> bool:
    return since is not None and now - since >= timedelta(seconds=seconds)


def _may_change(
    state: Escalation, plans: Sequence[PlanRules], due: PlanDecision
) -> bool:
    """Its plan is automatic, and no person has ordered otherwise a while ago."""
    overruled = state.ordered_at is not None and not _lasts(
        state.ordered_at, due.at, OVERRULED_SECONDS
    )
    return plans[max(due.level, due.before) - 1].automatic and not overruled


def _changed(state: Escalation, due: PlanDecision) -> Step:
    return Escalation(level=due.level, since=due.at), due


def _proposed(state: Escalation, due: PlanDecision) -> Step:
    """Told once; a person decides."""
    if state.proposed == due.level:
        return state, None
    return replace(state, proposed=due.level), replace(due, turn=Turn.PROPOSED)


def _withdrawn(state: Escalation, now: datetime) -> Step:
    """What was proposed is no longer wanted."""
    assert state.proposed is not None
    calm = state.proposed > state.level
    return replace(state, proposed=None), PlanDecision(
        at=now,
        turn=Turn.WITHDRAWN,
        before=state.level,
        level=state.proposed,
        reason=PlanReason.CALM if calm else PlanReason.LONG_WAIT_AHEAD,
    )
