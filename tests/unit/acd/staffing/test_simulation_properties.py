"""Whatever the day, the rules and the roster: nobody is lost, stuck or served unjustly."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.agent import AgentProfile
from acd.call_backs.rules import CallBackRules, Mode
from acd.events import Outcome
from acd.ledger.debt import DebtRules
from acd.ledger.hours import Hours
from acd.queue_rules import (
    Admission,
    Overflow,
    OverflowWhen,
    QueueRules,
    RelaxStep,
)
from acd.staffing.behaviour import Behaviour
from acd.staffing.chance import Turn
from acd.staffing.day import Day, DayCall
from acd.staffing.measures import Measures
from acd.staffing.plan import Ivr, Plan, PlannedAgent
from acd.staffing.simulation import simulate
from acd.staffing.story import SimulatedDay, Transferred
from acd.strategies import STRATEGIES
from ivr_flows.language import read_flow
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
    keys=st.sampled_from([(), ("1",), ("2",), ("1", "2")]),
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


share = st.sampled_from([0.0, 0.3])
behaviours = st.builds(
    Behaviour,
    talk_seconds=st.sampled_from([30.0, 300.0]),
    patience_seconds=st.sampled_from([20.0, 300.0, float("inf")]),
    answer_seconds=st.sampled_from([0.0, 4.0]),
    no_answer_share=share,
    reject_share=share,
    busy_share=share,
    redial_share=st.sampled_from([0.0, 0.7]),
    leave_share=share,
    call_back_share=share,
    call_back_no_answer_share=share,
    consult_share=share,
    attended_share=share,
    to_queue_share=share,
    to_agent_share=st.sampled_from([0.0, 0.1]),
    consult_seconds=st.sampled_from([1e-6, 40.0]),
    agent_ends_share=share,
    survey_share=share,
    transfer_busy_share=share,
    transfer_no_answer_share=share,
)
FLOW = """
survey_call_back: opinion
steps:
  hello: {do: menu, say: hello, keys: {1: person, 2: other}, timeout: person, invalid: person}
  person: {do: enqueue, leave_key: "*", left: opinion, call_back_key: 2, then: opinion,
    overflow: other, remind: [still_waiting], remind_every_seconds: 20}
  opinion: {do: survey, say: how, answers: {1: good, 2: bad}, timeout: bye, invalid: bye}
  thanks: {do: say, say: thanks, then: bye}
  other: {do: transfer, target: "sip:110@127.0.0.1", failed: bye, then: bye}
  bye: {do: hang_up}
"""
call_back_rules = st.builds(
    CallBackRules,
    automatic=st.booleans(),
    mode=st.sampled_from(Mode),
    debts=st.builds(
        DebtRules,
        retry_minutes=st.sampled_from([1.0, 10.0]),
        expire_hours=st.sampled_from([0.2, 24.0]),
        hours=st.sampled_from([Hours("08:00-24:00"), Hours("00:00-24:00")]),
    ),
)


@cache
def ivr() -> Ivr:
    """A flow with all that a citizen can do."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "flow.yaml"
        file.write_text(FLOW, encoding="utf-8")
        return Ivr(usual=read_flow(file))


plans = st.builds(
    Plan,
    name=st.just("any"),
    queues=st.tuples(rules("general"), rules("tax")),
    agents=agents(),
    ivr=st.booleans().map(lambda flows: ivr() if flows else None),
    call_backs=call_back_rules,
    can_call=st.booleans(),
)
days = st.lists(calls, max_size=40).map(lambda some: Day.of(START, some))


def check(found: SimulatedDay, day: Day) -> None:
    """That nobody is stuck, `simulate` itself looks at."""
    assert len(found.stories) >= len(day.calls)
    for story in found.stories:
        spoke = story.talk_seconds is not None
        handed_over = story.turn in (Turn.TO_QUEUE, Turn.TO_AGENT)
        is_called_back = story.called_back_after is not None
        answered = story.outcome is Outcome.ANSWERED
        assert spoke if answered else spoke <= (handed_over or is_called_back)
        assert story.wait_seconds is None or story.wait_seconds >= 0
        assert story.promised == (story.outcome is Outcome.CALL_BACK_PROMISED)
        assert bool(story.call_back) or not story.promised
        assert story.transfer is not Transferred.RINGS or not answered
    whole = Measures.of(found).queues["all"]
    asked = [story for story in found.stories if story.asked_for_a_person]
    assert whole.offered == len(asked)
    ends = whole.answered + whole.abandoned + whole.declined + whole.promised
    assert ends == whole.offered
    for time in found.times.values():
        for busy, on_duty in zip(time.busy, time.on_duty, strict=True):
            assert busy <= on_duty + 1e-6


ANY_DAY = given(day=days, plan=plans, behaviour=behaviours, seed=st.integers(0, 99))


@settings(max_examples=25, deadline=None)
@ANY_DAY
def test_every_call_of_any_day_ends_in_one_way_and_nobody_is_stuck(
    day: Day, plan: Plan, behaviour: Behaviour, seed: int
) -> None:
    check(simulate(day, plan, behaviour, seed=seed), day)


@settings(max_examples=10, deadline=None)
@ANY_DAY
def test_same_seed_tells_any_day_again(
    day: Day, plan: Plan, behaviour: Behaviour, seed: int
) -> None:
    once = simulate(day, plan, behaviour, seed=seed)
    assert simulate(day, plan, behaviour, seed=seed) == once


@pytest.mark.soak
@pytest.mark.timeout(3600)
@settings(max_examples=50_000, deadline=None)
@ANY_DAY
def test_nobody_is_stuck_on_any_of_many_days(
    day: Day, plan: Plan, behaviour: Behaviour, seed: int
) -> None:
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
