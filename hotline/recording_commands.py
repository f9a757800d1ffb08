"""`hotline recordings`: list, show, prove and hold, whether the service runs or not."""

import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.table import Column, Table

from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database, DatabaseError
from config.setting_errors import SettingsError
from config.settings import Settings, load_settings
from recordings.archive import Archive
from recordings.chain import Head
from recordings.chain_walk import Fault
from recordings.entry import Recording
from recordings.holds import HoldChange, HoldRefused
from recordings.proof import Proof, Scope, check

app = typer.Typer(help="Recordings: list, show, prove.", no_args_is_help=True)
PIPE_COLUMNS = 160
out = Console(width=None if sys.stdout.isatty() else PIPE_COLUMNS)
ConfigFile = Annotated[Path, typer.Option("--config", help="The settings file.")]
CallId = Annotated[str, typer.Argument(help="The call's id, from `recordings list`.")]
DEFAULT_CONFIG = Path("hotline.toml")
MOST_FAULTS_SHOWN = 100
HASH_DIGITS = 64


@app.command("list")
def list_recordings(
    config: ConfigFile = DEFAULT_CONFIG,
    limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 20,
) -> None:
    """The newest recordings."""
    _run(config, lambda archive, zone: _list(archive, zone, limit))


@app.command()
def show(call: CallId, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Everything that is known of one recording."""
    _run(config, lambda archive, zone: _show(archive, zone, call))


@app.command()
def verify(
    config: ConfigFile = DEFAULT_CONFIG,
    since: Annotated[
        datetime | None,
        typer.Option(help="Read only the files of calls from this day on."),
    ] = None,
    expect: Annotated[
        str,
        typer.Option(help="A chain head noted earlier, as verify printed it (N:HASH)."),
    ] = "",
) -> None:
    """Prove that every recording is there and unchanged. Exit status 1 on a fault."""
    head = _head(expect) if expect else None
    _run(config, lambda archive, zone: _verify(archive, zone, since, head))


@app.command()
def hold(
    call: CallId,
    config: ConfigFile = DEFAULT_CONFIG,
    release: Annotated[bool, typer.Option(help="End the hold.")] = False,
    reason: Annotated[str, typer.Option(help="Why; it is kept with the hold.")] = "",
) -> None:
    """Keep a recording beyond its retention (legal hold)."""
    if not reason.strip():
        _leave("Say why with --reason: it is kept with the hold.")
    change = HoldChange(
        call_id=call,
        at=datetime.now(UTC),
        held=not release,
        who=f"{getpass.getuser()} on this machine",
        reason=reason.strip(),
    )
    _run(config, lambda archive, _: _hold(archive, change), read_only=False)


async def _list(archive: Archive, zone: ZoneInfo, limit: int) -> None:
    whole = [Column(name, no_wrap=True) for name in ("#", "call", "started", "length")]
    table = Table(*whole, "citizen", "agent", "state")
    for entry in await archive.list(limit):
        table.add_row(
            str(entry.sequence or "-"),
            entry.call_id,
            _time(entry.started_at, zone),
            _length(entry.seconds),
            _level(entry.left_dbfs, entry.citizen_silent),
            _level(entry.right_dbfs, entry.agent_silent),
            _state(entry),
        )
    out.print(table)


async def _show(archive: Archive, zone: ZoneInfo, call_id: str) -> None:
    entry = await archive.find(call_id)
    if not entry:
        _leave(f"No recording of a call {call_id}. See: hotline recordings list")
    table = Table("", Column("", overflow="fold"), show_header=False)
    for name, value in _facts(archive, entry, zone):
        table.add_row(name, value)
    out.print(table)


async def _verify(
    archive: Archive, zone: ZoneInfo, since: datetime | None, head: Head | None
) -> None:
    start = since and since.replace(tzinfo=zone).astimezone(UTC)
    proof, faults = Proof(), _Faults()
    with _progress() as progress:
        bar = progress.add_task("proving", total=await archive.store.count())
        async for checked in check(archive, Scope(since=start, expected=head), proof):
            progress.update(bar, completed=proof.entries)
            for fault in checked.faults:
                faults.show(fault, progress.console)
    _sum_up(proof, faults)
    if faults.faults:
        raise typer.Exit(1)


async def _hold(archive: Archive, change: HoldChange) -> None:
    call_id = change.call_id
    if not await archive.find(call_id):
        _leave(f"No recording of a call {call_id}. See: hotline recordings list")
    try:
        await archive.store.hold(change)
    except HoldRefused as error:
        _leave(str(error))
    now = "held" if change.held else "no longer held"
    out.print(f"The recording of {call_id} is {now}.")


class _Faults:
    """Counts what is wrong and shows the first ones of it."""

    def __init__(self) -> None:
        self.faults = 0
        self.warnings = 0

    def show(self, fault: Fault, console: Console) -> None:
        """Say a fault in one line, unless there were very many."""
        self.warnings += fault.is_warning
        self.faults += not fault.is_warning
        if self.faults + self.warnings > MOST_FAULTS_SHOWN:
            return
        word = "[yellow]warning[/]" if fault.is_warning else "[bold red]FAULT[/]"
        place = f"entry {fault.sequence or '-'}, call {fault.call_id or '-'}"
        console.print(f"{word} {place}: {fault.kind.replace('_', ' ')}:", end=" ")
        console.print(fault.detail, markup=False, highlight=False)


def _sum_up(proof: Proof, faults: _Faults) -> None:
    out.print(
        f"Entries in the chain: {proof.entries}. Files proved: {proof.files}, "
        f"{proof.seconds / 3600:.2f} hours of audio."
    )
    out.print(f"Faults: {faults.faults}. Warnings: {faults.warnings}.")
    out.print(f"Chain head: {proof.head.sequence}:{proof.head.chain}", soft_wrap=True)


def _facts(
    archive: Archive, entry: Recording, zone: ZoneInfo
) -> Iterator[tuple[str, str]]:
    yield "call", entry.call_id
    yield "state", _state(entry)
    yield "started", _time(entry.started_at, zone)
    yield "length", _length(entry.seconds)
    yield "citizen (left)", _level(entry.left_dbfs, entry.citizen_silent)
    yield "agent (right)", _level(entry.right_dbfs, entry.agent_silent)
    yield "file", str(archive.file_of(entry) or "none")
    yield "SHA-256", entry.sha256 or "none"
    yield "entry of the chain", f"{entry.sequence or '-'}: {entry.chain or '-'}"
    yield "legal hold", "yes" if entry.legal_hold else "no"
    for mark in entry.marks:
        yield f"at {mark.get('at_seconds', '-')} s", _mark(mark)


def _mark(mark: dict[str, Any]) -> str:
    words = [str(mark.get("kind", ""))]
    words += [f"{k}={v}" for k, v in mark.items() if k not in ("kind", "at_seconds")]
    return escape(" ".join(words))


def _state(entry: Recording) -> str:
    words = [entry.state.value, *(f"silent {side}" for side in entry.silent)]
    words += ["three parties"] if entry.third_party else []
    words += ["audio deleted"] if entry.deleted_at else []
    words += [entry.reason] if entry.reason else []
    return escape(", ".join(words))


def _level(level: float | None, silent: bool) -> str:
    if level is None:
        return "-"
    return f"{level:.1f} dB" + (" silent" if silent else "")


def _length(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _time(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def _head(text: str) -> Head:
    number, _, chain = text.strip().partition(":")
    if not number.isdecimal() or len(chain) != HASH_DIGITS:
        _leave("--expect takes a chain head as verify prints it: NUMBER:HASH")
    return Head(sequence=int(number), chain=chain.lower())


def _progress() -> Progress:
    return Progress(
        "{task.description}",
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=out,
        transient=True,
    )


def _run(
    config: Path,
    work: Callable[[Archive, ZoneInfo], Awaitable[None]],
    *,
    read_only: bool = True,
) -> None:
    try:
        settings = load_settings(config)
        asyncio.run(_with_archive(settings, work, read_only=read_only))
    except (SettingsError, DatabaseError) as error:
        _leave(str(error))


async def _with_archive(
    settings: Settings,
    work: Callable[[Archive, ZoneInfo], Awaitable[None]],
    *,
    read_only: bool,
) -> None:
    async with Database(settings.database_url, read_only=read_only) as database:
        # Not entered: whoever only looks makes no folder and starts no worker.
        archive = Archive(settings, database, EventBus(), LoopClock())
        await work(archive, ZoneInfo(settings.hotline.timezone))


def _leave(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
