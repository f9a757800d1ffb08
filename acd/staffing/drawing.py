"""What pictures (SVG) of staffing share: panels over the hours, bars, lines, words.

They name only generic fonts, so that Chinese words are shown with whatever the reader has.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeVar

WIDTH, LEFT, RIGHT = 1000, 80, 24
PANEL = 190
ROUND = (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10)
GREY, LIGHT, INK = "#7a7a7a", "#e3e3e3", "#222"
WIDE_FROM = 0x2E80
"""Characters from here on are as wide as high."""

Words = TypeVar("Words")


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """A panel: its top edge, the greatest value that it shows, how many intervals."""

    top: float
    most: float
    intervals: int
    height: float = PANEL

    def x(self, interval: float) -> float:
        """Where an interval begins."""
        return LEFT + (WIDTH - LEFT - RIGHT) * interval / max(self.intervals, 1)

    def y(self, value: float) -> float:
        """Where a value lies."""
        return self.top + self.height * (1 - min(value / self.most, 1))


def words_of(labels: Mapping[str, Words], language: str) -> Words:
    """A picture's words in the city's language; in English where it has none in that."""
    return labels.get(language, labels["en"])


def svg(height: float, parts: Sequence[str]) -> str:
    """A picture of this height."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}"',
        f' font-family="sans-serif" font-size="13" fill="{INK}">',
        f'<rect width="{WIDTH}" height="{height:g}" fill="#fff"/>',
    )
    return "\n".join([*head, *parts, "</svg>"]) + "\n"


def panel(axes: Axes, label: str, marks: Sequence[tuple[float, str]]) -> Iterator[str]:
    """Its heading, four steps of its values, and marks below it, by intervals."""
    yield text(LEFT, axes.top - 8, label)
    for step in range(5):
        value = axes.most * step / 4
        y = axes.y(value)
        yield (
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
            f'stroke="{LIGHT}"/>'
        )
        yield text(LEFT - 8, y + 4, f"{value:g}", colour=GREY, anchor="end")
    for interval, words in marks:
        x, y = axes.x(interval), axes.y(0) + 18
        yield text(x, y, words, colour=GREY, anchor="middle")


def bars(axes: Axes, values: Sequence[float], colour: str) -> Iterator[str]:
    """One an interval."""
    width = max(axes.x(1) - axes.x(0) - 1, 0.5)
    for number, value in enumerate(values):
        if value:
            x, y = axes.x(number), axes.y(value)
            yield (
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
                f'height="{axes.y(0) - y:.1f}" fill="{colour}"/>'
            )


def line(
    axes: Axes, values: Sequence[float | None], colour: str, *, width: float = 2.5
) -> Iterator[str]:
    """From the middle of an interval to that of the next; broken where there is no value."""
    for points in _unbroken(axes, values):
        yield _polyline(points, colour, width)


def dots(axes: Axes, values: Sequence[float | None], colour: str) -> Iterator[str]:
    """One in the middle of each interval that has a value; a lone one is seen, too."""
    for number, value in enumerate(values):
        if value is not None:
            x, y = axes.x(number + 0.5), axes.y(value)
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>'


def steps(
    axes: Axes, values: Sequence[float | None], colour: str, *, width: float = 2
) -> Iterator[str]:
    """A line that holds its value through each interval; broken where there is none."""
    points: list[str] = []
    for number, value in enumerate([*values, None]):
        if value is not None:
            y = axes.y(value)
            points += [
                f"{axes.x(number):.1f},{y:.1f}",
                f"{axes.x(number + 1):.1f},{y:.1f}",
            ]
        elif points:
            yield _polyline(" ".join(points), colour, width)
            points = []


def band(
    axes: Axes, bounds: Sequence[tuple[float, float] | None], colour: str
) -> Iterator[str]:
    """What lies between a lower and an upper bound of each interval."""
    for number, pair in enumerate(bounds):
        if pair:
            low, high = axes.y(pair[0]), axes.y(pair[1])
            yield _box(axes, number, high, low, colour)


def _box(axes: Axes, number: int, top: float, bottom: float, colour: str) -> str:
    width = axes.x(1) - axes.x(0)
    return (
        f'<rect x="{axes.x(number):.1f}" y="{top:.1f}" width="{width:.2f}" '
        f'height="{bottom - top:.1f}" fill="{colour}"/>'
    )


def level(axes: Axes, value: float, words: str) -> Iterator[str]:
    """A broken line at a value, named at its right end."""
    y = axes.y(value)
    yield (
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
        f'stroke="{INK}" stroke-dasharray="6 4"/>'
    )
    yield text(WIDTH - RIGHT, y + 16, words, anchor="end")


def legend(y: float, entries: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Colours with their words, in a row."""
    x = float(LEFT)
    for colour, words in entries:
        yield f'<rect x="{x:.1f}" y="{y - 11:g}" width="12" height="12" fill="{colour}"/>'
        yield text(x + 18, y, words)
        x += 44 + 7 * sum(2 if ord(c) >= WIDE_FROM else 1 for c in words)


def _unbroken(axes: Axes, values: Sequence[float | None]) -> Iterator[str]:
    """The pieces between intervals without a value."""
    points: list[str] = []
    for number, value in enumerate([*values, None]):
        if value is not None:
            points.append(f"{axes.x(number + 0.5):.1f},{axes.y(value):.1f}")
        elif points:
            yield " ".join(points)
            points = []


def _polyline(points: str, colour: str, width: float) -> str:
    return (
        f'<polyline points="{points}" fill="none" stroke="{colour}" '
        f'stroke-width="{width:g}" stroke-linejoin="round"/>'
    )


def round_up(value: float) -> float:
    """The next round number of which a quarter is round as well."""
    power = 1.0
    while power * 10 <= value:
        power *= 10
    return next(power * step for step in ROUND if power * step >= value)


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: int = 13,
    colour: str = INK,
    anchor: str = "start",
) -> str:
    """Words at a place."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )
