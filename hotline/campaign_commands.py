"""`hotline campaigns`: contacts in, campaigns started, paused and shown, their results.

Lists are read from the database; what changes something goes through the service.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import track

from config.database import Database
from config.settings import load_settings
from hotline import delivery_commands, review_commands
from hotline.api_client import ApiClient
from hotline.call_tables import terminal
from hotline.campaign_tables import campaigns_table, contacts_table, results_table
from hotline.command_client import account, leave, path_of, service_client
from hotline.contact_export import write_contacts
from hotline.database_reading import plain_errors, print_json, with_database
from hotline.do_not_call_commands import app as do_not_call
from hotline.mode_commands import accept, list_previews, set_mode, set_rules, skip
from hotline.statistics_csv import write_csv
from outbound.archive import (
    ContactRecord,
    all_campaigns,
    all_contacts,
    campaign_of,
    contacts_page,
    results_of,
)
from outbound.contact import ContactState
from outbound.contact_file import ContactFileRefused, FileContact, contacts_of
from outbound.report.page import report_of
from outbound.results import By
from outbound.spoken_words import masked_words
from telephony.numbers import mask

app = typer.Typer(
    help="Campaigns of follow-up calls: import contacts, list, show, start, pause, results.",
    no_args_is_help=True,
)
app.add_typer(do_not_call, name="do-not-call")
app.add_typer(review_commands.app)
app.add_typer(delivery_commands.app)
app.command("mode")(set_mode)
app.command("rules")(set_rules)
app.command("previews")(list_previews)
app.command()(accept)
app.command()(skip)

Config = Annotated[Path, typer.Option("--config", help="The settings' file.")]
Full = Annotated[
    bool,
    typer.Option("--full", help="Show whole numbers, and why we know who answered."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Name = Annotated[str, typer.Argument(help="The campaign's name.")]
DEFAULT_CONFIG = Path("hotline.toml")
AT_ONCE = 50


@app.command("import")
def import_contacts(
    campaign: Name,
    file: Annotated[Path, typer.Argument(help="CSV with a header line, or .json.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Take the contacts of a file in; the same file twice calls nobody twice."""
    try:
        given = contacts_of(str(file), file.read_bytes())
    except ContactFileRefused as error:
        leave(str(error))
    except OSError as error:
        leave(f"{file} cannot be read: {error}")
    with service_client(config) as (client, _):
        reports = list(_sent(client, campaign, given))
    refused = [line for report in reports for line in report["refused"]]
    for line in refused:
        typer.echo(line, err=True)
    new, known = (sum(each[name] for each in reports) for name in ("new", "known"))
    typer.echo(f"{new} new, {known} known before, {len(refused)} refused")
    if refused:
        raise typer.Exit(1)


def _sent(
    client: ApiClient, campaign: str, given: Sequence[FileContact]
) -> Iterator[dict[str, Any]]:
    """The report of each part of the file, refused ones with their place in it."""
    parts = [given[at : at + AT_ONCE] for at in range(0, len(given), AT_ONCE)]
    screen = Console(stderr=True)
    path = path_of("campaigns", campaign, "contacts")
    for part in track(parts, "importing", console=screen, disable=len(parts) < 2):
        _, report = client.post(path, {"contacts": [each.values for each in part]})
        refused = [
            f"{part[line['place'] - 1].place}: {line['reason']}"
            for line in report["refused"]
        ]
        yield {**report, "refused": refused}


@app.command("list")
def list_campaigns(config: Config = DEFAULT_CONFIG, as_json: Json = False) -> None:
    """List campaigns with their contacts by state, the newest first."""
    with plain_errors():
        settings = load_settings(config)
        found = with_database(settings, all_campaigns)
        if as_json:
            print_json([asdict(campaign) for campaign in found])
        elif found:
            zone = ZoneInfo(settings.hotline.timezone)
            terminal().print(campaigns_table(found, zone))
        else:
            typer.echo("There is no campaign.")


