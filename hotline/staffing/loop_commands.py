"""`hotline staffing show|propose|accept|decline|undo|why`: the fifteen-minute loop."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from pydantic import TypeAdapter

from acd.adjustments.store import KeptRound
from config.settings import Settings
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
from hotline.staffing.commands import app as app
from hotline.staffing.round_tables import (
    effect_table,
    measured_table,
    proposal_table,
    round_table,
)

ROUND = TypeAdapter(KeptRound)
Ids = Annotated[list[str], typer.Argument(help="Ids of proposals, or their endings.")]
Id = Annotated[str, typer.Argument(help="The proposal's id, or its ending.")]
LOOK_SECONDS = 150.0
"""The first look of a day reads months of calls."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.command()
def show(config: ConfigFile = DEFAULT_CONFIG, as_json: Json = False) -> None:
    """The newest round: forecast, requirement, roster, presence, and the proposal."""
    with service_client(config) as (client, settings):
        _tell(client, client.get(path_of("staffing")), settings, as_json=as_json)


@app.command()
def propose(config: ConfigFile = DEFAULT_CONFIG, as_json: Json = False) -> None:
    """Look now, and propose; what was open before expires."""
    with service_client(config) as (client, settings):
        _, made = client.post(path_of("staffing"), {}, seconds=LOOK_SECONDS)
        _tell(client, made, settings, as_json=as_json)


@app.command()
def why(
    proposal: Id, config: ConfigFile = DEFAULT_CONFIG, as_json: Json = False
) -> None:
    """What was known when this was proposed, and what became of the hour after it."""
    with service_client(config) as (client, settings):
        [proposal] = _whole(client, [proposal])
        found = client.get(path_of("staffing", "proposals", proposal))
        _tell(client, found, settings, as_json=as_json)


@app.command()
def accept(proposals: Ids, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Carry moves out: the roster changes, the people are told. All of them, or none."""
    _decide("accept", proposals, config)


@app.command()
def decline(proposals: Ids, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Do nothing of it."""
    _decide("decline", proposals, config)


@app.command()
def undo(proposals: Ids, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Take accepted moves back."""
    _decide("undo", proposals, config)


def _decide(what: str, proposals: list[str], config: Any) -> None:
    with service_client(config) as (client, _):
        ids = _whole(client, proposals)
        path = path_of("staffing", what, by=account())
        _, answer = client.post(path, {"ids": ids})
        for decided in answer:
            person = decided["proposed"]["move"]["before"]["person_id"]
            kind = decided["proposed"]["move"]["kind"]
            typer.echo(f"{decided['id']}: {kind} of {person} {decided['state']}")


def _whole(client: Any, given: list[str]) -> list[str]:
    """Ids by their endings, looked up in the newest round; others are left as they are."""
    if all(len(one) > _SHORT for one in given):
        return given
    known = [p["id"] for p in client.get(path_of("staffing"))["proposals"]]
    return [_one(one, known) for one in given]


_SHORT = 20
"""A whole id is longer."""


def _one(ending: str, known: list[str]) -> str:
    ending = ending if ending.startswith("-") else f"-{ending}"
    return next((one for one in known if one.endswith(ending)), ending.lstrip("-"))


def _tell(client: Any, answer: Any, settings: Settings, *, as_json: bool) -> None:
    if as_json:
        print_json(answer)
        return
    kept = ROUND.validate_python(answer)
    console, zone = terminal(), ZoneInfo(settings.hotline.timezone)
    names = names_by_id(client)
    console.print(round_table(kept.round, zone, names))
    if kept.round.effects:
        console.print(effect_table(kept.round))
    console.print(proposal_table(kept, names))
    if kept.measured:
        console.print(measured_table(kept))
    for words in kept.round.words:
        console.print(words, markup=False)
