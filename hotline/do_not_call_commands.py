"""`hotline campaigns do-not-call`: who gets no follow-up calls, by hand."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from config.settings import load_settings
from hotline.api_client import ApiClient
from hotline.call_tables import local, terminal
from hotline.command_client import account, leave, path_of, service_client
from hotline.database_reading import plain_errors, print_json, with_database
from hotline.number_file import FileNumber, read_numbers
from outbound.contact_file import ContactFileRefused
from outbound.do_not_call.entry import DoNotCallEntry
from outbound.do_not_call.store import entries_page
from telephony.numbers import mask

app = typer.Typer(
    help="Numbers that get no follow-up calls: list, add, remove, import.",
    no_args_is_help=True,
)

Config = Annotated[Path, typer.Option("--config", help="The settings' file.")]
Full = Annotated[bool, typer.Option("--full", help="Show whole numbers.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Number = Annotated[str, typer.Argument(help="A telephone number in any form.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept.")]
DEFAULT_CONFIG = Path("hotline.toml")
AT_ONCE = 500


@app.command("list")
def list_numbers(
    config: Config = DEFAULT_CONFIG,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000)] = 20,
    full: Full = False,
    as_json: Json = False,
) -> None:
    """List them, the newest first. Times are the city's."""
    with plain_errors():
        settings = load_settings(config)
        found = with_database(settings, lambda db: entries_page(db, limit=limit))
        shown = found if full else [_masked(entry) for entry in found]
        if as_json:
            print_json([asdict(entry) for entry in shown])
        elif shown:
            terminal().print(_table(shown, ZoneInfo(settings.hotline.timezone)))
        else:
            typer.echo("No number is on the list.")


@app.command()
def add(number: Number, reason: Reason, config: Config = DEFAULT_CONFIG) -> None:
    """No follow-up calls to a number; contacts who wait with it are barred."""
    with service_client(config) as (client, _):
        report = _add(client, [number], reason)
    if report["refused"]:
        leave("this is no citizen's telephone number")
    typer.echo(_in_words(report))


@app.command("import")
def import_numbers(
    file: Annotated[Path, typer.Argument(help="A number on each line, or a CSV.")],
    reason: Reason,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """No follow-up calls to the numbers of a file, or of its column `number`."""
    try:
        given = read_numbers(file)
    except ContactFileRefused as error:
        leave(str(error))
    with service_client(config) as (client, _):
        reports = list(_sent(client, given, reason))
    refused = [place for report in reports for place in report["refused"]]
    for place in refused:
        typer.echo(f"{place}: this is no citizen's telephone number", err=True)
    total = {
        name: sum(each[name] for each in reports) for name in ("new", "known", "barred")
    }
    typer.echo(f"{_in_words(total)}, {len(refused)} refused")
    if refused:
        raise typer.Exit(1)


@app.command()
def remove(number: Number, reason: Reason, config: Config = DEFAULT_CONFIG) -> None:
    """A number may be called again; who was barred stays so until he is imported anew."""
    body = {"number": number, "reason": reason}
    with service_client(config) as (client, _):
        _, done = client.post(path_of("do-not-call", "remove", by=account()), body)
    typer.echo(f"{done['number']} may be called again")


def _sent(
    client: ApiClient, given: Sequence[FileNumber], reason: str
) -> Iterator[dict[str, Any]]:
    parts = [given[at : at + AT_ONCE] for at in range(0, len(given), AT_ONCE)]
    screen = Console(stderr=True)
    for part in track(parts, "importing", console=screen, disable=len(parts) < 2):
        report = _add(client, [each.number for each in part], reason)
        places = [part[place - 1].place for place in report["refused"]]
        yield {**report, "refused": places}


def _add(client: ApiClient, numbers: Sequence[str], reason: str) -> dict[str, Any]:
    body = {"numbers": numbers, "reason": reason}
    _, report = client.post(path_of("do-not-call", by=account()), body)
    added: dict[str, Any] = report
    return added


def _in_words(report: dict[str, Any]) -> str:
    return (
        f"{report['new']} new, {report['known']} known before; "
        f"{report['barred']} contacts barred"
    )


def _masked(entry: DoNotCallEntry) -> DoNotCallEntry:
    return replace(entry, number=mask(entry.number))


def _table(entries: Sequence[DoNotCallEntry], zone: ZoneInfo) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("number", "since", "reason", "by"):
        table.add_column(name, no_wrap=True)
    for entry in entries:
        by = entry.added_by or "–"
        table.add_row(entry.number, local(entry.at, zone), entry.reason, by)
    return table
