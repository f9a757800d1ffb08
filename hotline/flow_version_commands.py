"""`hotline flow versions` and what is beside it: the versions of the running service."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from hotline.call_tables import terminal
from hotline.command_client import ConfigFile, account, leave, path_of, service_client
from hotline.database_reading import print_json

DEFAULT_CONFIG = Path("hotline.toml")
FlowName = Annotated[str, typer.Argument(help="The flow's name.")]
Number = Annotated[int, typer.Argument(help="The version's number.")]
Note = Annotated[str, typer.Option(help="Why, for the list of versions.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def versions(
    name: FlowName, config: ConfigFile = DEFAULT_CONFIG, as_json: Json = False
) -> None:
    """List the versions of a flow: the newest first, and which of them calls meet."""
    with service_client(config) as (client, _):
        found = client.get(path_of("flows", name, "versions"))
    if as_json:
        print_json(found)
    else:
        terminal().print(_table(found))


def show(name: FlowName, number: Number, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Print a version as YAML."""
    with service_client(config) as (client, _):
        version = client.get(path_of("flows", name, "versions", str(number)))
    typer.echo(version["text"], nl=False)


def diff(
    name: FlowName,
    old: Number,
    new: Number,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Print what is other in the second version than in the first."""
    path = path_of("flows", name, "differences", old=str(old), new=str(new))
    with service_client(config) as (client, _):
        lines = client.get(path)["lines"]
    for line in lines:
        typer.echo(line)


def save(
    name: FlowName,
    file: Annotated[Path, typer.Argument(help="The YAML file.")],
    note: Note = "",
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Keep a file as the next version of a flow, a draft that no call meets yet."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        leave(f"{file} cannot be read: {error}")
    with service_client(config) as (client, _):
        path = path_of("flows", name, "versions", by=account())
        _, kept = client.post(path, {"text": text, "note": note})
    typer.echo(f"flow {name}: version {kept['number']} is kept as a draft")


def publish(
    name: FlowName,
    number: Number,
    note: Note = "",
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Let new calls meet a version; those under way keep theirs."""
    with service_client(config) as (client, _):
        path = path_of("flows", name, "publish", by=account())
        client.post(path, {"version": number, "note": note})
    typer.echo(f"flow {name}: new calls meet version {number}")


def roll_back(
    name: FlowName, note: Note = "", config: ConfigFile = DEFAULT_CONFIG
) -> None:
    """Publish the version again that new calls met before the present one."""
    with service_client(config) as (client, _):
        path = path_of("flows", name, "roll-back", by=account())
        _, view = client.post(path, {"note": note})
    typer.echo(f"flow {name}: new calls meet version {view['version']} again")


def _table(found: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("version", "state", "saved", "by", "note"):
        table.add_column(name, no_wrap=name != "note")
    for each in found:
        table.add_row(
            str(each["number"]),
            each["state"],
            each["at"][:19].replace("T", " "),
            each["saved_by"] or "–",
            each["note"],
        )
    return table
