"""Activations of the emergency plans as a picture (SVG): levels, waits foreseen and come,
calls, and who came to help."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from acd.plans.foresight import AT_MINUTES
from acd.staffing.drawing import (
    LEFT,
    RIGHT,
    WIDTH,
    Axes,
    bars,
    legend,
    line,
    panel,
    round_up,
    svg,
    text,
    words_of,
)
from acd.staffing_reports.plan_story import Happened, Moment, PlanStory
from acd.statistics.edges import INTERVAL

TOP, HEADING, PANEL, GAP = 60, 118, 130, 78
MOST_STORIES = 4
ROOM = 1.3
"""So high is a panel, for the names of the levels above its values."""
LEVELS = ("#ffffff", "#fff3d6", "#fbdcb5", "#f6c4b8")
CAME, LOST, WAIT, FORESEEN, HELP = "#9fb3c8", "#d1495b", "#1f6fb2", "#c77d0a", "#2e8b57"

LABELS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Emergency plans",
        "none": "no plan was on",
        "on": "up to plan {level}, {since} – {until}",
        "open": "now",
        "told": "{moved} moved to the phones · {calls} calls, {lost} lost · mean wait {wait} s",
        "calls": "Calls in 15 minutes",
        "came": "came",
        "lost": "of them lost",
        "level": "plan {level}",
        "waits": "Mean wait in seconds, and how many people came to help",
        "wait": "wait that came",
        "foreseen": "foreseen at a decision for 10, 30 and 60 minutes later",
        "help": "moved or recalled, on the phones",
    },
    "zh": {
        "title": "应急预案",
        "none": "没有启动过预案",
        "on": "最高 {level} 级预案，{since} – {until}",
        "open": "至今",
        "told": "调入话务 {moved} 人 · 来电 {calls}，未接通 {lost} · 平均等待 {wait} 秒",
        "calls": "每 15 分钟来电",
        "came": "来电",
        "lost": "其中未接通",
        "level": "{level} 级预案",
        "waits": "平均等待（秒）与增援人数",
        "wait": "实际等待",
        "foreseen": "决定时预测的 10、30、60 分钟后等待",
        "help": "调入或召回到岗人数",
    },
}
Words = dict[str, str]


def plan_picture(
    stories: Sequence[PlanStory], zone: ZoneInfo, language: str = "en"
) -> str:
    """The SVG of the last activations, one below the other."""
    words = words_of(LABELS, language)
    shown = stories[-MOST_STORIES:]
    parts = [text(LEFT, 32, words["title"], size=20)]
    if not shown:
        parts.append(text(LEFT, 62, words["none"]))
    for number, story in enumerate(shown):
        top = TOP + number * (HEADING + 2 * PANEL + GAP + 50)
        parts += _story(story, top, zone, words)
    height = TOP + max(len(shown), 0.2) * (HEADING + 2 * PANEL + GAP + 50)
    return svg(height, parts)


def _story(story: PlanStory, top: float, zone: ZoneInfo, words: Words) -> Iterator[str]:
    yield text(LEFT, top + 14, _when(story, zone, words), size=16)
    yield text(LEFT, top + 36, _told(story, words))
    count = len(story.quarters)
    start = story.quarters[0].start if story.quarters else story.began_at
    calls = Axes(
        top=top + HEADING, most=_most_calls(story), intervals=count, height=PANEL
    )
    waits = Axes(
        top=top + HEADING + PANEL + GAP,
        most=_most_wait(story),
        intervals=count,
        height=PANEL,
    )
    for axes in (calls, waits):
        yield from _levels(story, axes, start, words)
    yield from _calls(story, calls, zone, words)
    yield from _waits(story, waits, start, zone, words)


def _when(story: PlanStory, zone: ZoneInfo, words: Words) -> str:
    since = f"{story.began_at.astimezone(zone):%Y-%m-%d %H:%M}"
    until = (
        f"{story.ended_at.astimezone(zone):%H:%M}" if story.ended_at else words["open"]
    )
    return words["on"].format(level=story.highest, since=since, until=until)


def _told(story: PlanStory, words: Words) -> str:
    wait = "–" if story.wait_seconds is None else f"{story.wait_seconds:.0f}"
    return words["told"].format(
        moved=story.moved,
        calls=story.came.once,
        lost=story.came.lost.part,
        wait=wait,
    )


def _most_calls(story: PlanStory) -> float:
    return round_up(ROOM * max([1.0, *(q.came.once for q in story.quarters)]))


def _most_wait(story: PlanStory) -> float:
    came = [q.wait_seconds or 0.0 for q in story.quarters]
    foreseen = [wait for moment in story.timeline for wait in moment.foreseen]
    return round_up(ROOM * max([15.0, *came, *foreseen]))


def _levels(
    story: PlanStory, axes: Axes, start: datetime, words: Words
) -> Iterator[str]:
    """A ground for each level, named at its beginning."""
    changes = [m for m in story.timeline if m.what is Happened.CHANGED]
    ends = [*(_place(m.at, start) for m in changes[1:]), float(axes.intervals)]
    for moment, end in zip(changes, ends, strict=True):
        if not moment.level:
            continue
        x, last = axes.x(_place(moment.at, start)), axes.x(end)
        yield (
            f'<rect x="{x:.1f}" y="{axes.top:g}" width="{max(last - x, 1):.1f}" '
            f'height="{axes.height:g}" fill="{LEVELS[min(moment.level, 3)]}"/>'
        )
        named = words["level"].format(level=moment.level)
        yield text(x + 3, axes.top + 12, named, size=11)


def _place(at: datetime, start: datetime) -> float:
    return (at - start) / INTERVAL


def _calls(story: PlanStory, axes: Axes, zone: ZoneInfo, words: Words) -> Iterator[str]:
    yield from panel(axes, "", _marks(story, zone))
    yield text(LEFT, axes.top - 30, words["calls"])
    yield from legend(axes.top - 9, [(CAME, words["came"]), (LOST, words["lost"])])
    yield from bars(axes, [q.came.once for q in story.quarters], CAME)
    yield from bars(axes, [q.came.lost.part for q in story.quarters], LOST)


def _marks(story: PlanStory, zone: ZoneInfo) -> list[tuple[float, str]]:
    step = max(1, len(story.quarters) // 10)
    starts = [quarter.start for quarter in story.quarters]
    return [
        (n, f"{starts[n].astimezone(zone):%H:%M}") for n in range(0, len(starts), step)
    ]


def _waits(
    story: PlanStory, axes: Axes, start: datetime, zone: ZoneInfo, words: Words
) -> Iterator[str]:
    yield from panel(axes, "", _marks(story, zone))
    yield text(LEFT, axes.top - 30, words["waits"])
    named = (WAIT, words["wait"]), (FORESEEN, words["foreseen"]), (HELP, words["help"])
    yield from legend(axes.top - 9, named)
    yield from _help(story, axes, start)
    yield from line(axes, [q.wait_seconds for q in story.quarters], WAIT)
    for moment in story.timeline:
        if moment.what is Happened.CHANGED and moment.level:
            yield from _foreseen(moment, axes, start)


def _foreseen(moment: Moment, axes: Axes, start: datetime) -> Iterator[str]:
    """The points of one decision, joined by a broken line."""
    ahead = (_place(moment.at + timedelta(minutes=m), start) for m in AT_MINUTES)
    points = [
        (axes.x(place), axes.y(wait))
        for place, wait in zip(ahead, moment.foreseen, strict=False)
        if place <= axes.intervals
    ]
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    yield (
        f'<polyline points="{joined}" fill="none" stroke="{FORESEEN}" '
        'stroke-width="1.5" stroke-dasharray="4 4"/>'
    )
    for x, y in points:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{FORESEEN}" stroke="#fff"/>'


STEPS: dict[Happened, Literal[1, -1]] = {
    Happened.MOVED: 1,
    Happened.ARRIVED: 1,
    Happened.BACK: -1,
}


def _help(story: PlanStory, axes: Axes, start: datetime) -> Iterator[str]:
    """How many came, written where the number changes."""
    helping, x_last, shown = 0, 0.0, -1
    changes = [m for m in story.timeline if m.what in STEPS]
    for place, moment in enumerate(changes):
        helping += STEPS[moment.what]
        following = changes[place + 1].at if place + 1 < len(changes) else None
        x = min(axes.x(_place(moment.at, start)), WIDTH - RIGHT - 14)
        if following == moment.at or helping == shown or x - x_last < 16:
            continue
        yield text(x + 3, axes.top + 28, f"+{helping}", size=13, colour=HELP)
        x_last, shown = x, helping
