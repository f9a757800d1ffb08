"""How many are needed, as lines say it: nothing is guessed."""

import pytest

from acd.people.person import Post
from acd.rosters.requirement_lines import needed_of
from acd.staffing.csv_lines import LineFault
from tests.unit.acd.rosters.people import MONDAY


def needed(*lines: dict[str, str]) -> dict[Post, tuple[int, ...]]:
    """The figures of some lines."""
    placed = [(f"line {n}", line) for n, line in enumerate(lines, 2)]
    return dict(needed_of(placed, MONDAY))


def test_line_without_a_day_is_of_every_day_and_a_later_one_wins() -> None:
    found = needed(
        {"start": "08:00", "agents": "3"},
        {"start": "08:00", "agents": "5", "day": "2026-12-01"},
        {"start": "23:45", "agents": "1", "post": "dispatch"},
    )
    phones = found[Post.PHONES]
    assert [phones[day * 96 + 32] for day in range(7)] == [3, 5, 3, 3, 3, 3, 3]
    assert sum(phones) == 23
    assert found[Post.DISPATCH][95] == 1


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"start": "08:05", "agents": "1"}, "line 2: start: '08:05' is no quarter"),
        ({"start": "24:00", "agents": "1"}, "no quarter"),
        ({"start": "8", "agents": "1"}, "no time of day"),
        ({"start": "08:00", "agents": "-1"}, "agents"),
        ({"start": "08:00", "agents": "1.5"}, "no whole number"),
        ({"start": "08:00", "agents": "1", "post": "cook"}, "'cook' is none of"),
        ({"start": "08:00", "agents": "1", "day": "2026-12-07"}, "not in the week"),
    ],
)
def test_line_that_is_wrong_refuses_the_whole(line: dict[str, str], words: str) -> None:
    with pytest.raises(LineFault, match=words):
        needed(line)


def test_file_without_a_line_is_refused() -> None:
    with pytest.raises(LineFault, match="no line says how many"):
        needed()
