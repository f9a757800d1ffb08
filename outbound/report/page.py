"""The report as one HTML page: it loads nothing, runs nothing, and can be printed."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from config.database import Database
from ivr_flows.counted import DISSATISFIED
from outbound.archive import all_contacts
from outbound.report import charts, words
from outbound.report.figures import Figures, Gathering
from outbound.report.wilson import wilson
from outbound.results import NOT_YET, Rate, Result

MOST_BARS = 30
LINES = ("satisfied", "solved", "reached")


async def report_of(
    database: Database, campaign: str, zone: ZoneInfo, now: datetime
) -> str:
    """The page of a campaign; `CampaignUnknown` when there is none."""
    gathering = Gathering(campaign=campaign, zone=zone)
    async for record in all_contacts(database, campaign):
        gathering.add(record)
    return await asyncio.to_thread(page, gathering.figures(now))


def page(figures: Figures) -> str:
    """The page that shows these figures."""
    days = [day for day in figures.by_day if day.day != NOT_YET]
    return _template().render(
        figures=figures,
        cards=[_card(name, figures.total) for name in words.RATES],
        plots={name: Markup(svg) for name, svg in _plots(figures, days).items()},
        units=figures.by_unit,
        days=figures.by_day,
        more_units=max(0, len(figures.by_unit) - MOST_BARS),
        words=words,
        share=_share,
        interval=_interval,
        unhappy=DISSATISFIED,
    )


def _card(name: str, total: Result | None) -> dict[str, Any]:
    zh, en = words.RATES[name]
    nothing = Rate(numerator=0, denominator=0, n=0, share=None)
    rate = getattr(total, name) if total else nothing
    return {"zh": zh, "en": en, "of": words.OF[name], "rate": rate}


def _plots(figures: Figures, days: Sequence[Result]) -> dict[str, str]:
    outcomes = [
        (words.outcome_name(name), count) for name, count in figures.outcomes.items()
    ]
    levels = [(words.LEVELS[level], count) for level, count in figures.levels.items()]
    hours = figures.hours, figures.hours_reached
    return {
        "satisfied": _unit_bars(figures.by_unit, "satisfied"),
        "solved": _unit_bars(figures.by_unit, "solved"),
        "days": _day_lines(days),
        "levels": charts.count_bars(levels, "五级评价 answers by level"),
        "outcomes": charts.count_bars(outcomes, "外呼结果 tries by outcome"),
        "hours": charts.hour_bars(*hours, "分时外呼 tries by hour"),
    }


def _unit_bars(units: Sequence[Result], name: str) -> str:
    """The best first; units of which nobody answered last."""
    rows: list[tuple[str, Rate]] = [
        (words.unit_name(unit.unit), getattr(unit, name)) for unit in units
    ]
    rows.sort(key=lambda row: (-(-1 if row[1].share is None else row[1].share), row[0]))
    zh, en = words.RATES[name]
    return charts.rate_bars(rows[:MOST_BARS], f"各单位{zh} {en} by unit")


def _day_lines(days: Sequence[Result]) -> str:
    series = [
        charts.Series(
            name=words.RATES[name][0],
            kind=name,
            rates=[getattr(day, name) for day in days],
        )
        for name in LINES
    ]
    return charts.day_lines([day.day or "" for day in days], series, "按日 by day")


def _share(rate: Rate) -> str:
    return "–" if rate.share is None else f"{rate.share:.1%}"


def _interval(rate: Rate) -> str:
    bounds = wilson(rate.numerator, rate.denominator)
    return f"{bounds[0]:.1%} – {bounds[1]:.1%}" if bounds else "–"


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("outbound.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2")
