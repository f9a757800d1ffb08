"""`hotline calls`: what the records tell, read from the database itself.

Works while the service runs and while it is stopped. Numbers are masked unless asked.
"""

from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from acd.events import Outcome
from acd.ledger.archive import missed_calls_page
from acd.ledger.debt import DebtState
from acd.records.archive import (
    CallFilter,
    call,
    calls_page,
    find_call_id,
)
from acd.records.rows import CallRecord, CallRow
from acd.routing_records.store import RoutingDecision, decisions_of
from config.database import Database
from config.settings import Settings, load_settings
from hotline.call_tables import (
    SHORT_ID,
    call_table,
    missed_table,
    print_decisions,
    print_story,
    terminal,
)
from hotline.database_reading import plain_errors, print_json, with_database
from recordings.entry import Recording
from recordings.store import RecordingStore
from telephony.numbers import NumberPlan, mask

app = typer.Typer(help="What the records tell of calls.", no_args_is_help=True)

Config = Annotated[Path, typer.Option("--config", help="The settings' file.")]
Full = Annotated[bool, typer.Option("--full", help="Show whole numbers.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000)]
Moment = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]),
]
DEFAULT_CONFIG = Path("hotline.toml")


@app.command("list")
def list_calls(
    config: Config = DEFAULT_CONFIG,
    limit: Limit = 20,
    caller: Annotated[str, typer.Option(help="Only this number.")] = "",
    agent: Annotated[str, typer.Option(help="Only this agent's id.")] = "",
    queue: Annotated[str, typer.Option(help="Only this queue.")] = "",
    outcome: Annotated[Outcome | None, typer.Option(help="Only these.")] = None,
    since: Moment = None,
    until: Moment = None,
    before: Annotated[str, typer.Option(help="Older than this call.")] = "",
    full: Full = False,
    as_json: Json = False,
) -> None:
    """List calls, the newest first. Times are the city's."""
    with plain_errors():
        settings = load_settings(config)
        zone = ZoneInfo(settings.hotline.timezone)
        only = CallFilter(
            caller=_plan(settings).normalise(caller) if caller else "",
            agent=agent,
            queue=queue,
            outcome=outcome or "",
            since=since and since.replace(tzinfo=zone),
            until=until and until.replace(tzinfo=zone),
        )
        calls = with_database(settings, lambda db: _page(db, limit, before, only))
        _print_calls(calls, zone, full=full, as_json=as_json, limit=limit)


@app.command("show")
def show_call(
    call_id: Annotated[str, typer.Argument(help="Its id, or the end or start of it.")],
    config: Config = DEFAULT_CONFIG,
    full: Full = False,
    as_json: Json = False,
) -> None:
    """Tell the story of a call, second by second."""
    with plain_errors():
        settings = load_settings(config)
        record, recording = with_database(settings, lambda db: _found(db, call_id))
        if as_json:
            print_json(_record_json(record, recording, full=full))
            return
        zone = ZoneInfo(settings.hotline.timezone)
        print_story(terminal(), record, recording, zone, full=full)


@app.command("why")
def why_call(
    call_id: Annotated[str, typer.Argument(help="Its id, or the end or start of it.")],
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Tell why a call went where it went: each routing decision about it."""
    with plain_errors():
        settings = load_settings(config)
        call, decisions = with_database(settings, lambda db: _decided(db, call_id))
        if as_json:
            print_json([asdict(decision) for decision in decisions])
            return
        print_decisions(terminal(), call, decisions)


@app.command("missed")
def missed_calls(
    config: Config = DEFAULT_CONFIG,
    limit: Limit = 20,
    state: Annotated[DebtState | None, typer.Option(help="Only these.")] = None,
    full: Full = False,
    as_json: Json = False,
) -> None:
    """List the missed-call ledger: citizens whom we could not serve."""
    with plain_errors():
        settings = load_settings(config)
        entries = with_database(
            settings,
            lambda db: missed_calls_page(db, limit=limit, state=state or ""),
        )
        if as_json:
            shown = [entry if full else _masked(entry) for entry in entries]
            print_json([asdict(entry) for entry in shown])
        elif entries:
            zone = ZoneInfo(settings.hotline.timezone)
            terminal().print(missed_table(entries, zone, full=full))
        else:
            typer.echo("No missed call fits.")


def _plan(settings: Settings) -> NumberPlan:
    place = settings.hotline
    return NumberPlan(country_code=place.country_code, area_code=place.area_code)


async def _page(
    database: Database, limit: int, before: str, only: CallFilter
) -> list[CallRow]:
    before_id = await find_call_id(database, before) if before else ""
    return await calls_page(database, limit=limit, before_id=before_id, only=only)


async def _decided(
    database: Database, part: str
) -> tuple[CallRow, list[RoutingDecision]]:
    record = await call(database, await find_call_id(database, part))
    return record.call, await decisions_of(database, record.call.id)


async def _found(database: Database, part: str) -> tuple[CallRecord, Recording | None]:
    call_id = await find_call_id(database, part)
    record = await call(database, call_id)
    return record, await RecordingStore(database).find(call_id)


def _print_calls(
    calls: list[CallRow], zone: ZoneInfo, *, full: bool, as_json: bool, limit: int
) -> None:
    if as_json:
        print_json([asdict(each if full else _masked(each)) for each in calls])
        return
    if not calls:
        typer.echo("No call fits.")
        return
    terminal().print(call_table(calls, zone, full=full))
    if len(calls) == limit:
        typer.echo(f"Older ones: --before {calls[-1].id[-SHORT_ID:]}")


def _masked(row: Any) -> Any:
    return replace(row, caller=mask(row.caller)) if row.caller else row


def _record_json(
    record: CallRecord, recording: Recording | None, *, full: bool
) -> dict[str, Any]:
    if not full:
        record = replace(record, call=_masked(record.call))
    return asdict(record) | {"recording": asdict(recording) if recording else None}
