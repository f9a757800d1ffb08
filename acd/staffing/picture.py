"""Simulated days as a picture (SVG) that a shift manager reads at a glance.

Three panels over the hours: calls offered and agents on duty, the waits, and the share
answered in time against its target. One colour for each plan. It names only generic
fonts, so that Chinese labels are shown with whatever the reader has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Literal

from acd.staffing.measures import TARGET_SHARE, Measures

WIDTH, LEFT, RIGHT = 1000, 80, 24
PANEL, GAP, TOP = 190, 62, 92
COLOURS = ("#1f6fb2", "#d1495b", "#2e8b57", "#8e6bbf")
ROUND = (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10)
GREY, LIGHT, INK = "#7a7a7a", "#e3e3e3", "#222"

Label = Literal["title", "calls", "agents", "wait", "rate", "target", "p95", "mean"]

LABELS: dict[str, dict[Label, str]] = {
    "en": {
        "title": "Simulated day",
        "calls": "Calls offered per interval (bars; dark: promised a call-back) and agents on duty (lines)",
        "agents": "agents on duty",
        "wait": "Wait in seconds: 95 of 100 answered calls wait no longer (thin line: mean)",
        "rate": "Answered within {seconds:g} s, % of offered calls",
        "target": "target",
        "p95": "p95",
        "mean": "mean",
    },
    "zh": {
        "title": "模拟日",
        "calls": "每时段呼入量（柱，深色为承诺回拨）与在岗坐席数（线）",
        "agents": "在岗坐席",
        "wait": "等待时间（秒）：95% 的接通来电等待不超过（细线为平均）",
        "rate": "{seconds:g} 秒接通率，占呼入 %",
        "target": "目标",
        "p95": "95 分位",
        "mean": "平均",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Axes:
    """A panel: its top edge, the greatest value that it shows, how many intervals."""

    top: float
    most: float
    intervals: int

    def x(self, interval: float) -> float:
        """Where an interval begins."""
        return LEFT + (WIDTH - LEFT - RIGHT) * interval / max(self.intervals, 1)

    def y(self, value: float) -> float:
        """Where a value lies."""
        return self.top + PANEL * (1 - min(value / self.most, 1))


def picture(days: Sequence[Measures], language: str = "en") -> str:
    """The SVG of one or more plans for the same day."""
    words = LABELS[language]
    height = TOP + 3 * (PANEL + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"',
        f' font-family="sans-serif" font-size="13" fill="{INK}">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        *_heading(days, words["title"]),
        *_calls(days, words["calls"]),
        *_waits(days, words["wait"]),
        *_rates(days, words),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _heading(days: Sequence[Measures], title: str) -> Iterator[str]:
    date = days[0].day.starts_at(0).date().isoformat()
    yield _text(LEFT, 30, f"{title} {date}", size=20)
    for number, measured in enumerate(days):
        x = LEFT + number * (WIDTH - LEFT - RIGHT) / len(days)
        colour = COLOURS[number % len(COLOURS)]
        yield f'<rect x="{x}" y="46" width="14" height="14" fill="{colour}"/>'
        yield _text(x + 20, 58, measured.day.plan)


def _calls(days: Sequence[Measures], label: str) -> Iterator[str]:
    offered = [interval.offered for interval in days[0].intervals]
    on_duty = [measured.agents_on_duty for measured in days]
    most = max([1.0, *offered, *(max(agents, default=0) for agents in on_duty)])
    axes = _Axes(top=TOP, most=_round_up(most), intervals=days[0].day.intervals)
    yield from _panel(axes, label, days[0])
    promised = [interval.promised for interval in days[0].intervals]
    yield from _bars(axes, offered, "#c9ced6")
    yield from _bars(axes, promised, "#8a94a6")
    yield from _lines(axes, on_duty)


def _bars(axes: _Axes, counts: Sequence[int], colour: str) -> Iterator[str]:
    width = max(axes.x(1) - axes.x(0) - 1, 0.5)
    for number, count in enumerate(counts):
        if count:
            x, y = axes.x(number), axes.y(count)
            yield (
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
                f'height="{axes.y(0) - y:.1f}" fill="{colour}"/>'
            )


def _waits(days: Sequence[Measures], label: str) -> Iterator[str]:
    p95 = [[interval.p95_wait for interval in day.intervals] for day in days]
    mean = [[interval.mean_wait for interval in day.intervals] for day in days]
    most = max([15.0, *(wait for waits in p95 for wait in waits if wait is not None)])
    top = TOP + PANEL + GAP
    axes = _Axes(top=top, most=_round_up(most), intervals=days[0].day.intervals)
    yield from _panel(axes, label, days[0])
    yield from _lines(axes, p95)
    yield from _lines(axes, mean, width=1)


def _rates(days: Sequence[Measures], words: dict[Label, str]) -> Iterator[str]:
    rates = [[_percent(i.within_of_offered) for i in day.intervals] for day in days]
    top = TOP + 2 * (PANEL + GAP)
    axes = _Axes(top=top, most=100, intervals=days[0].day.intervals)
    label = words["rate"].format(seconds=days[0].within_seconds)
    yield from _panel(axes, label, days[0])
    y = axes.y(100 * TARGET_SHARE)
    yield (
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
        f'stroke="{INK}" stroke-dasharray="6 4"/>'
    )
    aim = f"{words['target']} {100 * TARGET_SHARE:.0f}"
    yield _text(WIDTH - RIGHT, y + 16, aim, anchor="end")
    yield from _lines(axes, rates)


def _panel(axes: _Axes, label: str, measured: Measures) -> Iterator[str]:
    yield _text(LEFT, axes.top - 8, label)
    for step in range(5):
        value = axes.most * step / 4
        y = axes.y(value)
        yield (
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
            f'stroke="{LIGHT}"/>'
        )
        yield _text(LEFT - 8, y + 4, f"{value:g}", colour=GREY, anchor="end")
    for number, moment in _hours(measured):
        x, y = axes.x(number), axes.y(0) + 18
        yield _text(x, y, f"{moment:%H:%M}", colour=GREY, anchor="middle")


def _hours(measured: Measures) -> Iterator[tuple[float, datetime]]:
    """About eight marks, each at the beginning of an interval."""
    step = max(1, round(measured.day.intervals / 8))
    for number in range(0, measured.day.intervals + 1, step):
        yield number, measured.day.starts_at(number)


def _lines(
    axes: _Axes, series: Sequence[Sequence[float | None]], width: float = 2.5
) -> Iterator[str]:
    for number, values in enumerate(series):
        colour = COLOURS[number % len(COLOURS)]
        for points in _unbroken(axes, values):
            yield (
                f'<polyline points="{points}" fill="none" stroke="{colour}" '
                f'stroke-width="{width}" stroke-linejoin="round"/>'
            )


def _unbroken(axes: _Axes, values: Sequence[float | None]) -> Iterator[str]:
    """The pieces between intervals without a value."""
    points: list[str] = []
    for number, value in enumerate([*values, None]):
        if value is not None:
            points.append(f"{axes.x(number + 0.5):.1f},{axes.y(value):.1f}")
        elif points:
            yield " ".join(points)
            points = []


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _round_up(value: float) -> float:
    """The next round number of which a quarter is round as well."""
    power = 1.0
    while power * 10 <= value:
        power *= 10
    return next(power * step for step in ROUND if power * step >= value)


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 13,
    colour: str = INK,
    anchor: str = "start",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )
