"""`hotline agents`: see agents and set their states, through the running service."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from hotline.call_tables import terminal
from hotline.command_client import (
    DEFAULT_CONFIG,
    ConfigFile,
    account,
    change,
    leave,
    path_of,
    remove_in,
    service_client,
)

app = typer.Typer(
    help="Agents: list them, log them in and out, pause them.", no_args_is_help=True
)

WATCH_SECONDS = 1.0
COLOURS = {
    "logged_out": "dim",
    "ready": "green",
    "offered": "cyan",
    "ringing": "cyan",
    "talking": "bold cyan",
    "wrap_up": "blue",
    "paused": "yellow",
}

AgentId = Annotated[str, typer.Argument(help="The agent's id.", metavar="ID")]
Reason = Annotated[str, typer.Option(help="Why: one of the pause reasons.")]
Levels = Annotated[
    list[str] | None,
    typer.Argument(help="Like tax=3; =none takes one away.", metavar="NAME=LEVEL..."),
]
Contact = Annotated[
    str, typer.Argument(help="His phone, like sip:1001@10.1.2.3.", metavar="SIP_URI")
]
Queues = Annotated[list[str] | None, typer.Argument(metavar="QUEUE...")]


@app.command("list")
def list_agents(
    config: ConfigFile = DEFAULT_CONFIG,
    watch: Annotated[
        bool, typer.Option(help="Keep it up to date; Ctrl+C ends.")
    ] = False,
) -> None:
    """Every agent: state, since when, why, and queues."""
    with service_client(config) as (client, settings):
        zone = ZoneInfo(settings.hotline.timezone)
        if not watch:
            terminal().print(_table(client.get("/agents"), zone))
            return
        with Live(console=terminal(), auto_refresh=False) as live:
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


@app.command()
def add(
    agent: AgentId,
    contact: Contact,
    config: ConfigFile = DEFAULT_CONFIG,
    name: Annotated[str, typer.Option(help="His name.")] = "",
    queue: Annotated[
        list[str] | None, typer.Option(help="His queues; none: every one.")
    ] = None,
) -> None:
    """Add an agent at once, logged out, or take one back who was removed."""
    given = {"id": agent, "contact": contact, "name": name, "queues": queue or []}
    with service_client(config) as (client, _):
        client.post(path_of("agents", by=account()), given)
    terminal().print(f"{agent} is added; to log him in: hotline agents login {agent}")


@app.command()
def remove(agent: AgentId, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Remove an agent: no more calls, and logged out after the talk that he may be in."""
    with service_client(config) as (client, settings):
        status = remove_in(client, "agents", agent)
    after = ", after the talk that he is in" if status == 202 else ""
    terminal().print(f"{agent} is removed{after}.", markup=False)
    if any(known.id == agent for known in settings.agents):
        terminal().print(f"Take him out of {config} too.", markup=False)


@app.command()
def contact(
    agent: AgentId,
    contact: Annotated[str, typer.Argument(help="Like sip:1001@10.1.2.3.")] = "",
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Give an agent another phone, or see which he has; the next call rings there."""
    _change(config, agent, "contact", {"contact": contact} if contact else {})


@app.command()
def skills(
    agent: AgentId, levels: Levels = None, config: ConfigFile = DEFAULT_CONFIG
) -> None:
    """Give an agent levels of skills, or see them; the next call counts them."""
    _set_levels(config, agent, "skills", levels or [])


@app.command()
def penalties(
    agent: AgentId, levels: Levels = None, config: ConfigFile = DEFAULT_CONFIG
) -> None:
    """Give an agent penalties in queues, or see them; the lowest is asked first."""
    _set_levels(config, agent, "penalties", levels or [])


@app.command()
def queues(
    agent: AgentId, queues: Queues = None, config: ConfigFile = DEFAULT_CONFIG
) -> None:
    """Put an agent into these queues and no other ("all": into every one), or see which."""
    if queues == ["none"]:
        leave(
            f"nobody is in no queue; to give him no calls: hotline agents pause {agent}"
        )
    named = [] if queues == ["all"] else queues
    _change(config, agent, "queues", {} if named is None else {"queues": named})


@app.command()
def weight(
    agent: AgentId,
    weight: Annotated[float | None, typer.Argument(help="1 is usual.")] = None,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Give an agent another share of a queue by chance, or see it."""
    _change(config, agent, "weight", {} if weight is None else {"weight": weight})


def _set_levels(config: Path, agent: str, kind: str, levels: list[str]) -> None:
    given = dict(_level(level) for level in levels)
    with service_client(config) as (client, _):
        old = client.get(path_of("agents", agent, "profile"))["rules"][kind]
    named = {name: level for name, level in (old | given).items() if level is not None}
    _change(config, agent, kind, {kind: named} if given else {})


def _level(text: str) -> tuple[str, int | None]:
    name, _, level = text.rpartition("=")
    if name and level == "none":
        return name, None
    if not name or not level.isascii() or not level.isdigit():
        leave(f"{text!r} is no name with a level; write one like tax=3")
    return name, int(level)


def _change(config: Path, agent: str, kind: str, given: dict[str, Any]) -> None:
    with service_client(config) as (client, _):
        path = "agents", agent, "profile"
        answer = (
            change(client, *path, given=given) if given else client.get(path_of(*path))
        )
    value = answer["rules"][kind]
    words = "all" if kind == "queues" and not value else _words(value)
    terminal().print(f"{agent}: {kind} {words}", markup=False)
    for warning in answer["warnings"]:
        terminal().print(f"[yellow]![/] {escape(warning)}", highlight=False)


def _words(value: Any) -> str:
    if isinstance(value, dict):
        value = [f"{name}={level}" for name, level in value.items()]
    return ", ".join(value) or "none" if isinstance(value, list) else str(value)


def _set_state(config: Path, agent_id: str, state: str, reason: str = "") -> None:
    path = path_of("agents", agent_id, "state")
    with service_client(config) as (client, _):
        status, agent = client.post(path, {"state": state, "reason": reason})
    if status == 202:
        words = state.replace("_", " ")
        terminal().print(
            f"{escape(agent_id)} will be {words} after the talk that he is in."
        )
    else:
        terminal().print(f"{escape(agent_id)} is {_state(agent)}.")


def _table(agents: list[dict[str, Any]], zone: ZoneInfo) -> Table:
    table = Table("id", "name", "state", "since", "for", "reason", "queues", "skills")
    now = datetime.now(UTC)
    for agent in agents:
        since = datetime.fromisoformat(agent["since"])
        table.add_row(
            escape(agent["id"]),
            escape(agent["name"]),
            _state(agent),
            since.astimezone(zone).strftime("%m-%d %H:%M:%S"),
            _length((now - since).total_seconds()),
            _reason(agent),
            escape(_words(agent["queues"])),
            escape(_words(agent["skills"])),
        )
    return table


def _state(agent: dict[str, Any]) -> str:
    state = str(agent["state"])
    colour = COLOURS.get(state, "default")
    return f"[{colour}]{escape(state.replace('_', ' '))}[/]"


def _reason(agent: dict[str, Any]) -> str:
    words = escape(agent["reason"].replace("_", " "))
    return f"[red]{words} (too long)[/]" if agent["overdue"] else words


def _length(seconds: float) -> str:
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
