"""What holds follow-up calls back, said by the first thing that does."""

from datetime import time

import pytest

from outbound.lines import Load
from outbound.rules import FollowUpRules
from outbound.standing import Hold, Pace, Room, pace_of, windows_in_words

OPEN = {"stopping": False, "plan": False, "no_trunk": False, "is_open": True}
HOLDS = {
    Pace.STOPPING: {"stopping": True, "plan": True},
    Pace.PLAN: {"plan": True, "is_open": False},
    Pace.OUTSIDE_WINDOWS: {"is_open": False, "no_trunk": True},
    Pace.NO_TRUNK: {"no_trunk": True},
    Pace.FREE: {},
}
LOADS = {
    Pace.FREE: (2, 2, 100),
    Pace.LINES_USED: (2, 5, 100),
    Pace.CITIZENS_WAIT: (3, 2, 100),
    Pace.LEGS_KEPT: (0, 1, 10),
}


def room(waiting: int, under_way: int, free_legs: int, lines: int = 5) -> Room:
    """Five lines, and ten legs that are kept."""
    load = Load(waiting=waiting, under_way=under_way, free_legs=free_legs)
    return Room(lines=lines, kept_legs=10, load=load)


@pytest.mark.parametrize(("pace", "holds"), HOLDS.items(), ids=HOLDS)
def test_what_lasts_longest_is_said_first(pace: Pace, holds: dict[str, bool]) -> None:
    assert pace_of(room(0, 0, 100), Hold(**(OPEN | holds))) is pace


@pytest.mark.parametrize(("pace", "load"), LOADS.items(), ids=LOADS)
def test_load_says_why_no_more_may_begin(
    pace: Pace, load: tuple[int, int, int]
) -> None:
    assert pace_of(room(*load), Hold(**OPEN)) is pace


def test_without_lines_nothing_else_matters() -> None:
    assert pace_of(room(0, 0, 100, lines=0), Hold(**OPEN)) is Pace.NO_LINES


def test_windows_are_told_as_the_settings_write_them() -> None:
    rules = FollowUpRules(windows=((time(14), time(20)), (time(9), time(12))))
    assert windows_in_words(rules) == ("09:00-12:00", "14:00-20:00")
