"""Legs are kept for agents, third parties and lines out."""

from dataclasses import replace

import pytest

from hotline.admission import Legs, legs_kept_free


@pytest.mark.parametrize(
    ("legs", "agents", "lines_out", "kept"),
    [
        (1000, 100, 0, 110),
        (1000, 100, 30, 130),
        (1000, 100, 5, 110),
        (1000, 100, 600, 200),
        (1000, 600, 600, 500),
        (4, 2, 30, 2),
    ],
)
def test_calls_out_have_legs_but_no_more_than_one_for_each_agent(
    legs: int, agents: int, lines_out: int, kept: int
) -> None:
    assert legs_kept_free(legs, agents, lines_out) == kept


def test_citizens_get_what_is_left() -> None:
    team = range(100)
    legs = Legs(allowed=1000, lines_out=30, agents=team)
    assert legs.admitted_calls() == 870
    assert replace(legs, max_calls=50).admitted_calls() == 50


def test_agents_who_are_added_or_removed_count_at_once() -> None:
    team = ["1001"] * 100
    legs = Legs(allowed=1000, lines_out=0, agents=team)
    assert (legs.kept_free(), legs.admitted_calls()) == (110, 890)
    team += ["1002"] * 100
    assert (legs.kept_free(), legs.admitted_calls()) == (220, 780)
    del team[:]
    assert (legs.kept_free(), legs.admitted_calls()) == (0, 1000)


@pytest.mark.parametrize(
    ("legs", "agents", "lines_out", "wished", "more"),
    [
        (1000, 100, 30, 0, 15),
        (1000, 100, 0, 50, 5),
        (4, 2, 30, 0, 1),
        (1000, 600, 600, 0, 1),
        (1, 5, 0, 0, 0),
    ],
)
def test_emergencies_are_admitted_when_others_are_refused(
    legs: int, agents: int, lines_out: int, wished: int, more: int
) -> None:
    team = range(agents)
    all_ = Legs(allowed=legs, lines_out=lines_out, agents=team, max_calls=wished)
    assert all_.admitted_calls(emergency=True) - all_.admitted_calls() == more
    assert all_.admitted_calls(emergency=True) <= legs