@app.command("show")
def show_campaign(
    campaign: Name,
    config: Config = DEFAULT_CONFIG,
    state: Annotated[ContactState | None, typer.Option(help="Only these.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000)] = 20,
    full: Full = False,
    as_json: Json = False,
) -> None:
    """Show a campaign and its newest contacts with their tries. Times are the city's."""
    with plain_errors():
        settings = load_settings(config)
        found = with_database(settings, lambda db: campaign_of(db, campaign))
        read = with_database(
            settings, lambda db: contacts_page(db, campaign, limit=limit, state=state)
        )
        shown = [each if full else _masked(each) for each in read]
        if as_json:
            print_json(asdict(found) | {"newest": [asdict(each) for each in shown]})
            return
        zone = ZoneInfo(settings.hotline.timezone)
        terminal().print(campaigns_table([found], zone))
        terminal().print(contacts_table(shown, zone, full=full))


@app.command()
def start(campaign: Name, config: Config = DEFAULT_CONFIG) -> None:
    """Call its contacts, within the windows and as lines are free."""
    _turn(config, campaign, "start")


@app.command()
def pause(campaign: Name, config: Config = DEFAULT_CONFIG) -> None:
    """Call nobody more; a call that is under way goes on."""
    _turn(config, campaign, "pause")


@app.command()
def end(
    campaign: Name,
    reason: Annotated[str, typer.Option(help="Why; it is kept, and shown.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """End it for good: whoever waits is withdrawn, and it cannot be started again."""
    with service_client(config) as (client, _):
        path = path_of("campaigns", campaign, "end", by=account())
        _, ended = client.post(path, {"reason": reason})
    typer.echo(f"campaign {ended['name']} is {ended['state']}")


def _turn(config: Path, campaign: str, what: str) -> None:
    with service_client(config) as (client, _):
        _, turned = client.post(path_of("campaigns", campaign, what), {})
    typer.echo(f"campaign {turned['name']} is {turned['state']}")


@app.command()
def results(
    campaign: Name,
    config: Config = DEFAULT_CONFIG,
    by: Annotated[By, typer.Option(help="In all, or by what.")] = By.TOTAL,
    csv: Annotated[Path | None, typer.Option(help="Write the rates there.")] = None,
    as_json: Json = False,
) -> None:
    """Show its rates, each with numerator, denominator and n."""
    with plain_errors():
        settings = load_settings(config)
        zone = ZoneInfo(settings.hotline.timezone)
        found = with_database(settings, lambda db: results_of(db, campaign, by, zone))
        if csv:
            write_csv(csv, found, zone)
        if as_json:
            print_json([asdict(result) for result in found])
        else:
            terminal().print(results_table(found))


@app.command()
def export(
    campaign: Name,
    output: Annotated[Path, typer.Option(help="Where to: .csv or .json.")],
    config: Config = DEFAULT_CONFIG,
    full: Full = False,
) -> None:
    """Write every contact with every try and answer; numbers are masked."""
    with plain_errors():
        settings = load_settings(config)
        read = with_database(settings, lambda db: _all(db, campaign))
        shown = [each if full else _masked(each) for each in read]
        write_contacts(output, shown, ZoneInfo(settings.hotline.timezone))
    typer.echo(f"{len(shown)} contacts are in {output}")


@app.command()
def report(
    campaign: Name,
    output: Annotated[Path, typer.Option(help="Where to: an HTML file.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Write its report with plots: one page to read and to print."""
    with plain_errors():
        settings = load_settings(config)
        zone, now = ZoneInfo(settings.hotline.timezone), datetime.now(UTC)
        page = with_database(settings, lambda db: report_of(db, campaign, zone, now))
    try:
        output.write_text(page, encoding="utf-8")
    except OSError as error:
        leave(f"{output} cannot be written ({error.strerror}); name another --output")
    typer.echo(f"the report of {campaign} is in {output}")


async def _all(database: Database, campaign: str) -> list[ContactRecord]:
    return [record async for record in all_contacts(database, campaign)]


def _masked(record: ContactRecord) -> ContactRecord:
    """Also in what he said."""
    contact = replace(record.contact, number=mask(record.contact.number))
    given = tuple(
        replace(answer, transcript=masked_words(answer.transcript))
        for answer in record.answers
    )
    return replace(record, contact=contact, answers=given)
