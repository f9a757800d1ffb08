"""A day of a queue as a picture (SVG): calls beside the forecast, agents, and the result."""

from collections.abc import Iterator, Sequence
from datetime import date

from acd.staffing.drawing import (
    INK,
    LEFT,
    PANEL,
    Axes,
    band,
    bars,
    legend,
    level,
    line,
    panel,
    round_up,
    steps,
    svg,
    text,
    words_of,
)
from acd.staffing.measures import TARGET_SHARE
from acd.staffing.roster import CELLS, clock, clock_until
from acd.staffing_reports.ahead import Bounds
from acd.staffing_reports.intervals import StaffedInterval

TOP, GAP = 108, 84
CAME, LOST, BAND = "#9fb3c8", "#d1495b", "#f3e3c3"
BEFORE, LAST = "#8a94a6", "#c77d0a"
REQUIRED, ROSTERED, PRESENT = INK, "#1f6fb2", "#2e8b57"
IN_TIME = "#2e8b57"

LABELS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Day by quarters of an hour",
        "whole": "all queues",
        "calls": "Calls in 15 minutes, a number that called again soon once",
        "came": "came",
        "lost": "of them lost",
        "band": "8 of 10 lie here",
        "before": "foreseen the day before",
        "last": "foreseen last",
        "agents": "Agents on the phones",
        "required": "required",
        "rostered": "rostered",
        "present": "there",
        "rate": "Of the calls, %",
        "in_time": "answered within 15 s",
        "share": "lost",
        "target": "target",
    },
    "zh": {
        "title": "分时段日报",
        "whole": "全部队列",
        "calls": "每 15 分钟来电（短时重拨只计一次）",
        "came": "实际来电",
        "lost": "其中未接通",
        "band": "预测 10–90% 区间",
        "before": "前一日预测",
        "last": "最近一次预测",
        "agents": "话务在岗人数",
        "required": "需要",
        "rostered": "排班",
        "present": "实到",
        "rate": "占来电 %",
        "in_time": "15 秒接通率",
        "share": "放弃率",
        "target": "目标",
    },
}
_HOURS = [(cell, clock(cell)) for cell in range(0, CELLS, 8)] + [
    (CELLS, clock_until(CELLS))
]

Words = dict[str, str]
Cells = Sequence[StaffedInterval | None]


def interval_picture(
    day: date, lines: Sequence[StaffedInterval], language: str = "en"
) -> str:
    """The SVG of one queue's lines; an hour that the clock has twice shows the second."""
    words = words_of(LABELS, language)
    by_cell = {line.cell: line for line in lines}
    cells = [by_cell.get(cell) for cell in range(CELLS)]
    queue = lines[0].queue if lines else "all"
    parts = [
        text(LEFT, 32, _title(day, queue, words), size=20),
        *_calls(cells, words),
        *_agents(cells, words),
        *_rates(cells, words),
    ]
    return svg(TOP + 3 * (PANEL + GAP) - 30, parts)


def _title(day: date, queue: str, words: Words) -> str:
    return f"{words['title']} {day} · {words['whole'] if queue == 'all' else queue}"


def _axes(place: int, most: float) -> Axes:
    return Axes(top=TOP + place * (PANEL + GAP), most=round_up(most), intervals=CELLS)


def _panel(axes: Axes, label: str, entries: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield from panel(axes, "", _HOURS)
    yield text(LEFT, axes.top - 30, label)
    yield from legend(axes.top - 9, entries)


def _calls(cells: Cells, words: Words) -> Iterator[str]:
    came = [float(c.came.once) if c else 0.0 for c in cells]
    lost = [float(_lost(c)) if c else 0.0 for c in cells]
    last = [c.ahead.last if c else None for c in cells]
    before = [c.ahead.day_ahead if c else None for c in cells]
    bounds = [(b.low, b.high) if b else None for b in last]
    most = max([1.0, *came, *(pair[1] for pair in bounds if pair)])
    axes = _axes(0, most)
    named = ("came", CAME), ("lost", LOST), ("band", BAND)
    lines = ("before", BEFORE), ("last", LAST)
    yield from band(axes, bounds, BAND)
    yield from _panel(axes, words["calls"], _entries((*named, *lines), words))
    yield from bars(axes, came, CAME)
    yield from bars(axes, lost, LOST)
    yield from line(axes, _means(before), BEFORE, width=1.5)
    yield from line(axes, _means(last), LAST, width=2)


def _entries(named: Sequence[tuple[str, str]], words: Words) -> list[tuple[str, str]]:
    return [(colour, words[label]) for label, colour in named]


def _means(bounds: Sequence[Bounds | None]) -> list[float | None]:
    return [each.calls if each else None for each in bounds]


def _lost(interval: StaffedInterval) -> int:
    return interval.came.lost.part


def _agents(cells: Cells, words: Words) -> Iterator[str]:
    required = [_number(c.ahead.required) if c else None for c in cells]
    rostered = [float(c.rostered) if c else None for c in cells]
    present = [c.present if c else None for c in cells]
    most = max([1.0, *(n for n in (*required, *rostered, *present) if n is not None)])
    axes = _axes(1, most)
    named: tuple[tuple[str, str], ...] = (
        ("required", REQUIRED),
        ("rostered", ROSTERED),
        ("present", PRESENT),
    )
    yield from _panel(axes, words["agents"], _entries(named, words))
    yield from steps(axes, rostered, ROSTERED)
    yield from steps(axes, required, REQUIRED, width=1.5)
    yield from steps(axes, present, PRESENT)


def _number(value: int | None) -> float | None:
    return None if value is None else float(value)


def _rates(cells: Cells, words: Words) -> Iterator[str]:
    lost = [_percent(c.came.lost.rate) or 0.0 if c else 0.0 for c in cells]
    in_time = [_percent(c.came.in_time.rate) if c else None for c in cells]
    axes = _axes(2, 100)
    named: tuple[tuple[str, str], ...] = (("in_time", IN_TIME), ("share", LOST))
    yield from _panel(axes, words["rate"], _entries(named, words))
    yield from bars(axes, lost, LOST)
    yield from line(axes, in_time, IN_TIME)
    aim = f"{words['target']} {100 * TARGET_SHARE:.0f}"
    yield from level(axes, 100 * TARGET_SHARE, aim)


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share
