"""The command line. Every fault of a user ends in one clear sentence and status 1."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from acd.records.journal import JournalInUse
from acd.staffing.behaviour import BehaviourRefused
from acd.staffing.csv_lines import TableRefused
from acd.staffing.duty import AgentsRefused
from config.calendar import CalendarError
from config.database import DatabaseError
from config.key_file import KeyFileError
from config.logging import set_up_logging
from config.setting_errors import SettingsError
from config.settings import load_settings
from console.auth import TokenError
from console.server import ServerError
from hotline import (
    account_commands,
    agent_commands,
    call_back_commands,
    call_commands,
    campaign_commands,
    flow_commands,
    plan_commands,
    queue_commands,
    recording_commands,
    runner,
    speech_commands,
    statistics_commands,
    talk_commands,
    trunk_commands,
)
from hotline.backups import commands as backup_commands
from hotline.backups.manifest import BackupError
from hotline.check import check as check_everything
from hotline.demo.play import play
from hotline.people import commands as people_commands
from hotline.roster import commands as roster_commands
from hotline.seed import seed
from hotline.simulate.commands import simulate_day
from hotline.staffing import daily_command as staffing_commands
from hotline.test_calls.commands import make_test_call
from ivr_flows.language import FlowError
from ivr_flows.prompts import PromptError
from recordings.archive import ArchiveInUse
from telephony.calls import TelephonyError

app = typer.Typer(
    help="12345 citizen hotline: SIP, IVR, call distribution, recordings.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
call_commands.app.add_typer(talk_commands.app)
app.add_typer(call_commands.app, name="calls")
app.add_typer(call_back_commands.app, name="call-backs")
app.add_typer(campaign_commands.app, name="campaigns")
app.add_typer(agent_commands.app, name="agents")
app.add_typer(people_commands.app, name="people")
app.add_typer(roster_commands.app, name="roster")
app.add_typer(queue_commands.app, name="queues")
app.add_typer(recording_commands.app, name="recordings")
app.add_typer(statistics_commands.app, name="statistics")
app.add_typer(trunk_commands.app, name="trunks")
app.add_typer(flow_commands.app, name="flow")
app.add_typer(account_commands.app, name="user")
app.command("audit")(account_commands.audit)
app.command("simulate")(simulate_day)
app.add_typer(staffing_commands.app, name="staffing")
app.add_typer(plan_commands.app, name="plans")
app.add_typer(speech_commands.app, name="speech")
app.command("test-call")(make_test_call)
app.command()(backup_commands.backup)
app.command()(backup_commands.restore)

Config = Annotated[Path, typer.Option("--config", help="The settings' file.")]
DEFAULT_CONFIG = Path("hotline.toml")

USER_FAULTS = (
    AgentsRefused,
    BehaviourRefused,
    ArchiveInUse,
    BackupError,
    CalendarError,
    DatabaseError,
    FlowError,
    JournalInUse,
    KeyFileError,
    PromptError,
    ServerError,
    SettingsError,
    TableRefused,
    TelephonyError,
    TokenError,
)
"""What a person can mend; each message says how."""


@app.command()
def run(config: Config = DEFAULT_CONFIG) -> None:
    """Start the service; Ctrl-C lets talks end first, twice ends at once."""
    set_up_logging()
    asyncio.run(runner.run(load_settings(config)))


@app.command()
def check(config: Config = DEFAULT_CONFIG) -> None:
    """Check settings, flows, prompts and the SIP library, in words."""
    if not asyncio.run(check_everything(load_settings(config), Console())):
        raise typer.Exit(1)


@app.command("seed")
def seed_command(
    names: Annotated[
        list[str] | None, typer.Argument(help="Only these queues and agents.")
    ] = None,
    config: Config = DEFAULT_CONFIG,
    yes: Annotated[bool, typer.Option("--yes", help="Overwrite unasked.")] = False,
) -> None:
    """Make agents and queues in the database like the file; counts from the next start."""
    seed(load_settings(config), names or [], yes=yes)


@app.command()
def demo(
    seconds: Annotated[
        float | None, typer.Option(min=1, help="Calls for so long; else until Ctrl-C.")
    ] = None,
) -> None:
    """Show it all: simulated citizens and agents in real calls, checked at the end."""
    raise typer.Exit(play(seconds))


def main() -> None:
    """The entry point."""
    try:
        app()
    except USER_FAULTS as fault:
        Console(stderr=True, highlight=False).print(
            f"{fault}", style="red", markup=False
        )
        sys.exit(1)
