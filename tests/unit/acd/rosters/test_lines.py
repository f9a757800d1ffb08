"""Shifts as lines of a file: read strictly, and written so that they read the same."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.people.person import Post
from acd.rosters.lines import read_shift, written
from acd.staffing.csv_lines import LineFault
from acd.staffing.roster import Shift

LINE = {
    "person": "1001",
    "day": "2026-12-01",
    "start": "22:00",
    "end": "06:30",
    "post": "phones",
    "breaks": "02:00-02:30; 23:45-00:00",
    "other_posts": "05:00-06:00=training",
    "backs": "1002",
}


def test_line_becomes_a_shift_over_midnight() -> None:
    shift = read_shift(LINE)
    assert (shift.person_id, shift.day, shift.backs) == (
        "1001",
        date(2026, 12, 1),
        "1002",
    )
    assert (shift.start, shift.end) == (88, 122)
    assert [n for n, post in enumerate(shift.cells) if post is None] == [7, 16, 17]
    assert shift.cells[28:32] == (Post.TRAINING,) * 4
    assert shift.posts == {Post.PHONES, Post.TRAINING}


def test_shift_may_end_at_midnight_or_a_day_after_its_start() -> None:
    for end in ("24:00", "00:00"):
        shift = read_shift(LINE | {"end": end, "breaks": "", "other_posts": ""})
        assert len(shift.cells) == 8
    whole = read_shift(LINE | {"end": "22:00", "breaks": "", "other_posts": ""})
    assert len(whole.cells) == 96


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"person": ""}, "person is missing"),
        ({"day": "tomorrow"}, "day: 'tomorrow' is no date"),
        ({"start": "24:00"}, "start: 24:00 is 00:00 of the next day"),
        ({"start": "8"}, "start: '8' is no time of day"),
        ({"start": "22:10"}, "start: 22:10 is no quarter of an hour"),
        ({"end": "25:00"}, "end: '25:00' is no time of day"),
        ({"end": "06:60"}, "no time of day"),
        ({"post": "cook"}, "post: 'cook' is none of phones"),
        ({"breaks": "21:00-21:15"}, "breaks: what lies outside the shift"),
        ({"breaks": "06:15-06:45"}, "breaks: what lies outside the shift"),
        ({"breaks": "02:00-02:00"}, "breaks: what lies outside the shift"),
        ({"breaks": "02:00"}, "breaks: '' is no time of day"),
        ({"breaks": "22:00-06:30"}, "nothing is left of the shift"),
        ({"other_posts": "05:00-06:00"}, "post: '' is none of"),
        ({"night": "yes"}, "'night' is unknown"),
    ],
)
def test_line_that_is_wrong_is_refused_in_words(
    change: dict[str, str], words: str
) -> None:
    with pytest.raises(LineFault, match=words):
        read_shift(LINE | change)


cells = st.lists(st.sampled_from([*Post, None]), min_size=1, max_size=96)


@settings(deadline=None)
@given(
    day=st.dates(),
    start=st.integers(0, 95),
    cells=cells.filter(any).map(tuple),
    backs=st.sampled_from(("", "1002")),
)
def test_any_shift_is_read_as_it_was_written(
    day: date, start: int, cells: tuple[Post | None, ...], backs: str
) -> None:
    shift = Shift(person_id="1001", day=day, start=start, cells=cells, backs=backs)
    assert read_shift(written(shift)) == shift
