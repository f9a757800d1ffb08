"""A staff made up for a made-up day: all of it is an assumption.

Shifts of eight and a half hours cover what a usual day needs, at least cost (set
covering of one day that follows itself, by HiGHS); beside each ten people on the phones
two of other posts are on duty in the daytime, and may answer calls as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import cycle
from zoneinfo import ZoneInfo

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from acd.people.person import Person, Post
from acd.rosters.patterns import PatternRules, Span, cells_of
from acd.staffing.roster import CELLS, DayRoster, Shift

SHIFT_CELLS = 34
STARTS_EVERY = 4
OTHERS_SHARE = 0.2
OTHER_POSTS = (Post.DISPATCH, Post.CALL_BACK, Post.QUALITY, Post.TRAINING)
OTHERS_START = (32, 36, 46)
"""At eight, at nine, and at half past eleven."""

_GAP = 0.01
"""So near to the least is good enough for a staff that is made up."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    span: Span
    variant: tuple[bool, ...]


def make_up_staff(day: date, zone: ZoneInfo, required: Sequence[int]) -> DayRoster:
    """The roster of a day that needs so many on the phones in each of its 96 cells.

    Shifts that go over midnight are there twice: begun on the day, and on the day before.
    """
    shifts = [*_phones(day, required)]
    shifts += _others(day, round(OTHERS_SHARE * len(shifts)))
    numbered = [
        replace(shift, person_id=f"a{number:05}")
        for number, shift in enumerate(shifts, start=1)
    ]
    return DayRoster.of(day, zone, map(_person, numbered), numbered)


def _phones(day: date, required: Sequence[int]) -> Iterator[Shift]:
    patterns = list(_patterns())
    for pattern, number in zip(patterns, _amounts(patterns, required), strict=True):
        first, length = pattern.span
        cells = cells_of(pattern.variant, Post.PHONES)
        for began in (day, day - _DAY)[: 1 + (first + length > CELLS)]:
            shift = Shift(person_id="", day=began, start=first, cells=cells)
            yield from [shift] * number


def _patterns() -> Iterator[_Pattern]:
    rules = PatternRules(lengths=(SHIFT_CELLS,), step=STARTS_EVERY)
    for span in rules.spans():
        for variant in rules.variants(SHIFT_CELLS):
            yield _Pattern(span=span, variant=variant)


def _amounts(patterns: Sequence[_Pattern], required: Sequence[int]) -> list[int]:
    covers = np.zeros((CELLS, len(patterns)))
    for number, pattern in enumerate(patterns):
        held = np.flatnonzero(pattern.variant) + pattern.span[0]
        covers[held % CELLS, number] = 1
    found = milp(
        np.ones(len(patterns)),
        constraints=LinearConstraint(covers, np.asarray(required, float), np.inf),
        integrality=np.ones(len(patterns)),
        bounds=Bounds(0, np.inf),
        options={"mip_rel_gap": _GAP},
    )
    return [int(amount) for amount in np.round(found.x)]


def _others(day: date, number: int) -> Iterator[Shift]:
    rules = PatternRules(lengths=(SHIFT_CELLS,))
    variants = cycle(rules.variants(SHIFT_CELLS))
    posts, starts = cycle(OTHER_POSTS), cycle(OTHERS_START)
    for _ in range(number):
        cells = cells_of(next(variants), next(posts))
        yield Shift(person_id="", day=day, start=next(starts), cells=cells)


def _person(shift: Shift) -> Person:
    usual = next(post for post in (*OTHER_POSTS, Post.PHONES) if post in shift.posts)
    posts = tuple(dict.fromkeys((usual, Post.PHONES)))
    return Person(id=shift.person_id, name=shift.person_id, posts=posts)
