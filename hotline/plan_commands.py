"""`hotline plans`: where the emergency plans stand, a dry run, orders, history."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from pydantic import TypeAdapter
from rich.table import Table

from acd.adjustments.telling import change_in_words
from acd.plans.desk import DryRun, PlansView
from acd.plans.foresight import AT_MINUTES, Sight
from acd.plans.store import KeptDecision
from hotline.call_tables import terminal
from hotline.command_client import (
    DEFAULT_CONFIG,
    ConfigFile,
    account,
    path_of,
    service_client,
)
from hotline.database_reading import print_json

app = typer.Typer(
    help="The emergency plans: show, dry-run, start, stop, history.",
    no_args_is_help=True,
)
VIEW = TypeAdapter(PlansView)
DRY_RUN = TypeAdapter(DryRun)
DECISIONS = TypeAdapter(list[KeptDecision])
LOOK_SECONDS = 150.0

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Note = Annotated[str, typer.Option("--note", help="Why, for the log.")]
Level = Annotated[int, typer.Argument(min=1, max=3, help="1, 2 or 3.")]


@app.command()
def show(config: ConfigFile = DEFAULT_CONFIG, as_json: Json = False) -> None:
    """The level now, what is proposed, and what is foreseen at each level."""
    with service_client(config) as (client, _):
        _tell(client.get(path_of("plans")), as_json=as_json)


@app.command("dry-run")
def dry_run(config: ConfigFile = DEFAULT_CONFIG, as_json: Json = False) -> None:
    """What would happen now; nothing is changed."""
    with service_client(config) as (client, _):
        answer = client.get(path_of("plans", "dry-run"), seconds=LOOK_SECONDS)
        if as_json:
            print_json(answer)
            return
        run = DRY_RUN.validate_python(answer)
        console = terminal()
        console.print(sight_table(run.sight))
        for move in run.moves:
            console.print(
                f"plan 1 moves {move.person_id}: {change_in_words(move)}", markup=False
            )
        if not run.moves:
            typer.echo("plan 1 would move nobody")


@app.command()
def start(level: Level, config: ConfigFile = DEFAULT_CONFIG, note: Note = "") -> None:
    """Go to this level now, up or down."""
    _order(level, config, note)


@app.command()
def stop(config: ConfigFile = DEFAULT_CONFIG, note: Note = "") -> None:
    """Go back to normal now."""
    _order(0, config, note)


@app.command()
def history(
    config: ConfigFile = DEFAULT_CONFIG,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 20,
    as_json: Json = False,
) -> None:
    """Every change and proposal, the newest first."""
    with service_client(config) as (client, settings):
        answer = client.get(path_of("plans", "decisions", limit=str(limit)))
        if as_json:
            print_json(answer)
            return
        kept = DECISIONS.validate_python(answer)
        terminal().print(_history_table(kept, ZoneInfo(settings.hotline.timezone)))


def _order(level: int, config: Any, note: str) -> None:
    with service_client(config) as (client, _):
        order = {"level": level, "note": note}
        path = path_of("plans", by=account())
        _, answer = client.post(path, order, seconds=LOOK_SECONDS)
        _tell(answer, as_json=False)


def _tell(answer: Any, *, as_json: bool) -> None:
    if as_json:
        print_json(answer)
        return
    view = VIEW.validate_python(answer)
    state = view.state
    typer.echo(f"level: {name_of(state.level)}")
    if state.proposed is not None:
        typer.echo(f"proposed: {name_of(state.proposed)}; hotline plans start|stop")
    if view.sight:
        terminal().print(sight_table(view.sight))


def name_of(level: int) -> str:
    """A level in words."""
    return f"plan {level}" if level else "normal"


def sight_table(sight: Sight) -> Table:
    """Each level: its agents, the waits ahead, and who hangs up within the hour."""
    surge = f", surge of {sight.surge_ratio:g} times" if sight.surge else ""
    made = Table(
        title=f"foreseen{surge}", title_justify="left", box=None, pad_edge=False
    )
    made.add_column("")
    waits = [f"wait in {minutes} min" for minutes in AT_MINUTES]
    for name in ("agents in an hour", *waits, "hang up"):
        made.add_column(name, justify="right")
    for level in sight.levels:
        made.add_row(
            name_of(level.level),
            str(level.agents),
            *(f"{wait:.0f} s" for wait in level.waits),
            f"{level.abandoned:.1%}",
        )
    return made


def _history_table(kept: list[KeptDecision], zone: ZoneInfo) -> Table:
    made = Table(box=None, pad_edge=False)
    for name in ("", "", "from", "to", "because", "wait ahead", "by", "note"):
        made.add_column(name)
    for one in kept:
        decision = one.decision
        wait = decision.wait_seconds
        made.add_row(
            f"{decision.at.astimezone(zone):%m-%d %H:%M}",
            decision.turn,
            name_of(decision.before),
            name_of(decision.level),
            decision.reason,
            "" if wait is None else f"{wait:.0f} s",
            one.decided_by,
            one.note,
        )
    return made
