"""`hotline campaigns deliveries`: results that the order system took, or did not."""

from dataclasses import asdict
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from config.settings import load_settings
from hotline.call_tables import terminal
from hotline.campaign_tables import deliveries_table
from hotline.command_client import (
    DEFAULT_CONFIG,
    ConfigFile,
    leave,
    path_of,
    service_client,
)
from hotline.database_reading import plain_errors, print_json, with_database
from outbound.deliveries.delivery import DeliveryState
from outbound.deliveries.store import deliveries_page

app = typer.Typer(
    name="deliveries",
    help="Results on their way to the order system: list, send again.",
    no_args_is_help=True,
)


@app.command("list")
def list_deliveries(
    state: Annotated[DeliveryState | None, typer.Option(help="Only these.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 20,
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List deliveries, the newest first. Times are the city's."""
    with plain_errors():
        settings = load_settings(config)
        found = with_database(
            settings, lambda db: deliveries_page(db, state=state, limit=limit)
        )
        if as_json:
            print_json([asdict(each) for each in found])
        elif found:
            zone = ZoneInfo(settings.hotline.timezone)
            terminal().print(deliveries_table(found, zone))
        else:
            typer.echo("There is no such delivery.")


@app.command()
def again(
    delivery: Annotated[
        str, typer.Argument(help="Its id, from `deliveries list`.")
    ] = "",
    dead: Annotated[bool, typer.Option("--dead", help="All that are dead.")] = False,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Send one again that was not taken, or all dead ones; the service must run."""
    if bool(delivery) is dead:
        leave("name one delivery, or write --dead for all that are dead")
    with service_client(config) as (client, _):
        if delivery:
            client.post(path_of("deliveries", delivery, "again"), {})
            typer.echo(f"delivery {delivery} is sent again")
        else:
            _, done = client.post(path_of("deliveries", "again"), {})
            typer.echo(f"{done['count']} deliveries are sent again")
