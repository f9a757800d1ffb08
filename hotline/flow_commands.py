"""`hotline flow`: check flows, draw them, and walk through them without a telephone."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from config.calendar import CalendarError
from config.setting_errors import SettingsError
from config.settings import Settings, load_settings
from hotline import flow_version_commands
from hotline.flow_walk import walk
from ivr_flows import trial
from ivr_flows.flow import (
    Flow,
    FlowError,
    check_file,
    city_calendar,
    flow_file,
    load_flow,
    used_flows,
)
from ivr_flows.graph import mermaid
from ivr_flows.interpreter import FlowContext
from ivr_flows.layout import PictureTooLarge
from ivr_flows.picture import picture
from ivr_flows.prompts.catalogue import Catalogue, PromptError
from ivr_flows.sentences import LANGUAGES, Language

app = typer.Typer(help="The flows that callers meet.", no_args_is_help=True)
app.command()(flow_version_commands.versions)
app.command()(flow_version_commands.show)
app.command()(flow_version_commands.diff)
app.command()(flow_version_commands.save)
app.command()(flow_version_commands.publish)
app.command("roll-back")(flow_version_commands.roll_back)

Config = Annotated[Path, typer.Option("--config", help="The settings' file.")]
Name = Annotated[str, typer.Argument(help="A flow's name, or a YAML file.")]
DEFAULT_CONFIG = Path("hotline.toml")


@app.command()
def check(
    files: Annotated[
        list[str] | None, typer.Argument(help="Names or files; else all in use.")
    ] = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Check flows: every fault with file, line and the nearest word."""
    with _plain_errors():
        settings = load_settings(config)
        faulty = [
            name for name in files or used_flows(settings) if not _good(settings, name)
        ]
    if faulty:
        raise typer.Exit(1)


@app.command()
def graph(
    name: Name,
    config: Config = DEFAULT_CONFIG,
    svg: Annotated[bool, typer.Option("--svg", help="As an SVG picture.")] = False,
) -> None:
    """Draw a flow as a Mermaid flowchart, or as a picture."""
    with _plain_errors():
        settings = load_settings(config)
        flow = load_flow(_file(settings, name))
        draw = picture if svg else mermaid
        typer.echo(draw(flow, Catalogue(settings.ivr.prompts_dir)), nl=False)


@app.command("try")
def try_flow(
    name: Name,
    config: Config = DEFAULT_CONFIG,
    language: Annotated[
        Language | None, typer.Option(help="Begin in this one.")
    ] = None,
    at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d %H:%M"], help="The city's time; else now."),
    ] = None,
) -> None:
    """Walk through a flow by typing keys; Enter alone is a caller who presses none."""
    with _plain_errors():
        settings = load_settings(config)
        flow = load_flow(_file(settings, name))
        context = _context(settings, language)
        texts, now = Catalogue(settings.ivr.prompts_dir), _now(at, settings)
        walk(flow, lambda acts: trial.try_flow(flow, context, now, texts, acts))


def _good(settings: Settings, name: str) -> bool:
    try:
        flow, findings = check_file(settings, _file(settings, name), datetime.now(UTC))
    except FlowError as error:
        typer.echo(str(error))
        return False
    for finding in findings:
        typer.echo(str(finding))
    if good := not any(finding.fatal for finding in findings):
        typer.echo(f"{name}: good, {_size(flow)}")
    return good


def _size(flow: Flow) -> str:
    return f"{len(flow.steps)} steps"


def _file(settings: Settings, name: str) -> Path:
    return Path(name) if name.endswith((".yaml", ".yml")) else flow_file(settings, name)


def _context(settings: Settings, language: Language | None) -> FlowContext:
    return FlowContext(
        language=settings.speech.language,
        timezone=ZoneInfo(settings.hotline.timezone),
        calendar=city_calendar(settings),
        variables={"language": language} if language else {},
        queues=frozenset(queue.name for queue in settings.queues),
        hears=frozenset(LANGUAGES),
    )


def _now(at: datetime | None, settings: Settings) -> datetime:
    zone = ZoneInfo(settings.hotline.timezone)
    return at.replace(tzinfo=zone) if at else datetime.now(zone)


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except (
        SettingsError,
        FlowError,
        PromptError,
        CalendarError,
        PictureTooLarge,
    ) as error:
        typer.echo(str(error), file=sys.stderr)
        raise typer.Exit(1) from None
