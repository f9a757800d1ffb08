"""How many shifts of each pattern cover what is needed (set covering, by HiGHS).

The linear relaxation tells the bound and which patterns are worth looking at; its whole
part is taken, and what it leaves over is solved in integers. A person who is missing for
a quarter of an hour costs as much as three long shifts, twice as much where more than a fifth are missing: so that
shortages that cannot be helped are spread.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix, hstack, identity, vstack

from acd.rosters.patterns import PatternRules, Span
from acd.rosters.week import DAYS, WEEK_CELLS, Cells
from acd.staffing.roster import CELLS

MISSING_COST, MISSING_MORE_COST = 100.0, 200.0
MILD_SHARE = 0.2
WORTH_A_LOOK = 0.3
"""Patterns whose reduced cost is at most so many cells come into the integer problem."""

GAP = 0.0005


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """How many people are free on each day, how many shifts and working cells they have."""

    people: tuple[int, ...]
    shifts: int
    cells: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Shifts of one span on a day of the week, and where the breaks of each lie."""

    day: int
    span: Span
    variants: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Covering:
    """The slots of a week; its cost in cells of work, and the least that is possible."""

    slots: tuple[Slot, ...]
    cost: float
    bound: float


@dataclass(frozen=True, slots=True)
class Column:
    """A pattern on a day of the week: its span, and where a post is held in it."""

    day: int
    span: Span
    variant: tuple[bool, ...]


def cover(
    needed: Cells, patterns: PatternRules, capacity: Capacity, seconds: float
) -> Covering:
    """Slots that cover the 672 cells as far as the capacity reaches."""
    problem = _Problem(needed, patterns, capacity)
    relaxed, bound = problem.relaxed()
    whole = np.floor(relaxed.amounts + 1e-6)
    rest = problem.integers(relaxed, whole, seconds)
    amounts = np.round(whole + rest).astype(int)
    return Covering(
        slots=problem.slots(amounts), cost=problem.cost(amounts), bound=bound
    )


@dataclass(frozen=True, slots=True)
class _Relaxed:
    amounts: Cells
    reduced: Cells


