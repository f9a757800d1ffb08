"""Whatever the day, the rules and the roster: nobody is lost, stuck or served unjustly."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.agent import AgentProfile
from acd.events import Outcome
from acd.queue_rules import (
    Admission,
    Overflow,
    OverflowWhen,
    QueueRules,
    RelaxStep,
)
from acd.staffing.behaviour import Behaviour
from acd.staffing.day import Day, DayCall
from acd.staffing.measures import Measures
from acd.staffing.plan import Plan, PlannedAgent
from acd.staffing.simulation import simulate
from acd.staffing.story import SimulatedDay
from acd.strategies import STRATEGIES
from tests.unit.acd.staffing.days import START

NAMES = ("general", "tax")
HOUR = 3600.0

moments = st.floats(0, 2 * HOUR)
levels = st.integers(1, 3).map(lambda level: (("english", level),)) | st.just(())
callers = st.sampled_from(["", "13800000000", "13900000000", "withheld"])
calls = st.builds(
    DayCall,
    at_seconds=moments,
    queue=st.sampled_from(NAMES),
    caller=callers,
    skills=levels,
    priority=st.sampled_from([0, 0, 5]),
)
overflows = st.lists(
    st.builds(
        Overflow,
        when=st.sampled_from(OverflowWhen),
        limit=st.sampled_from([1e-9, 1.0, 100 / 3]),
        to=st.sampled_from(["", "tax"]),
    ),
    max_size=2,
).map(tuple)


def rules(name: str) -> st.SearchStrategy[QueueRules]:
    """Any rules of a queue; only the first queue sends its calls to the second."""
    return st.builds(
        QueueRules,
        name=st.just(name),
        strategy=st.sampled_from(sorted(STRATEGIES)),
        weight=st.sampled_from([1.0, 3.0]),
        relax=st.sampled_from(
            [(), (RelaxStep(after_seconds=10 / 3, lower_skills_by=3),)]
        ),
        ring_seconds=st.sampled_from([16 / 3, 20.0]),
        wrap_up_seconds=st.sampled_from([0.0, 1e-9, 60.0]),
        auto_pause_after=st.integers(0, 2),
        last_agent_seconds=st.sampled_from([0.0, 1e-9, 30.0]),
        overflow=overflows if name == "general" else st.just(()),
        admission=st.sampled_from(
            [
                Admission(),
                Admission(places_per_agent=1, least_places=2, promises_per_agent=1),
            ]
        ),
    )


@st.composite
def agents(draw: st.DrawFn) -> tuple[PlannedAgent, ...]:
    """A few, each with a shift or two."""
    made = []
    for number in range(draw(st.integers(0, 5))):
        queues = draw(st.sampled_from([("general",), ("tax",), NAMES]))
        begins, lasts = draw(moments), draw(st.floats(60, 2 * HOUR))
        profile = AgentProfile(
            id=f"a{number}", contact="", queues=queues, skills=draw(levels)
        )
        shifts = ((begins, begins + lasts), (begins + lasts + 60, begins + 3 * HOUR))
        made.append(
            PlannedAgent(profile=profile, duties=shifts[: draw(st.integers(1, 2))])
        )
    return tuple(made)


behaviours = st.builds(
    Behaviour,
    talk_seconds=st.sampled_from([30.0, 300.0]),
    patience_seconds=st.sampled_from([20.0, 300.0, float("inf")]),
    answer_seconds=st.sampled_from([0.0, 4.0]),
    no_answer_share=st.sampled_from([0.0, 0.3]),
    redial_share=st.sampled_from([0.0, 0.7]),
)
days = st.lists(calls, max_size=40).map(lambda some: Day.of(START, some))


def check(found: SimulatedDay, day: Day) -> None:
    """That nobody is stuck, `simulate` itself looks at."""
    assert len(found.stories) >= len(day.calls)
    for story in found.stories:
        assert (story.outcome is Outcome.ANSWERED) == (story.talk_seconds is not None)
        assert story.wait_seconds is None or story.wait_seconds >= 0
    whole = Measures.of(found).queues["all"]
    outcomes = Counter(story.outcome for story in found.stories)
    assert whole.offered == sum(outcomes.values())
    assert whole.answered + whole.abandoned + whole.declined == whole.offered
    for time in found.times.values():
        for busy, on_duty in zip(time.busy, time.on_duty, strict=True):
            assert busy <= on_duty + 1e-6


ANY_DAY = given(
    day=days,
    queues=st.tuples(rules("general"), rules("tax")),
    staff=agents(),
    behaviour=behaviours,
    seed=st.integers(0, 99),
)


@settings(max_examples=60, deadline=None)
@ANY_DAY
def test_every_call_of_any_day_ends_in_one_way_and_nobody_is_stuck(
    day: Day,
    queues: tuple[QueueRules, QueueRules],
    staff: tuple[PlannedAgent, ...],
    behaviour: Behaviour,
    seed: int,
) -> None:
    plan = Plan(name="any", queues=queues, agents=staff)
    check(simulate(day, plan, behaviour, seed=seed), day)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@settings(max_examples=50_000, deadline=None)
@ANY_DAY
def test_nobody_is_stuck_on_any_of_many_days(
    day: Day,
    queues: tuple[QueueRules, QueueRules],
    staff: tuple[PlannedAgent, ...],
    behaviour: Behaviour,
    seed: int,
) -> None:
    plan = Plan(name="any", queues=queues, agents=staff)
    check(simulate(day, plan, behaviour, seed=seed), day)


@settings(max_examples=30, deadline=None)
@given(
    day=st.lists(st.builds(DayCall, at_seconds=moments), max_size=60).map(
        lambda some: Day.of(START, some)
    ),
    staffed=st.integers(1, 4),
)
def test_equals_are_served_in_the_order_in_which_they_came(
    day: Day, staffed: int
) -> None:
    staff = tuple(
        PlannedAgent(profile=AgentProfile(id=str(n), contact="", queues=("general",)))
        for n in range(staffed)
    )
    behaviour = Behaviour(answer_seconds=0, patience_seconds=float("inf"))
    plan = Plan(name="fair", queues=(QueueRules(name="general"),), agents=staff)
    stories = simulate(day, plan, behaviour).stories
    served = [s.arrived_at + (s.wait_seconds or 0) for s in stories if s.talk_seconds]
    assert len(served) == len(day.calls)
    assert served == sorted(served)
