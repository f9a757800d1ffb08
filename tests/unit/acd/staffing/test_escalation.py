"""The emergency plans go up and down by rules, and a person may overrule them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from acd.staffing.escalation import (
    NORMAL,
    OVERRULED_SECONDS,
    USUAL_PLANS,
    Escalation,
    Foresight,
    PlanDecision,
    PlanReason,
    PlanRules,
    Turn,
    looked,
    ordered,
)

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
AUTOMATIC = tuple(replace(plan, automatic=True) for plan in USUAL_PLANS)
MINUTES = 60


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def seen(minutes: float, *waits: float, surge: bool = False) -> Foresight:
    """The same wait at every minute ahead, for each level; the last one for the rest."""
    rows = [*waits, *[waits[-1]] * (4 - len(waits))]
    return Foresight(
        at=at(minutes), surge=surge, waits=[[wait] * MINUTES for wait in rows]
    )


def lived(
    plans: tuple[PlanRules, ...],
    looks: list[Foresight],
    state: Escalation | None = None,
) -> tuple[Escalation, list[PlanDecision]]:
    state, decisions = state or Escalation(), []
    for look in looks:
        state, decision = looked(state, plans, look)
        decisions += [decision] if decision else []
    return state, decisions


def test_plan_1_begins_when_a_long_wait_stays_ahead_for_two_minutes() -> None:
    state, decisions = lived(AUTOMATIC, [seen(m, 100, 0) for m in range(3)])
    assert state == Escalation(level=1, since=at(2))
    assert [(d.level, d.reason, d.wait_seconds) for d in decisions] == [
        (1, PlanReason.LONG_WAIT_AHEAD, 100)
    ]


def test_false_alarm_that_passes_changes_nothing() -> None:
    looks = [seen(0, 100, 0), seen(1, 100, 0), seen(1.5, 5), seen(2, 100, 0)]
    assert lived(AUTOMATIC, looks)[1] == []


def test_plan_2_needs_a_surge_that_plan_1_cannot_hold() -> None:
    at_plan_1 = Escalation(level=1, since=START)
    calm_rise = [seen(m, 400, 200, 0) for m in range(10)]
    assert lived(AUTOMATIC, calm_rise, at_plan_1)[0].level == 1
    surge = [seen(m, 400, 200, 0, surge=True) for m in range(4)]
    state, decisions = lived(AUTOMATIC, surge, at_plan_1)
    assert state.level == 2
    assert decisions[0].reason is PlanReason.SURGE


def test_storm_goes_through_plan_1_to_plan_2() -> None:
    looks = [seen(m, 900, 700, 0, surge=True) for m in range(7)]
    _, decisions = lived(AUTOMATIC, looks)
    assert [(d.at, d.before, d.level) for d in decisions] == [
        (at(2), 0, 1),
        (at(6), 1, 2),
    ]


def test_plan_falls_after_a_long_calm_and_its_hold() -> None:
    at_plan_1 = Escalation(level=1, since=START)
    state, decisions = lived(AUTOMATIC, [seen(m, 3) for m in range(21)], at_plan_1)
    assert state == Escalation(level=0, since=at(20))
    assert decisions[0].reason is PlanReason.CALM


def test_calm_that_is_broken_begins_anew() -> None:
    at_plan_1 = Escalation(level=1, since=START)
    looks = [seen(m, 30 if m == 10 else 3, 0) for m in range(30)]
    assert lived(AUTOMATIC, looks, at_plan_1)[0].level == 1


def test_plan_that_is_not_automatic_is_proposed_once_and_taken_back() -> None:
    looks = [seen(m, 100, 0) for m in range(5)] + [seen(5, 5)]
    state, decisions = lived(USUAL_PLANS, looks)
    assert [(d.turn, d.level) for d in decisions] == [
        (Turn.PROPOSED, 1),
        (Turn.WITHDRAWN, 1),
    ]
    assert (state.level, state.proposed) == (0, None)


def test_accepting_a_proposal_does_not_overrule_the_machine() -> None:
    state, _ = lived(USUAL_PLANS, [seen(m, 100, 0) for m in range(3)])
    state, decision = ordered(state, USUAL_PLANS, 1, at(4))
    assert decision is not None
    assert (decision.reason, state.level, state.ordered_at) == (
        PlanReason.ORDERED,
        1,
        None,
    )


def test_manager_who_ends_a_plan_is_not_contradicted_for_half_an_hour() -> None:
    state, _ = ordered(Escalation(level=1, since=START), AUTOMATIC, NORMAL, at(0))
    state, decisions = lived(AUTOMATIC, [seen(m, 100, 0) for m in range(29)], state)
    assert [d.turn for d in decisions] == [Turn.PROPOSED]
    state, decisions = lived(AUTOMATIC, [seen(m, 100, 0) for m in range(30, 33)], state)
    assert [d.turn for d in decisions] == [Turn.CHANGED]


def test_person_may_order_plan_2_at_once() -> None:
    state, decision = ordered(Escalation(), AUTOMATIC, 2, at(0))
    assert state.level == 2
    assert decision is not None and (decision.before, decision.level) == (0, 2)


@pytest.mark.parametrize("level", [-1, 4])
def test_plan_that_does_not_exist_is_refused_in_words(level: int) -> None:
    with pytest.raises(ValueError, match="take 0 \\(normal\\) to 3"):
        ordered(Escalation(), AUTOMATIC, level, at(0))


def test_two_plans_are_enough_for_a_city_without_neighbours() -> None:
    looks = [seen(m, 9000, surge=True) for m in range(60)]
    assert lived(AUTOMATIC[:2], looks)[0].level == 2


WAITS = st.sampled_from([0.0, 5.0, 15.0, 50.0, 70.0, 100.0, 500.0])


class Plans(RuleBasedStateMachine):
    """Looks and orders in any order; all automatic changes are kept."""

    @initialize(automatic=st.tuples(st.booleans(), st.booleans(), st.booleans()))
    def begin(self, automatic: tuple[bool, bool, bool]) -> None:
        self.plans = tuple(
            replace(plan, automatic=own)
            for plan, own in zip(USUAL_PLANS, automatic, strict=True)
        )
        self.state, self.now = Escalation(), START
        self.changes: list[PlanDecision] = []
        self.proposals = 0

    @rule(
        minutes=st.sampled_from([0.5, 1, 5, 20]),
        waits=st.lists(WAITS, min_size=4, max_size=4),
        surge=st.booleans(),
    )
    def look(self, minutes: float, waits: list[float], surge: bool) -> None:
        self.now += timedelta(minutes=minutes)
        before = self.state
        falling = sorted(waits, reverse=True)
        foresight = Foresight(
            at=self.now, surge=surge, waits=[[wait] * MINUTES for wait in falling]
        )
        self.state, decision = looked(before, self.plans, foresight)
        if decision:
            self._check(before, decision)

    def _check(self, before: Escalation, decision: PlanDecision) -> None:
        assert abs(decision.level - before.level) == 1
        if decision.turn is not Turn.CHANGED:
            assert self.state.level == before.level
            return
        assert self.plans[max(decision.level, before.level) - 1].automatic
        self._check_that_it_does_not_flap(decision)
        self.changes.append(decision)

    def _check_that_it_does_not_flap(self, decision: PlanDecision) -> None:
        if not self.changes:
            return
        last = self.changes[-1]
        past = (decision.at - last.at).total_seconds()
        if decision.level < decision.before:
            rules = self.plans[decision.before - 1]
            assert past >= min(rules.fall_for_seconds, rules.hold_seconds)
        else:
            assert past >= self.plans[decision.before].rise_for_seconds
        if last.reason is PlanReason.ORDERED and self.state.ordered_at is not None:
            assert past >= OVERRULED_SECONDS

    @rule(level=st.integers(0, 3))
    def order(self, level: int) -> None:
        self.state, decision = ordered(self.state, self.plans, level, self.now)
        assert self.state.level == level
        if decision:
            self.changes.append(decision)

    @invariant()
    def level_is_one_of_the_plans(self) -> None:
        if hasattr(self, "state"):
            assert 0 <= self.state.level <= 3
            assert (self.state.since is None) <= (self.state.level == 0)

    @invariant()
    def there_is_a_way_down(self) -> None:
        """From any state, calm leads to normal: by itself, or by what it proposes."""
        if not hasattr(self, "state"):
            return
        state, now = self.state, self.now
        for _ in range(600):
            now += timedelta(minutes=1)
            state, decision = looked(
                state,
                self.plans,
                Foresight(at=now, surge=False, waits=[[0.0] * MINUTES] * 4),
            )
            if decision and decision.turn is Turn.PROPOSED:
                state, _ = ordered(state, self.plans, decision.level, now)
            if state.level == NORMAL:
                return
        raise AssertionError("no way down")


TestPlans = Plans.TestCase
TestPlans.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)


@given(st.lists(st.tuples(WAITS, st.booleans()), max_size=40))
@settings(max_examples=30, deadline=None)
def test_no_plan_2_without_plan_1(looks: list[tuple[float, bool]]) -> None:
    _, decisions = lived(
        AUTOMATIC,
        [seen(m, wait, surge=surge) for m, (wait, surge) in enumerate(looks)],
    )
    assert all(abs(d.level - d.before) == 1 for d in decisions)
