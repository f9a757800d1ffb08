"""Shift patterns: when a shift begins, how long it lasts, and where its breaks may lie.

Shifts of the same span differ only in their breaks, so that not everybody goes at once.
A long one has a meal near its middle and a short break in each half (the last of it a
quarter or two earlier or later); a short one has a short break near its middle.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from acd.people.person import Post
from acd.staffing.roster import CELLS, Work

_SHIFTED = (-1, 0, 1)
_MEALS = (-3, -1, 1, 3)
"""So many cells before or after the middle a meal may begin."""

_FEWEST_WITH_BREAK = 16
"""A shift of fewer cells than four hours has no break."""

Span = tuple[int, int]
"""The cell in which a shift begins, and how many cells it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternRules:
    """Lengths in cells, one start in `step` cells; who has a meal, and how long it is."""

    lengths: tuple[int, ...]
    step: int = 2
    meal: int = 2
    meal_after: int = 28

    def spans(self) -> list[Span]:
        """All spans of a day."""
        return [(s, n) for n in self.lengths for s in range(0, CELLS, self.step)]

    def worked(self, length: int) -> int:
        """The cells of a shift that count: all but breaks as long as a meal."""
        runs = groupby(self.variants(length)[0])
        counted = ((works, len(list(cells))) for works, cells in runs)
        return sum(n for works, n in counted if works or n < self.meal)

    def variants(self, length: int) -> tuple[tuple[bool, ...], ...]:
        """The ways in which breaks may lie: True where a post is held."""
        if length >= self.meal_after:
            return tuple(dict.fromkeys(_with_meal(length, self.meal)))
        if length >= _FEWEST_WITH_BREAK:
            return tuple(dict.fromkeys(_with_short(length)))
        return ((True,) * length,)


def _with_meal(length: int, meal: int) -> Iterator[tuple[bool, ...]]:
    for place in _MEALS:
        begin = (length - meal) // 2 + place
        for early in _SHIFTED:
            late = -early
            cells = [True] * length
            cells[begin : begin + meal] = [False] * meal
            cells[begin // 2 + early] = False
            after = begin + meal
            cells[after + (length - after) // 2 + late] = False
            yield tuple(cells)


def _with_short(length: int) -> Iterator[tuple[bool, ...]]:
    for place in (-4, -2, 0, 2):
        cells = [True] * length
        cells[length // 2 + place] = False
        yield tuple(cells)


def cells_of(variant: tuple[bool, ...], post: Post) -> tuple[Work, ...]:
    """The cells of a shift that has its breaks so."""
    return tuple(post if works else None for works in variant)
