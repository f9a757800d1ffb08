"""How many shifts of each pattern cover what is needed (set covering, by HiGHS).

The linear relaxation tells the bound and which patterns are worth looking at; its whole
part is taken, and what it leaves over is solved in integers, one day after the other: the
week at once is never done in time. A person who is missing for
a quarter of an hour costs as much as three long shifts, twice as much where more than a fifth are missing: so that
shortages that cannot be helped are spread.
"""

import time
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

GAP = 0.001
LEAST_SECONDS = 0.2

WEEK = np.arange(WEEK_CELLS)


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
        self._days = np.array([column.day for column in self._columns])
        self._limits, self._most = _limits(self._columns, patterns, capacity)

    def relaxed(self) -> tuple[_Relaxed, float]:
        """The best in fractions, and its cost: nothing whole is cheaper."""
        count = len(self._columns)
        matrix = self._matrix(np.arange(count), WEEK)
        top = np.concatenate([np.full(count, np.inf), self._most_missing(WEEK)])
        found = linprog(
            self._costs(self._works, WEEK),
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
        worth = (relaxed.reduced <= WORTH_A_LOOK) | (relaxed.amounts > 1e-6)
        until, more = time.monotonic() + seconds, np.zeros(len(self._columns))
        for day in range(DAYS):
            left = (until - time.monotonic()) / (DAYS - day)
            later = np.where(self._days > day + 1, relaxed.amounts - whole, 0)
            two_days = worth & (self._days >= day) & (self._days <= day + 1)
            chosen = np.flatnonzero(two_days)
            more += self._day(day, chosen, (whole + more, later), left)
        return more

    def _day(
        self,
        day: int,
        chosen: NDArray[np.int_],
        amounts: tuple[Cells, Cells],
        seconds: float,
    ) -> Cells:
        """A day's in integers, with the next one's in fractions: nights reach into it.

        `amounts` are those that are settled, and fractions of later days, which keep
        their people and hours.
        """
        settled, later = amounts
        cells = np.arange(day * CELLS, min((day + 2) * CELLS, WEEK_CELLS))
        left = np.maximum(self._needed - self._covers @ settled, 0)[cells]
        room = np.maximum(self._most - self._limits @ (settled + later), 0)
        count, own = len(chosen), self._days[chosen] == day
        found = milp(
            self._costs(self._works[chosen], cells),
            constraints=LinearConstraint(
                self._matrix(chosen, cells),
                np.concatenate([left, np.full(len(room), -np.inf)]),
                np.concatenate([np.full(len(cells), np.inf), room]),
            ),
            integrality=np.concatenate([own, np.zeros(2 * len(cells))]),
            bounds=Bounds(
                0, np.concatenate([np.full(count, np.inf), self._most_missing(cells)])
            ),
            options={"mip_rel_gap": GAP, "time_limit": max(seconds, LEAST_SECONDS)},
        )
        amount = np.zeros(len(self._columns))
        if found.x is not None:
            amount[chosen] = np.where(own, np.round(found.x[:count]), 0)
        return amount

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

    def _matrix(self, chosen: NDArray[np.int_], cells: NDArray[np.int_]) -> csr_matrix:
        """Patterns, then what is missing mildly and more in each of the cells."""
        one = identity(len(cells), format="csr")
        nothing = csr_matrix((len(self._most), 2 * len(cells)))
        top = hstack([self._covers[cells][:, chosen], one, one])
        below = hstack([self._limits[:, chosen], nothing])
        return vstack([top, below]).tocsr()

    def _costs(self, works: Cells, cells: NDArray[np.int_]) -> Cells:
        mild = np.full(len(cells), MISSING_COST)
        return np.concatenate([works, mild, np.full(len(cells), MISSING_MORE_COST)])

    def _most_missing(self, cells: NDArray[np.int_]) -> Cells:
        """At most so much is missing mildly; of more there is no end."""
        mild = MILD_SHARE * self._needed[cells]
        return np.concatenate([mild, np.full(len(cells), np.inf)])


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
