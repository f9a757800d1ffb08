"""The part of `hotline check` that looks at the team in the database, when there is one."""

from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path

from acd.rule_changes.store import newest_change
from acd.rule_checks.finding import RuleFinding
from acd.run_time.settings import SHAPES
from config.database import Database, DatabaseError
from config.settings import Settings
from hotline.finding import Finding, Verdict, fault
from hotline.rules import team_findings
from hotline.team import Team, not_in_file

WHAT = "database"


async def check_database(settings: Settings) -> list[Finding]:
    """What is wrong with the queues and agents that count once there is a database."""
    if not database_file(settings).exists():
        return []
    try:
        async with Database(settings.database_url, read_only=True) as database:
            team = await Team.of(database)
            changed = [finding async for finding in _changed(database)]
    except DatabaseError as error:
        return [fault(WHAT, str(error))]
    return [*_of_team(team, settings), *changed]


def database_file(settings: Settings) -> Path:
    """Where the database lies, or will."""
    return Path(settings.database_url.removeprefix("sqlite+aiosqlite:///"))


def _of_team(team: Team, settings: Settings) -> Iterator[Finding]:
    queues, agents = len(team.queues), len(team.agents)
    words = f"{queues} queues, {agents} agents; they count, the file only adds new ones"
    yield Finding(what=WHAT, words=words)
    yield from as_findings(team_findings(team, settings), "database: ")
    for words in not_in_file(team, settings):
        yield Finding(what=WHAT, words=words, verdict=Verdict.WARNING)


async def _changed(database: Database) -> AsyncIterator[Finding]:
    """Which settings of the file count no more, since people changed them."""
    for shape in SHAPES:
        if change := await newest_change(database, shape.kind, shape.name):
            who, when = change.changed_by or "somebody", f"{change.at:%Y-%m-%d %H:%M}"
            words = f"{shape.name}: as {who} changed them ({when} UTC); the file's count no more"
            yield Finding(what=WHAT, words=words)


def as_findings(found: Iterable[RuleFinding], where: str = "") -> Iterator[Finding]:
    """Findings about rules as the check tells them."""
    for finding in found:
        verdict = Verdict.FAULT if finding.fatal else Verdict.WARNING
        what = f"{where}{finding.about}"
        yield Finding(what=what, words=finding.words, verdict=verdict)
