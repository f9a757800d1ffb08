"""Simulated days as a picture (SVG) that a shift manager reads at a glance.

Three panels over the hours: calls offered and agents on duty, the waits, and the share
answered in time against its target. One colour for each plan. It names only generic
fonts, so that Chinese labels are shown with whatever the reader has.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from acd.staffing.drawing import (
    INK,
    LEFT,
    PANEL,
    RIGHT,
    WIDTH,
    Axes,
    bars,
    level,
    line,
    panel,
    round_up,
    steps,
    svg,
    text,
    words_of,
)
from acd.staffing.measures import TARGET_SHARE, Measures

GAP, TOP = 62, 92
COLOURS = ("#1f6fb2", "#d1495b", "#2e8b57", "#8e6bbf")

QUARTER_SECONDS = 900.0

Label = Literal[
    "title", "calls", "agents", "wait", "rate", "target", "p95", "mean", "required"
]

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
        "required": "black: agents required, as known when the quarter began",
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
        "required": "黑线：该时段开始时预计所需坐席",
    },
}


def picture(
    days: Sequence[Measures], language: str = "en", required: Sequence[float] = ()
) -> str:
    """The SVG of one or more plans for the same day.

    `required` agents of each quarter of an hour from midnight on are drawn beside those on duty.
    """
    words = words_of(LABELS, language)
    parts = [
        *_heading(days, words["title"]),
        *_calls(days, words, _by_interval(required, days[0])),
        *_waits(days, words["wait"]),
        *_rates(days, words),
    ]
    return svg(TOP + 3 * (PANEL + GAP), parts)


def _heading(days: Sequence[Measures], title: str) -> Iterator[str]:
    date = days[0].day.starts_at(0).date().isoformat()
    yield text(LEFT, 30, f"{title} {date}", size=20)
    for number, measured in enumerate(days):
        x = LEFT + number * (WIDTH - LEFT - RIGHT) / len(days)
        colour = COLOURS[number % len(COLOURS)]
        yield f'<rect x="{x}" y="46" width="14" height="14" fill="{colour}"/>'
        yield text(x + 20, 58, measured.day.plan)


def _by_interval(required: Sequence[float], measured: Measures) -> list[float]:
    """What the quarter of an hour in which each interval begins requires."""
    day, numbers = measured.day, range(measured.day.intervals)
    begins = ((day.first_interval + n) * day.interval_seconds for n in numbers)
    places = (int(seconds // QUARTER_SECONDS) for seconds in begins)
    return [required[place] for place in places if place < len(required)]


def _calls(
    days: Sequence[Measures], words: dict[Label, str], required: Sequence[float]
) -> Iterator[str]:
    offered = [interval.offered for interval in days[0].intervals]
    on_duty = [measured.agents_on_duty for measured in days]
    most = max(
        [1.0, *offered, *required, *(max(agents, default=0) for agents in on_duty)]
    )
    axes = Axes(top=TOP, most=round_up(most), intervals=days[0].day.intervals)
    yield from panel(axes, words["calls"], _hours(days[0]))
    promised = [interval.promised for interval in days[0].intervals]
    yield from bars(axes, offered, "#c9ced6")
    yield from bars(axes, promised, "#8a94a6")
    yield from _lines(axes, on_duty)
    if required:
        yield from steps(axes, required, INK, width=1.2)
        yield text(WIDTH - RIGHT, axes.top + 14, words["required"], anchor="end")


def _waits(days: Sequence[Measures], label: str) -> Iterator[str]:
    p95 = [[interval.p95_wait for interval in day.intervals] for day in days]
    mean = [[interval.mean_wait for interval in day.intervals] for day in days]
    most = max([15.0, *(wait for waits in p95 for wait in waits if wait is not None)])
    top = TOP + PANEL + GAP
    axes = Axes(top=top, most=round_up(most), intervals=days[0].day.intervals)
    yield from panel(axes, label, _hours(days[0]))
    yield from _lines(axes, p95)
    yield from _lines(axes, mean, width=1)


def _rates(days: Sequence[Measures], words: dict[Label, str]) -> Iterator[str]:
    rates = [[_percent(i.within_of_offered) for i in day.intervals] for day in days]
    top = TOP + 2 * (PANEL + GAP)
    axes = Axes(top=top, most=100, intervals=days[0].day.intervals)
    label = words["rate"].format(seconds=days[0].within_seconds)
    yield from panel(axes, label, _hours(days[0]))
    aim = f"{words['target']} {100 * TARGET_SHARE:.0f}"
    yield from level(axes, 100 * TARGET_SHARE, aim)
    yield from _lines(axes, rates)


def _hours(measured: Measures) -> list[tuple[float, str]]:
    """About eight marks, each at the beginning of an interval."""
    count = measured.day.intervals
    marked = range(0, count + 1, max(1, round(count / 8)))
    return [(n, f"{measured.day.starts_at(n):%H:%M}") for n in marked]


def _lines(
    axes: Axes, series: Sequence[Sequence[float | None]], width: float = 2.5
) -> Iterator[str]:
    for number, values in enumerate(series):
        yield from line(axes, values, COLOURS[number % len(COLOURS)], width=width)


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share
