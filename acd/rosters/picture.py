"""A day of a post as a picture (SVG): required against rostered, what is missing in red."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from acd.rosters.day_staff import PostStaff
from acd.staffing.drawing import GREY, LIGHT, text, words_of
from acd.staffing.roster import CELLS, clock, clock_until

WIDTH, HEIGHT = 1000, 420
LEFT, RIGHT, TOP, BOTTOM = 60, 20, 84, 44
ROSTERED, MISSING, REQUIRED = "#8fb4d9", "#d1495b", "#222"
STEPS = (1, 2, 5)
MOST_LINES = 6

Label = Literal["title", "rostered", "required", "missing", "nobody"]
LABELS: dict[str, dict[Label, str]] = {
    "en": {
        "title": "Roster",
        "rostered": "rostered",
        "required": "required",
        "missing": "missing: {people} people for a quarter of an hour, {cells} quarters",
        "nobody": "nobody is missing",
    },
    "zh": {
        "title": "排班",
        "rostered": "在岗",
        "required": "需要",
        "missing": "缺 {people} 人刻，共 {cells} 个时段",
        "nobody": "不缺人",
    },
}
POSTS = {
    "en": {},
    "zh": {
        "phones": "话务",
        "dispatch": "派单",
        "call_back": "回拨",
        "quality": "质检",
        "training": "培训",
    },
}


def day_picture(day: date, staff: PostStaff, language: str = "en") -> str:
    """The SVG of a post's day; it names only generic fonts."""
    words = words_of(LABELS, language)
    post = words_of(POSTS, language).get(staff.post, staff.post.replace("_", "-"))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"',
        f' font-family="sans-serif" font-size="13" fill="{REQUIRED}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        text(LEFT, 28, f"{words['title']} {day} · {post}", size=18),
        *_legend(staff, words),
        *_grid(staff),
        *_bars(staff),
        *_required(staff),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _legend(staff: PostStaff, words: dict[Label, str]) -> Iterator[str]:
    missing = staff.missing
    cells = sum(n > 0 for n in missing)
    told = words["missing"].format(people=sum(missing), cells=cells)
    entries = (
        (ROSTERED, words["rostered"]),
        (REQUIRED, words["required"]),
        (MISSING, told if cells else words["nobody"]),
    )
    x = LEFT
    for colour, label in entries:
        yield f'<rect x="{x}" y="46" width="12" height="12" fill="{colour}"/>'
        yield text(x + 18, 57, label)
        x += 40 + 11 * len(label)


def _grid(staff: PostStaff) -> Iterator[str]:
    most, step = _most(staff), _step(_most(staff))
    for value in range(0, most + 1, step):
        y = _y(value, most)
        yield (
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
            f'stroke="{LIGHT}"/>'
        )
        yield text(LEFT - 8, y + 4, str(value), anchor="end", colour=GREY)
    for cell in range(0, CELLS + 1, 8):
        y = HEIGHT - BOTTOM + 20
        yield text(
            _x(cell),
            y,
            clock_until(cell) if cell else clock(cell),
            anchor="middle",
            colour=GREY,
        )


def _bars(staff: PostStaff) -> Iterator[str]:
    """What is there; above it, what is missing."""
    most = _most(staff)
    for cell, there in enumerate(staff.rostered):
        yield _bar(cell, 0, there, most, ROSTERED)
        if missing := staff.missing[cell]:
            yield _bar(cell, there, there + missing, most, MISSING)


def _bar(cell: int, low: int, high: int, most: int, colour: str) -> str:
    top, width = _y(high, most), _x(1) - _x(0) - 1
    return (
        f'<rect x="{_x(cell):.1f}" y="{top:.1f}" width="{width:.1f}" '
        f'height="{_y(low, most) - top:.1f}" fill="{colour}"/>'
    )


def _required(staff: PostStaff) -> Iterator[str]:
    """A line in steps over the day."""
    if staff.required is None:
        return
    most = _most(staff)
    points = [
        f"{_x(cell + side):.1f},{_y(needed, most):.1f}"
        for cell, needed in enumerate(staff.required)
        for side in (0, 1)
    ]
    yield (
        f'<polyline points="{" ".join(points)}" fill="none" stroke="{REQUIRED}" '
        'stroke-width="2"/>'
    )


def _most(staff: PostStaff) -> int:
    top = max(*staff.rostered, *(staff.required or (0,)), 1)
    step = _step(top)
    return -(-top // step) * step


def _step(top: int) -> int:
    """A round number of which six lines at most reach the top."""
    power = 1
    while True:
        for step in STEPS:
            if top <= step * power * MOST_LINES:
                return step * power
        power *= 10


def _x(cell: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * cell / CELLS


def _y(value: float, most: int) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / most)
