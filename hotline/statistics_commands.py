"""`hotline statistics`: how the hotline does, read from the database itself.

Works while the service runs and while it is stopped; only excluding a call asks the
service, whose clock must know of it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from acd.records.archive import find_call_id
from acd.statistics.agent_intervals import AgentDay
from acd.statistics.edges import Span, day_span
from acd.statistics.exclusions import ExclusionReason
from acd.statistics.queue_intervals import IntervalCounter
from acd.statistics.report import agent_days, count_calls, count_staff, read_clock
from acd.statistics.store import exclusion_log
from config.database import Database
from config.settings import Settings, load_settings
from hotline.api_client import ApiClient
from hotline.call_tables import terminal
from hotline.database_reading import plain_errors, print_json, with_database
from hotline.statistics_csv import write_csv
from hotline.statistics_tables import (
    agent_table,
    day_table,
    exclusion_table,
    interval_table,
    print_clock,
    staff_table,
)

app = typer.Typer(
    help="Intervals, days, agents' time, the connect rate.", no_args_is_help=True
)

Config = Annotated[Path, typer.Option("--config", help="The settings' file.")]
Day = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Of the city; today."),
]
Csv = Annotated[
    Path | None, typer.Option("--csv", help="Write all figures to this file.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Queue = Annotated[str | None, typer.Option(help="Only this queue.")]
CallId = Annotated[str, typer.Argument(help="Its id, or the end or start of it.")]
Reason = Annotated[ExclusionReason, typer.Option(help="The reason's code.")]
Name = Annotated[str, typer.Option(help="Who decided it.")]
Note = Annotated[str, typer.Option(help="What else is to be said.")]
DEFAULT_CONFIG = Path("hotline.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a command works with."""

    settings: Settings
    zone: ZoneInfo
    span: Span
    now: datetime


def _asked(config: Path, day: datetime | None = None) -> _Asked:
    settings, now = load_settings(config), datetime.now(UTC)
    zone = ZoneInfo(settings.hotline.timezone)
    wanted: date = day.date() if day else now.astimezone(zone).date()
    return _Asked(settings=settings, zone=zone, span=day_span(wanted, zone), now=now)


@app.command()
def intervals(
    config: Config = DEFAULT_CONFIG,
    day: Day = None,
    queue: Queue = None,
    csv: Csv = None,
    as_json: Json = False,
) -> None:
    """Calls by 15 minutes and queue; each belongs to the interval in which it came."""
    with plain_errors():
        asked = _asked(config, day)
        lines = _counted(asked, queue).intervals()
        if not _exported(lines, asked, csv, as_json=as_json):
            terminal().print(interval_table(lines, asked.zone))


@app.command("day")
def whole_day(
    config: Config = DEFAULT_CONFIG,
    day: Day = None,
    csv: Csv = None,
    as_json: Json = False,
) -> None:
    """A day as a whole (日清日结): each queue, and all of them."""
    with plain_errors():
        asked = _asked(config, day)
        lines = _counted(asked, None).totals(asked.span.since)
        if not _exported(lines, asked, csv, as_json=as_json):
            terminal().print(day_table(lines))


@app.command()
def agents(
    config: Config = DEFAULT_CONFIG,
    day: Day = None,
    agent: Annotated[str, typer.Option(help="This agent, by 15 minutes.")] = "",
    csv: Csv = None,
    as_json: Json = False,
) -> None:
    """Agents' time in each state and their calls; of one agent, by 15 minutes."""
    with plain_errors():
        asked = _asked(config, day)
        days = with_database(asked.settings, lambda db: _agent_days(db, asked, agent))
        wholes = [day.whole for day in days]
        lines = list(days[0].intervals) if agent and days else wholes
        if not _exported(lines, asked, csv, as_json=as_json):
            terminal().print(agent_table(lines, asked.zone if agent else None))


@app.command()
def staff(
    config: Config = DEFAULT_CONFIG,
    day: Day = None,
    queue: Annotated[str, typer.Option(help="Only the agents of this queue.")] = "",
    csv: Csv = None,
    as_json: Json = False,
) -> None:
    """All agents' time by 15 minutes, and how much of it calls took (occupancy)."""
    with plain_errors():
        asked = _asked(config, day)
        lines = with_database(
            asked.settings, lambda db: count_staff(db, asked.span, asked.now, queue)
        )
        if not _exported(lines, asked, csv, as_json=as_json):
            terminal().print(staff_table(lines, asked.zone))


@app.command()
def clock(config: Config = DEFAULT_CONFIG, as_json: Json = False) -> None:
    """The GB/T 33358 clock: the last 24 hours, and when 95 % would be missed."""
    with plain_errors():
        asked = _asked(config)
        shown = with_database(asked.settings, lambda db: read_clock(db, asked.now))
        if as_json:
            print_json(asdict(shown))
        else:
            print_clock(terminal(), shown, asked.zone)


@app.command()
def exclude(
    call_id: CallId,
    reason: Reason,
    name: Name,
    config: Config = DEFAULT_CONFIG,
    note: Note = "",
) -> None:
    """Leave a call out of the adjusted connect rate; who did it and why is kept."""
    _wish(config, call_id, excluded=True, reason=reason, name=name, note=note)
    typer.echo("Excluded; the raw rate still has it.")


@app.command()
def include(
    call_id: CallId,
    reason: Reason,
    name: Name,
    config: Config = DEFAULT_CONFIG,
    note: Note = "",
) -> None:
    """Count a call in again that was excluded; that is kept, too."""
    _wish(config, call_id, excluded=False, reason=reason, name=name, note=note)
    typer.echo("Counted in again.")


@app.command()
def exclusions(
    config: Config = DEFAULT_CONFIG,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: Json = False,
) -> None:
    """Who excluded which call, and why; the newest first."""
    with plain_errors():
        asked = _asked(config)
        log = with_database(asked.settings, lambda db: exclusion_log(db, limit=limit))
        if as_json:
            print_json([asdict(line) for line in log])
        else:
            terminal().print(exclusion_table(log, asked.zone))


def _counted(asked: _Asked, queue: str | None) -> IntervalCounter:
    return with_database(
        asked.settings, lambda db: count_calls(db, asked.span, asked.now, queue)
    )


async def _agent_days(db: Database, asked: _Asked, agent: str) -> list[AgentDay]:
    found = agent_days(db, asked.span, asked.now, agent)
    return [day async for day in found]


def _exported(
    lines: Sequence[Any], asked: _Asked, csv: Path | None, *, as_json: bool
) -> bool:
    """Whether the lines went elsewhere than to the terminal, or there are none."""
    if as_json:
        print_json([asdict(line) for line in lines])
    if csv:
        write_csv(csv, lines, asked.zone)
        typer.echo(f"{len(lines)} rows in {csv}", err=True)
    if not lines and not (as_json or csv):
        typer.echo("Nothing was recorded.")
    return as_json or csv is not None or not lines


def _wish(config: Path, part: str, **wish: Any) -> None:
    with plain_errors():
        settings = load_settings(config)
        call_id = with_database(settings, lambda db: find_call_id(db, part))
        with ApiClient(settings) as client:
            client.post("/statistics/exclusions", {"call_id": call_id, **wish})
