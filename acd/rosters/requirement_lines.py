"""How many people are needed in a week, as lines of a file say it."""

from collections.abc import Iterable, Mapping
from datetime import date

from acd.people.person import Post
from acd.people.reading import day_of
from acd.staffing.csv_lines import Line, LineFault, clock_seconds, count_of
from acd.staffing.roster import CELL_MINUTES, CELLS

FIELDS = ("day", "start", "post", "agents")
NEEDED = ("start", "agents")
DAYS = 7
MOST = 10_000

Needed = Mapping[Post, tuple[int, ...]]


def needed_of(lines: Iterable[tuple[str, Line]], monday: date) -> Needed:
    """672 figures for each post that is named; what no line names is 0.

    A line without a day is of every day, one without a post of the phones. `LineFault`
    names the line that is wrong: a requirement with a hole would be believed.
    """
    needed: dict[Post, list[int]] = {}
    for place, line in lines:
        try:
            post = _post(line.get("post", ""))
            agents = count_of(line, "agents", least=0, most=MOST)
            figures = needed.setdefault(post, [0] * CELLS * DAYS)
            for day in _days(line.get("day", ""), monday):
                figures[day * CELLS + _cell(line["start"])] = agents or 0
        except LineFault as fault:
            raise LineFault(f"{place}: {fault}") from None
    if not needed:
        raise LineFault("no line says how many are needed")
    return {post: tuple(figures) for post, figures in needed.items()}


def _post(text: str) -> Post:
    if text and text not in list(Post):
        raise LineFault(f"post: {text!r} is none of {', '.join(Post)}")
    return Post(text or Post.PHONES)


def _days(text: str, monday: date) -> Iterable[int]:
    if not text:
        return range(DAYS)
    number = (day_of(text, "day") - monday).days
    if not 0 <= number < DAYS:
        raise LineFault(f"day: {text} is not in the week of {monday}")
    return [number]


def _cell(text: str) -> int:
    cell, rest = divmod(clock_seconds(text), CELL_MINUTES * 60)
    if rest or cell >= CELLS:
        raise LineFault(f"start: {text!r} is no quarter of an hour of a day")
    return int(cell)
