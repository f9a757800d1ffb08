"""`hotline campaigns mode` and the previews of agents: how a campaign is dialled."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from hotline.call_tables import terminal
from hotline.command_client import leave, path_of, service_client
from hotline.database_reading import print_json
from outbound.mode import DialMode

Config = Annotated[Path, typer.Option("--config", help="The settings' file.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Agent = Annotated[str, typer.Argument(help="The agent's id.")]
DEFAULT_CONFIG = Path("hotline.toml")


def set_mode(
    campaign: Annotated[str, typer.Argument(help="The campaign's name.")],
    mode: Annotated[DialMode, typer.Argument(help="Who speaks, and who is first.")],
    queue: Annotated[str, typer.Option(help="Whose agents speak.")] = "",
    cap: Annotated[
        str, typer.Option(help="Share of answered calls that may meet nobody.")
    ] = "3%",
    wait_seconds: Annotated[
        float, typer.Option(help="So long somebody may be without an agent.")
    ] = 2.0,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Dial a campaign so from now on: agentless, preview, progressive or predictive."""
    body = {
        "mode": mode.value,
        "queue": queue,
        "cap": _share(cap),
        "wait_seconds": wait_seconds,
    }
    with service_client(config) as (client, _):
        _, turned = client.post(path_of("campaigns", campaign, "mode"), body)
    words = f", agents of {queue}" if queue else ""
    typer.echo(f"campaign {turned['name']} is {turned['mode']['mode']}{words}")


def set_rules(
    campaign: Annotated[str, typer.Argument(help="The campaign's name.")],
    caller_number: Annotated[
        str, typer.Option(help="One of a trunk's caller_numbers.")
    ] = "",
    flow: Annotated[str, typer.Option(help="One of [outbound] flow and flows.")] = "",
    window: Annotated[
        list[str] | None,
        typer.Option(help="Like 09:00-12:00, as often as there are windows."),
    ] = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Give a campaign its own number, flow and windows; what is left out is as in all."""
    body = {"caller_number": caller_number, "flow": flow, "windows": window or []}
    with service_client(config) as (client, _):
        _, changed = client.post(path_of("campaigns", campaign, "rules"), body)
    own = changed["own"]
    parts = [own["caller_number"], own["flow"], *own["windows"]]
    words = ", ".join(filter(None, parts)) or "as in all campaigns"
    typer.echo(f"campaign {changed['name']}: {words}")


def list_previews(config: Config = DEFAULT_CONFIG, as_json: Json = False) -> None:
    """List the contacts that agents look at now."""
    with service_client(config) as (client, _):
        found = client.get("/previews")
    if as_json:
        print_json(found)
    elif found:
        terminal().print(_table(found))
    else:
        typer.echo("No agent looks at a contact.")


def accept(agent: Agent, config: Config = DEFAULT_CONFIG) -> None:
    """Ring the agent, and then the contact that he looks at."""
    _end(agent, "accept", config)
    typer.echo(f"agent {agent} is rung, then his contact")


def skip(agent: Agent, config: Config = DEFAULT_CONFIG) -> None:
    """Show the agent another contact; his present one comes again in half an hour."""
    _end(agent, "skip", config)
    typer.echo(f"agent {agent} is shown another contact")


def _end(agent: str, what: str, config: Path) -> None:
    with service_client(config) as (client, _):
        shown = [each for each in client.get("/previews") if each["agent_id"] == agent]
        if not shown:
            leave(f"agent {agent} looks at no contact now")
        body = {"contact_id": shown[0]["contact"]["id"]}
        client.post(path_of("previews", agent, what), body)


def _share(text: str) -> float:
    """A share from "3%" or "0.03"."""
    try:
        number = float(text.removesuffix("%"))
    except ValueError:
        leave(f"{text!r} is no share; write one like 3% or 0.03")
    return number / 100 if text.endswith("%") else number


def _table(found: Sequence[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("agent", "campaign", "order", "unit", "number", "tries", "contact"):
        table.add_column(name, no_wrap=True)
    for each in found:
        contact = each["contact"]
        table.add_row(
            each["agent_id"],
            contact["campaign"],
            contact["order_id"],
            contact["unit"] or "–",
            contact["number"],
            str(contact["tries"]),
            contact["id"],
        )
    return table
