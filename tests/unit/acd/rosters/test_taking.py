"""Lists of shifts taken in beside those that are there."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from acd.rosters.faults import faults_of
from acd.rosters.taking import RosterBook, Taken, WantedShift, take
from acd.staffing.roster import Shift
from tests.unit.acd.rosters.people import LI, RULES, WANG, shift


def taken(
    wanted: list[Shift], there: list[Shift] | None = None, *, swap: bool = False
) -> Taken:
    """What comes of a list beside the shifts that are there."""
    book = RosterBook([WANG, LI], there or [], RULES)
    listed = [WantedShift(place=n, shift=each) for n, each in enumerate(wanted, 1)]
    return take(listed, book, replace=swap)


def counts(found: Taken) -> tuple[int, int, int, int]:
    """new, changed, known and refused."""
    return found.new, found.changed, found.known, len(found.refused)


def test_lines_of_one_list_are_checked_against_each_other() -> None:
    found = taken([shift(1, 4), shift(0, 14), shift(0, 14, person="1002")])
    assert counts(found) == (2, 0, 0, 1)
    assert found.refused[0][0] == 1
    assert "6 h of rest beside the shift of 2026-11-30" in found.refused[0][1]


def test_same_list_twice_changes_nothing() -> None:
    there = [shift(0), shift(1)]
    found = taken(there, there)
    assert (counts(found), found.put, found.dropped) == ((0, 0, 2, 0), [], [])


def test_shift_that_begins_at_the_same_time_is_replaced() -> None:
    longer = shift(0, 8, 9)
    found = taken([longer], [shift(0)])
    assert (counts(found), found.put, found.dropped) == ((0, 1, 0, 0), [longer], [])


def test_other_shift_of_the_day_is_refused_unless_it_replaces() -> None:
    early, late = shift(0, 6), shift(0, 13)
    assert "it overlaps" in taken([late], [early]).refused[0][1]
    found = taken([late], [early], swap=True)
    assert (counts(found), found.put, found.dropped) == ((1, 0, 0, 0), [late], [early])


def test_day_is_replaced_wholly_or_not_at_all() -> None:
    there = [shift(0)]
    found = taken([shift(0, 4, 2), shift(0, 12, 4)], there, swap=True)
    assert (counts(found), found.put, found.dropped) == ((0, 0, 0, 2), [], [])
    words = dict(found.refused)
    assert words[1] == "another of this day was refused"


def test_person_who_is_unknown_is_told() -> None:
    found = taken([shift(person="9")])
    assert found.refused == [(1, "there is nobody '9'; see: hotline people list")]


def test_who_is_backed_may_come_later_in_the_list() -> None:
    backing = replace(shift(), backs="1002")
    assert counts(taken([backing, shift(person="1002")])) == (2, 0, 0, 0)
    assert counts(taken([backing])) == (0, 0, 0, 1)


shifts = st.builds(
    shift,
    day=st.integers(0, 9),
    start=st.integers(0, 23),
    hours=st.integers(1, 52).map(lambda cells: cells / 4),
    person=st.sampled_from(("1001", "1002")),
)


@settings(max_examples=25, deadline=None)
@given(wanted=st.lists(shifts, max_size=12), swap=st.booleans())
def test_what_was_taken_breaks_no_rule(wanted: list[Shift], swap: bool) -> None:
    first = taken(wanted[:6], swap=swap)
    second = taken(wanted[6:], first.put, swap=swap)
    keys = {(s.person_id, s.day, s.start) for s in second.put}
    kept = [
        s
        for s in first.put
        if s not in second.dropped and (s.person_id, s.day, s.start) not in keys
    ]
    everything = [*kept, *second.put]
    for each in everything:
        person = {"1001": WANG, "1002": LI}[each.person_id]
        others = [
            s for s in everything if s.person_id == each.person_id and s is not each
        ]
        assert list(faults_of(person, each, others, RULES)) == []
    again = taken(everything, everything, swap=swap)
    assert (again.put, again.dropped, again.refused) == ([], [], [])
