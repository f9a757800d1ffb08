"""`hotline seed`: the team in the database made like the file, after showing how."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import typer

from acd.people import store as people
from acd.rule_changes.rows import NewChange
from acd.rule_changes.store import keep_seeding, seeding
from config.agent_settings import AgentSection
from config.database import Database
from config.queue_settings import QueueSection
from config.setting_errors import SettingsError
from config.settings import Settings
from hotline.backups.marker import require_whole
from hotline.queue_commands import differences
from hotline.rules import require_good_rules


@dataclass(frozen=True, slots=True)
class _Part:
    """What of the file is taken."""

    agents: Sequence[AgentSection]
    queues: Sequence[QueueSection]


def seed(settings: Settings, names: Sequence[str], *, yes: bool) -> None:
    """Add whom the database does not have, and overwrite who differs once it is wanted.

    `SettingsError` when the rules of the file cannot work, or it has no such name.
    """
    require_good_rules(settings)
    require_whole(settings.hotline.data_dir)
    part = _named(settings, names)
    lines = asyncio.run(_look(settings, part))
    for line in lines:
        was = "" if line.old else " was removed and comes back:"
        told = differences({"old": line.old, "new": line.new})
        typer.echo(f"{line.kind} {line.name}:{was} {told}")
    if lines and not yes:
        _ask()
    added = asyncio.run(_write(settings, part, lines))
    changed = [*added, *(line.name for line in lines)]
    typer.echo(f"changed: {', '.join(changed) or 'nothing, they were alike'}")


def _named(settings: Settings, names: Sequence[str]) -> _Part:
    if not names:
        return _Part(settings.agents, settings.queues)
    part = _Part(
        [agent for agent in settings.agents if agent.id in names],
        [queue for queue in settings.queues if queue.name in names],
    )
    known = {a.id for a in part.agents} | {q.name for q in part.queues}
    if unknown := ", ".join(name for name in names if name not in known):
        raise SettingsError(f"the settings' file has no agent or queue {unknown}")
    return part


def _ask() -> None:
    """Ends the command unless a person says yes."""
    if not sys.stdin.isatty():
        typer.echo("nothing was changed; to overwrite these: hotline seed --yes")
        raise typer.Exit(1)
    typer.confirm("Overwrite these? It counts from the next start", abort=True)


async def _look(settings: Settings, part: _Part) -> list[NewChange]:
    async with Database(settings.database_url) as database:
        return await seeding(database, part.agents, part.queues, datetime.now(UTC))


async def _write(
    settings: Settings, part: _Part, lines: Sequence[NewChange]
) -> tuple[str, ...]:
    async with Database(settings.database_url) as database:
        now = datetime.now(UTC)
        added = await people.seed(database, part.agents, part.queues, now)
        await keep_seeding(database, part.agents, part.queues, lines)
    return (*added.queues, *added.agents)
