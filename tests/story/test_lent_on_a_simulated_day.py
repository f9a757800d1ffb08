"""A simulated day: the general line is run over, taxes are quiet, and people are lent.

Lived once, in about a second, for both tests.
"""

from collections import Counter
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from acd.adjustments.rules import LoopRules
from acd.adjustments.staffed_day import (
    QueueDay,
    StaffedDay,
    planned_agents,
    staff_by_loop,
)
from acd.agent_profile import AgentProfile
from acd.people.person import Person, Post, Qualification
from acd.queue_rules import QueueRules
from acd.staffing.behaviour import Behaviour
from acd.staffing.cover import WHOLE
from acd.staffing.day import Day, DayCall
from acd.staffing.day_kind import kind_of
from acd.staffing.forecast import forecast_day
from acd.staffing.forecast_lines import Staffing
from acd.staffing.gamma_ratios import Floats
from acd.staffing.lending import qualified_of
from acd.staffing.made_up_weeks import make_up_weeks, usual_course
from acd.staffing.measures import Measures
from acd.staffing.moves import MoveKind
from acd.staffing.plan import Plan
from acd.staffing.requirement import Target
from acd.staffing.roster import DayRoster, Shift, moment
from acd.staffing.simulation import simulate
from config.calendar import Calendar

DAY, ZONE, CALENDAR = date(2026, 3, 2), ZoneInfo("Asia/Shanghai"), Calendar()
CALLS = {"general": 1200.0, "tax": 1200.0}
TIMES = {"general": 1.5, "tax": 0.5}
TEAMS = {"general": 14, "tax": 20}
BEGINS, ENDS = 34, 66
QUEUES = tuple(QueueRules(name=name) for name in CALLS)
LENDS_ONLY = LoopRules(automatic=frozenset({MoveKind.LEND}), automatic_moves=12)
BEHAVIOUR = Behaviour(talk_seconds=260, patience_seconds=360)
STAFFING = Staffing(
    handle_seconds=270, patience_seconds=360, target=Target(), sureness=0.9
)
PROFILES = {
    f"{team}{n}": AgentProfile(id=f"{team}{n}", contact="", queues=(team,))
    for team, size in TEAMS.items()
    for n in range(size)
}


def roster() -> DayRoster:
    """Everybody is on the phones from 08:30 to 16:30; six of the tax team know both."""
    knows = Qualification(name="general")
    people = [
        Person(
            id=who,
            name=who,
            posts=(Post.PHONES,),
            qualifications=(knows,) if who in {f"tax{n}" for n in range(6)} else (),
        )
        for who in PROFILES
    ]
    cells = (Post.PHONES,) * (ENDS - BEGINS)
    shifts = [
        Shift(person_id=who, day=DAY, start=BEGINS, cells=cells) for who in PROFILES
    ]
    return DayRoster.of(DAY, ZONE, people, shifts)


def counts() -> dict[str, Floats]:
    """What comes in each quarter of an hour."""
    chance = np.random.default_rng(7)
    found = {
        name: chance.poisson(TIMES[name] * CALLS[name] * usual_course())
        for name in CALLS
    }
    return {**found, WHOLE: sum(found.values())}


def staffed(came: dict[str, Floats]) -> StaffedDay:
    shares = {name: calls / sum(CALLS.values()) for name, calls in CALLS.items()}
    weeks = make_up_weeks(
        DAY, {**shares, WHOLE: 1.0}, sum(CALLS.values()), CALENDAR, seed=1
    )
    kind, there = kind_of(DAY, CALENDAR), roster()
    days = [
        QueueDay(
            name=name,
            learned=forecast_day(weeks[name], DAY, kind),
            counts=came[name].astype(float),
            staffing=STAFFING,
        )
        for name in (*CALLS, WHOLE)
    ]
    answers = {who: frozenset(profile.queues) for who, profile in PROFILES.items()}
    qualified = qualified_of(PROFILES.values(), there.people, QUEUES, DAY, ())
    return staff_by_loop(days, there, answers, LENDS_ONLY, qualified)


def calls_of(came: dict[str, Floats]) -> Day:
    """The calls while anybody works, those of a quarter of an hour at even distances."""
    calls = [
        DayCall(at_seconds=900 * (cell + (n + 0.5) / came[name][cell]), queue=name)
        for name in CALLS
        for cell in range(BEGINS, ENDS - 1)
        for n in range(came[name][cell])
    ]
    return Day.of(moment(DAY, 0, ZONE), calls)


@cache
def lived() -> tuple[StaffedDay, Measures, Measures]:
    """The day as the loop made it; and lived by the roster, and by the loop."""
    came = counts()
    by_loop, day = staffed(came), calls_of(came)
    measured = [
        Measures.of(
            simulate(
                day,
                Plan(
                    name="",
                    queues=QUEUES,
                    agents=planned_agents(by_loop.roster, PROFILES, day.start, loans),
                ),
                BEHAVIOUR,
            )
        )
        for loans in ((), by_loop.loans)
    ]
    return by_loop, measured[0], measured[1]


def test_who_is_qualified_is_lent_to_the_queue_that_is_run_over_and_goes_back() -> None:
    by_loop, _, _ = lived()
    assert Counter((loan.of, loan.to) for loan in by_loop.loans).keys() == {
        ("tax", "general")
    }
    assert {loan.person_id for loan in by_loop.loans} <= {f"tax{n}" for n in range(6)}
    assert {move.kind for move in by_loop.moves} == {MoveKind.LEND}
    start = moment(DAY, 0, ZONE)
    for agent in planned_agents(by_loop.roster, PROFILES, start, by_loop.loans):
        assert [p.queues[0] for _, p in agent.changes[::2]] == ["general"] * (
            len(agent.changes) // 2
        )
        assert not agent.changes or agent.changes[-1][1] == agent.profile


def test_lending_answers_more_citizens_in_time_and_costs_the_lender_little() -> None:
    _, by_roster, lent = lived()
    before, after = (
        {name: q.within / q.offered for name, q in measured.queues.items()}
        for measured in (by_roster, lent)
    )
    assert after["general"] > before["general"] + 0.1
    assert after["tax"] > 0.9
