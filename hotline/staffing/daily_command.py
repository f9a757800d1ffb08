"""`hotline staffing report daily`: the draft for the daily review (日清日结)."""

from dataclasses import asdict
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from acd.people.person import Post
from acd.rosters.day_staff import PostStaff
from acd.rosters.picture import day_picture
from acd.staffing_reports.daily import DailyReview
from acd.staffing_reports.daily_reading import NextDayRules, daily_review
from acd.staffing_reports.daily_text import daily_text
from hotline.command_client import DEFAULT_CONFIG, ConfigFile, leave
from hotline.database_reading import plain_errors, print_json, with_database
from hotline.staffing.loop import loop_rules
from hotline.staffing.report_commands import (
    Asked,
    Json,
    Sheet,
    asked,
    report,
    write_files,
)
from hotline.staffing.report_commands import app as app
from hotline.staffing.report_lines import total_lines
from ivr_flows.flow import city_calendar


class DraftLanguage(StrEnum):
    """What the draft is written in."""

    ZH = "zh"
    EN = "en"


Day = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Of the city; yesterday."),
]
Picture = Annotated[
    Path | None,
    typer.Option(help="Draw the next day there (SVG): required against rostered."),
]
Text = Annotated[Path | None, typer.Option(help="Write the page there (Markdown).")]
Language = Annotated[DraftLanguage, typer.Option(help="Of the page and the picture.")]


@report.command()
def daily(
    config: ConfigFile = DEFAULT_CONFIG,
    day: Day = None,
    language: Language = DraftLanguage.ZH,
    text: Text = None,
    table: Sheet = None,
    picture: Picture = None,
    as_json: Json = False,
) -> None:
    """The draft for the daily review (日清日结): a day, what is open, the next one."""
    with plain_errors():
        of = asked(config, day, days_ago=1)
        made = _read(of)
    drawn = _drawn(made, language) if picture else ""
    written = write_files(total_lines(made.totals), table, drawn, picture)
    page = daily_text(made, of.zone, language)
    if text:
        _write(text, page)
    if as_json:
        print_json(asdict(made))
    elif not (written or text):
        typer.echo(page, nl=False)


def _read(of: Asked) -> DailyReview:
    rules = NextDayRules.of(loop_rules(of.settings), city_calendar(of.settings))
    return with_database(
        of.settings, lambda db: daily_review(db, of.day, of.zone, of.now, rules)
    )


def _drawn(made: DailyReview, language: str) -> str:
    following = made.next_day
    if following is None:
        leave(
            f"{made.day + timedelta(days=1)} cannot be foreseen: no calls are recorded"
        )
    staff = PostStaff(
        post=Post.PHONES, rostered=following.rostered, required=following.required
    )
    return day_picture(following.day, staff, language)


def _write(file: Path, page: str) -> None:
    try:
        file.write_text(page, encoding="utf-8")
    except OSError as error:
        leave(f"{file} cannot be written ({error.strerror}); name another file")
    typer.echo(f"written in {file}", err=True)
