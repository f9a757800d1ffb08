"""The order of an agent's logged moves, when several share an instant."""

from random import Random

import pytest

from acd.events import AgentState
from acd.people.rows import AgentMove, in_order
from tests.fakes.call_events import after

OUT, READY, OFFERED = AgentState.LOGGED_OUT, AgentState.READY, AgentState.OFFERED
TALKING, WRAP_UP = AgentState.TALKING, AgentState.WRAP_UP


def log(*moves: tuple[float, AgentState, AgentState]) -> list[AgentMove]:
    """Moves as (seconds, old, new)."""
    return [
        AgentMove(
            agent_id="1001", at=after(at), old=old, new=new, reason="", call_id=""
        )
        for at, old, new in moves
    ]


@pytest.mark.parametrize("seed", range(10))
def test_moves_of_one_instant_follow_from_state_to_state(seed: int) -> None:
    story = log(
        (0, OUT, READY),
        (5, READY, OFFERED),
        (5, OFFERED, TALKING),
        (9, TALKING, WRAP_UP),
        (9, WRAP_UP, READY),
        (9, READY, OFFERED),
    )
    told = story.copy()
    Random(seed).shuffle(told)
    assert in_order(told) == story


@pytest.mark.parametrize("seed", range(4))
def test_moves_of_one_instant_that_lead_back_begin_where_the_agent_was(
    seed: int,
) -> None:
    story = log((0, OUT, READY), (5, READY, OFFERED), (5, OFFERED, READY))
    told = story.copy()
    Random(seed).shuffle(told)
    assert in_order(told)[-1].new is READY


def test_move_that_follows_from_nothing_is_kept() -> None:
    told = log((5, READY, OFFERED), (5, TALKING, WRAP_UP))
    assert len(in_order(told)) == 2


def test_no_moves_have_no_order() -> None:
    assert in_order([]) == []
