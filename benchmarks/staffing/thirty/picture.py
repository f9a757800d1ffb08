"""The minutes as a picture (SVG), drawn with the parts of the other pictures."""

from collections.abc import Iterator, Sequence

from acd.staffing.drawing import (
    GREY,
    INK,
    LEFT,
    PANEL,
    Axes,
    bars,
    legend,
    level,
    line,
    panel,
    round_up,
    steps,
    svg,
    text,
)
from benchmarks.staffing.thirty.minutes import IN_TIME_SECONDS, Happened, Minute

TOP, GAP = 108, 84
CAME, LOST, FORESEEN = "#9fb3c8", "#d1495b", "#c77d0a"
REQUIRED, ROSTERED, PRESENT = INK, "#1f6fb2", "#2e8b57"
LONGEST, MEAN = "#e3d3a8", "#c77d0a"


def picture(told: Happened) -> str:
    """Calls, agents and waits, minute by minute."""
    minutes = told.minutes
    title = f"{len(minutes)} real minutes, staffed by the loop, {told.began:%Y-%m-%d %H:%M} UTC"
    parts = [
        text(LEFT, 32, title, size=20),
        *_calls(minutes),
        *_agents(minutes),
        *_waits(minutes),
    ]
    return svg(TOP + 3 * (PANEL + GAP) - 30, parts)


def _axes(place: int, most: float, minutes: Sequence[Minute]) -> Axes:
    top = TOP + place * (PANEL + GAP)
    return Axes(top=top, most=round_up(max(most, 1.0)), intervals=len(minutes))


def _panel(axes: Axes, label: str, entries: Sequence[tuple[str, str]]) -> Iterator[str]:
    marks = [(n, f"{n} min") for n in range(0, axes.intervals + 1, 5)]
    yield from panel(axes, "", marks)
    yield text(LEFT, axes.top - 30, label)
    yield from legend(axes.top - 9, entries)


def _calls(minutes: Sequence[Minute]) -> Iterator[str]:
    axes = _axes(0, max(minute.came for minute in minutes), minutes)
    named = (CAME, "came"), (LOST, "of them lost"), (FORESEEN, "foreseen by the round")
    yield from _panel(axes, "Calls a minute", named)
    yield from bars(axes, [float(minute.came) for minute in minutes], CAME)
    yield from bars(axes, [float(minute.lost) for minute in minutes], LOST)
    yield from line(axes, [minute.foreseen for minute in minutes], FORESEEN)


def _agents(minutes: Sequence[Minute]) -> Iterator[str]:
    required = [_number(minute.required) for minute in minutes]
    rostered = [_number(minute.rostered) for minute in minutes]
    present = [minute.on_phones for minute in minutes]
    known = [n for n in (*required, *rostered, *present) if n is not None]
    axes = _axes(1, max(known, default=1.0) + 1, minutes)
    named = (REQUIRED, "required"), (ROSTERED, "rostered"), (PRESENT, "on the phones")
    words = "Agents; above: moves that were carried out (+ to the phones, - back)"
    yield from _panel(axes, words, named)
    yield from steps(axes, rostered, ROSTERED)
    yield from steps(axes, required, REQUIRED, width=1.5)
    yield from steps(axes, present, PRESENT)
    for number, minute in enumerate(minutes):
        for count, sign, below in ((minute.coming, "+", 14), (minute.leaving, "-", 30)):
            if count:
                yield text(
                    axes.x(number + 0.5),
                    axes.top + below,
                    f"{sign}{count}",
                    colour=GREY,
                    anchor="middle",
                )


def _number(value: int | None) -> float | None:
    return None if value is None else float(value)


def _waits(minutes: Sequence[Minute]) -> Iterator[str]:
    longest = [minute.longest_wait for minute in minutes]
    axes = _axes(2, max([*longest, IN_TIME_SECONDS + 5]), minutes)
    named = (LONGEST, "longest"), (MEAN, "mean")
    yield from _panel(axes, "Waits in the queue of who came in the minute, s", named)
    yield from bars(axes, longest, LONGEST)
    yield from line(axes, [minute.mean_wait for minute in minutes], MEAN)
    yield from level(axes, IN_TIME_SECONDS, f"{IN_TIME_SECONDS:g} s")
