"""The plots of the report as SVG that stands within the page: no script, no font, no link.

Colours are classes of the page's own style, so that paper and dark screens have theirs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from outbound.report.wilson import wilson
from outbound.results import Rate

WIDTH = 960
BAR, ROW = 15, 28
LABEL, VALUE = 200, 150
SCALE = (0, 25, 50, 75, 100)
LINE_HEIGHT, MARGIN_LEFT, MARGIN_TOP, MARGIN_BOTTOM = 240, 46, 16, 34
MOST_LABELS = 12
MOST_PLACES = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A line of the plot over days: its name, its class, and a rate for each day."""

    name: str
    kind: str
    rates: Sequence[Rate]


def rate_bars(rows: Sequence[tuple[str, Rate]], title: str) -> str:
    """A bar for each share, with its interval as a whisker and its counts beside it."""
    height = ROW * len(rows) + 28
    parts = [_open(height, title), *_scale(len(rows))]
    for number, (name, rate) in enumerate(rows):
        parts += _rate_row(name, rate, number * ROW + 4)
    return "\n".join([*parts, "</svg>"])


def _scale(rows: int) -> Iterator[str]:
    bottom = rows * ROW + 4
    for percent in SCALE:
        x = _x(percent / 100)
        yield _line("grid", x, x, 0, bottom)
        yield _text("axis", x, bottom + 18, f"{percent}%", "middle")


def _rate_row(name: str, rate: Rate, top: float) -> Iterator[str]:
    middle = top + BAR / 2 + 2
    yield _text("label", LABEL - 10, middle + 4, _short(name), "end", full=name)
    counts = f"{rate.numerator}/{rate.denominator}"
    if rate.share is None:
        yield _text("none", LABEL + 6, middle + 4, "无有效数据 none", "start")
        return
    width = _x(rate.share) - LABEL
    yield f'<rect class="bar" x="{LABEL}" y="{top + 2}" width="{width:.1f}" height="{BAR}" rx="2"/>'
    yield from _whisker(rate, middle)
    said = f"{rate.share:.1%} ({counts})"
    yield _text("value", WIDTH - 2, middle + 4, said, "end")


def _whisker(rate: Rate, y: float) -> Iterator[str]:
    bounds = wilson(rate.numerator, rate.denominator)
    if bounds:
        low, high = map(_x, bounds)
        yield _line("whisker", low, high, y, y)
        yield from (_line("whisker", x, x, y - 4, y + 4) for x in (low, high))


def count_bars(counts: Sequence[tuple[str, int]], title: str) -> str:
    """A bar for each count, the greatest as long as there is room."""
    most = max([1, *(count for _, count in counts)])
    parts = [_open(ROW * len(counts) + 8, title)]
    for number, (name, count) in enumerate(counts):
        top = number * ROW + 4
        middle, width = top + BAR / 2 + 2, (_x(1) - LABEL) * count / most
        parts += [
            _text("label", LABEL - 10, middle + 4, name, "end"),
            f'<rect class="bar" x="{LABEL}" y="{top + 2}" width="{width:.1f}" height="{BAR}" rx="2"/>',
            _text("value", LABEL + width + 8, middle + 4, str(count), "start"),
        ]
    return "\n".join([*parts, "</svg>"])


def day_lines(days: Sequence[str], series: Sequence[Series], title: str) -> str:
    """A line for each rate over the days; a day without valid answers is a gap."""
    height = LINE_HEIGHT + MARGIN_TOP + MARGIN_BOTTOM
    parts = [_open(height, title)]
    for percent in SCALE:
        y = _y(percent / 100)
        parts.append(_line("grid", MARGIN_LEFT, WIDTH - 8, y, y))
        parts.append(_text("axis", MARGIN_LEFT - 6, y + 4, f"{percent}%", "end"))
    parts += _day_names(days)
    for each in series:
        parts += _one_line(each, len(days))
    return "\n".join([*parts, "</svg>"])


def _day_names(days: Sequence[str]) -> Iterator[str]:
    step = max(1, -(-len(days) // MOST_LABELS))
    y = MARGIN_TOP + LINE_HEIGHT + 20
    for number in range(0, len(days), step):
        yield _text("axis", _at(number, len(days)), y, days[number][5:], "middle")


def _one_line(series: Series, days: int) -> Iterator[str]:
    for run in _runs(series.rates):
        places = [(_at(n, days), _y(share)) for n, share in run]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield f'<polyline class="line {series.kind}" points="{points}"/>'
        for x, y in places:
            yield f'<circle class="dot {series.kind}" cx="{x:.1f}" cy="{y:.1f}" r="3.2"/>'


def _runs(rates: Sequence[Rate]) -> Iterator[list[tuple[int, float]]]:
    run: list[tuple[int, float]] = []
    for number, rate in enumerate(rates):
        if rate.share is not None:
            run.append((number, rate.share))
        elif run:
            yield run
            run = []
    if run:
        yield run


def hour_bars(tries: Mapping[int, int], reached: Mapping[int, int], title: str) -> str:
    """Tries in each hour of the day, and how many of them reached somebody."""
    hours = range(min(tries, default=8), max(tries, default=20) + 1)
    most = max([1, *tries.values()])
    height = LINE_HEIGHT + MARGIN_TOP + MARGIN_BOTTOM
    parts = [_open(height, title)]
    parts.append(_line("grid", MARGIN_LEFT, WIDTH - 8, _y(0), _y(0)))
    room = (WIDTH - 8 - MARGIN_LEFT) / len(hours)
    for number, hour in enumerate(hours):
        x, width = MARGIN_LEFT + number * room, min(room * 0.7, 46)
        left = x + (room - width) / 2
        for kind, counts in (("bar light", tries), ("bar", reached)):
            share = counts.get(hour, 0) / most * 0.92
            parts.append(
                f'<rect class="{kind}" x="{left:.1f}" y="{_y(share):.1f}" width="{width:.1f}" height="{_y(0) - _y(share):.1f}"/>'
            )
        middle = x + room / 2
        top = _y(tries.get(hour, 0) / most * 0.92) - 5
        if hour in tries:
            said = f"{reached.get(hour, 0)}/{tries[hour]}"
            parts.append(_text("value small", middle, top, said, "middle"))
        parts.append(_text("axis", middle, _y(0) + 20, f"{hour}:00", "middle"))
    return "\n".join([*parts, "</svg>"])


def _open(height: float, title: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{escape(title)}" '
        'xmlns="http://www.w3.org/2000/svg">'
    )


def _x(share: float) -> float:
    return LABEL + (WIDTH - LABEL - VALUE) * share


def _y(share: float) -> float:
    return MARGIN_TOP + LINE_HEIGHT * (1 - share)


def _at(day: int, days: int) -> float:
    room = WIDTH - 24 - MARGIN_LEFT
    return MARGIN_LEFT + 12 + (room * (day + 0.5) / max(days, 1))


def _line(kind: str, x1: float, x2: float, y1: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" x2="{x2:.1f}" y1="{y1:.1f}" y2="{y2:.1f}"/>'


def _text(
    kind: str, x: float, y: float, words: str, anchor: str, full: str = ""
) -> str:
    title = f"<title>{escape(full)}</title>" if full and full != words else ""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}{title}</text>'


def _short(name: str) -> str:
    """As much of a name as there is room for: a Chinese sign takes two places."""
    taken = 0
    for place, letter in enumerate(name):
        taken += 1 if letter.isascii() else 2
        if taken > MOST_PLACES:
            return name[:place] + "…"
    return name
