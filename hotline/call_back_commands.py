"""`hotline call-backs`: what we owe to whom, and paying it by hand.

Lists are read from the database; what changes something goes through the service.
"""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from acd.ledger.archive import DebtFilter, DebtRecord, debt_record, debts_page
from acd.ledger.debt import Debt, DebtKind, DebtState
from config.settings import load_settings
from hotline.call_tables import SHORT_ID, local, terminal
from hotline.command_client import leave, path_of, service_client
from hotline.database_reading import plain_errors, print_json, with_database
from telephony.numbers import mask

app = typer.Typer(
    help="Call-backs: list what is owed, place, retry, cancel.", no_args_is_help=True
)

Config = Annotated[Path, typer.Option("--config", help="The settings' file.")]
Full = Annotated[bool, typer.Option("--full", help="Show whole numbers.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Id = Annotated[str, typer.Argument(help="Its id, or the end or start of it.")]
Changed = Annotated[
    str,
    typer.Argument(help="Its id, or at least 6 characters of its end or start."),
]
DEFAULT_CONFIG = Path("hotline.toml")
LEAST_CHARACTERS = 6
"""Who is called by a part of an id shorter than this may be somebody else."""


@app.command("list")
def list_call_backs(
    config: Config = DEFAULT_CONFIG,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000)] = 20,
    state: Annotated[DebtState | None, typer.Option(help="Only these.")] = None,
    kind: Annotated[DebtKind | None, typer.Option(help="Only these.")] = None,
    queue: Annotated[str, typer.Option(help="Only this queue.")] = "",
    full: Full = False,
    as_json: Json = False,
) -> None:
    """List call-backs, the newest first. Times are the city's."""
    with plain_errors():
        settings = load_settings(config)
        only = DebtFilter(state=state, kind=kind, queue=queue)
        debts = with_database(
            settings, lambda db: debts_page(db, limit=limit, only=only)
        )
        shown = [debt if full else _masked(debt) for debt in debts]
        if as_json:
            print_json([asdict(debt) for debt in shown])
        elif shown:
            terminal().print(_table(shown, ZoneInfo(settings.hotline.timezone)))
        else:
            typer.echo("No call-back fits.")


@app.command("show")
def show_call_back(
    call_back: Id,
    config: Config = DEFAULT_CONFIG,
    full: Full = False,
    as_json: Json = False,
) -> None:
    """Show a call-back with its attempts and the calls that it stands for."""
    with plain_errors():
        settings = load_settings(config)
        found = with_database(settings, lambda db: debt_record(db, call_back))
        record = found if full else replace(found, debt=_masked(found.debt))
        if as_json:
            print_json(asdict(record))
            return
        zone = ZoneInfo(settings.hotline.timezone)
        terminal().print(_table([record.debt], zone))
        terminal().print(_attempts(record, zone))
        typer.echo(f"stands for: {', '.join(record.call_ids) or 'no missed call'}")


@app.command()
def place(call_back: Changed, config: Config = DEFAULT_CONFIG) -> None:
    """Pay it now, at its place in the queue, whatever its time."""
    _ask(config, call_back, "place", {})


@app.command()
def retry(call_back: Changed, config: Config = DEFAULT_CONFIG) -> None:
    """Owe an expired one again; an open one is due now."""
    _ask(config, call_back, "retry", {})


@app.command()
def cancel(
    call_back: Changed,
    config: Config = DEFAULT_CONFIG,
    refused: Annotated[
        bool, typer.Option("--refused", help="The citizen wants no call-back.")
    ] = False,
) -> None:
    """End it; nobody is called."""
    _ask(config, call_back, "cancel", {"refused": refused})


def _ask(config: Path, call_back: str, what: str, body: dict[str, Any]) -> None:
    if len(call_back) < LEAST_CHARACTERS:
        leave(f"Give at least {LEAST_CHARACTERS} characters of the call-back's id.")
    with service_client(config) as (client, _):
        debt_id = client.get(path_of("call-backs", call_back))["debt"]["id"]
        _, debt = client.post(path_of("call-backs", debt_id, what), body)
    typer.echo(f"call-back {debt['id']} is {debt['state']}")


def _table(debts: list[Debt], zone: ZoneInfo) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("call-back", "kind", "state", "number", "queue", "since"):
        table.add_column(name, no_wrap=True)
    table.add_column("tries", justify="right", no_wrap=True)
    table.add_column("next try", no_wrap=True)
    table.add_column("why")
    for debt in debts:
        table.add_row(
            debt.id[-SHORT_ID:],
            debt.kind,
            debt.state,
            debt.number,
            debt.queue or "–",
            local(debt.since, zone),
            str(debt.tries),
            local(debt.due_at, zone) if debt.due_at else "–",
            debt.reason or "–",
        )
    return table


def _attempts(record: DebtRecord, zone: ZoneInfo) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("attempt", "call", "at", "outcome"):
        table.add_column(name, no_wrap=True)
    for attempt in record.attempts:
        table.add_row(
            str(attempt.attempt),
            attempt.call_id[-SHORT_ID:],
            local(attempt.at, zone),
            attempt.outcome or "under way",
        )
    return table


def _masked(debt: Debt) -> Debt:
    return replace(debt, number=mask(debt.number))
