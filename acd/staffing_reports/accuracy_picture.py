"""Forecasts of several days as a picture (SVG): errors beside what chance alone makes."""

from collections.abc import Iterator, Sequence
from typing import Literal

from acd.staffing.drawing import (
    INK,
    LEFT,
    PANEL,
    Axes,
    bars,
    dots,
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
from acd.staffing_reports.accuracy import Accuracy, DayAccuracy, Horizon

TOP, GAP = 108, 84
MOST_MARKS = 12
NEAR, FAR, BEFORE, CHANCE = "#9fb3c8", "#c77d0a", "#8a94a6", INK

LABELS: dict[str, dict[str, str]] = {
    "en": {
        "title": "How good forecasts were",
        "error": "Error of a quarter of an hour, % of all calls",
        "near": "15 minutes ahead",
        "far": "rest of the day",
        "before": "the day before",
        "chance": "by chance alone",
        "inside": "Quarters between the 10 and the 90 % bound, %",
        "inside_of": "15 minutes ahead",
        "expected": "expected 80",
    },
    "zh": {
        "title": "预测准确度",
        "error": "每 15 分钟预测误差，占来电 %（WAPE）",
        "near": "提前 15 分钟",
        "far": "当日剩余时段",
        "before": "前一日",
        "chance": "仅随机波动（泊松下限）",
        "inside": "落在 10–90% 区间内的时段 %",
        "inside_of": "提前 15 分钟",
        "expected": "应为 80",
    },
}
Words = dict[str, str]


def accuracy_picture(days: Sequence[DayAccuracy], language: str = "en") -> str:
    """The SVG of the whole, day by day."""
    words = words_of(LABELS, language)
    span = f" {days[0].day} – {days[-1].day}" if days else ""
    parts = [
        text(LEFT, 32, words["title"] + span, size=20),
        *_errors(days, words),
        *_inside(days, words),
    ]
    return svg(TOP + 2 * (PANEL + GAP) - 30, parts)


def _errors(days: Sequence[DayAccuracy], words: Words) -> Iterator[str]:
    near = [_percent(_at(day, Horizon.MINUTES_15, "error")) for day in days]
    far = [_percent(_at(day, Horizon.REST_OF_DAY, "error")) for day in days]
    before = [_percent(_at(day, Horizon.DAY_AHEAD, "error")) for day in days]
    chance = [_percent(_at(day, Horizon.MINUTES_15, "chance")) for day in days]
    most = max([1.0, *(n for n in (*near, *far, *before, *chance) if n is not None)])
    axes = Axes(top=TOP, most=round_up(most), intervals=len(days))
    yield from panel(axes, "", _marks(days))
    yield text(LEFT, TOP - 30, words["error"])
    entries = (NEAR, words["near"]), (FAR, words["far"]), (BEFORE, words["before"])
    yield from legend(TOP - 9, (*entries, (CHANCE, words["chance"])))
    yield from bars(axes, [value or 0.0 for value in near], NEAR)
    for values, colour in ((before, BEFORE), (far, FAR)):
        yield from line(axes, values, colour)
        yield from dots(axes, values, colour)
    yield from steps(axes, chance, CHANCE)


def _inside(days: Sequence[DayAccuracy], words: Words) -> Iterator[str]:
    inside = [_percent(_at(day, Horizon.MINUTES_15, "inside")) for day in days]
    axes = Axes(top=TOP + PANEL + GAP, most=100, intervals=len(days))
    yield from panel(axes, "", _marks(days))
    yield text(LEFT, axes.top - 30, words["inside"])
    yield from legend(axes.top - 9, [(NEAR, words["inside_of"])])
    yield from bars(axes, [value or 0.0 for value in inside], NEAR)
    yield from level(axes, 80, words["expected"])


def _marks(days: Sequence[DayAccuracy]) -> list[tuple[float, str]]:
    step = -(-max(len(days), 1) // MOST_MARKS)
    return [(n + 0.5, f"{days[n].day:%m-%d}") for n in range(0, len(days), step)]


def _at(
    day: DayAccuracy, horizon: Horizon, figure: Literal["error", "chance", "inside"]
) -> float | None:
    found: Accuracy | None = next(
        (a for a in day.horizons if a.horizon is horizon), None
    )
    return getattr(found, figure) if found else None


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share
