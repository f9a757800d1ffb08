"""`hotline roster`: import, export, show, remove, build.

Rosters are read from the database; what changes one goes through the service.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from acd.people.archive import all_people
from acd.people.person import Person, Post
from acd.rosters.day_staff import DayStaff, read_day_staff
from acd.rosters.lines import FIELDS, NEEDED, written
from acd.rosters.picture import day_picture
from acd.rosters.store import shifts_between
from acd.staffing.roster import Shift
from config.database import Database
from config.settings import Settings, load_settings
from hotline.call_tables import terminal
from hotline.command_client import (
    DEFAULT_CONFIG,
    ConfigFile,
    account,
    leave,
    path_of,
    service_client,
)
from hotline.database_reading import plain_errors, print_json, with_database
from hotline.roster.build_command import build_roster
from hotline.roster.days import Days, days_of
from hotline.roster.tables import shift_table, staff_table
from hotline.rules import city_date
from hotline.sending import in_parts, read_or_leave, send_lines, tell_taken_in
from hotline.sheet_file import Columns, SheetLine, SheetRefused, write_sheet

app = typer.Typer(
    help="Who is to work when: import, export, show, remove, build.",
    no_args_is_help=True,
)

app.command("build")(build_roster)

COLUMNS = Columns(known=FIELDS, needed=NEEDED)
AT_ONCE = 150

File = Annotated[Path, typer.Argument(help="CSV with a header line, or .xlsx.")]
Week = Annotated[str, typer.Option(help="Like 2026-W49; else the week of today.")]
First = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")
]
Last = Annotated[
    datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")
]
OneDay = Annotated[
    datetime | None,
    typer.Option("--day", formats=["%Y-%m-%d"], help="Against what is required."),
]
Picture = Annotated[Path | None, typer.Option(help="Write the day there, as SVG.")]
OfPost = Annotated[Post, typer.Option("--post", help="Of which post.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Replace = Annotated[
    bool, typer.Option("--replace", help="The named people's days become the file's.")
]


@app.command("import")
def import_roster(
    file: File, config: ConfigFile = DEFAULT_CONFIG, replace: Replace = False
) -> None:
    """Take the shifts of a file in; the same file twice changes nothing.

    Columns: person, day, start, end, post, breaks, other_posts, backs. Each line that
    breaks a rule is told with the rule, and the others are taken.
    """
    parts = in_parts(_by_day(read_or_leave(file, COLUMNS)), AT_ONCE)
    with service_client(config) as (client, _):
        path = path_of("roster", "shifts", by=account())
        more = {"replace": replace}
        reports = list(send_lines(client, path, "shifts", parts, more))
    tell_taken_in(reports)


def _by_day(given: Sequence[SheetLine]) -> Iterator[list[SheetLine]]:
    """What a person's day is made of stays together, in the order of days."""

    def of(line: SheetLine) -> tuple[str, str]:
        return line.values["day"], line.values["person"]

    return (list(group) for _, group in groupby(sorted(given, key=of), key=of))


@app.command("export")
def export_roster(
    file: File,
    config: ConfigFile = DEFAULT_CONFIG,
    week: Week = "",
    first: First = None,
    last: Last = None,
) -> None:
    """Write the shifts of some days into a file that can be imported."""
    with plain_errors():
        settings = load_settings(config)
        days = days_of(week, first, last, city_date(settings))
        shifts = with_database(
            settings, lambda db: shifts_between(db, days.first, days.last)
        )
    try:
        write_sheet(file, FIELDS, map(written, shifts))
    except SheetRefused as error:
        leave(str(error))
    typer.echo(f"{len(shifts)} shifts in {file}", err=True)


@app.command("show")
def show_roster(
    config: ConfigFile = DEFAULT_CONFIG,
    week: Week = "",
    day: OneDay = None,
    post: OfPost = Post.PHONES,
    picture: Picture = None,
    as_json: Json = False,
) -> None:
    """Show the shifts of a week, or a day's quarters of an hour against what is required."""
    with plain_errors():
        settings = load_settings(config)
        if not day:
            today = city_date(settings)
            _show_week(settings, days_of(week, None, None, today), as_json=as_json)
            return
        zone = ZoneInfo(settings.hotline.timezone)
        found = with_database(settings, lambda db: read_day_staff(db, day.date(), zone))
    if picture:
        _draw(found, post, picture, settings.speech.language)
    if as_json:
        print_json(asdict(found))
    elif not picture:
        _show_day(found)


@app.command("remove")
def remove_shifts(
    person: Annotated[str, typer.Argument(help="The person's id.")],
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"])],
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """A person is off on a day: take his shifts out."""
    with service_client(config) as (client, _):
        path = path_of("roster", "shifts", person, f"{day.date()}", by=account())
        _, gone = client.delete(path)
    for line in gone:
        typer.echo(f"taken out: {line['start']}–{line['end']} {line['post']}")
    if not gone:
        leave(f"{person} has no shift on {day.date()}")


def _show_week(settings: Settings, days: Days, *, as_json: bool) -> None:
    async def read(database: Database) -> tuple[list[Shift], list[Person]]:
        shifts = await shifts_between(database, days.first, days.last)
        return shifts, await all_people(database)

    shifts, people = with_database(settings, read)
    if as_json:
        print_json([written(shift) for shift in shifts])
    elif shifts:
        terminal().print(shift_table(shifts, people))
    else:
        typer.echo(f"No shift begins from {days.first} to {days.last}.")


def _show_day(staff: DayStaff) -> None:
    console = terminal()
    if not staff.posts:
        typer.echo(f"Nobody is rostered on {staff.day}, and nobody is required.")
    for post in staff.posts:
        console.print(staff_table(post))


def _draw(staff: DayStaff, post: Post, file: Path, language: str) -> None:
    of_post = [each for each in staff.posts if each.post is post]
    if not of_post:
        leave(f"nobody is rostered or required at {post} on {staff.day}")
    try:
        file.write_text(day_picture(staff.day, of_post[0], language), encoding="utf-8")
    except OSError as error:
        leave(f"{file} cannot be written ({error.strerror}); name another file")
    typer.echo(f"{staff.day} in {file}", err=True)
