"""`hotline people`: import, export, list, show, remove.

Lists are read from the database; what changes something goes through the service.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from acd.people.archive import PersonUnknown, people_records, person_record
from acd.people.reading import FIELDS, NEEDED, PersonRecord, written
from acd.people.seal import NumberSealed, Seal
from config.database import Database
from config.key_file import KeyFileError, load_key
from config.settings import Settings, load_settings
from hotline.call_tables import terminal
from hotline.command_client import (
    DEFAULT_CONFIG,
    ConfigFile,
    account,
    leave,
    path_of,
    remove_in,
    service_client,
)
from hotline.database_reading import plain_errors, print_json
from hotline.sending import in_parts, read_or_leave, send_lines, tell_taken_in
from hotline.sheet_file import Columns, SheetRefused, write_sheet

app = typer.Typer(
    help="Who works here: posts, qualifications, leave; agents are those on the phones.",
    no_args_is_help=True,
)

COLUMNS = Columns(known=FIELDS, needed=NEEDED)
SHOWN = ("id", "name", "posts", "contact", "qualifications", "recall_number", "leave")
AT_ONCE = 20

File = Annotated[Path, typer.Argument(help="CSV with a header line, or .xlsx.")]
PersonId = Annotated[str, typer.Argument(help="The person's id.")]
Full = Annotated[bool, typer.Option("--full", help="Show whole numbers.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.command("import")
def import_people(file: File, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Take the people of a file in; the same file twice changes nothing.

    Columns: id, name, posts, contact, queues, skills, qualifications, recall_number,
    home_minutes, home_km, week_hours, prefers, avoids, leave. A column that is not
    there stays as it is; a cell that is empty is cleared.
    """
    given = read_or_leave(file, COLUMNS)
    parts = in_parts(([line] for line in given), AT_ONCE)
    with service_client(config) as (client, _):
        path = path_of("people", by=account())
        reports = list(send_lines(client, path, "people", parts))
    tell_taken_in(reports)


@app.command("export")
def export_people(
    file: File, config: ConfigFile = DEFAULT_CONFIG, full: Full = False
) -> None:
    """Write everybody into a file that can be imported; numbers masked, or whole.

    A masked number that is imported again leaves the one that is there.
    """
    lines = [written(record, full=full) for record in _read(config)]
    try:
        write_sheet(file, FIELDS, lines)
    except SheetRefused as error:
        leave(str(error))
    typer.echo(f"{len(lines)} people in {file}", err=True)


@app.command("list")
def list_people(
    config: ConfigFile = DEFAULT_CONFIG, full: Full = False, as_json: Json = False
) -> None:
    """List everybody, by id."""
    lines = [written(record, full=full) for record in _read(config)]
    if as_json:
        print_json(lines)
    elif lines:
        terminal().print(_table(lines))
    else:
        typer.echo("Nobody works here yet; take people in: hotline people import FILE")


@app.command("show")
def show_person(
    person: PersonId,
    config: ConfigFile = DEFAULT_CONFIG,
    full: Full = False,
    as_json: Json = False,
) -> None:
    """Show all that is kept of one person."""
    (record,) = _read(config, person)
    line = written(record, full=full)
    if as_json:
        print_json(line)
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    for name, text in line.items():
        table.add_row(name, text or "–")
    terminal().print(table, markup=False)


@app.command("remove")
def remove_person(person: PersonId, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """A person counts no more; an agent is logged out after the talk he may be in."""
    with service_client(config) as (client, _):
        remove_in(client, "people", person)
    typer.echo(f"{person} is removed.")


def _table(lines: Sequence[dict[str, str]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in SHOWN:
        table.add_column(name.replace("_", " "))
    for line in lines:
        table.add_row(*(line[name] or "–" for name in SHOWN))
    return table


def _read(config: Path, person: str | None = None) -> list[PersonRecord]:
    """Everybody, or one; what goes wrong becomes one clear line."""
    with plain_errors():
        settings = load_settings(config)
        try:
            return asyncio.run(_records(settings, person))
        except (KeyFileError, NumberSealed, PersonUnknown) as error:
            leave(str(error))


async def _records(settings: Settings, person: str | None) -> list[PersonRecord]:
    seal = Seal(load_key(settings.people_key_file))
    async with Database(settings.database_url, read_only=True) as database:
        if person is None:
            return await people_records(database, seal)
        return [await person_record(database, person, seal)]
