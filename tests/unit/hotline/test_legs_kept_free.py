"""Legs are kept for agents, third parties and lines out."""

import pytest

from hotline.admission import admitted_calls, legs_kept_free


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
    assert admitted_calls(0, 1000, 100, 30) == 870
    assert admitted_calls(50, 1000, 100, 30) == 50
