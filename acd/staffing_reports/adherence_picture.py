"""Who was on the phones when, as a picture (SVG): the roster, and what was missing of it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from acd.staffing.drawing import (
    GREY,
    LEFT,
    LIGHT,
    Axes,
    legend,
    svg,
    text,
    words_of,
)
from acd.staffing_reports.adherence import Adherence, Missing, PersonAdherence
from acd.statistics.edges import Span

TOP, ROW, BAR = 104, 20, 12
MOST_ROWS = 50
NAME_LENGTH = 6
HOUR = timedelta(hours=1)
ROSTERED = "#b9cde0"
COLOURS = {
    Missing.LATE: "#d1495b",
    Missing.EARLY: "#8e6bbf",
    Missing.PAUSED: "#e0a526",
    Missing.AWAY: "#555555",
    Missing.ABSENT: "#7d1128",
}

LABELS: dict[str, dict[str, str]] = {
    "en": {
        "title": "On the phones by the roster",
        "rostered": "rostered",
        "late": "late",
        "early": "left early",
        "paused": "paused",
        "away": "logged out",
        "absent": "absent",
        "of": "{shown} of {all} people, those who miss most first · all together {share}",
    },
    "zh": {
        "title": "排班遵守率",
        "rostered": "排班在线",
        "late": "迟到",
        "early": "早退",
        "paused": "示忙",
        "away": "中途签出",
        "absent": "缺勤",
        "of": "{all} 人中缺时最多的 {shown} 人 · 总遵守率 {share}",
    },
}


def adherence_picture(
    day: date,
    people: Sequence[PersonAdherence],
    whole: Adherence,
    zone: ZoneInfo,
    language: str = "en",
) -> str:
    """The SVG of a day's shifts, as many people as can be read."""
    words, shown = words_of(LABELS, language), people[:MOST_ROWS]
    told = words["of"].format(
        shown=len(shown), all=len(people), share=_percent(whole.share)
    )
    hours = _hours(shown, day, zone)
    axes = Axes(top=TOP, most=1, intervals=len(hours) - 1, height=ROW * len(shown))
    named = [(COLOURS[why], words[why]) for why in Missing]
    parts = [
        text(LEFT, 32, f"{words['title']} {day}", size=20),
        text(LEFT, 58, told),
        *legend(84, [(ROSTERED, words["rostered"]), *named]),
        *_grid(axes, hours, zone),
    ]
    for number, person in enumerate(shown):
        parts += _row(axes, number, person, hours[0])
    return svg(TOP + ROW * len(shown) + 34, parts)


def _hours(
    shown: Sequence[PersonAdherence], day: date, zone: ZoneInfo
) -> list[datetime]:
    """The whole hours around all that was rostered; of nobody, those of the day."""
    spans = [span for person in shown for span in person.stretches]
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    first = min((span.since for span in spans), default=midnight)
    last = max((span.until for span in spans), default=midnight + 24 * HOUR)
    start = first - timedelta(minutes=first.minute)
    count = -((start - last) // HOUR)
    return [start + number * HOUR for number in range(count + 1)]


def _grid(axes: Axes, hours: Sequence[datetime], zone: ZoneInfo) -> Iterator[str]:
    bottom = axes.top + axes.height
    every = 1 + len(hours) // 14
    for number, hour in enumerate(hours):
        x = axes.x(number)
        yield (
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{axes.top - 6:g}" y2="{bottom:g}" '
            f'stroke="{LIGHT}"/>'
        )
        if number % every == 0:
            words = f"{hour.astimezone(zone):%H:%M}"
            yield text(x, bottom + 18, words, colour=GREY, anchor="middle")


def _row(
    axes: Axes, number: int, person: PersonAdherence, since: datetime
) -> list[str]:
    y = axes.top + number * ROW
    name = (person.name or person.person_id)[:NAME_LENGTH]
    share = _percent(person.adherence.share)
    return [
        text(LEFT - 6, y + 11, f"{name} {share}", size=11, anchor="end"),
        *(_bar(axes, span, since, y, ROSTERED) for span in person.stretches),
        *(
            _bar(axes, Span(since=d.since, until=d.until), since, y, COLOURS[d.why])
            for d in person.deviations
        ),
    ]


def _bar(axes: Axes, span: Span, since: datetime, y: float, colour: str) -> str:
    first, last = (
        axes.x((span.since - since) / HOUR),
        axes.x((span.until - since) / HOUR),
    )
    return (
        f'<rect x="{first:.1f}" y="{y:g}" width="{max(last - first, 1):.1f}" '
        f'height="{BAR}" fill="{colour}"/>'
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
