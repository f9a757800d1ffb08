"""`hotline trunks`: the lines out, as the running service sees them."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape
from rich.table import Table

from config.setting_errors import SettingsError
from config.settings import load_settings
from console.auth import TokenError
from hotline.api_client import ApiClient, RequestRefused, ServiceUnreachable
from hotline.call_tables import terminal

app = typer.Typer(help="Trunks: the lines out.", no_args_is_help=True)

DOWN, NOT_ASKED = 1, 2
DEFAULT_CONFIG = Path("hotline.toml")


@app.callback()
def _group() -> None:
    """Keep `list` a command of its own."""


@app.command("list")
def list_trunks(
    config: Annotated[
        Path, typer.Option("--config", help="The settings file.")
    ] = DEFAULT_CONFIG,
) -> None:
    """Every trunk: up or down, since when and why, lines in use. Status 1: one is down."""
    try:
        settings = load_settings(config)
        with ApiClient(settings) as client:
            trunks = client.get("/trunks")
    except (SettingsError, TokenError, ServiceUnreachable, RequestRefused) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(NOT_ASKED) from None
    if not trunks:
        terminal().print(
            "There is no trunk; write one under [[trunks]] in the settings file."
        )
        return
    terminal().print(_table(trunks, ZoneInfo(settings.hotline.timezone)))
    if not all(trunk["up"] for trunk in trunks):
        raise typer.Exit(DOWN)


def _table(trunks: list[dict[str, Any]], zone: ZoneInfo) -> Table:
    table = Table("name", "host", "state", "since", "registered", "lines", "why")
    for trunk in trunks:
        since = datetime.fromisoformat(trunk["since"])
        table.add_row(
            escape(trunk["name"]),
            escape(trunk["host"]),
            "[green]up[/]" if trunk["up"] else "[red]down[/]",
            since.astimezone(zone).strftime("%m-%d %H:%M:%S"),
            {None: "not asked for", True: "yes", False: "no"}[trunk["registered"]],
            f"{trunk['lines_in_use']} of {trunk['lines']}",
            escape(trunk["reason"]),
        )
    return table
