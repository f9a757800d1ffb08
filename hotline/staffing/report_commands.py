"""`hotline staffing report ...`: what was foreseen and rostered, beside what came of it.

Made from the database itself: while the service runs, and while it is stopped.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from acd.staffing.cover import WHOLE
from acd.staffing_reports.accuracy_picture import accuracy_picture
from acd.staffing_reports.adherence_picture import adherence_picture
from acd.staffing_reports.interval_picture import interval_picture
from acd.staffing_reports.plan_picture import plan_picture
from acd.staffing_reports.plan_reading import plans_report
from acd.staffing_reports.reading import (
    accuracy_report,
    adherence_report,
    intervals_report,
)
from config.settings import Settings, load_settings
from hotline.call_tables import terminal
from hotline.command_client import DEFAULT_CONFIG, ConfigFile, leave
from hotline.database_reading import plain_errors, print_json, with_database
from hotline.sheet_file import SheetRefused, write_sheet
from hotline.staffing.loop_commands import app as app
from hotline.staffing.plan_report import plan_lines, story_table, story_title
from hotline.staffing.report_lines import (
    Line,
    accuracy_lines,
    adherence_lines,
    interval_lines,
)
from hotline.staffing.report_tables import (
    accuracy_table,
    adherence_table,
    day_accuracy_table,
    interval_table,
    total_table,
)

report = typer.Typer(
    help="Intervals, accuracy of forecasts, adherence, plans, the daily draft.",
    no_args_is_help=True,
)
app.add_typer(report, name="report")

Day = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Of the city; today."),
]
First = Annotated[
    datetime | None,
    typer.Option(
        "--from", formats=["%Y-%m-%d"], help="The first day; six before the last."
    ),
]
Last = Annotated[
    datetime | None,
    typer.Option("--to", formats=["%Y-%m-%d"], help="The last day, included; today."),
]
Sheet = Annotated[
    Path | None,
    typer.Option("--table", help="Write all figures there: .xlsx, or CSV."),
]
Picture = Annotated[Path | None, typer.Option(help="Draw it there (SVG).")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Queue = Annotated[
    str, typer.Option(help="The queue that is shown; all of them as one.")
]
USUAL_DAYS = timedelta(days=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a report is made with."""

    settings: Settings
    zone: ZoneInfo
    now: datetime
    day: date

    @property
    def language(self) -> str:
        """The city's, for pictures."""
        return self.settings.speech.language


def asked(config: Path, day: datetime | None, days_ago: int = 0) -> Asked:
    """The settings, the clock and the day; without one so many days ago."""
    settings, now = load_settings(config), datetime.now(UTC)
    zone = ZoneInfo(settings.hotline.timezone)
    today = now.astimezone(zone).date()
    wanted = day.date() if day else today - timedelta(days=days_ago)
    return Asked(settings=settings, zone=zone, now=now, day=wanted)


@report.command()
def intervals(
    config: ConfigFile = DEFAULT_CONFIG,
    day: Day = None,
    queue: Queue = WHOLE,
    table: Sheet = None,
    picture: Picture = None,
    as_json: Json = False,
) -> None:
    """A day by quarters of an hour: foreseen, required, rostered, there, and what came."""
    with plain_errors():
        of = asked(config, day)
        made = with_database(
            of.settings, lambda db: intervals_report(db, of.day, of.zone, of.now)
        )
    shown = [line for line in made.intervals if line.queue == queue]
    if not shown:
        leave(f"there is no queue {queue!r} on {of.day}")
    written = write_files(
        interval_lines(made, of.zone),
        table,
        interval_picture(of.day, shown, of.language) if picture else "",
        picture,
    )
    if as_json:
        print_json(asdict(made))
    elif not written:
        title = f"{of.day}, {queue}: foreseen by {made.rounds} rounds"
        terminal().print(interval_table(shown, of.zone, title))
        terminal().print(total_table(made.totals))


@report.command()
def accuracy(
    config: ConfigFile = DEFAULT_CONFIG,
    first: First = None,
    last: Last = None,
    table: Sheet = None,
    picture: Picture = None,
    as_json: Json = False,
) -> None:
    """How far forecasts were from what came, beside what counting alone makes."""
    with plain_errors():
        of = asked(config, last)
        since = first.date() if first else of.day - USUAL_DAYS
        made = with_database(
            of.settings, lambda db: accuracy_report(db, since, of.day, of.zone, of.now)
        )
    written = write_files(
        accuracy_lines(made),
        table,
        accuracy_picture(made.days, of.language) if picture else "",
        picture,
    )
    if as_json:
        print_json(asdict(made))
    elif not made.days:
        leave(f"no round was made from {since} to {of.day}, so nothing was foreseen")
    elif not written:
        span = f"{made.first} to {made.last}, as it was foreseen then"
        terminal().print(accuracy_table(made.horizons, span))
        terminal().print(day_accuracy_table(made.days))


@report.command()
def adherence(
    config: ConfigFile = DEFAULT_CONFIG,
    day: Day = None,
    table: Sheet = None,
    picture: Picture = None,
    as_json: Json = False,
) -> None:
    """Who was on the phones when the roster had him there; who misses most first."""
    with plain_errors():
        of = asked(config, day)
        made = with_database(
            of.settings, lambda db: adherence_report(db, of.day, of.zone, of.now)
        )
    if not made.people:
        leave(f"no shift on the phones of {of.day} has begun")
    drawn = adherence_picture(of.day, made.people, made.whole, of.zone, of.language)
    written = write_files(adherence_lines(made, of.zone), table, drawn, picture)
    if as_json:
        print_json(asdict(made))
    elif not written:
        title = f"{of.day}: minutes on the phones by the roster, and there"
        terminal().print(adherence_table(made.people, made.whole, of.zone, title))


@report.command()
def plans(
    config: ConfigFile = DEFAULT_CONFIG,
    first: First = None,
    last: Last = None,
    table: Sheet = None,
    picture: Picture = None,
    as_json: Json = False,
) -> None:
    """Every time the emergency plans were on: decisions, foresight, people, calls."""
    with plain_errors():
        of = asked(config, last)
        since = first.date() if first else of.day - USUAL_DAYS
        made = with_database(
            of.settings, lambda db: plans_report(db, since, of.day, of.zone, of.now)
        )
    drawn = plan_picture(made.stories, of.zone, of.language)
    written = write_files(plan_lines(made, of.zone), table, drawn, picture)
    if as_json:
        print_json(asdict(made))
    elif not written:
        for story in made.stories:
            terminal().print(story_title(story, of.zone), markup=False)
            terminal().print(story_table(story, of.zone, made.names))
        if not made.stories:
            typer.echo(f"No plan was on from {since} to {of.day}.")


def write_files(
    lines: Sequence[Line], table: Path | None, drawn: str, picture: Path | None
) -> bool:
    """Write what was asked for; whether anything was."""
    if table:
        try:
            write_sheet(table, list(lines[0]) if lines else [], lines)
        except SheetRefused as error:
            leave(str(error))
        typer.echo(f"{len(lines)} rows in {table}", err=True)
    if picture:
        try:
            picture.write_text(drawn, encoding="utf-8")
        except OSError as error:
            leave(f"{picture} cannot be written ({error.strerror}); name another file")
        typer.echo(f"drawn in {picture}", err=True)
    return bool(table or picture)
