"""`hotline agents`: see agents and set their states, through the running service."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn
from urllib.parse import quote
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from config.setting_errors import SettingsError
from config.settings import Settings, load_settings
from console.auth import TokenError
from hotline.api_client import ApiClient, RequestRefused, ServiceUnreachable

app = typer.Typer(
    help="Agents: list them, log them in and out, pause them.", no_args_is_help=True
)
out = Console()

WATCH_SECONDS = 1.0
REFUSED, NOT_ASKED = 1, 2
COLOURS = {
    "logged_out": "dim",
    "ready": "green",
    "offered": "cyan",
    "ringing": "cyan",
    "talking": "bold cyan",
    "wrap_up": "blue",
    "paused": "yellow",
}

ConfigFile = Annotated[Path, typer.Option("--config", help="The settings file.")]
AgentId = Annotated[str, typer.Argument(help="The agent's id.", metavar="ID")]
Reason = Annotated[str, typer.Option(help="Why, in a word or two.")]
DEFAULT_CONFIG = Path("hotline.toml")


@app.command("list")
def list_agents(
    config: ConfigFile = DEFAULT_CONFIG,
    watch: Annotated[
        bool, typer.Option(help="Keep it up to date; Ctrl+C ends.")
    ] = False,
) -> None:
    """Every agent: state, since when, why, and queues."""
    with _client(config) as (client, settings):
        zone = ZoneInfo(settings.hotline.timezone)
        if not watch:
            out.print(_table(client.get("/agents"), zone))
            return
        with Live(console=out, auto_refresh=False) as live:
            while True:
                live.update(_table(client.get("/agents"), zone), refresh=True)
                time.sleep(WATCH_SECONDS)


@app.command()
def login(agent: AgentId, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Log an agent in; he is ready for calls."""
    _set_state(config, agent, "logged_in")


@app.command()
def logout(agent: AgentId, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Log an agent out, after the talk that he may be in."""
    _set_state(config, agent, "logged_out")


@app.command()
def pause(
    agent: AgentId, config: ConfigFile = DEFAULT_CONFIG, reason: Reason = ""
) -> None:
    """Give an agent no calls for now, after the talk that he may be in."""
    _set_state(config, agent, "paused", reason)


@app.command()
def ready(agent: AgentId, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """End an agent's pause or wrap-up."""
    _set_state(config, agent, "ready")


def _set_state(config: Path, agent_id: str, state: str, reason: str = "") -> None:
    path = f"/agents/{quote(agent_id, safe='')}/state"
    with _client(config) as (client, _):
        status, agent = client.post(path, {"state": state, "reason": reason})
    if status == 202:
        words = state.replace("_", " ")
        out.print(f"{escape(agent_id)} will be {words} after the talk that he is in.")
    else:
        out.print(f"{escape(agent_id)} is {_state(agent)}.")


def _table(agents: list[dict[str, Any]], zone: ZoneInfo) -> Table:
    table = Table("id", "name", "state", "since", "for", "reason", "queues")
    now = datetime.now(UTC)
    for agent in agents:
        since = datetime.fromisoformat(agent["since"])
        table.add_row(
            escape(agent["id"]),
            escape(agent["name"]),
            _state(agent),
            since.astimezone(zone).strftime("%m-%d %H:%M:%S"),
            _length((now - since).total_seconds()),
            escape(agent["reason"].replace("_", " ")),
            escape(", ".join(agent["queues"])),
        )
    return table


def _state(agent: dict[str, Any]) -> str:
    state = str(agent["state"])
    colour = COLOURS.get(state, "default")
    return f"[{colour}]{escape(state.replace('_', ' '))}[/]"


def _length(seconds: float) -> str:
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


@contextmanager
def _client(config: Path) -> Iterator[tuple[ApiClient, Settings]]:
    """Ask the service; what goes wrong becomes one clear line and an exit status."""
    try:
        settings = load_settings(config)
        with ApiClient(settings) as client:
            yield client, settings
    except (SettingsError, TokenError, ServiceUnreachable) as error:
        _leave(error, NOT_ASKED)
    except RequestRefused as error:
        _leave(error, REFUSED)
    except KeyboardInterrupt:
        raise typer.Exit from None


def _leave(error: Exception, status: int) -> NoReturn:
    typer.echo(str(error), err=True)
    raise typer.Exit(status)
