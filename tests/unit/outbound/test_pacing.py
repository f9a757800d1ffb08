"""How far ahead of the agents a campaign dials: the pure rules, one by one."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound.pacing import (
    LEAST_TALKS,
    LEAST_TRIES,
    MOST_AHEAD,
    Agents,
    Dial,
    Seen,
    answer_rate,
    lines_ahead,
    predictive,
    progressive,
)

MUCH = Seen(
    tries=1000,
    answered=300,
    abandoned=0,
    talks=200,
    ring_seconds=12,
    handling_seconds=120,
)
FIVE_FREE = Agents(free=5, busy=0, ringing=0, waiting=0)
CAP = 0.03

seen = st.builds(
    lambda answered, away, lost, ring, handling: Seen(
        tries=answered + away,
        answered=answered,
        abandoned=int(lost * answered),
        talks=answered,
        ring_seconds=ring,
        handling_seconds=handling,
    ),
    st.integers(1, 2000),
    st.integers(0, 4000),
    st.floats(0, 0.2),
    st.floats(1, 30),
    st.floats(5, 900),
)
agents = st.builds(
    Agents,
    free=st.integers(-5, 30),
    busy=st.integers(0, 40),
    ringing=st.integers(0, 40),
    waiting=st.integers(0, 5),
)


def test_much_evidence_and_a_low_answer_rate_dial_ahead() -> None:
    assert lines_ahead(FIVE_FREE, MUCH, CAP) > 5


@pytest.mark.parametrize(
    "thin", [{"tries": LEAST_TRIES - 1}, {"talks": LEAST_TALKS - 1}]
)
def test_thin_evidence_reserves_an_agent_for_each_line(thin: dict[str, int]) -> None:
    seen = replace(MUCH, answered=9, **thin)
    assert predictive(FIVE_FREE, seen, CAP) == Dial(reserved=5)


def test_used_up_cap_reserves_an_agent_for_each_line() -> None:
    assert predictive(FIVE_FREE, replace(MUCH, abandoned=10), CAP) == Dial(reserved=5)


def test_nobody_is_dialled_while_citizens_wait_for_more_agents() -> None:
    short = replace(FIVE_FREE, free=-1)
    assert predictive(short, MUCH, CAP) == progressive(short) == Dial()


def test_agents_for_whom_a_line_rings_stay_free_for_it() -> None:
    assert progressive(replace(FIVE_FREE, ringing=2, waiting=1)) == Dial(reserved=2)
    assert progressive(replace(FIVE_FREE, ringing=7)) == Dial()


def test_more_is_dialled_when_fewer_answer() -> None:
    seldom, often = replace(MUCH, answered=150), replace(MUCH, answered=900)
    assert lines_ahead(FIVE_FREE, seldom, CAP) >= lines_ahead(FIVE_FREE, often, CAP)


def test_answer_rate_is_taken_at_its_upper_end() -> None:
    few = Seen(tries=30, answered=9)
    many = Seen(tries=3000, answered=900)
    assert 0.3 < answer_rate(many) < answer_rate(few) < 0.5
    assert answer_rate(Seen(tries=30, answered=30)) <= 1


@given(agents, seen, st.floats(0.005, 0.03))
def test_not_even_the_worst_case_passes_the_cap(
    agents: Agents, seen: Seen, cap: float
) -> None:
    ahead = lines_ahead(agents, seen, cap)
    if ahead:
        lines = agents.ringing + agents.waiting + ahead
        worst = seen.abandoned + max(0, lines - agents.free)
        assert worst <= cap * (seen.answered + lines)
        assert lines <= MOST_AHEAD * (agents.free + agents.busy)
        assert agents.free >= 0


@given(agents, seen)
def test_a_higher_cap_never_dials_less(agents: Agents, seen: Seen) -> None:
    assert lines_ahead(agents, seen, 0.01) <= lines_ahead(agents, seen, 0.03)