class _Problem:
    """Rows: the cells of the week, then the limits of people, shifts and hours."""

    def __init__(
        self, needed: Cells, patterns: PatternRules, capacity: Capacity
    ) -> None:
        self._needed = needed
        self._columns = columns_of(patterns)
        self._covers = matrix_of(self._columns)
        self._works = np.array([sum(column.variant) for column in self._columns], float)
        self._limits, self._most = _limits(self._columns, patterns, capacity)

    def relaxed(self) -> tuple[_Relaxed, float]:
        """The best in fractions, and its cost: nothing whole is cheaper."""
        matrix, _ = self._whole_matrix(np.arange(len(self._columns)))
        count = len(self._columns)
        top = np.concatenate([np.full(count, np.inf), self._most_missing()])
        found = linprog(
            self._costs(self._works),
            A_ub=vstack([-matrix[:WEEK_CELLS], matrix[WEEK_CELLS:]]),
            b_ub=np.concatenate([-self._needed, self._most]),
            bounds=np.array([np.zeros(len(top)), top]).T,
            method="highs",
        )
        duals = found.ineqlin.marginals
        columns = vstack([-self._covers, self._limits])
        reduced = self._works - columns.T @ duals
        amounts = np.maximum(found.x[:count], 0)
        return _Relaxed(amounts, reduced), float(found.fun)

    def integers(self, relaxed: _Relaxed, whole: Cells, seconds: float) -> Cells:
        """How many more of each pattern cover what the whole part left over."""
        left = np.maximum(self._needed - self._covers @ whole, 0)
        chosen = np.flatnonzero(
            (relaxed.reduced <= WORTH_A_LOOK) | (relaxed.amounts > 1e-6)
        )
        matrix, count = self._whole_matrix(chosen)
        low = np.concatenate([left, np.full(len(self._most), -np.inf)])
        room = self._most - self._limits @ whole
        high = np.concatenate([np.full(WEEK_CELLS, np.inf), np.maximum(room, 0)])
        top = np.concatenate([np.full(count, np.inf), self._most_missing()])
        found = milp(
            self._costs(self._works[chosen]),
            constraints=LinearConstraint(matrix, low, high),
            integrality=np.concatenate([np.ones(count), np.zeros(2 * WEEK_CELLS)]),
            bounds=Bounds(0, top),
            options={"mip_rel_gap": GAP, "time_limit": seconds},
        )
        more = np.zeros(len(self._columns))
        if found.x is not None:
            more[chosen] = np.round(found.x[:count])
        return more

    def slots(self, amounts: NDArray[np.int_]) -> tuple[Slot, ...]:
        """The patterns that are used, by day and span."""
        by_span: dict[tuple[int, Span], list[tuple[bool, ...]]] = {}
        for column, amount in zip(self._columns, amounts.tolist(), strict=True):
            if amount:
                variants = by_span.setdefault((column.day, column.span), [])
                variants += [column.variant] * amount
        return tuple(
            Slot(day=day, span=span, variants=tuple(variants))
            for (day, span), variants in sorted(by_span.items())
        )

    def cost(self, amounts: NDArray[np.int_]) -> float:
        """Cells of work, and what is missing at its price."""
        missing = np.maximum(self._needed - self._covers @ amounts, 0)
        more = np.maximum(missing - MILD_SHARE * self._needed, 0)
        extra = (MISSING_MORE_COST - MISSING_COST) * more.sum()
        return float(self._works @ amounts + MISSING_COST * missing.sum() + extra)

    def _whole_matrix(self, chosen: NDArray[np.int_]) -> tuple[csr_matrix, int]:
        """Patterns, then what is missing mildly and more in each cell."""
        one = identity(WEEK_CELLS, format="csr")
        nothing = csr_matrix((len(self._most), 2 * WEEK_CELLS))
        top = hstack([self._covers[:, chosen], one, one])
        below = hstack([self._limits[:, chosen], nothing])
        return vstack([top, below]).tocsr(), len(chosen)

    def _costs(self, works: Cells) -> Cells:
        mild = np.full(WEEK_CELLS, MISSING_COST)
        return np.concatenate([works, mild, np.full(WEEK_CELLS, MISSING_MORE_COST)])

    def _most_missing(self) -> Cells:
        """At most so much is missing mildly; of more there is no end."""
        mild = MILD_SHARE * self._needed
        return np.concatenate([mild, np.full(WEEK_CELLS, np.inf)])


def columns_of(patterns: PatternRules) -> list[Column]:
    """All patterns of a week."""
    return [
        Column(day, span, variant)
        for day in range(DAYS)
        for span in patterns.spans()
        for variant in patterns.variants(span[1])
    ]


def matrix_of(columns: Sequence[Column]) -> csr_matrix:
    """1 where a pattern holds a post in a cell of the week."""
    rows, places = [], []
    for number, column in enumerate(columns):
        first = column.day * CELLS + column.span[0]
        cells = np.flatnonzero(column.variant) + first
        cells = cells[cells < WEEK_CELLS]
        rows.append(cells)
        places.append(np.full(len(cells), number))
    at = (np.concatenate(rows), np.concatenate(places))
    shape = (WEEK_CELLS, len(columns))
    return csr_matrix((np.ones(len(at[0])), at), shape=shape)


def _limits(
    columns: Sequence[Column], patterns: PatternRules, capacity: Capacity
) -> tuple[csr_matrix, Cells]:
    """People by day, shifts in all, working cells in all."""
    days = np.array([[c.day == day for c in columns] for day in range(DAYS)], float)
    ones = np.ones((1, len(columns)))
    worked = np.array([[patterns.worked(c.span[1]) for c in columns]], float)
    most = np.array([*capacity.people, capacity.shifts, capacity.cells], float)
    return csr_matrix(np.vstack([days, ones, worked])), most
