"""`hotline plans`: where the emergency plans stand, a dry run, orders, history."""

from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from pydantic import TypeAdapter

from acd.plans.desk import DryRun, PlansView
from acd.plans.recall_orders import RECALL_LEVEL, nobody_yet
from acd.plans.store import KeptDecision
from acd.recalls.store import KeptRecall
from hotline.call_tables import terminal
from hotline.command_client import (
    DEFAULT_CONFIG,
    ConfigFile,
    account,
    path_of,
    service_client,
)
from hotline.database_reading import print_json
from hotline.people.names import names_by_id
from hotline.plan_tables import (
    NO_RECALL,
    history_table,
    name_of,
    recall_table,
    sight_table,
    would_be,
)

app = typer.Typer(
    help="The emergency plans: show, dry-run, start, stop, history.",
    no_args_is_help=True,
)
VIEW = TypeAdapter(PlansView)
DRY_RUN = TypeAdapter(DryRun)
RECALLS = TypeAdapter(list[KeptRecall])
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
        terminal().print(sight_table(run.sight))
        for line in would_be(run, names_by_id(client)):
            typer.echo(line)


@app.command()
def start(
    level: Level,
    config: ConfigFile = DEFAULT_CONFIG,
    note: Note = "",
    people: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="How many to recall, also more while plan 2 is on; else as many as are missing.",
        ),
    ] = None,
) -> None:
    """Go to this level now, up or down. Plan 2 recalls off-duty staff."""
    _order(level, config, note, people)


@app.command()
def recalls(config: ConfigFile = DEFAULT_CONFIG, as_json: Json = False) -> None:
    """The newest recall: who was rung, who comes when, who is there, who is late."""
    with service_client(config) as (client, settings):
        answer = client.get(path_of("plans", "recalls", limit="1"))
        if as_json:
            print_json(answer)
            return
        for recall in RECALLS.validate_python(answer):
            zone = ZoneInfo(settings.hotline.timezone)
            names, now = names_by_id(client), datetime.now(UTC)
            terminal().print(recall_table(recall, names, zone, now))
        if not answer:
            typer.echo("nobody was ever recalled")


@app.command()
def stop(config: ConfigFile = DEFAULT_CONFIG, note: Note = "") -> None:
    """Go back to normal now."""
    _order(0, config, note, None)


@app.command()
def history(
    config: ConfigFile = DEFAULT_CONFIG,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 20,
    as_json: Json = False,
) -> None:
    """Every change and proposal, the newest first."""
    with service_client(config) as (client, settings):
        answer = client.get(path_of("plans", "decisions", limit=str(limit)))["items"]
        if as_json:
            print_json(answer)
            return
        kept = DECISIONS.validate_python(answer)
        terminal().print(history_table(kept, ZoneInfo(settings.hotline.timezone)))


def _order(level: int, config: Any, note: str, people: int | None) -> None:
    with service_client(config) as (client, _):
        order = {"level": level, "note": note, "people": people}
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
    owed = state.recall_owed if view.can_recall else None
    if told := view.answer or (nobody_yet(owed) if owed else ""):
        typer.echo(told)
    if state.proposed is not None:
        typer.echo(f"proposed: {name_of(state.proposed)}; hotline plans start|stop")
    if not view.can_recall and max(state.level, state.proposed or 0) >= RECALL_LEVEL:
        typer.echo(NO_RECALL)
    if view.sight:
        terminal().print(sight_table(view.sight))
