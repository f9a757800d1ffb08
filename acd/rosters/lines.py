"""A shift as a line of a file says it, read strictly and written so that it reads the same."""

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from acd.people.person import Post
from acd.people.reading import day_of
from acd.staffing.csv_lines import Line, LineFault, words_of
from acd.staffing.roster import (
    CELL_MINUTES,
    CELLS,
    LONGEST,
    Shift,
    Work,
    clock,
    clock_until,
)

FIELDS = ("person", "day", "start", "end", "post", "breaks", "other_posts", "backs")
NEEDED = ("person", "day", "start", "end", "post")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")


def read_shift(given: Mapping[str, Any]) -> Shift:
    """The shift that a line says; `LineFault` says what to mend.

    An `end` that is not after `start` lies on the next day. `breaks` and `other_posts`
    lie inside: `12:00-12:45;15:00-15:15`, `13:00-15:00=training`.
    """
    line = _line(given)
    start = _cell_of(line["start"], "start")
    if start == CELLS:
        raise LineFault("start: 24:00 is 00:00 of the next day")
    end = _after(_cell_of(line["end"], "end"), start)
    if end - start > LONGEST:
        raise LineFault("end: a shift has 24 hours at most")
    cells: list[Work] = [_post(line["post"])] * (end - start)
    for first, last, post in _other_posts(line, start):
        _put(cells, first - start, last - start, post, "other_posts")
    for first, last in _breaks(line, start):
        _put(cells, first - start, last - start, None, "breaks")
    if not any(cells):
        raise LineFault("breaks: nothing is left of the shift")
    return Shift(
        person_id=line["person"],
        day=day_of(line["day"], "day"),
        start=start,
        cells=tuple(cells),
        backs=line.get("backs", ""),
    )


def _line(given: Mapping[str, Any]) -> Line:
    for name, value in given.items():
        if name not in FIELDS:
            raise LineFault(f"{name!r} is unknown; known: {', '.join(FIELDS)}")
        if not isinstance(value, str):
            raise LineFault(f"{name}: write text, as it would stand in the file")
    line = {name: value.strip() for name, value in given.items()}
    for name in NEEDED:
        if not line.get(name):
            raise LineFault(f"{name} is missing")
    return line


def _cell_of(text: str, name: str) -> int:
    found = _CLOCK.fullmatch(text.strip())
    hours, minutes = map(int, found.groups()) if found else (99, 99)
    if hours * 60 + minutes > CELLS * CELL_MINUTES or minutes > 59:
        raise LineFault(f"{name}: {text!r} is no time of day; write one like 08:30")
    if minutes % CELL_MINUTES:
        raise LineFault(f"{name}: {text} is no quarter of an hour")
    return (hours * 60 + minutes) // CELL_MINUTES


def _after(cell: int, before: int) -> int:
    """The cell on the next day when it does not lie after the other."""
    return cell if cell > before else cell + CELLS


def _post(text: str) -> Post:
    if text not in list(Post):
        raise LineFault(f"post: {text!r} is none of {', '.join(Post)}")
    return Post(text)


def _breaks(line: Line, start: int) -> Iterator[tuple[int, int]]:
    for word in words_of(line, "breaks"):
        yield _span(word, start, "breaks")


def _other_posts(line: Line, start: int) -> Iterator[tuple[int, int, Post]]:
    for word in words_of(line, "other_posts"):
        span, _, post = word.partition("=")
        yield *_span(span, start, "other_posts"), _post(post.strip())


def _span(text: str, start: int, name: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    cell = _cell_of(first, name)
    begin = cell if cell >= start else cell + CELLS
    return begin, begin + (_cell_of(last, name) - cell) % CELLS


def _put(cells: list[Work], first: int, last: int, work: Work, name: str) -> None:
    if not 0 <= first < last <= len(cells):
        raise LineFault(f"{name}: what lies outside the shift is no part of it")
    cells[first:last] = [work] * (last - first)


def written(shift: Shift) -> dict[str, str]:
    """The line that reads as this shift."""
    usual = max(shift.posts, key=lambda post: (shift.cells.count(post), post))
    others, breaks = [], []
    for work, first, last in _runs(shift):
        span = f"{clock(first)}-{clock_until(last)}"
        if work is None:
            breaks.append(span)
        elif work is not usual:
            others.append(f"{span}={work}")
    return {
        "person": shift.person_id,
        "day": shift.day.isoformat(),
        "start": clock(shift.start),
        "end": clock_until(shift.end),
        "post": usual,
        "breaks": ";".join(breaks),
        "other_posts": ";".join(others),
        "backs": shift.backs,
    }


def _runs(shift: Shift) -> Iterator[tuple[Work, int, int]]:
    first = shift.start
    for work, cells in groupby(shift.cells):
        last = first + len(list(cells))
        yield work, first, last
        first = last
