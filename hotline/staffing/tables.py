"""Forecasts as tables for a terminal."""

from collections.abc import Sequence

from rich.table import Table

from acd.staffing.forecast_lines import ForecastDay, ForecastLine

BAR = 30
"""The width of the longest bar."""


def queue_table(days: Sequence[ForecastDay], title: str) -> Table:
    """A line for each queue: the whole day, and its busiest quarter of an hour."""
    made = Table(title=title, title_justify="left", box=None, pad_edge=False)
    made.add_column("queue", no_wrap=True)
    for name in (
        "target",
        "so far",
        "to come",
        "busiest",
        "agents then",
        "error",
        "by chance",
    ):
        made.add_column(name, justify="right", no_wrap=True)
    for day in days:
        made.add_row(day.queue or "(none)", *_whole(day))
    return made


def _whole(day: ForecastDay) -> tuple[str, ...]:
    busiest = max(day.lines, key=lambda line: line.forecast)
    so_far = sum(line.actual or 0 for line in day.lines)
    to_come = sum(line.forecast for line in day.lines if not line.is_over)
    return (
        f"{day.target}",
        str(so_far),
        f"{to_come:.0f}",
        _clock(busiest.interval),
        f"{busiest.agents}–{busiest.agents_sure}",
        _percent(day.expected_error),
        _percent(day.counting_error),
    )


def line_table(day: ForecastDay, sureness: float) -> Table:
    """A line for each quarter of an hour, with a bar for what came or is foreseen."""
    made = Table(title=f"{day.queue or '(none)'}", title_justify="left", box=None)
    for name in ("from", "actual", "forecast", "10–90 %", "agents", "sure"):
        made.add_column(name, justify="right", no_wrap=True)
    made.add_column("█ came  ░ foreseen", no_wrap=True)
    made.caption = (
        f"agents: for the forecast, {day.target}; sure: for the mean that is not exceeded with "
        f"{sureness:.0%}. Of quarters that are over: as foreseen before the day."
    )
    most = max((line.shown for line in day.lines), default=0.0)
    for line in day.lines:
        made.add_row(*_cells(line), _bar(line, most))
    return made


def _cells(line: ForecastLine) -> tuple[str, ...]:
    return (
        _clock(line.interval),
        "" if line.actual is None else str(line.actual),
        f"{line.forecast:.1f}",
        f"{line.low:.0f}–{line.high:.0f}",
        str(line.agents),
        str(line.agents_sure),
    )


def _bar(line: ForecastLine, most: float) -> str:
    length = round(BAR * line.shown / most) if most else 0
    return ("█" if line.actual is not None else "░") * length


def _clock(interval: int) -> str:
    return f"{interval // 4:02}:{interval % 4 * 15:02}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
