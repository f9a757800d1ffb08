"""`hotline roster build`: a week ordered of the service, watched, and its report told."""

import time
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from acd.rosters.order import LEAST_SECONDS, MOST_SECONDS
from acd.rosters.requirement_lines import FIELDS, NEEDED, needed_of
from acd.staffing.csv_lines import LineFault
from hotline.api_client import ApiClient
from hotline.command_client import (
    DEFAULT_CONFIG,
    ConfigFile,
    account,
    leave,
    path_of,
    service_client,
)
from hotline.database_reading import print_json
from hotline.roster.days import week_of
from hotline.sending import read_or_leave
from hotline.sheet_file import Columns

COLUMNS = Columns(known=FIELDS, needed=NEEDED)
LOOK_SECONDS = 0.3

Week = Annotated[str, typer.Option(help="Like 2026-W49.")]
Requirement = Annotated[
    Path | None,
    typer.Option(
        "--requirement", help="CSV or .xlsx; else the forecast says how many."
    ),
]
Replace = Annotated[
    bool, typer.Option("--replace", help="The week's shifts give way to the new ones.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell, and keep nothing.")]
Seconds = Annotated[
    float, typer.Option(min=LEAST_SECONDS, max=MOST_SECONDS, help="To be looked for.")
]
Share = Annotated[
    float | None,
    typer.Option(min=0.01, max=0.999, help="To be answered in time; else as set."),
]
Within = Annotated[
    float | None, typer.Option(min=0, help="What is in time, in seconds; else as set.")
]
Sureness = Annotated[
    float | None,
    typer.Option(min=0.5, max=0.999, help="With what chance it is enough; as set."),
]
HandleSeconds = Annotated[
    float | None, typer.Option(min=1, help="Mean with wrap-up; else as recorded.")
]
PatienceSeconds = Annotated[
    float | None, typer.Option(min=1, help="Mean until they hang up; else as recorded.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def build_roster(
    week: Week,
    config: ConfigFile = DEFAULT_CONFIG,
    requirement: Requirement = None,
    replace: Replace = False,
    dry_run: DryRun = False,
    seconds: Seconds = 60.0,
    target_share: Share = None,
    within_seconds: Within = None,
    sureness: Sureness = None,
    handle_seconds: HandleSeconds = None,
    patience_seconds: PatienceSeconds = None,
    as_json: Json = False,
) -> None:
    """Make a week: enough people at every quarter of an hour, and no rule broken.

    Shifts that are there stay, and count. Who is missing is told with the reason;
    then the exit status is 1.
    """
    monday = week_of(week).first
    wish = {
        "monday": f"{monday}",
        "needed": _needed(requirement, monday) if requirement else None,
        "replace": replace,
        "keep": not dry_run,
        "seconds": seconds,
        "target_share": target_share,
        "within_seconds": within_seconds,
        "sureness": sureness,
        "handle_seconds": handle_seconds,
        "patience_seconds": patience_seconds,
    }
    with service_client(config) as (client, _):
        _, build = client.post(path_of("roster", "builds", by=account()), wish)
        build = _watched(client, build)
    if build["state"] == "failed":
        leave(build["error"])
    if as_json:
        print_json(build["report"])
    else:
        _tell(build["report"], week)
    if build["report"]["missing"]:
        raise typer.Exit(1)


def _needed(file: Path, monday: date) -> dict[str, list[int]]:
    lines = read_or_leave(file, COLUMNS)
    try:
        needed = needed_of(((line.place, line.values) for line in lines), monday)
    except LineFault as fault:
        leave(f"{file}: {fault}")
    return {post: list(figures) for post, figures in needed.items()}


def _watched(client: ApiClient, build: dict[str, Any]) -> dict[str, Any]:
    """The build when it has ended, with a bar for how far it is until then."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    ) as progress:
        bar = progress.add_task(build["step"], total=1.0)
        while build["state"] == "running":
            time.sleep(LOOK_SECONDS)
            build = client.get(path_of("roster", "builds", build["id"]))
            progress.update(bar, description=build["step"], completed=build["share"])
    return build


def _tell(report: dict[str, Any], week: str) -> None:
    for words in report["words"]:
        typer.echo(words)
    for stretch in report["missing"]:
        typer.echo(stretch["words"])
    typer.echo(
        f"{week}: {report['shifts']} new shifts, {report['replaced']} taken out; "
        f"{report['hours_needed']:g} hours of people needed, "
        f"{report['hours_missing']:g} missing"
    )
