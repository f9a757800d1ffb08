"""`hotline check`: is everything there that the service needs? In words, for people."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from config.settings import Settings
from ivr_flows.flow import check_file, flow_file, used_flows
from ivr_flows.language import FlowError
from ivr_flows.prompts import Prompts
from telephony.pjsua.capacity import capacity_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at. A fault is something that must be mended."""

    what: str
    words: str
    fault: bool = False


async def check(settings: Settings, console: Console) -> bool:
    """Print what was found; false when something must be mended."""
    good = True
    async for finding in _look(settings):
        mark, style = ("✗", "red") if finding.fault else ("✓", "green")
        console.print(f"[{style}]{mark}[/] {finding.what}: ", end="")
        console.print(finding.words, markup=False, highlight=False)
        good = good and not finding.fault
    return good


async def _look(settings: Settings) -> AsyncIterator[Finding]:
    yield _settings(settings)
    for name in used_flows(settings):
        for finding in _flow(settings, name):
            yield finding
    for finding in await _prompts(settings):
        yield finding
    yield Finding(what="SIP library", words=capacity_in_words())
    yield _data_dir(settings)


def _settings(settings: Settings) -> Finding:
    queues, agents = len(settings.queues), len(settings.agents)
    words = f"{queues} queues, {agents} agents to seed the database with"
    return Finding(what="settings", words=words)


def _flow(settings: Settings, name: str) -> Iterator[Finding]:
    try:
        file = flow_file(settings, name)
        flow, findings = check_file(settings, file, datetime.now(UTC))
    except FlowError as error:
        yield Finding(what=f"flow {name}", words=str(error), fault=True)
        return
    for finding in findings:
        yield Finding(what=f"flow {name}", words=str(finding), fault=finding.fatal)
    if not any(finding.fatal for finding in findings):
        yield Finding(what=f"flow {name}", words=f"good, {len(flow.steps)} steps")


async def _prompts(settings: Settings) -> list[Finding]:
    with TemporaryDirectory(prefix="hotline-check-") as folder:
        async with Prompts(settings, Path(folder)) as prompts:
            faults = await prompts.check()
    if not faults:
        return [Finding(what="prompts", words="voices and recordings are good")]
    return [Finding(what="prompts", words=fault, fault=True) for fault in faults]


def _data_dir(settings: Settings) -> Finding:
    folder = settings.hotline.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (probe := folder / ".probe").touch()
        probe.unlink()
    except OSError as error:
        return Finding(
            what="data directory",
            words=f"{folder} cannot be written ({error.strerror}): set hotline.data_dir to a folder of this user",
            fault=True,
        )
    return Finding(what="data directory", words=f"{folder} can be written")
