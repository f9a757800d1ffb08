"""Shifts that cover what is needed, as cheaply as can be, and no more than there are people."""

import numpy as np

from acd.rosters.covering import Capacity, Covering, cover
from acd.rosters.patterns import PatternRules
from acd.rosters.week import WEEK_CELLS, Cells
from tests.unit.acd.rosters.weeks import PATTERNS, needed

MANY = Capacity(people=(99,) * 7, shifts=999, cells=99_999)
OFFICE = needed({(day, 8, 16): 3 for day in range(5)})


def there(covering: Covering) -> Cells:
    """How many hold the post in each cell."""
    counts = np.zeros(WEEK_CELLS)
    for slot in covering.slots:
        for variant in slot.variants:
            first = slot.day * 96 + slot.span[0]
            for place, works in enumerate(variant, first):
                counts[min(place, WEEK_CELLS - 1)] += works
    return counts


def test_every_quarter_is_covered_with_breaks_and_near_the_bound() -> None:
    made = cover(np.array(OFFICE, float), PATTERNS, MANY, 2)
    assert (there(made) >= np.array(OFFICE)).all()
    assert made.bound <= made.cost <= 1.4 * made.bound


def test_no_more_shifts_than_people_and_hours() -> None:
    few = Capacity(people=(2, 2, 0, 2, 2, 0, 0), shifts=7, cells=999)
    made = cover(np.array(OFFICE, float), PATTERNS, few, 2)
    by_day = [sum(len(s.variants) for s in made.slots if s.day == d) for d in range(7)]
    assert by_day[2] == 0
    assert max(by_day) <= 2
    assert sum(by_day) == 7


def test_nothing_needed_takes_nobody() -> None:
    made = cover(np.zeros(WEEK_CELLS), PATTERNS, MANY, 2)
    assert (made.slots, made.cost, made.bound) == ((), 0, 0)


def test_breaks_lie_inside_and_differ() -> None:
    patterns = PatternRules(lengths=(34, 24, 12))
    for length, breaks in ((34, 4), (24, 1), (12, 0)):
        variants = patterns.variants(length)
        assert len(set(variants)) == len(variants) >= (4 if breaks else 1)
        assert {v.count(False) for v in variants} == {breaks}
        assert all(v[0] and v[-1] for v in variants)
    assert [patterns.worked(n) for n in (34, 24, 12)] == [32, 24, 12]
